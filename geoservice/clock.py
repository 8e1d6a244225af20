"""The present moment, in one place, so that a test can choose it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives an aware datetime."""


def now() -> datetime:
    return datetime.now(UTC)
