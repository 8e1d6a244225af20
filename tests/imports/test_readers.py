"""Files of every format, and files that are not what they should be."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from geoservice.imports.mapping import Attach, Source
from geoservice.imports.problems import ImportProblem
from geoservice.imports.readers import read

ROWS: list[dict[str, Any]] = [{"id": "1", "nom": "Médiathèque"}, {"id": "2", "nom": "Mairie"}]
CSV = "id;nom\n1;Médiathèque\n2;Mairie\n"


def source(**options: Any) -> Source:
    return Source(title="Essai", licence="LO", key=("id",), **options)


def cells(folder: Path, content: bytes | str, name: str = "lieux", **options: Any) -> list[Any]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [row.cells for row in read(path, source(**options))]


def warnings(folder: Path, content: bytes) -> list[str]:
    path = folder / "lieux"
    path.write_bytes(content)
    told: list[str] = []
    list(read(path, source(), told.append))
    return told


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_of_a_csv_is_found(tmp_path: Path, delimiter: str) -> None:
    assert cells(tmp_path, CSV.replace(";", delimiter)) == ROWS


def test_commas_inside_texts_do_not_make_a_separator(tmp_path: Path) -> None:
    text = "id;nom\n1;Rue, ville, pays\n2;Autre, rue, encore\n"

    assert cells(tmp_path, text)[0] == {"id": "1", "nom": "Rue, ville, pays"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "mac_roman"])
def test_the_encoding_of_a_csv_is_found(tmp_path: Path, encoding: str) -> None:
    text = CSV + "3;Bibliothèque du château, ouverte l’été aux élèves\n" * 20

    assert cells(tmp_path, text.encode(encoding))[0] == ROWS[0]


def test_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    content = (CSV + "3;Bibliothèque du château, ouverte aux élèves\n" * 20).encode("cp1252")

    assert warnings(tmp_path, content) == ["lieux n’est pas en UTF-8 : lu en Windows-1252."]


def test_a_file_in_two_encodings_is_refused_with_its_line(tmp_path: Path) -> None:
    content = CSV.encode() * 9 + "3;Préfecture\n".encode("cp1252")

    with pytest.raises(ImportProblem, match="mélange deux encodages : la ligne 28"):
        cells(tmp_path, content)


def test_a_declared_encoding_that_is_wrong_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="n’est pas écrit en utf-8"):
        cells(tmp_path, CSV.encode("cp1252"), encoding="utf-8")


def test_an_encoding_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="« utf-9 » n’existe pas"):
        cells(tmp_path, CSV, encoding="utf-9")


def test_the_header_may_be_on_another_line(tmp_path: Path) -> None:
    assert cells(tmp_path, "Liste des lieux\n\n" + CSV, header=3) == ROWS


def test_a_cell_may_hold_several_lines(tmp_path: Path) -> None:
    assert cells(tmp_path, 'id,nom\n1,"une\nligne"\n') == [{"id": "1", "nom": "une\nligne"}]


def test_a_quotation_mark_never_closed_is_pointed_out(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="un guillemet n’est sans doute pas fermé"):
        cells(tmp_path, 'id,nom\n1,"ouvert\n' + "2,rien\n" * 200_000)


def test_too_many_cells_in_a_row_are_pointed_out(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="ligne 3 : 3 cellules pour 2 colonnes"):
        cells(tmp_path, "id,nom\n1,a\n2,b,c\n")


def test_two_columns_of_the_same_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="plusieurs colonnes du même nom : nom"):
        cells(tmp_path, "id,nom,nom\n1,a,b\n")


def test_three_hundred_megabytes_on_one_line_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "enorme.csv"
    with path.open("wb") as file:
        for _ in range(300):
            file.write(b"x" * 1_000_000)

    with pytest.raises(ImportProblem, match="ce n’est pas un fichier CSV"):
        list(read(path, source()))


def test_a_list_in_json(tmp_path: Path) -> None:
    assert cells(tmp_path, json.dumps(ROWS)) == ROWS


def test_the_only_list_of_a_json_object_is_found(tmp_path: Path) -> None:
    assert cells(tmp_path, json.dumps({"meta": {"n": 2}, "lieux": ROWS})) == ROWS


def test_a_list_deep_in_json_is_said_by_the_mapping(tmp_path: Path) -> None:
    content = json.dumps({"a": [1], "b": {"c": ROWS}, "d": [2]})

    assert cells(tmp_path, content, rows="b.c") == ROWS


def test_several_lists_in_json_ask_for_a_choice(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match=r"« rows ».*Listes trouvées : a, b"):
        cells(tmp_path, json.dumps({"a": [{}], "b": [{}]}))


def test_one_object_per_line(tmp_path: Path) -> None:
    content = "\n".join(json.dumps(row) for row in ROWS)

    assert cells(tmp_path, content, "lieux.jsonl") == ROWS


def test_json_in_windows_encoding(tmp_path: Path) -> None:
    content = json.dumps(ROWS * 30, ensure_ascii=False).encode("cp1252")

    assert cells(tmp_path, content)[0] == ROWS[0]


def test_the_properties_of_a_geojson_are_its_columns(tmp_path: Path) -> None:
    geometry = {"type": "Point", "coordinates": [6.1, 45.9]}
    feature = {"type": "Feature", "id": 7, "geometry": geometry, "properties": {"nom": "Mairie"}}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]})

    assert cells(tmp_path, content) == [{"id": 7, "nom": "Mairie", "geometry": geometry}]


def test_a_second_list_is_put_into_the_rows_that_it_belongs_to(tmp_path: Path) -> None:
    content = {"lieux": ROWS, "services": [{"lieu": "2", "type": "atelier"}]}
    attach = Attach(name="services", rows="services", by="lieu")

    found = cells(tmp_path, json.dumps(content), rows="lieux", attach=attach)

    assert [row["services"] for row in found] == [[], [{"lieu": "2", "type": "atelier"}]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"id": 1}, {"id"', "il est coupé avant la fin après l’élément 1"),
        ('[{"id": 1}, {"id" 2}]', "il est mal formé après l’élément 1"),
        ('[{"id": 1}, 5]', "élément 2 : ce n’est pas un objet"),
        ("", "est vide"),
        ("<!DOCTYPE html><p>Erreur 404</p>", "est une page web"),
        ("\n\n", "n’a pas de ligne d’en-tête"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ImportProblem, match=message):
        cells(tmp_path, content)


def workbook(*lines: tuple[Any, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Lieux"
    for line in lines:
        sheet.append(list(line))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_a_spreadsheet(tmp_path: Path) -> None:
    content = workbook(
        ("id", "nom", "date"), (1, "Médiathèque", date(2026, 5, 2)), (None, None, None)
    )

    assert cells(tmp_path, content) == [{"id": 1, "nom": "Médiathèque", "date": "2026-05-02"}]


def test_a_sheet_that_does_not_exist_is_said_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match=r"pas de feuille « Autre »\. Feuilles : Lieux"):
        cells(tmp_path, workbook(("id",), (1,)), sheet="Autre")


def test_the_sheet_of_the_places_is_found_by_its_key(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Lisez-moi"  # pyright: ignore[reportOptionalMemberAccess]
    book.active["A1"] = "Recensement 2026"  # pyright: ignore[reportOptionalSubscript]
    places = book.create_sheet("Lieux")
    places.append(("id", "nom"))
    places.append((1, "Mairie"))
    book.save(tmp_path / "made.xlsx")
    content = (tmp_path / "made.xlsx").read_bytes()

    assert cells(tmp_path, content) == [{"id": 1, "nom": "Mairie"}]
    assert warnings(tmp_path, content) == ["Feuille lue : « Lieux ». Feuilles : Lisez-moi, Lieux."]


def test_a_broken_spreadsheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="n’est pas un classeur XLSX correct"):
        cells(tmp_path, workbook(("id",), (1,))[:-200])


def test_an_old_spreadsheet_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match=r"Enregistrez-le en \.xlsx"):
        cells(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="n’existe pas"):
        list(read(tmp_path / "absent.csv", source()))


def test_a_row_of_a_spreadsheet_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "lieux.csv"
    path.write_text(CSV, encoding="utf-8")

    assert [row.number for row in read(path, source())] == [2, 3]


@pytest.mark.parametrize(
    "content", ['[{" Nom\\n du lieu ": "Mairie"}]', '" Nom\n du lieu ",id\nMairie,1\n']
)
def test_spaces_that_nobody_sees_are_not_part_of_a_column_s_name(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "lieux"
    path.write_text(content, encoding="utf-8")

    [row] = read(path, source())

    assert row.text("Nom du lieu") == row.text("Nom  du lieu ") == "Mairie"


def test_a_row_that_was_cut_stops_the_import_instead_of_emptying_the_place(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="ligne 3 : 2 cellules pour 3 colonnes"):
        cells(tmp_path, "id,nom,telephone\n1,Médiathèque,0492000000\n2,Mairie\n")


def test_a_workbook_damaged_inside_is_refused_in_french(tmp_path: Path) -> None:
    whole, damaged = io.BytesIO(), io.BytesIO()
    book = Workbook()
    assert book.active is not None
    book.active.append(["id", "nom"])
    book.save(whole)
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(damaged, "w") as out:
        for part in parts.namelist():
            content = parts.read(part)
            out.writestr(part, content[:200] if part.endswith("sheet1.xml") else content)

    with pytest.raises(ImportProblem, match="abîmé"):
        cells(tmp_path, damaged.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        "[" * 200_000,
        '{"a":' * 200_000,
        '[{"id": "1", "nom": ' + "[" * 200_000 + "]" * 200_000 + "}]",
    ],
)
def test_lists_inside_lists_inside_lists_are_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ImportProblem, match="emboîte plus de 64 listes"):
        cells(tmp_path, content)


def test_brackets_inside_texts_are_only_letters(tmp_path: Path) -> None:
    name = '[{"' * 100 + "\\" + "[" * 70_000 + '"'

    assert cells(tmp_path, json.dumps([{"id": "1", "nom": name}] * 3))[2]["nom"] == name


def test_a_workbook_of_gigabytes_in_a_few_kilobytes_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        for _ in range(60):
            sheet.write(b" " * 1_000_000)

    with pytest.raises(ImportProblem, match="trop gros une fois décompressé \\(60 Mo\\)"):
        cells(tmp_path, made.getvalue())


def test_a_sheet_that_says_it_has_every_column_is_read(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "nom"])
    sheet.append(["1", "Médiathèque"])
    sheet.cell(row=3, column=16_384, value="perdu")
    sheet.cell(row=50_000, column=1, value="2")
    book.save(tmp_path / "lieux.xlsx")

    assert cells(tmp_path, (tmp_path / "lieux.xlsx").read_bytes()) == [
        {"id": "1", "nom": "Médiathèque"},
        {"id": "2", "nom": None},
    ]


def sheet_of(folder: Path, *lines: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    book.save(folder / "made.xlsx")
    return (folder / "made.xlsx").read_bytes()


def test_the_header_is_found_under_a_title(tmp_path: Path) -> None:
    book = sheet_of(tmp_path, ["Recensement 2026"], [], ["id", "nom"], ["1", "Mairie"])
    text = "Recensement 2026\n\nid;nom\n1;Mairie, annexe\n"

    assert cells(tmp_path, book) == [{"id": "1", "nom": "Mairie"}]
    assert cells(tmp_path, text) == [{"id": "1", "nom": "Mairie, annexe"}]
    assert warnings(tmp_path, text.encode()) == [
        "Les noms des colonnes sont à la ligne 3 du fichier."
    ]


def test_rows_under_a_title_keep_the_number_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "lieux"
    path.write_bytes(sheet_of(tmp_path, ["Titre"], ["id", "nom"], ["1", "Mairie"]))

    assert [row.number for row in read(path, source())] == [3]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_header_on_two_lines_is_one(tmp_path: Path, format: str) -> None:
    lines = [
        ["Titre"],
        ["id", "Horaires", None, "Contact"],
        [None, "Matin", "Soir", None],
        ["1", "9h", "18h", "0"],
    ]
    text = "\n".join(";".join(cell or "" for cell in line) for line in lines) + "\n"
    content = text if format == "csv" else sheet_of(tmp_path, *lines)

    assert cells(tmp_path, content, header=[2, 3]) == [
        {"id": "1", "Horaires Matin": "9h", "Horaires Soir": "18h", "Contact": "0"}
    ]


def test_an_empty_cell_may_repeat_the_one_above(tmp_path: Path) -> None:
    text = "id;commune\n1;Annecy\n2;\n3;Thônes\n4;\n"

    read_cells = cells(tmp_path, text, fill=["commune"])

    assert [row["commune"] for row in read_cells] == ["Annecy", "Annecy", "Thônes", "Thônes"]
