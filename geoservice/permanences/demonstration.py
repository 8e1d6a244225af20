"""The invented permanences, so that a newcomer sees what the service is for."""

import json
from datetime import date
from pathlib import Path

from french_hours import read
from sqlalchemy import Connection, delete, insert, text

from geoservice.permanences.actions import SCHEDULE, schedule_names
from geoservice.permanences.model import Permanence
from geoservice.places import hours, public_ids

SOURCE = "demo"

# An invented mediator who works there is the one who announces it; else, somebody is present.
PLACES = text(
    """
    SELECT record.key, place.id, place.code_insee, place.departement,
      (SELECT min(mediator.id) FROM mediators mediator
        JOIN mediator_places worked ON worked.mediator_id = mediator.id
        WHERE worked.place_id = place.id AND mediator.source = :source) AS mediator_id
    FROM source_records record JOIN places place ON place.id = record.place_id
    WHERE record.source = :source
    """
)


def load(connection: Connection, path: Path, today: date) -> int:
    """How many there are now, those of before replaced."""
    places = {row.key: row for row in connection.execute(PLACES, {"source": SOURCE})}
    rows: list[dict[str, object]] = []
    for told in json.loads(path.read_text(encoding="utf-8")):
        place = places[told["lieu"]]
        schedule = hours.schedule_of(read(told["quand"]).osm, place.code_insee, place.departement)
        if schedule is None:
            raise ValueError(f"{path.name}: {told['quand']!r} cannot be read")
        rows.append(
            {
                "public_id": public_ids.draw(),
                "place_id": place.id,
                "mediator_id": place.mediator_id,
                "expression": schedule[0],
                "schedule_id": connection.execute(SCHEDULE, schedule_names(schedule)).scalar_one(),
                "by_appointment": told["sur_rendez_vous"],
                "audience": "professionals" if told.get("professionnels") else "public",
                "services": told["services"],
                "note": told.get("note"),
                "source": SOURCE,
            }
        )
    connection.execute(delete(Permanence).where(Permanence.source == SOURCE))
    connection.execute(insert(Permanence), rows)
    hours.refresh(connection, today)
    return len(rows)
