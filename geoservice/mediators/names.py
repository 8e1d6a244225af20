"""How a person is named, where they agreed to be."""

from typing import Any

from sqlalchemy import Row


def full_name(row: Row[Any]) -> str | None:
    """None where the view shows no name."""
    return f"{row.given_name} {row.family_name}" if row.given_name else None
