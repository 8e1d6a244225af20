"""«Qui est vraiment là mardi après-midi ?», on the demonstration: list, data, tiles."""

import httpx
import pytest

from geoservice.search import moments


def get(site: str, path: str) -> httpx.Response:
    return httpx.get(site + path, timeout=30)


def ids(site: str, question: str) -> set[str]:
    return {lieu["id"] for lieu in get(site, f"/lieux.json?limite=500&{question}").json()["lieux"]}


def test_being_open_and_having_a_mediator_are_two_questions(site: str) -> None:
    present, is_open = ids(site, "permanence=mardi"), ids(site, "ouvert=mardi")

    assert present
    assert is_open
    assert present - is_open
    assert ids(site, "permanence=mardi&ouvert=mardi") == present & is_open


@pytest.mark.parametrize("suffix", ["json", "geojson", "csv", "xlsx", "atom"])
def test_every_format_takes_the_question(site: str, suffix: str) -> None:
    assert get(site, f"/lieux.{suffix}?permanence=mardi-matin").status_code == 200
    assert get(site, f"/lieux.{suffix}?permanence=un-jour").status_code == 422


def test_tiles_show_the_same_places(site: str) -> None:
    answer = get(site, "/tuiles/lieux/0/0/0.mvt?permanence=mardi")
    assert answer.status_code == 200
    assert answer.content
    assert not get(site, "/tuiles/lieux/0/0/0.mvt?permanence=1999-01-01T10:00").is_success


def test_a_moment_whose_hours_are_not_known_yet_is_refused(site: str) -> None:
    answer = get(site, "/lieux.json?permanence=2031-01-01T10:00")

    assert answer.status_code == 422
    assert answer.json()["erreurs"][0]["parametre"] == "permanence"


def test_the_list_says_when_a_mediator_is_there(site: str) -> None:
    page = get(site, "/lieux?permanence=apres-midi").text

    assert "Un médiateur est là\u00a0: " in page
    assert f"Un médiateur est là {moments.said('apres-midi')}" in page
    assert "Ailleurs, il y en a peut-être un" in page
