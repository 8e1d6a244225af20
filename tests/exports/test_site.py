"""The exports on the running application: downloads, the feed of a question, what changed."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import openpyxl
import pytest
from sqlalchemy import Engine, text

from geoservice.exports.formats import FORMATS

ATOM = "{http://www.w3.org/2005/Atom}"


def get(site: str, path: str, **headers: str) -> httpx.Response:
    return httpx.get(site + path, timeout=30, headers=headers)


def every_id(site: str) -> set[str]:
    return ids(get(site, "/lieux.csv"))


def ids(answer: httpx.Response) -> set[str]:
    """Of the places of a CSV file."""
    return {row["id"] for row in csv.DictReader(io.StringIO(answer.text))}


@pytest.mark.parametrize("one", FORMATS.values(), ids=FORMATS)
def test_the_page_of_open_data_offers_files_that_can_be_downloaded(site: str, one: Any) -> None:
    page = get(site, "/donnees").text
    answer = get(site, f"/donnees/{one.filename}")

    assert f'href="/donnees/{one.filename}"' in page
    assert answer.status_code == 200
    assert answer.headers["content-type"] == one.media_type
    assert one.filename in answer.headers["content-disposition"]
    assert len(answer.content) > 10_000


def test_the_downloads_hold_every_place(site: str) -> None:
    wanted = every_id(site)
    features = get(site, "/donnees/lieux.geojson").json()["features"]

    assert {feature["id"] for feature in features} == wanted
    assert ids(get(site, "/donnees/lieux-complet.csv")) == wanted


def test_a_download_that_did_not_change_is_not_sent_again(site: str) -> None:
    tag = get(site, "/donnees/lieux-schema-national.csv").headers["etag"]
    answer = get(site, "/donnees/lieux-schema-national.csv", **{"if-none-match": tag})

    assert (answer.status_code, answer.content) == (304, b"")


def test_an_unknown_file_is_not_found_in_plain_french(site: str) -> None:
    answer = get(site, "/donnees/lieux.exe", accept="application/json")

    assert answer.status_code == 404
    assert "Données ouvertes" in answer.json()["title"]


def test_the_page_explains_every_field_and_names_the_sources(site: str) -> None:
    page = get(site, "/donnees").text

    assert "publics_specifiquement_adresses" in page
    assert "Aide aux démarches administratives" in page
    assert "Démonstration (lieux inventés)" in page


def test_a_question_is_answered_as_a_spreadsheet(site: str) -> None:
    question = "territoire=departement:23"
    wanted = [
        place["id"] for place in get(site, f"/lieux.json?limite=500&{question}").json()["lieux"]
    ]
    book = openpyxl.load_workbook(io.BytesIO(get(site, f"/lieux.xlsx?{question}").content))
    rows = list(book["Lieux"].iter_rows(min_row=2, values_only=True))

    assert wanted
    assert [row[0] for row in rows] == wanted


def test_a_question_is_answered_as_a_feed_latest_change_first(site: str) -> None:
    answer = get(site, "/lieux.atom?territoire=departement:23")
    feed = ET.fromstring(answer.text)  # noqa: S314 - our own answer
    entries = feed.findall(f"{ATOM}entry")
    updated = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]

    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert entries
    assert updated == sorted(updated, reverse=True)
    assert {link.get("href") for link in feed.findall(f"{ATOM}link")} == {
        f"{site}/lieux.atom?territoire=departement%3A23",
        f"{site}/lieux?territoire=departement%3A23",
    }


@pytest.mark.parametrize("address", ["/lieux.xlsx?servces=a", "/lieux.atom?ouvert=jamais"])
def test_a_wrong_question_is_an_error_on_these_addresses_too(site: str, address: str) -> None:
    assert get(site, address).status_code == 422


def follow(site: str, address: str) -> tuple[list[str], list[dict[str, Any]], str]:
    """Ids of the places changed, tombstones, and where to ask next, all pages together."""
    changed: list[str] = []
    gone: list[dict[str, Any]] = []
    while True:
        answer = get(site, address)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        changed += [place["id"] for place in told["lieux"]]
        gone += told["disparus"]
        if told["suivante"] is None:
            return changed, gone, told["prochaine_fois"].removeprefix(site)
        address = told["suivante"].removeprefix(site)


def test_who_follows_the_changes_ends_with_the_same_places(site: str) -> None:
    changed, gone, _ = follow(site, "/api/v1/lieux?modifie_depuis=2026-01-01&limite=57")

    assert len(changed) == len(set(changed))
    assert set(changed) - {one["id"] for one in gone} == every_id(site)


def test_nothing_changed_since_the_last_answer(site: str) -> None:
    _, _, following = follow(site, "/api/v1/lieux?modifie_depuis=2026-01-01")

    assert follow(site, following)[:2] == ([], [])


def test_a_place_merged_or_withdrawn_is_told_and_comes_back(site: str, engine: Engine) -> None:
    first, second, third = sorted(every_id(site))[:3]
    _, _, following = follow(site, "/api/v1/lieux?modifie_depuis=2026-01-01")
    with engine.begin() as db:
        db.execute(
            text(
                "UPDATE places SET withdrawn_at = now(), changed_at = now() WHERE public_id = :id"
            ),
            {"id": first},
        )
        db.execute(text("UPDATE places SET changed_at = now(), merged_into = (SELECT id FROM places WHERE public_id = :heir) WHERE public_id = :id"), {"id": second, "heir": third})  # fmt: skip
    try:
        changed, gone, _ = follow(site, following)
    finally:
        with engine.begin() as db:
            db.execute(text("UPDATE places SET withdrawn_at = NULL, merged_into = NULL, changed_at = now() WHERE public_id IN (:a, :b)"), {"a": first, "b": second})  # fmt: skip

    assert changed == []
    assert {one["id"]: (one["motif"], one["fusionne_avec"]) for one in gone} == {
        first: ("retiré", None),
        second: ("fusionné", third),
    }
    assert {first, second} <= set(follow(site, following)[0])


def test_a_change_still_being_written_is_not_skipped(site: str, engine: Engine) -> None:
    public_id = min(every_id(site))
    with engine.connect() as slow:
        slow.execute(text("SELECT pg_advisory_xact_lock(1)"))  # a transaction that started long ago
        _, _, following = follow(site, "/api/v1/lieux?modifie_depuis=2026-01-01")
        slow.execute(
            text("UPDATE places SET changed_at = now() WHERE public_id = :id"), {"id": public_id}
        )
        slow.commit()

    assert public_id in follow(site, following)[0]


@pytest.mark.parametrize(
    "question", ["modifie_depuis=hier", "modifie_depuis=2026-01-01&frais=gratuit", "modifie_depuis=2026-01-01&limite=0",
                 "modifie_depuis=", "modifie_depuis=2026-01-01&apres=x", "modifie_depuis=0001-01-01"]
)  # fmt: skip
def test_a_wrong_moment_is_an_error_that_says_what_is_right(site: str, question: str) -> None:
    answer = get(site, f"/api/v1/lieux?{question}")

    assert answer.status_code == 422
    assert json.loads(answer.text)["title"]


def test_the_plus_of_a_time_zone_may_be_left_as_it_is(site: str) -> None:
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()

    assert follow(site, f"/api/v1/lieux?modifie_depuis={soon}")[:2] == ([], [])
