"""Spreadsheets and GeoPackages: other software reads them, and finds every place."""

import io
import sqlite3
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoservice.exports.formats import FORMATS
from geoservice.exports.national import ALL_COLUMNS
from geoservice.exports.workbook import Workbook
from tests.exports.conftest import Receive

SITE = "https://carte.exemple.fr"


def written(name: str, rows: Sequence[Any]) -> bytes:
    writer = FORMATS[name].write(SITE)
    return writer.head() + writer.rows(rows) + b"".join(writer.tail())


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    found = {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}
    book.close()
    return found


def test_the_spreadsheet_holds_every_place_and_explains_its_columns(
    receive_places: Receive,
) -> None:
    rows = receive_places({}, {"name": "=cmd()|calc", "lon": None, "lat": None})
    found = sheets(written("xlsx", rows))
    header, *places = found["Lieux"]
    by_name = [dict(zip(header, place, strict=True)) for place in places]

    assert header == (*ALL_COLUMNS, "url")
    assert sorted(str(place["nom"]) for place in by_name) == [
        "=cmd()|calc",
        "Médiathèque des Ormes",
    ]
    assert by_name[0]["services"] == (
        "Aide aux démarches administratives|Accès internet et matériel informatique"
    )
    assert by_name[0]["date_maj"].date() == date(2026, 9, 1)
    assert [row[0] for row in found["Colonnes"][1:]] == list(ALL_COLUMNS)


def test_a_spreadsheet_holds_no_formula(receive_places: Receive) -> None:
    content = written("xlsx", receive_places({"name": "=HYPERLINK(1)"}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet
    assert "=HYPERLINK(1)" in sheet


@settings(deadline=None)  # a machine under load is not a fault
@given(
    rows=st.lists(
        st.lists(st.text(max_size=20) | st.none() | st.integers(-9, 9), min_size=30, max_size=30)
    )
)
def test_cells_are_read_as_they_were_written(rows: list[list[str | int | None]]) -> None:
    book = Workbook()
    header = [f"colonne {rank}" for rank in range(30)]
    content = book.open_sheet("Essai", header) + book.add(rows) + book.close()
    read = sheets(content)["Essai"]

    assert read[0] == tuple(header)
    assert [[_filled(cell) for cell in (*row, *(None,) * (30 - len(row)))] for row in read[1:]] == [
        [_as_xml(cell) for cell in row] for row in rows
    ]


def _filled(cell: Any) -> Any:
    return None if cell == "" else cell


def _as_xml(cell: str | int | None) -> str | int | None:
    """XML has no control characters, and one kind of line end; an empty cell holds nothing."""
    if not isinstance(cell, str):
        return cell
    kept = "".join(
        letter
        for letter in cell.replace("\r\n", "\n").replace("\r", "\n")
        if letter in "\t\n" or (letter >= " " and letter not in "\ufffe\uffff")
    )
    return kept or None


def test_bytes_of_a_spreadsheet_come_out_as_rows_come_in() -> None:
    book = Workbook()
    book.open_sheet("Essai", ["texte"])
    out = [book.add([[f"{rank} {rank * 7919}"] for rank in range(n, n + 2000)]) for n in range(5)]

    assert sum(map(len, out)) > 0.8 * sum(map(len, (*out, book.close())))


def opened(content: bytes, folder: Path) -> sqlite3.Connection:
    file = folder / "lieux.gpkg"
    file.write_bytes(content)
    return sqlite3.connect(file)


def test_the_geopackage_says_what_it_is_and_holds_every_place(
    receive_places: Receive, tmp_path: Path
) -> None:
    rows = receive_places({}, {"lon": None, "lat": None})
    db = opened(written("gpkg", rows), tmp_path)
    content = db.execute("SELECT table_name, srs_id, min_x, max_y FROM gpkg_contents").fetchall()
    geometries = db.execute("SELECT id, geom, nom FROM lieux ORDER BY fid").fetchall()
    identity = [
        db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    ]
    db.close()

    assert identity == [0x47504B47, 10300]
    assert content == [("lieux", 4326, 6.2356, 44.0922)]
    assert [one[0] for one in geometries] == [row.public_id for row in rows]
    for row, (_, geometry, name) in zip(rows, geometries, strict=True):
        assert name == "Médiathèque des Ormes"
        if row.lon is None:
            assert geometry is None
        else:
            assert geometry[:8] == b"GP\x00\x01" + (4326).to_bytes(4, "little")
            assert shapely.from_wkb(geometry[8:]) == shapely.Point(row.lon, row.lat)


def test_the_temporary_file_of_a_geopackage_goes_with_it(receive_places: Receive) -> None:
    writer = FORMATS["gpkg"].write(SITE)
    writer.rows(receive_places({}))
    folder = Path(writer._file._folder.name)  # pyright: ignore - what must be gone
    assert folder.exists()

    assert b"".join(writer.tail())[:16] == b"SQLite format 3\x00"
    assert not folder.exists()
