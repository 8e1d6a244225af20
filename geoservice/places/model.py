"""What sources say of places, and the place that follows from it.

A source record is what one source says of one place. A place is derived from its records by
`places.merging`; nothing else writes it.
"""

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geography, Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    Computed,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, TSTZMULTIRANGE, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base

UTC_MOMENT = TIMESTAMP(timezone=True)
VISIBLE = "published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL"
"""Of a place that anyone may see: the condition of the view `public_view.places` and of its indexes."""


class Source(Base):
    __tablename__ = "sources"

    name: Mapped[str] = mapped_column(primary_key=True)
    """Name of its folder in `import/`."""
    title: Mapped[str]
    """As people read it: «Hub Hinaura»."""
    licence: Mapped[str]
    homepage: Mapped[str | None]
    imported_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    """The last complete import."""
    trust: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    """Column of `places` → how far the source is believed for it; `""` is for all other columns."""
    holds_days: Mapped[int | None]
    """Of people who speak for their place: for how many days their word holds against any import.
    None for imports."""


class SourceRecord(Base):
    __tablename__ = "source_records"
    __table_args__ = (
        UniqueConstraint("source", "key"),
        Index("ix_source_records_place_id", "place_id"),
        Index("ix_source_records_origin_id", "origin_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("sources.name"))
    key: Mapped[str]
    """What the source calls the place; stable in the source."""
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    origin_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    """The place that was made for this record; `place_id` is another one while both are merged."""
    statements: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Column of `places` → value; an absent column means that the source says nothing of it."""
    stated_on: Mapped[date | None]
    """The day when the source last looked at the place; None when it does not say."""
    received_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    """When these statements arrived, or arrived changed."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    """Since when the source no longer lists the place; None while it does."""


class Schedule(Base):
    """Hours as they are written, once for all the places that keep them under the same calendar."""

    __tablename__ = "schedules"
    __table_args__ = (UniqueConstraint("expression", "calendar"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expression: Mapped[str]
    """OSM syntax."""
    calendar: Mapped[str]
    """Key of the calendar that gives time zone and holidays; places under one key share schedules."""
    code: Mapped[str]
    """Of a département or collectivity that keeps this calendar."""
    time_zone: Mapped[str]
    """IANA name: «Indian/Reunion»."""
    open: Mapped[Any] = mapped_column(TSTZMULTIRANGE, server_default="{}")
    """When it is open in the coming weeks, by appointment or not."""
    unknown: Mapped[Any] = mapped_column(TSTZMULTIRANGE, server_default="{}")
    """When nobody knows."""
    by_appointment: Mapped[Any] = mapped_column(TSTZMULTIRANGE, server_default="{}")
    """The part of both that needs an appointment."""
    spans_from: Mapped[date | None]
    spans_until: Mapped[date | None]
    """First and last day of the three columns above; None while they are not filled."""


class Place(Base):
    __tablename__ = "places"
    __table_args__ = (
        UniqueConstraint("public_id"),
        Index("ix_places_on_earth", "on_earth", postgresql_using="gist"),
        Index("ix_places_point", "point", postgresql_using="gist"),
        Index("ix_places_code_insee", "code_insee"),
        Index("ix_places_departement", "departement"),
        Index(
            "ix_places_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        Index("ix_places_schedule_id", "schedule_id"),
        Index("ix_places_words", "words", postgresql_using="gin"),
        Index(
            "ix_places_norm",
            "norm",
            postgresql_using="gin",
            postgresql_ops={"norm": "gin_trgm_ops"},
        ),
        Index("ix_places_changed_at", "changed_at", "id"),
        Index(
            "ix_places_sorted_by_name",
            "norm",
            "id",
            postgresql_where=text(VISIBLE),
        ),
        Index(
            "ix_places_sorted_by_freshness",
            text("updated_on DESC NULLS LAST"),
            "id",
            postgresql_where=text(VISIBLE),
        ),
        Index(
            "ix_places_tile",
            "qk",
            postgresql_include=["x31", "y31", "mask", "mask2", "schedule_id", "id"],
            postgresql_where=text(VISIBLE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    """In addresses: ten letters and digits, drawn once, never reused."""

    pivot: Mapped[str | None]
    """SIRET (14 digits), RNA («W» and 9 digits) or RIDET; None when unknown, never zeros."""
    name: Mapped[str]
    commune: Mapped[str | None]
    postal_code: Mapped[str | None]
    code_insee: Mapped[str | None]
    """INSEE code of the commune (5 characters, «2A004» for Ajaccio): text, never a number."""
    departement: Mapped[str | None]
    """Code of the département or collectivity, from `code_insee` or else the postal code."""
    address: Mapped[str | None]
    address_extra: Mapped[str | None]
    typologies: Mapped[list[str]] = mapped_column(server_default="{}")
    phone: Mapped[str | None]
    """E.164, «+33492000000»."""
    emails: Mapped[list[str]] = mapped_column(server_default="{}")
    websites: Mapped[list[str]] = mapped_column(server_default="{}")
    opening_hours: Mapped[str | None]
    """OSM syntax as the source wrote it; None when unknown, which is not the same as closed."""
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedules.id"))
    """None when the hours are unknown or cannot be read."""
    summary: Mapped[str | None]
    description: Mapped[str | None]
    source: Mapped[str | None]
    """Who collected the data, as the source itself says."""
    mobility: Mapped[list[str]] = mapped_column(server_default="{}")
    parent_structure: Mapped[str | None]
    updated_on: Mapped[date | None]
    """The freshest day on which a source looked at the place."""
    services: Mapped[list[str]] = mapped_column(server_default="{}")
    publics: Mapped[list[str]] = mapped_column(server_default="{}")
    special_care: Mapped[list[str]] = mapped_column(server_default="{}")
    fees: Mapped[list[str]] = mapped_column(server_default="{}")
    programmes: Mapped[list[str]] = mapped_column(server_default="{}")
    training_labels: Mapped[list[str]] = mapped_column(server_default="{}")
    other_labels: Mapped[list[str]] = mapped_column(server_default="{}")
    access_modes: Mapped[list[str]] = mapped_column(server_default="{}")
    support_modes: Mapped[list[str]] = mapped_column(server_default="{}")
    accessibility_url: Mapped[str | None]
    booking_url: Mapped[str | None]
    equipment: Mapped[list[str]] = mapped_column(server_default="{}")
    languages: Mapped[list[str]] = mapped_column(server_default="{}")

    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    """None when no source gives a position that can be trusted: listed, but not on the map."""
    on_earth: Mapped[WKBElement | None] = mapped_column(
        Geography("POINT", 4326, spatial_index=False),
        Computed("point::geography", persisted=True),
    )
    """The same for distances: an index on a cast is missed by the ORM's own cast."""
    x31: Mapped[int | None] = mapped_column(
        Integer, Computed("mercator_x31(st_x(point))", persisted=True)
    )
    """Web Mercator position on a grid of 2³¹ squares a side, from the west."""
    y31: Mapped[int | None] = mapped_column(
        Integer, Computed("mercator_y31(st_y(point))", persisted=True)
    )
    """The same from the north."""
    qk: Mapped[int | None] = mapped_column(
        BigInteger,
        Computed("morton(mercator_x31(st_x(point)), mercator_y31(st_y(point)))", persisted=True),
    )
    """Morton number of (x31, y31), 62 bits: a tile is a range of it."""
    mask: Mapped[int] = mapped_column(
        BigInteger,
        Computed(
            "place_mask(services, publics, special_care, fees, programmes, access_modes, support_modes, mobility, training_labels, accessibility_url, booking_url)",
            persisted=True,
        ),
    )
    """See `places.masks`."""
    mask2: Mapped[int] = mapped_column(Integer, Computed("place_mask2(equipment)", persisted=True))
    norm: Mapped[str] = mapped_column(
        Text(collation="C"), Computed("place_norm(name, commune, address)", persisted=True)
    )
    """Name, commune and address without accents or case: for «contains» and for typing mistakes."""
    words: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "place_words(name, commune, address, summary, description, services)", persisted=True
        ),
    )

    provenance: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """Column → {source, record, stated_on}: where each value comes from."""
    created_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    changed_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    """When what the public sees last changed."""
    published_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    """None while hidden."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    """Since when no source lists the place any more."""
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    """The place that this one turned out to be."""
