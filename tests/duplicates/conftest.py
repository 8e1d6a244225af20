"""Invented places to compare, to merge and to take apart."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, text

from geoservice.duplicates.addresses import read_address
from geoservice.duplicates.likeness import Profile
from geoservice.duplicates.names import read_name
from geoservice.places.actions import SourceDescription, Statement, receive
from tests.auth.conftest import build, service

__all__ = ["build", "service"]

MEDIATHEQUE: dict[str, Any] = {
    "name": "Médiathèque des Ormes",
    "commune": "Digne-les-Bains",
    "code_insee": "04070",
    "postal_code": "04000",
    "address": "7 rue des Ormes",
    "lon": 6.2356,
    "lat": 44.0922,
    "phone": "+33492000000",
    "emails": ["contact@ormes.exemple.fr"],
    "services": ["Aide aux démarches administratives"],
}
FIRST = SourceDescription("first", "Première source", "Licence Ouverte 2.0")
SECOND = SourceDescription("second", "Seconde source", "Licence Ouverte 2.0")


def profile(id: int = 1, source: str = "first", **changes: Any) -> Profile:
    place = MEDIATHEQUE | changes
    return Profile(
        id=id,
        sources=frozenset({source}),
        name=read_name(place["name"], place["commune"]),
        address=read_address(place["address"]),
        commune=place["code_insee"],
        lon=place["lon"],
        lat=place["lat"],
        siret=place.get("pivot"),
        phone=place["phone"],
        emails=frozenset(place["emails"]),
        websites=frozenset(place.get("websites", ())),
        typologies=frozenset(place.get("typologies", ())),
    )


Say = Callable[..., list[int]]


@pytest.fixture
def say(db: Connection) -> Say:
    """A source says these places, each a dictionary of changes to the médiathèque; gives their ids."""
    # undone with the rest: the demonstration that other tests loaded is not to be compared
    db.execute(text("TRUNCATE source_records, places CASCADE"))

    def say(
        source: SourceDescription, *changes: dict[str, Any], on: date | None = None
    ) -> list[int]:
        stated = date(2026, 9, 1) if on is None else on
        records = [
            Statement(str(rank), {k: v for k, v in (MEDIATHEQUE | change).items() if v}, stated)
            for rank, change in enumerate(changes)
        ]
        receive(db, source, records, complete=True)
        statement = text(
            "SELECT origin_id FROM source_records WHERE source = :name ORDER BY key::int"
        )
        return list(db.scalars(statement, {"name": source.name}))

    return say


def rows(db: Connection) -> Sequence[Any]:
    """Everything that merges may change, but for the moment of the change."""
    places = db.execute(
        text("SELECT to_jsonb(places) - 'changed_at' FROM places ORDER BY id")
    ).scalars()
    records = db.execute(text("SELECT to_jsonb(r) FROM source_records r ORDER BY id")).scalars()
    return [*places, *records]
