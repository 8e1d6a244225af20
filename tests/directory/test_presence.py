"""«Plutôt les heures de permanences des médiateurs»: who is there then, in every format."""

import csv
import io
from dataclasses import dataclass

import pytest

from geoservice.clock import now
from geoservice.search.moments import DAYS
from tests.mediators.conftest import Awa

NEW = "/moi/permanences/nouvelle"
TODAY = DAYS[(now().weekday() + 2) % 7]
"""Two days ahead: neither over nor going on, wherever the clock is."""
OTHER = DAYS[(now().weekday() + 4) % 7]


@dataclass
class Present:
    awa: Awa

    def found(self, question: str, suffix: str = ".json") -> int:
        """How many people answer, in one of the formats."""
        answer = self.awa.service.visitor().get(f"/mediateurs{suffix}?{question}")
        assert answer.status_code == 200, answer.text
        match suffix:
            case ".json":
                return answer.json()["total"]
            case ".geojson":
                features = answer.json()["features"]
                return len({one["properties"]["id"] for one in features})
            case ".csv":
                return len(list(csv.DictReader(io.StringIO(answer.text))))
            case ".atom":
                return answer.text.count("<entry>")
            case _:
                return answer.text.count('<li class="card">')


@pytest.fixture
def present(awa: Awa) -> Present:
    """She is at the library two days from now, and works at the town hall too."""
    awa.fill()
    awa.work_at(awa.library)
    awa.work_at(awa.hall)
    form = {"lieu": awa.library, "quand": f"le {TODAY} de 14 h à 17 h", "rdv": "non"}
    assert awa.visitor.send(NEW, NEW, **form).status_code == 303
    return Present(awa)


@pytest.mark.parametrize("suffix", ["", ".json", ".geojson", ".csv", ".atom"])
def test_the_same_words_as_for_places_find_who_is_there(present: Present, suffix: str) -> None:
    present.awa.agree("name-public", "name-reusers")

    for good in (TODAY, f"{TODAY}-15h", f"{TODAY}-apres-midi", "apres-midi"):
        assert present.found(f"permanence={good}", suffix) == 1, good
    for bad in (OTHER, f"{TODAY}-matin", f"{TODAY}-17h", "soir"):
        assert present.found(f"permanence={bad}", suffix) == 0, bad


def test_the_table_has_who_is_there(present: Present) -> None:
    present.awa.agree("name-reusers")
    visitor = present.awa.service.visitor()

    assert visitor.get(f"/mediateurs.xlsx?permanence={TODAY}").content[:2] == b"PK"
    assert visitor.get("/mediateurs.xlsx?permanence=jadis").status_code == 422


def test_it_is_at_the_place_that_answers_that_they_are(present: Present) -> None:
    present.awa.agree("name-reusers")
    library, hall = "lon=1.87&lat=46.17&rayon=0.5", "lon=1.88&lat=46.18&rayon=0.5"

    assert present.found(hall) == 1
    assert present.found(f"{library}&permanence={TODAY}") == 1
    assert present.found(f"{hall}&permanence={TODAY}") == 0


def test_distances_are_those_of_the_place_where_they_are_then(present: Present) -> None:
    present.awa.agree("name-reusers")
    near_hall = "/mediateurs.json?lon=1.88&lat=46.18"
    visitor = present.awa.service.visitor()

    [anyhow] = visitor.get(near_hall).json()["mediateurs"]
    [then] = visitor.get(f"{near_hall}&permanence={TODAY}").json()["mediateurs"]

    assert anyhow["distance_m"] == 0
    assert 1300 < then["distance_m"] < 1500


def test_nobody_is_found_by_hours_without_their_agreement_for_that_audience(
    present: Present,
) -> None:
    question = f"permanence={TODAY}"
    assert (present.found(question), present.found(question, "")) == (0, 0)

    present.awa.agree("name-public")
    assert (present.found(question), present.found(question, "")) == (0, 1)

    present.awa.agree("name-reusers")
    assert (present.found(question), present.found(question, "")) == (1, 0)

    present.awa.agree()
    assert (present.found(question), present.found(question, "")) == (0, 0)


def test_an_absence_takes_the_day_away(present: Present) -> None:
    present.awa.agree("name-reusers")
    days = {"premier-jour": "01/01/2026", "dernier-jour": "31/12/2099", "permanence": ""}
    send = present.awa.visitor.send("/moi/permanences", "/moi/absences", **days)
    assert send.status_code == 303

    assert present.found(f"permanence={TODAY}") == 0


def test_a_permanence_for_professionals_does_not_answer_the_public(present: Present) -> None:
    present.awa.agree("name-public", "name-reusers")
    present.awa.service.sql("UPDATE permanences SET audience = 'professionals'")

    assert present.found(f"permanence={TODAY}") == 0
    assert present.found(f"permanence={TODAY}", "") == 0


def test_the_next_time_is_said_on_pages_and_in_data(present: Present) -> None:
    present.awa.agree("name-public", "name-reusers")
    visitor = present.awa.service.visitor()
    person = f"/mediateurs/{present.awa.id}"

    for page in ("/mediateurs", person):
        assert "Prochaine permanence" in visitor.get(page).text
        assert f"{TODAY}" in visitor.get(page).text
    told = visitor.get(f"{person}.json").json()
    assert told["prochaine_permanence"]["debut"][11:16] == "14:00"
    assert told["prochaine_permanence"]["lieu"] == present.awa.library
    [permanence] = told["permanences"]
    assert permanence["phrase"].startswith(f"Le {TODAY} de 14")
    [line] = csv.DictReader(io.StringIO(visitor.get("/donnees/mediateurs.csv").text))
    assert line["prochaine_permanence"][11:16] == "14:00"


def test_the_answer_repeats_the_question_as_it_was_understood(present: Present) -> None:
    answer = present.awa.service.visitor().get(
        f"/mediateurs.json?permanence={TODAY}-matin&competences=cybersecurite&lon=1.87&lat=46.17"
    )

    question = answer.json()["question"]
    assert question["permanence"] == f"{TODAY}-matin"
    assert question["permanence_moments"][0]["de"][11:16] == "08:00"
    assert question["competences"] == ["Cybersécurité"]
    assert question["rayon_km"] == 20
