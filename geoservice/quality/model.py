"""How well the places of each commune were told, month after month: what progress is read from."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base


class QualityMonth(Base):
    """One commune, as it was on the last night of a month. By commune, since teams' territories change."""

    __tablename__ = "quality_months"

    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day."""
    code_insee: Mapped[str] = mapped_column(primary_key=True)
    places: Mapped[int]
    expected: Mapped[int]
    """How many things these places should say, all added up."""
    told: Mapped[int]
    """How many of them they say."""
    complete: Mapped[int]
    """How many places say all of them."""
    checked: Mapped[int]
    """How many places somebody had looked at in the year before."""
