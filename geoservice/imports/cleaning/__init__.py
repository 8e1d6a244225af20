"""What a source wrote, made into what we keep: each operation has a name, and can be seen in the report."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class Refused(ValueError):
    """Why a value cannot be kept, in French: goes into the report beside the value."""


@dataclass(frozen=True, slots=True)
class Cleaned(Generic[T]):
    value: T
    operations: tuple[str, ...] = ()
    """What was done, in French; empty when the value is as the source wrote it."""
