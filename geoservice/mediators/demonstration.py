"""The invented mediators, who agreed to all sorts of things."""

import json
from pathlib import Path

from sqlalchemy import Connection, select

from geoservice.consent import actions as consent
from geoservice.consent.model import Audience, Contact, RecordedBy
from geoservice.mediators.actions import Profile
from geoservice.mediators.model import Mediator
from geoservice.mediators.receiving import Person, receive

SOURCE = "demo"


def load(db: Connection, path: Path) -> int:
    """How many there are now."""
    told = {row["cle"]: row for row in json.loads(path.read_text(encoding="utf-8"))}
    people = [
        Person(
            key=key,
            profile=Profile(
                given_name=row["prenom"],
                family_name=row["nom"],
                mail=row["mail"],
                phone=row["telephone"],
                booking_url=None,
                role=row["role"],
                employer=row["employeur"],
                skills=row["competences"],
                languages=row["langues"],
                publics=row["publics"],
                summary=None,
            ),
            is_visible=False,
            places=tuple(row["lieux"]),
        )
        for key, row in told.items()
    ]
    receive(db, SOURCE, SOURCE, people)
    for key, person in db.execute(
        select(Mediator.source_key, Mediator.person).where(Mediator.source == SOURCE)
    ).all():
        agreed = [
            (Contact(contact), Audience(audience), True)
            for audience, contacts in told[str(key)]["accepte"].items()
            for contact in contacts
        ]
        if agreed:
            db.execute(consent.record(person, agreed, by=RecordedBy.SOURCE, source=SOURCE))
    return len(people)


def remove(db: Connection) -> None:
    """With their permanences; the journal keeps no name."""
    receive(db, SOURCE, SOURCE, [], force=True)
