"""What people and rules decided of pairs of places, and the pairs that wait for somebody's eye.

A decision is never changed: the latest one about a pair is in force. Which place each record
belongs to follows from the decisions in force, and from nothing else.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base

UTC_MOMENT = TIMESTAMP(timezone=True)


class LikenessDecision(Base):
    """Journal: only added to."""

    __tablename__ = "likeness_decisions"
    __table_args__ = (
        CheckConstraint("a < b", name="order"),
        CheckConstraint("verdict IN ('same', 'not_same')", name="verdict"),
        Index("ix_likeness_decisions_pair", "a", "b", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    a: Mapped[int] = mapped_column(ForeignKey("places.id"))
    """The older place, as its records were first received."""
    b: Mapped[int] = mapped_column(ForeignKey("places.id"))
    verdict: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Who decided; None when the rules did."""
    reason: Mapped[str | None]
    """In the words of whoever decided."""
    verdict_data: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What the two places looked like then: see `likeness.Verdict.as_data`."""


class LikenessPair(Base):
    """Two places that may be one, found by the last search and decided by nobody yet."""

    __tablename__ = "likeness_pairs"
    __table_args__ = (
        CheckConstraint("a < b", name="order"),
        Index("ix_likeness_pairs_score", "score", "a", "b"),
    )

    a: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    b: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    score: Mapped[float] = mapped_column(Float)
    verdict_data: Mapped[dict[str, Any]] = mapped_column(JSONB)
