"""The files of the national schema: they validate, and our own import reads them back."""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import frictionless
import pytest
from frictionless.resources import TableResource
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Row

from geoservice.exports import queries
from geoservice.exports.formats import FORMATS
from geoservice.exports.national import (
    COLUMNS,
    NATIONAL_FIELDS,
    PUBLISHED_SPELLING,
    UNKNOWN_PIVOT,
    national,
    shortened,
    table_schema,
)
from geoservice.imports import readers
from geoservice.imports.convert import Converter
from geoservice.imports.mapping import load
from geoservice.imports.report import Notes
from geoservice.places.fields import FIELDS
from tests.exports.conftest import Receive

SITE = "https://carte.exemple.fr"


def written(name: str, rows: Sequence[Any]) -> bytes:
    writer = FORMATS[name].write(SITE)
    return writer.head() + writer.rows(rows) + b"".join(writer.tail())


def faults(file: Path) -> list[str]:
    """What frictionless reproaches to the file."""
    resource = TableResource(
        path=file.name,
        basepath=str(file.parent),
        schema=frictionless.Schema.from_descriptor(dict(table_schema())),
    )
    report = resource.validate()
    return [f"{error.type}: {error.message}" for task in report.tasks for error in task.errors]


def test_the_columns_are_those_of_the_schema_in_its_order() -> None:
    assert [field["name"] for field in table_schema()["fields"]] == list(COLUMNS)


def test_the_schema_accepts_every_published_value_and_no_other() -> None:
    patterns = {
        field["name"]: re.compile(field["constraints"]["pattern"])
        for field in table_schema()["fields"]
        if "pattern" in field["constraints"]
    }
    for field in NATIONAL_FIELDS:
        if field.vocabulary is None or field.column == "typologies":
            continue
        values = [PUBLISHED_SPELLING.get(member.value, member.value) for member in field.vocabulary]
        assert patterns[field.national].fullmatch("|".join(values))
        assert not patterns[field.national].fullmatch(values[0] + "|Autre chose")


@pytest.mark.parametrize("name", ["csv", "json"])
def test_the_file_validates_against_the_table_schema(
    receive_places: Receive, tmp_path: Path, name: str
) -> None:
    rows = receive_places(
        {},
        {"pivot": None, "phone": None, "lon": None, "lat": None, "services": []},
        {"pivot": "W041000001", "phone": "+262262000000", "summary": "long " * 100},
        {"phone": "+3222345678"},
        {"name": "=cmd()", "address": '-1 bis « rue », "des" |Ormes\nEntrée B'},
    )
    file = tmp_path / f"lieux.{name}"
    file.write_bytes(written(name, rows))

    assert len(rows) == 5
    assert faults(file) == []


def test_a_wrong_file_would_be_told(tmp_path: Path) -> None:
    row = dict.fromkeys(COLUMNS, "") | {"id": "1", "nom": "Sans commune", "services": "Autre"}
    file = tmp_path / "lieux.json"
    file.write_text(json.dumps([row]), encoding="utf-8")

    assert len(faults(file)) >= 5  # pivot, commune, postal code, date, services


def test_a_place_that_the_schema_cannot_hold_is_left_out_and_counted(
    receive_places: Receive,
) -> None:
    rows = receive_places({}, {"postal_code": None})
    writer = FORMATS["csv"].write(SITE)
    text = writer.rows(rows).decode()

    assert len(list(csv.reader(io.StringIO(text)))) == 1
    assert writer.left_out == 1


def test_a_cell_is_never_a_formula(receive_places: Receive) -> None:
    rows = receive_places(
        {"name": "=HYPERLINK(1)", "address": "@SUM(1)"}, {"name": "+A1", "lon": -1.5}
    )

    for name in ("csv", "complet"):
        cells = [
            cell for row in csv.reader(io.StringIO(written(name, rows).decode())) for cell in row
        ]
        assert not [cell for cell in cells if cell[:1] in ("=", "@", "\t", "\r")]
        assert "'+A1" in cells
        assert "-1.5" in cells
        assert "+33492000000" in cells


def read_back(content: bytes, file: Path) -> list[dict[str, Any]]:
    """What our own mapping of the national schema understands of a file, by place."""
    file.write_bytes(content)
    mapping = load("mediation-numerique")
    notes = Notes()
    converter = Converter(mapping, notes, date(2026, 11, 22))
    statements = [
        statement
        for row in readers.read(file, mapping.source)
        for statement in converter.statements(row)
    ]
    assert not notes.rejected
    return [dict(one.statements) | {"updated_on": one.stated_on} for one in statements]


def told(row: Row[Any], columns: Sequence[str]) -> dict[str, Any]:
    values = {column: getattr(row, column) for column in columns}
    return {column: value for column, value in values.items() if value not in (None, [])}


@pytest.mark.parametrize("name", ["csv", "json"])
def test_our_import_reads_back_all_that_the_schema_can_say(
    receive_places: Receive, tmp_path: Path, name: str
) -> None:
    rows = receive_places(
        {"name": "+A1", "address_extra": "-ici (au fond)"},
        {"pivot": None, "opening_hours": None},
        {"lon": None, "lat": None},
    )
    again = read_back(written(name, rows), tmp_path / f"lieux.{name}")
    columns = [field.column for field in NATIONAL_FIELDS]

    assert again == [told(row, columns) for row in rows]


def test_our_import_reads_back_everything_of_the_complete_file(
    receive_places: Receive, tmp_path: Path
) -> None:
    rows = receive_places({}, {"languages": ["ar"]})
    again = read_back(written("complet", rows), tmp_path / "lieux.csv")

    assert again == [told(row, [field.column for field in FIELDS]) for row in rows]


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


@given(
    values=st.lists(words.filter(lambda text: "|" not in text and text.strip()), max_size=4),
    summary=st.text("abc é,.", max_size=600),
)
def test_lists_come_apart_as_they_were_and_summaries_fit(values: list[str], summary: str) -> None:
    row: Any = SimpleNamespace(
        public_id="7k3m9q2x4d",
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
        _mapping=dict.fromkeys((f.column for f in FIELDS), None)
        | {f.column: [] for f in FIELDS if f.many}
        | {"other_labels": values, "summary": summary},
        pivot=None,
        updated_on=None,
        phone=None,
        summary=summary,
        description=None,
    )
    wrote = national(row)

    assert (wrote["autres_formations_labels"] or "").split("|") == (values or [""])
    assert len(wrote["presentation_resume"] or "") <= 280
    assert summary in (wrote["presentation_resume"], wrote["presentation_detail"])
    assert wrote["pivot"] == UNKNOWN_PIVOT


@given(text=st.text(max_size=200), length=st.integers(1, 100))
def test_a_shortened_text_has_the_length_and_begins_the_same(text: str, length: int) -> None:
    cut = shortened(text, length)

    assert len(cut) <= length
    assert text.startswith(cut.removesuffix("…")) or cut == text


def test_the_public_role_may_read_what_the_exports_read(db: Connection) -> None:
    db.exec_driver_sql("SET LOCAL ROLE geoservice_public")

    assert db.execute(queries.following(0, 1)).all() is not None
    assert db.execute(queries.complete_until()).scalar_one()
    assert db.execute(queries.freshness()).one().total >= 0
