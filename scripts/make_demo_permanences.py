"""Invent when mediators are at the places of the demonstration.

    python scripts/make_demo_permanences.py        # writes import/demo/permanences.json

The draw is seeded and reads nothing but `import/demo/lieux.json`: the same script gives the same file.
Nobody is named here: a permanence is that of an invented mediator who works at the place, if there is one.
"""

import json
from pathlib import Path
from random import Random
from typing import Any

from geoservice.places.vocabulary import Service

DEMO = Path(__file__).parents[1] / "import/demo"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
TIMES = ("de 9 h à 12 h", "de 9 h 30 à 12 h 30", "de 13 h 30 à 17 h", "de 14 h à 17 h", "de 14 h à 18 h")  # fmt: skip
RHYTHMS = (
    ("le {day} {time}", 10),
    ("le {day} et le {other} {time}", 5),
    ("les semaines paires, le {day} {time}", 3),
    ("les semaines impaires, le {day} {time}", 3),
    ("le 1er {day} du mois {time}", 2),
    ("les 2e et 4e {day}s du mois {time}", 2),
    ("le samedi de 10 h à 12 h", 1),
    ("hors vacances scolaires, le {day} {time}", 1),
)
NOTES = ("Au premier étage.", "Apportez votre téléphone.", "Dans la salle du conseil.")


def invented(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    draw = Random(20261125)  # noqa: S311 (a demonstration, not a secret)
    made: list[dict[str, Any]] = []
    for place in places:
        programmes = place.get("dispositif_programmes_nationaux", "")
        if not place.get("code_insee") or draw.random() > (0.8 if programmes else 0.15):
            continue
        for _ in range(draw.choice((1, 1, 1, 2))):
            rhythm = draw.choices([text for text, _ in RHYTHMS], [often for _, often in RHYTHMS])[0]
            day, other = draw.sample(DAYS, 2)
            row: dict[str, Any] = {
                "lieu": place["id"],
                "quand": rhythm.format(day=day, other=other, time=draw.choice(TIMES)),
                "sur_rendez_vous": draw.random() < 0.4,
                "services": draw.sample([one.value for one in Service], draw.randrange(3)),
            }
            if draw.random() < 0.2:
                row["note"] = draw.choice(NOTES)
            if draw.random() < 0.1:
                row["professionnels"] = True
            made.append(row)
    return made


def permanences_json() -> str:
    """The file, one permanence a line."""
    rows = invented(json.loads((DEMO / "lieux.json").read_text(encoding="utf-8")))
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


if __name__ == "__main__":
    (DEMO / "permanences.json").write_text(permanences_json(), encoding="utf-8")
