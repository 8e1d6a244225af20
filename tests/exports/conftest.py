"""Places of every sort, received from an invented source, and rows as the exports read them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Row

from geoservice.exports import queries
from geoservice.places.actions import SourceDescription, Statement, receive

SOURCE = SourceDescription("invented", "Source inventée", "Licence Ouverte 2.0")
MEDIATHEQUE = {
    "name": "Médiathèque des Ormes",
    "pivot": "21040070100012",
    "commune": "Digne-les-Bains",
    "postal_code": "04000",
    "code_insee": "04070",
    "address": "7 rue des Ormes",
    "lon": 6.2356,
    "lat": 44.0922,
    "typologies": ["BIB"],
    "phone": "+33492000000",
    "emails": ["contact@exemple.fr", "accueil@exemple.fr"],
    "websites": ["https://exemple.fr/ormes"],
    "opening_hours": "Tu-Sa 09:00-12:30",
    "summary": "Une médiathèque où l’on est aidé.",
    "description": "Le détail,\nsur deux lignes.",
    "services": [
        "Aide aux démarches administratives",
        "Accès internet et matériel informatique",
    ],
    "publics": ["Jeunes", "Seniors"],
    "special_care": ["Surdité", "Illettrisme"],
    "fees": ["Gratuit", "Gratuit sous condition"],
    "programmes": ["Certification PIX", "France Services"],
    "training_labels": ["Étapes numériques (La Poste)"],
    "access_modes": ["Se présenter", "Ce lieu n'accueille pas de public"],
    "support_modes": ["Accompagnement individuel", "À distance"],
    "accessibility_url": "https://acceslibre.beta.gouv.fr/app/exemple/",
    "booking_url": "https://exemple.fr/rendez-vous",
    "equipment": ["Imprimante", "Scanner"],
    "languages": [],
}

Receive = Callable[..., Sequence[Row[Any]]]


@pytest.fixture
def receive_places(db: Connection) -> Receive:
    """Receives a place per dictionary of changes to the médiathèque; gives their rows, in order."""

    def receive_them(*changes: dict[str, Any]) -> Sequence[Row[Any]]:
        records = [
            Statement(str(rank), _stated(MEDIATHEQUE | change), date(2026, 9, 1))
            for rank, change in enumerate(changes)
        ]
        before = {row.id for row in db.execute(queries.following(0, 100_000)).all()}
        receive(db, SOURCE, records, complete=True)
        fresh = [row for row in db.execute(queries.following(0, 100_000)) if row.id not in before]
        return sorted(fresh, key=lambda row: int(row.provenance["name"]["record"]))

    return receive_them


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in values.items() if value not in (None, [])}
