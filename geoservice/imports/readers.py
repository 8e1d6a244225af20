"""The rows of a file, one by one, whatever its format: a file larger than the memory is read as well."""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, cast
from xml.etree.ElementTree import ParseError

import ijson  # pyright: ignore[reportMissingTypeStubs]

from geoservice.imports.encodings import encoding_of
from geoservice.imports.mapping import Attach, Source
from geoservice.imports.problems import ImportProblem
from geoservice.imports.rows import EMPTY, Row, column_name
from geoservice.system import reason

LARGEST_CELL = 1_000_000
"""Characters; more is a quotation mark that was never closed."""
LONGEST_LINE = 10_000_000
LARGEST_SHEET_BYTES = 2_000_000_000
"""Of an XLSX file once unzipped: more is a trap."""
LARGEST_TEXTS_BYTES = 300_000_000
"""Of the part of an XLSX file that is held in memory: its texts."""
MOST_SQUEEZED = 100
"""How many times larger a part may become: sheets of real workbooks, 5 to 40 times."""
SQUEEZED_FROM_BYTES = 20_000_000
"""Parts smaller than this, once unzipped, harm nobody."""
HEADER_WITHIN = 100
"""Lines among which the names of the columns are looked for."""
DEEPEST = 64
"""Lists and objects inside each other: real files have fewer than ten."""
DELIMITERS = ",;\t|"


class ReadingProblem(ImportProblem):
    """Why a file cannot be read."""


def read(path: Path, source: Source, warn: Callable[[str], None] = lambda _: None) -> Iterator[Row]:
    """The rows of a file. `warn` is told, in French, what had to be guessed.

    Raises ReadingProblem, possibly after some rows: a broken file is known only where it breaks.
    """
    empty = EMPTY | {text.casefold() for text in source.empty}
    try:
        if not path.exists():
            raise ReadingProblem(f"Le fichier {path} n’existe pas.")
        if not path.is_file():
            raise ReadingProblem(f"{path} n’est pas un fichier.")
        if path.stat().st_size == 0:
            raise ReadingProblem(f"{path.name} est vide.")
        found = source.format or _format_of(path)
        numbered = _filled(_READERS[found](path, source, warn), source.fill)
        yield from (Row(number, cells, empty) for number, cells in numbered)
    except UnicodeDecodeError as error:
        raise ReadingProblem(
            f"{path.name} n’est pas écrit en {error.encoding} : l’octet {error.start} ne peut pas être lu. "
            "Enregistrez-le en UTF-8, ou corrigez « encoding » dans mapping.toml."
        ) from None
    except OSError as error:
        raise ReadingProblem(f"{path} ne peut pas être lu ({reason(error)}).") from None


