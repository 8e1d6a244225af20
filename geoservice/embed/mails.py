"""What the mail about saved embeds says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EmbedsMail:
    waiting: bool
    """Whether one of them was just saved, and waits for an agreement."""
    link: str
    days: int
