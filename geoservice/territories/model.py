"""Territories of France and the names by which people look for them."""

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, Computed, Index
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base

TYPES = ("commune", "epci", "departement", "region")


class Territory(Base):
    __tablename__ = "territories"
    __table_args__ = (
        CheckConstraint("type IN ('commune', 'epci', 'departement', 'region')", name="type"),
        Index("ix_territories_outline", "outline", postgresql_using="gist"),
        Index("ix_territories_departement", "departement"),
        Index("ix_territories_epci", "epci"),
        Index("ix_territories_region", "region"),
    )

    type: Mapped[str] = mapped_column(primary_key=True)
    """`commune`, `epci`, `departement` or `region`."""
    code: Mapped[str] = mapped_column(primary_key=True)
    """INSEE code, or the SIREN of an EPCI: text, never a number («01004», «2A004»)."""
    name: Mapped[str]
    departement: Mapped[str | None]
    """Of a commune; None for an EPCI, which may lie in several."""
    region: Mapped[str | None]
    epci: Mapped[str | None]
    """SIREN of the commune's EPCI; None for the few communes that have none, and former communes."""
    population: Mapped[int | None]
    """Inhabitants; None for a former commune, counted with the one that it joined."""
    postal_codes: Mapped[list[str]] = mapped_column(server_default="{}")
    point: Mapped[WKBElement] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    """A point inside the outline."""
    outline: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", 4326, spatial_index=False))
    successor: Mapped[str | None]
    """Code of the commune that a former commune joined."""


class Locality(Base):
    """A name that somebody may type: communes of today and of yesterday, arrondissements, territories."""

    __tablename__ = "localities"
    __table_args__ = (
        Index("ix_localities_norm", "norm", postgresql_ops={"norm": "text_pattern_ops"}),
        Index(
            "ix_localities_norm_trigrams",
            "norm",
            postgresql_using="gin",
            postgresql_ops={"norm": "gin_trgm_ops"},
        ),
        Index("ix_localities_postal_codes", "postal_codes", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    """`commune`, `ancienne-commune`, `arrondissement`, `epci`, `departement` or `region`."""
    code: Mapped[str]
    """Of the locality itself; an arrondissement has its own INSEE code."""
    commune: Mapped[str | None]
    """INSEE code of today's commune that holds it; None for larger territories."""
    name: Mapped[str]
    norm: Mapped[str] = mapped_column(Computed("norm(name)", persisted=True))
    """Without accents, case, hyphens; «St» is «saint»: what searches compare."""
    departement: Mapped[str | None]
    postal_codes: Mapped[list[str]] = mapped_column(server_default="{}")
    population: Mapped[int] = mapped_column(server_default="0")
    """Orders homonyms: the largest first."""
    point: Mapped[WKBElement] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
