"""Query strings as pairs: one value read, and the address that asks nearly the same."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode


def changed(
    path: str, asked: Iterable[tuple[str, str]], changes: Mapping[str, str | int | None]
) -> str:
    """`path` with what was asked, some parameters changed, or left out with None."""
    kept = [(name, value) for name, value in asked if name not in changes]
    kept += [(name, str(value)) for name, value in changes.items() if value is not None]
    return path + ("?" + urlencode(kept) if kept else "")


def first(asked: Iterable[tuple[str, str]], name: str) -> str:
    """The first value of a parameter, empty when it was not given."""
    return next((value for given, value in asked if given == name), "")
