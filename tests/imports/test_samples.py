"""Every source that ships maps the sample beside it into what is written beside it."""

import json
from datetime import date
from pathlib import Path

import pytest

from geoservice.imports import readers
from geoservice.imports.convert import Converter
from geoservice.imports.guard import Before, check
from geoservice.imports.mapping import load, names
from geoservice.imports.report import Notes, Report
from geoservice.paths import SOURCES

TODAY = date(2026, 11, 22)


def sample(source: str) -> Path:
    found = list((SOURCES / source).glob("sample.*"))
    assert found, f"un exemple de quelques lignes manque : import/{source}/sample.csv, par exemple"
    return found[0]


@pytest.mark.parametrize("source", names())
def test_every_source_maps_its_own_sample(source: str) -> None:
    mapping = load(source)
    converter = Converter(mapping, Notes(), TODAY)
    rows = readers.read(sample(source), mapping.source)

    said = [
        {
            "key": statement.key,
            "stated_on": statement.stated_on and statement.stated_on.isoformat(),
            "says": statement.statements,
        }
        for row in rows
        for statement in converter.statements(row)
    ]

    expected = json.loads((SOURCES / source / "expected.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(said)) == expected


@pytest.mark.parametrize("source", names())
def test_every_sample_is_accepted_whole(source: str) -> None:
    mapping = load(source)
    report = Report(source=source, origin="sample", dry_run=True)
    converter = Converter(mapping, report.notes, TODAY)
    columns: set[str] = set()
    for row in readers.read(sample(source), mapping.source):
        report.rows += 1
        columns |= set(row.cells)
        list(converter.statements(row))
    report.columns = dict.fromkeys(columns)

    assert list(report.notes.rejections) == []
    assert (
        check(mapping, Before(0, frozenset()), report, report.rows, report.warnings.append) is None
    )


@pytest.mark.parametrize("source", names())
def test_no_sample_names_anybody_who_could_be_reached(source: str) -> None:
    text = sample(source).read_text(encoding="utf-8")

    assert "invent" in text.lower()
    assert not any(host in text for host in ("gmail", "orange.fr", "wanadoo", "laposte.net"))


def test_a_national_file_may_have_only_the_columns_that_the_schema_requires() -> None:
    mapping = load("mediation-numerique")
    report = Report(source="mediation-numerique", origin="x", dry_run=True)
    report.rows = 1
    report.columns = dict.fromkeys(
        ("id", "nom", "commune", "code_postal", "adresse", "date_maj", "services")
    )

    assert check(mapping, Before(0, frozenset()), report, 1, report.warnings.append) is None
