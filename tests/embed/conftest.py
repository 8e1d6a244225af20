"""Somebody who keeps the site of a mairie, without an account."""

from tests.auth.conftest import build, service

__all__ = ["build", "service"]
