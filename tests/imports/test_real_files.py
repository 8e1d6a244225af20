"""The eight real source files, with the real gazetteer: nothing is lost, and what is refused is said."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from geoservice.db.server import Server
from geoservice.imports.report import Report
from geoservice.imports.runs import run_import
from geoservice.territories import actions as territories

# places, rows skipped, rows refused
EXPECTED = {
    "hinaura": (687, 0, 0),
    "hub-lo": (426, 0, 0),
    "maine-et-loire": (222, 18, 3),
    "corse": (158, 0, 3),
    "angers": (63, 0, 0),
    "la-creuse": (91, 0, 0),
    "nouvelle-caledonie": (92, 0, 0),
    "etapes-numerique": (95, 0, 0),
}


@pytest.fixture(scope="module")
def reports(imports_server: Server, real_data: Path) -> Iterator[dict[str, Report]]:
    """Each file, as it would be imported: tried, and undone."""
    engine = create_engine(imports_server.owner, poolclass=NullPool)
    with engine.begin() as connection:
        territories.load(connection, str(real_data / "territoires"))
    yield {
        source: run_import(
            imports_server, source, str(real_data / "sources" / f"{source}.json"), dry_run=True
        )
        for source in EXPECTED
    }
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE territories, localities CASCADE"))
    engine.dispose()


@pytest.mark.parametrize("source", EXPECTED)
def test_every_row_is_a_place_or_says_why_not(reports: dict[str, Report], source: str) -> None:
    report = reports[source]

    found = (report.changes.new, report.notes.skipped_rows, report.notes.refused_rows)

    assert found == EXPECTED[source]
    assert report.rows == sum(found)


@pytest.mark.parametrize("source", sorted(set(EXPECTED) - {"nouvelle-caledonie", "corse"}))
def test_nearly_every_place_gets_the_code_of_its_commune(
    reports: dict[str, Report], source: str
) -> None:
    places = reports[source].places
    coded = [place for place in places if "code_insee" in place.fields]

    assert len(coded) >= 0.98 * len(places)


def test_hardly_a_phone_is_refused_except_short_numbers(reports: dict[str, Report]) -> None:
    refused = [
        no.raw
        for report in reports.values()
        for no in report.notes.rejections
        if no.column == "phone" and "numéro court" not in no.reason
    ]

    assert len(refused) <= 3, refused


def test_most_hours_in_words_are_read(reports: dict[str, Report]) -> None:
    for source in ("angers", "corse", "hub-lo", "nouvelle-caledonie"):
        report = reports[source]
        read = report.notes.cleaned["horaires lus dans le texte"]
        refused = report.notes.rejected["opening_hours"]
        assert read > 4 * refused, source


def test_nobody_is_named_in_what_is_published(reports: dict[str, Report], real_data: Path) -> None:
    rows = json.loads((real_data / "sources" / "corse.json").read_text(encoding="utf-8"))
    names = {row["Conseiller numérique"] for row in rows} - {None}
    published = json.dumps([place.fields for place in reports["corse"].places], default=str)

    assert names
    assert [name for name in names if name in published] == []


def test_a_position_is_compared_with_the_outline_of_its_commune(reports: dict[str, Report]) -> None:
    refused = [no for no in reports["hub-lo"].notes.rejections if no.column == "point"]

    # 3.4 km from the outline, and yet 1.3 km from the box around it
    assert any("Sainte-Thorette" in no.reason for no in refused)
