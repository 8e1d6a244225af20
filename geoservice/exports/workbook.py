"""An XLSX workbook written as it goes: bytes come out while rows come in, nothing is kept.

Libraries write the whole workbook before its first byte can be sent. Ours needs one part of the
format: sheets of texts, numbers and dates with a bold first line, frozen, with filters. Texts are «inline strings», which
no spreadsheet takes for a formula.
"""

import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from io import RawIOBase
from typing import IO
from xml.sax.saxutils import escape

from geoservice.web.atom import NOT_IN_XML

CELL_LENGTH_MAX = 32_767
FIRST_DAY = date(1899, 12, 30)
"""Day 0 of spreadsheets."""
PLAIN, BOLD, DATE = 0, 1, 2

Cell = str | float | int | date | None

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

STYLES = f"""{XML}<styleSheet xmlns="{MAIN}">
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>
<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""


class _Outbox(RawIOBase):
    """Where zipfile writes; it cannot go back, so sizes follow each part instead of preceding it."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # pyright: ignore[reportArgumentType] - zipfile gives bytes
        self.parts.append(part)
        return len(part)

    def take(self) -> bytes:
        taken = b"".join(self.parts)
        self.parts.clear()
        return taken


class Workbook:
    """Open a sheet, add rows to it, open the next; `close` writes what is left.

    Each method returns the bytes that are ready.
    """

    def __init__(self) -> None:
        self._outbox = _Outbox()
        self._zip = zipfile.ZipFile(self._outbox, "w", zipfile.ZIP_DEFLATED, compresslevel=5)
        self._names: list[str] = []
        self._sheet: IO[bytes] | None = None
        self._row = 0
        self._last_column = "A"

    def open_sheet(self, name: str, header: Sequence[str], width: int = 24) -> bytes:
        self._close_sheet()
        self._names.append(name)
        self._last_column = _letters(len(header) - 1)
        sheet = self._zip.open(f"xl/worksheets/sheet{len(self._names)}.xml", "w")
        self._sheet, self._row = sheet, 0
        sheet.write(
            f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            f'</sheetView></sheetViews><cols><col min="1" max="{len(header)}" width="{width}"'
            ' customWidth="1"/></cols><sheetData>'.encode()
        )
        return self.add([header], style=BOLD)

    def add(self, rows: Iterable[Sequence[Cell]], style: int = PLAIN) -> bytes:
        lines: list[str] = []
        for row in rows:
            self._row += 1
            cells = "".join(
                _cell(f"{_letters(rank)}{self._row}", value, style)
                for rank, value in enumerate(row)
                if value is not None and value != ""
            )
            lines.append(f'<row r="{self._row}">{cells}</row>')
        assert self._sheet is not None  # noqa: S101 - a sheet is opened first
        self._sheet.write("".join(lines).encode())
        return self._outbox.take()

    def close(self) -> bytes:
        self._close_sheet()
        ranks = range(1, len(self._names) + 1)
        sheet = f"{SHEETS}.worksheet+xml"
        self._part(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEETS}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{SHEETS}.styles+xml"/>'
            + "".join(
                f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{sheet}"/>'
                for n in ranks
            )
            + "</Types>",
        )
        self._part(
            "_rels/.rels",
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1"'
            f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        self._part(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            + "".join(
                f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
                for n, name in zip(ranks, self._names, strict=True)
            )
            + "</sheets></workbook>",
        )
        self._part(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{RELATIONS}">'
            + "".join(
                f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
                for n in ranks
            )
            + f'<Relationship Id="rId0" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        )
        self._zip.writestr("xl/styles.xml", STYLES)
        self._zip.close()
        return self._outbox.take()

    def _part(self, name: str, xml: str) -> None:
        self._zip.writestr(name, XML + xml)

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            filtered = f'<autoFilter ref="A1:{self._last_column}{self._row}"/>'
            self._sheet.write(f"</sheetData>{filtered}</worksheet>".encode())
            self._sheet.close()
            self._sheet = None


def _cell(reference: str, value: Cell, style: int) -> str:
    if isinstance(value, date):
        return f'<c r="{reference}" s="{DATE}"><v>{(value - FIRST_DAY).days}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{reference}"><v>{value!r}</v></c>'
    text = escape(NOT_IN_XML.sub("", str(value))[:CELL_LENGTH_MAX])
    return (
        f'<c r="{reference}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{text}</t></is></c>'
    )


def _letters(rank: int) -> str:
    """Name of a column counted from 0: A … Z, AA …"""
    name = ""
    rank += 1
    while rank:
        rank, letter = divmod(rank - 1, 26)
        name = chr(65 + letter) + name
    return name