def _filled(
    rows: Iterator[tuple[int, dict[str, Any]]], columns: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows, where an empty cell of these columns says the same as the one above."""
    above: dict[str, Any] = {}
    names = [column_name(column) for column in columns]
    for number, row in rows:
        for name in names:
            if row.get(name) in (None, "") and name in above:
                row[name] = above[name]
            elif name in row:
                above[name] = row[name]
        yield number, row


def _format_of(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadingProblem(
            f"{path.name} est un ancien fichier Excel (.xls). Enregistrez-le en .xlsx ou en .csv."
        )
    if start.startswith((b"\x1f\x8b", b"%PDF", b"\x89PNG")):
        raise ReadingProblem(
            f"{path.name} n’est pas un fichier de données (CSV, JSON, GeoJSON ou XLSX)."
        )
    text = start.lstrip(codecs.BOM_UTF8).replace(b"\x00", b"").lstrip()
    if text.startswith(b"<"):
        raise ReadingProblem(
            f"{path.name} est une page web ou du XML, pas un fichier de données (CSV, JSON, GeoJSON ou XLSX)."
        )
    if text.startswith((b"[", b"{")):
        return "json"
    return "csv"


# ---- CSV


def _read_csv(
    path: Path, source: Source, warn: Callable[[str], None]
) -> Iterator[tuple[int, dict[str, Any]]]:
    encoding = encoding_of(path, source.encoding, warn)
    csv.field_size_limit(LARGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        lines = source.header or (_header_line(file, source, warn),)
        for _ in range(min(lines) - 1):
            file.readline(LONGEST_LINE)
        delimiter = source.delimiter or _delimiter_of(file)
        reader = csv.reader(_lines(path, file), delimiter=delimiter)
        header: list[str] = []
        try:
            top = [next(reader, list[str]()) for _ in range(min(lines), max(lines) + 1)]
            header = _header(path, _one_header(top))
            for number, cells in enumerate(reader, start=max(lines) + 1):
                if not any(cells):
                    continue
                if len(cells) > len(header) and any(cells[len(header) :]):
                    raise ReadingProblem(
                        f"{path.name}, ligne {number} : {len(cells)} cellules pour {len(header)} colonnes. "
                        "Il y a sans doute un séparateur ou un guillemet de trop."
                    )
                if len(cells) < len(header):  # read as empty, they would empty the place
                    raise ReadingProblem(
                        f"{path.name}, ligne {number} : {len(cells)} cellules pour {len(header)} colonnes. "
                        "La ligne est sans doute coupée : complétez-la, ou exportez de nouveau le fichier."
                    )
                yield number, dict(zip(header, cells, strict=False))
        except csv.Error as error:
            why = "la ligne est mal formée"
            if "field larger" in str(error):
                why = "une cellule n’en finit pas : un guillemet n’est sans doute pas fermé"
            raise ReadingProblem(f"{path.name}, ligne {reader.line_num} : {why}.") from None


def _lines(path: Path, file: IO[str]) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise ReadingProblem(
                f"{path.name} a une ligne de plus de {LONGEST_LINE // 1_000_000} millions de caractères : "
                "ce n’est pas un fichier CSV."
            )
        yield line.replace("\x00", "")


def _delimiter_of(file: IO[str]) -> str:
    """The separator that cuts the first lines into as many cells as the header, and into the most."""
    here = file.tell()
    sample = file.read(64_000)
    file.seek(here)
    lines = sample.splitlines(keepends=True)
    if len(lines) > 2 and not sample.endswith("\n"):
        lines = lines[:-1]

    def quality(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(lines[:200], delimiter=delimiter) if row]
        except csv.Error:
            return (0.0, 0)
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (sum(width == widths[0] for width in widths) / len(widths), widths[0])

    best = max(DELIMITERS, key=quality)
    return best if quality(best)[1] else ","


def _header_line(file: IO[str], source: Source, warn: Callable[[str], None]) -> int:
    """Number of the line of a CSV file that names the columns of `key`; 1 when none does."""
    here = file.tell()
    lines = file.read(64_000).splitlines(keepends=True)[:HEADER_WITHIN]
    file.seek(here)
    found: list[int] = []
    for delimiter in source.delimiter or DELIMITERS:
        reader = csv.reader(lines, delimiter=delimiter)
        start = 1
        with suppress(csv.Error):
            for names in reader:
                if _names_the_key(names, source):
                    found.append(start)
                start = reader.line_num + 1
    return _said(min(found, default=1), warn)


def _names_the_key(names: Iterable[object], source: Source) -> bool:
    return {column_name(key) for key in source.key} <= {column_name(str(name)) for name in names}


def _said(number: int, warn: Callable[[str], None]) -> int:
    if number > 1:
        warn(f"Les noms des colonnes sont à la ligne {number} du fichier.")
    return number


def _one_header(lines: list[list[Any]]) -> list[str]:
    """The names of the columns, when they are on several lines: «Horaires» above «Matin».

    A name that spans several columns is written in the first of them.
    """
    width = max(map(len, lines), default=0)
    names = [""] * width
    for line in lines:
        cells = [str(cell if cell is not None else "").strip() for cell in line]
        cells += [""] * (width - len(cells))
        below = lines[-1] if line is not lines[-1] else None
        for at, cell in enumerate(cells):
            spans = not cell and below is not None and at < len(below) and below[at] and at > 0
            if spans:
                cells[at] = cells[at - 1]
        names = [f"{name} {cell}".strip() for name, cell in zip(names, cells, strict=True)]
    return names


def _header(path: Path, names: list[Any]) -> list[str]:
    header = [column_name(str(name if name is not None else "")) for name in names]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise ReadingProblem(f"{path.name} n’a pas de ligne d’en-tête.")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise ReadingProblem(
            f"{path.name} a plusieurs colonnes du même nom : {', '.join(twice)}. Renommez-les."
        )
    return header


# ---- JSON and GeoJSON


def _read_json(
    path: Path, source: Source, warn: Callable[[str], None]
) -> Iterator[tuple[int, dict[str, Any]]]:
    attach = source.attach if source.attach and source.attach.rows else None
    attached = _attached(path, source, warn, attach) if attach else {}
    where = source.rows
    if where is None:
        where = _place_of_rows(path, source, warn)
    for number, cells in enumerate(_items(path, source, warn, where), start=1):
        if not isinstance(cells, dict):
            raise ReadingProblem(
                f"{path.name}, élément {number} : ce n’est pas un objet (« {{…}} ») mais « {str(cells)[:60]} »."
            )
        row = {column_name(name): cell for name, cell in cast("dict[str, Any]", cells).items()}
        if row.get("type") == "Feature" and isinstance(row.get("properties"), dict):
            row = {"id": row.get("id"), **row["properties"], "geometry": row.get("geometry")}
        if attach and attach.name not in row:
            row[attach.name] = attached.get(Row(number, row).text(source.key[0]), [])
        yield number, row


def _attached(
    path: Path, source: Source, warn: Callable[[str], None], attach: Attach
) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    if path.suffix not in (".jsonl", ".ndjson"):  # those come joined already
        for element in _items(path, source, warn, attach.rows or ""):
            if isinstance(element, dict):
                cells = cast("dict[str, Any]", element)
                groups.setdefault(str(cells.get(attach.by)), []).append(cells)
    return groups


def _items(path: Path, source: Source, warn: Callable[[str], None], where: str) -> Iterator[Any]:
    """The elements of the list at `where` («data.lieux»; «» is the whole file)."""
    number = 0
    with _utf8(path, source, warn) as file:
        lines = path.suffix in (".jsonl", ".ndjson")
        prefix = "" if lines else ".".join(filter(None, (*where.split("."), "item")))
        try:
            for item in ijson.items(file, prefix, use_float=True, multiple_values=lines):
                number += 1
                yield item
        except ijson.JSONError as error:
            message, _, near = str(error).partition("\n")
            why = "il est coupé avant la fin" if "EOF" in message else "il est mal formé"
            after = f" après l’élément {number}" if number else ""
            excerpt = " ".join(near.split("\n")[0].split())
            where = f", près de « {excerpt} »" if excerpt else ""
            raise ReadingProblem(
                f"{path.name} n’est pas du JSON correct : {why}{after}{where}."
            ) from None


def _place_of_rows(path: Path, source: Source, warn: Callable[[str], None]) -> str:
    """Where the rows are when the mapping does not say: the file itself, or its only list."""
    if path.suffix in (".jsonl", ".ndjson"):
        return ""
    lists: list[str] = []
    with _utf8(path, source, warn) as file:
        try:
            for prefix, event, _ in ijson.parse(file):
                if prefix == "" and event == "start_array":
                    return ""
                if prefix == "" and event not in ("start_map", "map_key", "end_map"):
                    break
                if event == "start_array" and prefix.count(".") <= 1 and ".item" not in prefix:
                    lists.append(prefix)
                    if prefix == "features":
                        return prefix
        except ijson.JSONError:
            if not lists:
                raise ReadingProblem(f"{path.name} n’est pas du JSON correct.") from None
    known = [name for name in ("features", "data", "items", "results", "records") if name in lists]
    if len(lists) == 1 or known:
        return (known or lists)[0]
    seen = f" Listes trouvées : {', '.join(lists)}." if lists else ""
    raise ReadingProblem(
        f"{path.name} : où sont les lieux ? Indiquez-le avec « rows » dans mapping.toml.{seen}"
    )


@contextmanager
def _utf8(path: Path, source: Source, warn: Callable[[str], None]) -> Generator[IO[bytes]]:
    encoding = encoding_of(path, source.encoding, warn)
    with path.open("rb") as raw:
        if encoding == "utf-8-sig":
            if raw.read(3) != codecs.BOM_UTF8:
                raw.seek(0)
            yield cast("IO[bytes]", _Shallow(path.name, raw))
        else:
            recoded = cast("IO[bytes]", _Recoded(io.TextIOWrapper(raw, encoding=encoding)))
            yield cast("IO[bytes]", _Shallow(path.name, recoded))


class _Recoded:
    """A file of another encoding, as UTF-8 bytes: what the JSON reader understands."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text

    def read(self, size: int = -1) -> bytes:
        return self.text.read(size).encode()


class _Shallow:
    """A JSON file, stopped where it goes deeper than DEEPEST.

    The reader writes the path of each value: its time grows with the square of the depth.
    """

    def __init__(self, name: str, file: IO[bytes]) -> None:
        self.name, self.file = name, file
        self.depth = 0
        self.in_text = self.escaped = False

    def read(self, size: int = -1) -> bytes:
        content = self.file.read(size)
        if content:
            self._follow(content)
        return content

    def _follow(self, content: bytes) -> None:
        if self.escaped:
            content = content[1:]
        self.escaped = False
        for match in MARKS.finditer(content):
            mark = match[0]
            if mark[0] == BACKSLASH:
                self.escaped = len(mark) == 1
            elif mark == b'"':
                self.in_text = not self.in_text
            elif not self.in_text:
                self.depth += 1 if mark in b"[{" else -1
                if self.depth > DEEPEST:
                    raise ReadingProblem(
                        f"{self.name} emboîte plus de {DEEPEST} listes ou objets les uns dans les "
                        "autres : ce n’est pas une liste de lieux."
                    )


MARKS = re.compile(rb'["\[\]{}]|\\(?s:.)?')
"""What opens, closes, or hides in JSON."""
BACKSLASH = 0x5C


# ---- XLSX


def _read_xlsx(
    path: Path, source: Source, warn: Callable[[str], None]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """A workbook may break at its last row: what the libraries raise then is caught here too."""
    try:
        yield from _sheet_rows(path, source, warn)
    except (zipfile.BadZipFile, zlib.error, ParseError, EOFError, IndexError):
        raise ReadingProblem(
            f"{path.name} est un classeur XLSX abîmé. Ouvrez-le et enregistrez-le de nouveau."
        ) from None


def _sheet_rows(
    path: Path, source: Source, warn: Callable[[str], None]
) -> Iterator[tuple[int, dict[str, Any]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (
        f"{path.name} n’est pas un classeur XLSX correct. Ouvrez-le et enregistrez-le de nouveau."
    )
    with path.open("rb") as file:  # by its content: the library would look at the name
        try:
            with zipfile.ZipFile(file) as archive:
                _refuse_traps(path, archive.infolist())
            book = load_workbook(file, read_only=True, data_only=True)
        except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError):
            raise ReadingProblem(broken) from None
        try:
            if source.sheet and source.sheet not in book.sheetnames:
                raise ReadingProblem(
                    f"{path.name} n’a pas de feuille « {source.sheet} ». "
                    f"Feuilles : {', '.join(book.sheetnames)}."
                )
            starts = {
                name: list(book[name].iter_rows(max_row=HEADER_WITHIN, values_only=True))
                for name in ([source.sheet] if source.sheet else book.sheetnames)
            }
            chosen, line = _named_sheet(starts, source)
            if len(starts) > 1:
                warn(f"Feuille lue : « {chosen} ». Feuilles : {', '.join(starts)}.")
            sheet, first = book[chosen], starts[chosen]
            lines = source.header or (_said(line, warn),)
            top = [list(line) for line in first[min(lines) - 1 : max(lines)]]
            header = _header(path, _one_header(top))
            # some sheets say that they have 16 384 columns
            rows = sheet.iter_rows(min_row=max(lines) + 1, max_col=len(header), values_only=True)
            for number, cells in enumerate(rows, start=max(lines) + 1):
                texts = [_sheet_text(cell) for cell in cells]
                if any(text not in (None, "") for text in texts):
                    yield number, dict(zip(header, texts, strict=False))
        finally:
            book.close()


def _named_sheet(starts: dict[str, list[tuple[Any, ...]]], source: Source) -> tuple[str, int]:
    """The sheet, and its line, that names the columns of `key`; the first of all when none does."""
    for sheet, lines in starts.items():
        for number, line in enumerate(lines, start=1):
            if _names_the_key(line, source):
                return sheet, number
    return next(iter(starts)), 1


def _refuse_traps(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    """A workbook of a few kilobytes may hold gigabytes."""
    texts = sum(part.file_size for part in parts if "sharedStrings" in part.filename)
    squeezed = any(
        part.file_size > max(SQUEEZED_FROM_BYTES, MOST_SQUEEZED * part.compress_size)
        for part in parts
    )
    whole = sum(part.file_size for part in parts)
    if squeezed or texts > LARGEST_TEXTS_BYTES or whole > LARGEST_SHEET_BYTES:
        raise ReadingProblem(
            f"{path.name} est trop gros une fois décompressé ({whole // 1_000_000} Mo). "
            "Si ce sont bien vos données, enregistrez-les en CSV."
        )


def _sheet_text(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == cell.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


_READERS: dict[str, Callable[..., Iterator[tuple[int, dict[str, Any]]]]] = {
    "csv": _read_csv,
    "json": _read_json,
    "geojson": _read_json,
    "xlsx": _read_xlsx,
}
