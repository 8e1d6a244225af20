"""Invent the mediators of the demonstration, at its places.

    python scripts/make_demo_mediators.py        # writes import/demo/mediateurs.json

Nobody here exists: family names say so, mails are on exemple.fr, telephones of the range reserved for
fiction. The draw is seeded and reads nothing but `import/demo/permanences.json`.
"""

import json
from pathlib import Path
from random import Random
from typing import Any

from geoservice.mediators.vocabulary import Role, Skill
from geoservice.places.vocabulary import Public

DEMO = Path(__file__).parents[1] / "import/demo"
GIVEN = ("Awa", "Lou", "Zoé", "Max", "Inès", "Noé", "Léa", "Sami", "Jade", "Tom", "Mina", "Paul")
FAMILY = ("Exemple", "Démonstration", "Invention", "Modèle")
LANGUAGES = ("fr", "fr|en", "fr|ar", "fr|fsl", "fr|pt")
AUDIENCES = ("public", "professionals", "reusers")


def invented() -> list[dict[str, Any]]:
    draw = Random(20261126)  # noqa: S311 (a demonstration, not a secret)
    permanences = json.loads((DEMO / "permanences.json").read_text(encoding="utf-8"))
    places = list(dict.fromkeys(row["lieu"] for row in permanences))
    made: list[dict[str, Any]] = []
    for number, first in enumerate(range(0, len(places), 2), start=1):
        if draw.random() < 0.4:  # there, somebody is present and nobody says who
            continue
        mail = f"mediation.{number:03}@exemple.fr"
        agreed = {
            audience: [contact for contact in ("name", "mail", "phone") if draw.random() < 0.7]
            for audience in AUDIENCES
            if draw.random() < 0.6
        }
        made.append(
            {
                "cle": f"demo-{number:03}",
                "prenom": draw.choice(GIVEN),
                "nom": draw.choice(FAMILY),
                "mail": mail,
                "telephone": f"+33639988{number:03}",
                "role": draw.choice([one.value for one in Role]),
                "employeur": "Employeur inventé",
                "competences": draw.sample([one.value for one in Skill], draw.randrange(3, 7)),
                "langues": draw.choice(LANGUAGES).split("|"),
                "publics": draw.sample([one.value for one in Public], draw.randrange(3)),
                "lieux": places[first : first + 2],
                "accepte": agreed,
            }
        )
    return made


def mediateurs_json() -> str:
    """The file, one mediator a line."""
    rows = invented()
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


if __name__ == "__main__":
    (DEMO / "mediateurs.json").write_text(mediateurs_json(), encoding="utf-8")
