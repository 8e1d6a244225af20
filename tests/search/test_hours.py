"""Hours as the pages say them."""

import httpx
import pytest


def first(site: str, question: str) -> str:
    return httpx.get(f"{site}/lieux.json?limite=1&{question}").json()["lieux"][0]["id"]


def test_a_place_says_its_week_and_what_it_is_now(site: str) -> None:
    page = httpx.get(f"{site}/lieux/{first(site, 'ouvert=mardi-10h')}").text

    assert "Les sept jours qui viennent" in page
    assert any(
        word in page
        for word in ("Ouvert jusqu", "Ouvre ", "Fermé", "Ferme dans", "Sur rendez-vous")
    )
    assert "(aujourd’hui)" in page


def test_overseas_the_page_says_whose_clock_it_is(site: str) -> None:
    page = httpx.get(
        f"{site}/lieux/{first(site, 'territoire=departement:974&ouvert=mardi-10h')}"
    ).text

    assert "À l’heure du lieu" in page


def test_unknown_hours_are_said_and_no_calendar_is_offered(site: str) -> None:
    listed = httpx.get(f"{site}/lieux.json?limite=500").json()["lieux"]
    unknown = next(place for place in listed if place["horaires"] is None)
    page = httpx.get(f"{site}/lieux/{unknown['id']}").text
    calendar = httpx.get(f"{site}/lieux/{unknown['id']}/horaires.ics")

    assert "Les horaires ne sont pas connus" in page
    assert "horaires.ics" not in page
    assert (calendar.status_code, calendar.json()["type"]) == (404, "/problems/hours-unknown")


def test_a_calendar_can_be_kept(site: str) -> None:
    answer = httpx.get(f"{site}/lieux/{first(site, 'ouvert=mardi-10h')}/horaires.ics")

    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    assert "BEGIN:VEVENT" in answer.text


def test_the_list_says_how_many_hours_are_unknown_with_one_link_to_include_them(site: str) -> None:
    page = httpx.get(f"{site}/lieux?ouvert=mardi-10h").text

    assert "n’ont pas d’horaires connus" in page
    assert page.count("horaires_inconnus=inclure") == 1


@pytest.mark.parametrize("ouvert", ["maintenant", "samedi-matin", "soir", "weekend", "mardi-18h"])
def test_tiles_show_the_places_of_the_list(site: str, ouvert: str) -> None:
    total = httpx.get(f"{site}/lieux.json?ouvert={ouvert}&territoire=departement:04").json()[
        "total"
    ]
    tile = httpx.get(f"{site}/tuiles/lieux/0/0/0.mvt?ouvert={ouvert}&territoire=departement:04")

    assert tile.status_code == (200 if total else 204)
