"""Sheets to hand over, from the running application: the page, and the PDF read again with Poppler."""

import re
import shutil
import statistics
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from french_hours import Day, State

from geoservice.paper.pages import by_hours, days_said

LIST = "/fiche.pdf?ou=Guéret"


def get(site: str, path: str) -> httpx.Response:
    return httpx.get(site + path, timeout=120, headers={"accept": "text/html"})


def a_place(site: str) -> str:
    found = httpx.get(f"{site}/lieux.json?ou=Guéret&limite=50", timeout=60).json()["lieux"]
    return max(found, key=lambda lieu: sum(bool(value) for value in lieu.values()))["id"]


def read(pdf: bytes, folder: Path, command: str, *options: str) -> str:
    if shutil.which(command) is None:
        pytest.skip("Poppler n’est pas installé : bin/setup --dev")
    file = folder / "sheet.pdf"
    file.write_bytes(pdf)
    arguments = [command, *options, str(file)] + (["-"] if command == "pdftotext" else [])
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def test_the_ten_nearest_places_hold_on_one_page(site: str, tmp_path: Path) -> None:
    answer = get(site, LIST)
    listed = httpx.get(f"{site}/lieux.json?ou=Guéret&limite=10", timeout=60).json()["lieux"]

    assert answer.headers["content-type"] == "application/pdf"
    assert "Pages:           1\n" in read(answer.content, tmp_path, "pdfinfo")
    text = " ".join(read(answer.content, tmp_path, "pdftotext").split())
    assert len(listed) == 10
    assert [lieu["nom"] for lieu in listed if lieu["nom"].replace("'", "’") not in text] == []


def test_the_ten_nearest_are_written_in_twelve_points_or_more(site: str, tmp_path: Path) -> None:
    told = read(get(site, LIST).content, tmp_path, "pdftotext", "-bbox")

    heights = [
        float(bottom) - float(top)
        for top, bottom in re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', told)
    ]
    # a letter of this font is 1.16 times as high as its size
    assert statistics.median(heights) >= 12 * 1.16


def test_the_list_gives_the_hours_of_the_seven_days_that_come(site: str) -> None:
    html = get(site, "/fiche?ou=Guéret").text

    assert "Horaires de cette semaine, du" in html


def test_a_place_holds_on_one_page_that_a_screen_reader_follows(site: str, tmp_path: Path) -> None:
    answer = get(site, f"/lieux/{a_place(site)}/fiche.pdf")

    told = read(answer.content, tmp_path, "pdfinfo")
    assert "Tagged:          yes" in told
    assert "Pages:           1\n" in told
    structure = read(answer.content, tmp_path, "pdfinfo", "-struct-text")
    assert "H1" in structure
    assert "Téléphone" in structure


def test_the_sheet_says_when_it_was_made_and_to_telephone_first(site: str) -> None:
    html = get(site, f"/lieux/{a_place(site)}/fiche").text

    assert "Fiche préparée le" in html
    assert "mieux vaut téléphoner avant de venir" in html


def test_the_list_leads_to_its_sheet(site: str) -> None:
    html = get(site, "/lieux?ou=Guéret&frais=gratuit").text

    assert 'href="/fiche?ou=Gu%C3%A9ret&amp;frais=gratuit"' in html


@pytest.mark.parametrize("path", ["/fiche", "/fiche.pdf"])
def test_a_wrong_filter_is_an_error_on_paper_too(site: str, path: str) -> None:
    answer = get(site, f"{path}?frais=cadeau&limite=11")

    assert answer.status_code == 422
    assert "entre 1 et 10" in answer.text


@pytest.mark.parametrize("path", ["/lieux/inconnu/fiche", "/lieux/inconnu/fiche.pdf"])
def test_a_place_that_does_not_exist_has_no_sheet(site: str, path: str) -> None:
    assert get(site, path).status_code == 404


def test_when_nothing_answers_the_sheet_says_so(site: str) -> None:
    html = get(site, "/fiche?ou=Guéret&rayon=1&publics=femmes&labels=ordi-3-0").text

    assert "Aucun lieu trouvé." in html


MONDAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("open_days", "said"),
    [
        ([0], "lundi"),
        ([0, 1], "lundi, mardi"),
        ([0, 1, 2, 3, 5], "du lundi au jeudi, samedi"),
        ([1, 3, 4, 5, 6], "mardi, du jeudi au dimanche"),
    ],
)
def test_days_that_follow_are_said_by_their_ends(open_days: list[int], said: str) -> None:
    assert days_said([day(number) for number in open_days]) == said


def day(number: int, *slots: str, holiday: str | None = None) -> Day:
    on = MONDAY + timedelta(days=number)
    return Day(on, holiday, None, slots or ("de 9 h à 12 h",), State.OPEN)


def test_a_public_holiday_is_said_to_be_closed() -> None:
    off = replace(day(1, holiday="Armistice"), slots=(), state=State.CLOSED)

    said = by_hours([day(0), off, day(2)])
    assert said == (
        ("lundi, mercredi", "de 9 h à 12 h"),
        ("mardi 6 (férié : Armistice)", "fermé"),
    )


def test_a_week_without_an_hour_says_nothing_of_its_holidays() -> None:
    off = replace(day(1, holiday="Armistice"), slots=(), state=State.CLOSED)

    assert by_hours([off]) == ()


def test_a_rhythm_is_told_with_one_full_stop(site: str) -> None:
    html = httpx.get(f"{site}/fiche?ou=Guéret", timeout=60).text

    assert "Prochaine fois" in html
    assert ".. Prochaine" not in html
