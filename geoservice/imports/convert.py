"""One row of a source, through its mapping, into what the source says of a place."""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache, partial
from typing import Any

from geoservice.geo import LonLat
from geoservice.imports.cleaning import Cleaned, Refused
from geoservice.imports.cleaning.addresses import clean_address, take_post_box
from geoservice.imports.cleaning.addresses_on_the_web import read_email, read_url
from geoservice.imports.cleaning.codes import read_code_insee, read_postal_code
from geoservice.imports.cleaning.communes import Where, locate
from geoservice.imports.cleaning.dates import read_date
from geoservice.imports.cleaning.identifiers import Unknown, read_pivot
from geoservice.imports.cleaning.phones import read_phone
from geoservice.imports.cleaning.points import read_point
from geoservice.imports.cleaning.texts import shorten, tidy
from geoservice.imports.cleaning.typologies import typologies_in
from geoservice.imports.gazetteer import Gazetteer
from geoservice.imports.hours import hours_of
from geoservice.imports.mapping import Mapping, PlaceRules
from geoservice.imports.priority_zones import PriorityZones
from geoservice.imports.report import Notes
from geoservice.imports.rows import Row, fold
from geoservice.imports.rules import Rule
from geoservice.places.actions import Statement
from geoservice.places.fields import BY_COLUMN
from geoservice.places.vocabulary import Vocabulary, read_value
from geoservice.territories.departements import departement_of
from geoservice.territories.names import words

SUMMARY_LENGTH = 280
LENGTHS = {"description": 10_000, "other_labels": 100}
"""Characters kept of a text; what is longer is a mistake, and would not fit in the indexes."""
LENGTH = 300
"""Of the texts that are not listed."""
KEY_LENGTH = 200
TEXTS = ("name", "commune", "address", "address_extra", "parent_structure", "source")
URLS = ("accessibility_url", "booking_url")


@dataclass
class Converter:
    mapping: Mapping
    notes: Notes
    today: date
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    zones: PriorityZones = PriorityZones()  # noqa: RUF009 - frozen
    seen: "_Seen" = field(default_factory=lambda: _Seen())

    def statements(self, row: Row) -> Iterator[Statement]:
        """What the row says: usually of one place. Nothing when it is skipped or refused, as noted."""
        source = self.mapping.source
        wanted = all(condition.holds(row) for condition in source.only)
        if not wanted or any(condition.holds(row) for condition in source.skip):
            self.notes.skipped_rows += 1
            return
        key = self._key(row)
        for place in self.mapping.places:
            if not all(condition.holds(row) for condition in place.when):
                continue
            try:
                yield self._statement(row, place, key + place.key_suffix if key else "")
            except _RowRefused as refusal:
                self.notes.refused_rows += 1
                self.notes.reject(row.number, key, refusal.column, refusal.raw, refusal.reason)

    def _key(self, row: Row) -> str:
        columns = self.mapping.source.key
        if len(columns) == 1:
            key = row.text(columns[0])
        else:
            parts = [fold(row.text(column)) for column in columns]
            key = "/".join(parts) if any(parts) else ""
        if len(key) <= KEY_LENGTH:
            return key
        return f"{key[: KEY_LENGTH - 41]}~{hashlib.sha1(key.encode()).hexdigest()}"  # noqa: S324 - a name

    def _statement(self, row: Row, place: PlaceRules, key: str) -> Statement:
        if not key:
            columns = ", ".join(self.mapping.source.key)
            raise _RowRefused(columns, "", "ligne sans identifiant")
        if (first := self.seen.first(key, row.number)) != row.number:
            columns = ", ".join(self.mapping.source.key)
            self.notes.repeated_keys += 1
            self.notes.repeated_example = (
                self.notes.repeated_example or f"« {key} », lignes {first} et {row.number}"
            )
            raise _RowRefused(columns, key, f"identifiant en double, déjà lu à la ligne {first}")
        said = _Reading(self, row, place, key).statements()
        stated_on = said.pop("updated_on", None)
        return Statement(key, said, stated_on)


class _Seen:
    """Key → row that had it first, on the disk: a dict would take 200 bytes a row."""

    def __init__(self) -> None:
        self.table = sqlite3.connect("", isolation_level=None)
        self.table.execute("PRAGMA journal_mode = OFF")
        self.table.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")

    def __del__(self) -> None:
        self.table.close()

    def first(self, key: str, row: int) -> int:
        """The row that had this key first, which may be this one."""
        if self.table.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row)).rowcount:
            return row
        found: tuple[int] = self.table.execute(
            "SELECT row FROM seen WHERE key = ?", (key,)
        ).fetchone()
        return found[0]


class _RowRefused(Exception):
    def __init__(self, column: str, raw: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.raw, self.reason = column, raw, reason


class _Reading:
    """One row while it is read for one place."""

    def __init__(self, converter: Converter, row: Row, place: PlaceRules, key: str) -> None:
        self.converter, self.row, self.place, self.key = converter, row, place, key
        self.said: dict[str, Any] = {}
        self.unknown: dict[tuple[str, str], str] = {}
        """(column of the source, word) → the field of ours that did not know it."""
        self.understood: set[tuple[str, str]] = set()

    def statements(self) -> dict[str, Any]:
        for column in TEXTS:
            self._put(column, partial(_tidy, column))
        if not self.said.get("name"):
            raise _RowRefused("name", self._raw("name"), "lieu sans nom")
        self._where()
        departement = departement_of(self.said.get("code_insee"), self.said.get("postal_code"))
        self._put("pivot", lambda raw: read_pivot(raw, departement))
        self._put("phone", lambda raw: read_phone(raw, departement))
        self._put("updated_on", lambda raw: read_date(raw, self.converter.today))
        for column in URLS:
            self._put(column, read_url)
        self._put_many("emails", read_email, mark="@")
        self._put_many("websites", read_url, mark=".")
        self._put_many("other_labels", partial(_tidy, "other_labels"))
        self._priority_zones()
        self._presentation()
        for column in self.place.fields:
            vocabulary = BY_COLUMN[column].vocabulary
            if vocabulary:
                self._put_words(column, vocabulary)
        self._hours()
        self._guess_typologies()
        for (source_column, raw), column in self.unknown.items():
            if (source_column, raw) not in self.understood:
                self._reject(column, raw, f"mot inconnu, dans la colonne « {source_column} »")
        return {column: value for column, value in self.said.items() if value not in (None, "", [])}

    @property
    def _separators(self) -> tuple[str, ...]:
        return self.converter.mapping.source.separator

    def _rules(self, column: str) -> tuple[Rule, ...]:
        return self.place.fields.get(column, ())

    def _raw(self, column: str) -> str:
        """The text of the first rule that gives one."""
        return next(filter(None, (rule.one(self.row) for rule in self._rules(column))), "")

    def _put(self, column: str, read: Callable[[str], Cleaned[Any]]) -> None:
        """Keep the first value that can be read; say why those before it could not."""
        for rule in self._rules(column):
            raw = rule.one(self.row)
            if not raw:
                continue
            if (value := self._read(column, raw, read)) not in (None, ""):
                self.said[column] = value
                return

    def _put_many(
        self, column: str, read: Callable[[str], Cleaned[Any]], *, mark: str = ""
    ) -> None:
        """Keep every element that can be read; in a sentence, only the words that have the `mark`."""
        values: list[Any] = []
        for rule in self._rules(column):
            for raw, mapped in rule.several(self.row, self._separators):
                for text in (raw,) if mapped is None else mapped:
                    marked = [word for word in re.split(r"[\s,]+", text) if mark and mark in word]
                    for piece in marked or [text]:
                        value = self._read(column, piece, read)
                        if value not in (None, "", *values):
                            values.append(value)
        self.said[column] = values

    def _put_words(self, column: str, vocabulary: type[Vocabulary]) -> None:
        found: set[str] = set()
        for rule in self._rules(column):
            where = rule.found_in(self.row)
            for raw, mapped in rule.several(self.row, self._separators):
                values = _known(vocabulary, raw) if mapped is None else mapped
                if values is None:
                    if rule.unknown == "reject":
                        self.unknown.setdefault((where, raw), column)
                    continue
                self.understood.add((where, raw))
                found.update(values)
        ranks = _ranks(vocabulary)
        self.said[column] = sorted(found, key=lambda value: ranks[value])

    def _presentation(self) -> None:
        self._put("description", partial(_tidy, "description"))
        self._put("summary", tidy)
        summary = self.said.get("summary", "")
        if len(summary) > SUMMARY_LENGTH:
            self.said.setdefault("description", summary)
            self.said["summary"] = self._read(
                "summary", summary, lambda raw: shorten(raw, SUMMARY_LENGTH)
            )

    def _where(self) -> None:
        """The commune, its codes, the position and the address, which must agree with each other."""
        self._put("postal_code", read_postal_code)
        self._put("code_insee", read_code_insee)
        said = locate(
            Where(
                name=self.said.get("commune", ""),
                postal_code=self.said.get("postal_code", ""),
                code_insee=self.said.get("code_insee", ""),
                point=self._point(),
            ),
            self.converter.gazetteer,
        )
        for note in said.notes:
            if note.value is None:
                self._reject(note.column, note.raw, note.why)
            else:
                self._clean(note.column, note.raw, note.value, note.why)
        raw_commune = self.said.get("commune", "")
        self.said |= {
            "commune": said.name,
            "postal_code": said.postal_code,
            "code_insee": said.code_insee,
        }
        if said.point:
            self.said["lon"], self.said["lat"] = said.point
        self._address((said.name, raw_commune), said)

    def _address(self, communes: tuple[str, ...], said: Where) -> None:
        raw = self.said.get("address", "")
        address, post_box = take_post_box(raw)
        if post_box:
            self._clean("address", raw, address, "boîte postale mise dans le complément")
        if address:
            cleaned = clean_address(address, communes, said.postal_code)
            self.said["address"] = cleaned.value
            for operation in cleaned.operations:
                self._clean("address", address, cleaned.value, operation)
        else:
            self.said["address"] = ""
        extra = [self.said.get("address_extra", ""), post_box, said.former_name]
        self.said["address_extra"] = ", ".join(
            part
            for rank, part in enumerate(extra)
            if part and words(part) not in words(", ".join(extra[:rank]))
        )

    def _point(self) -> LonLat | None:
        for rule in self.place.point:
            lon, lat = rule.pair(self.row)
            if not lon and not lat:
                continue
            point = self._read("point", f"{lon}, {lat}", partial(_read_pair, lon, lat, rule.crs))
            if point:
                return point
        return None

    def _hours(self) -> None:
        for rule in self.place.opening_hours:
            if not all(condition.holds(self.row) for condition in rule.when):
                continue
            raw, read = hours_of(rule, self.row, self.converter.today)
            if raw and (value := self._read("opening_hours", raw, partial(_call, read))):
                self.said["opening_hours"] = value
                return

    def _priority_zones(self) -> None:
        said: list[str] = self.said.get("other_labels", [])
        point = LonLat(self.said["lon"], self.said["lat"]) if "lon" in self.said else None
        labels = self.converter.zones.corrected(said, self.said.get("code_insee"), point)
        if labels != said:
            why = "QPV et FRR d’après les listes officielles"
            self._clean("other_labels", "|".join(said), "|".join(labels), why)
        self.said["other_labels"] = labels

    def _guess_typologies(self) -> None:
        if self.said.get("typologies"):
            return
        name = self.said["name"]
        if found := typologies_in(name):
            self.said["typologies"] = found
            self._clean("typologies", name, "|".join(found), "type de lieu deviné d’après le nom")

    def _read(self, column: str, raw: str, read: Callable[[str], Cleaned[Any]]) -> Any:
        try:
            cleaned = read(raw)
        except Unknown:
            return None
        except Refused as refusal:
            self._reject(column, raw, str(refusal))
            return None
        for operation in cleaned.operations:
            self._clean(column, raw, cleaned.value, operation)
        return cleaned.value

    def _clean(self, column: str, raw: str, value: object, operation: str) -> None:
        self.converter.notes.clean(self.row.number, self.key, column, raw, value, operation)

    def _reject(self, column: str, raw: str, reason: str) -> None:
        self.converter.notes.reject(self.row.number, self.key, column, raw, reason)


def _tidy(column: str, raw: str) -> Cleaned[str]:
    tidied = tidy(raw, lines=column == "description")
    short = shorten(tidied.value, LENGTHS.get(column, LENGTH))
    return Cleaned(short.value, tidied.operations + short.operations)


@lru_cache(maxsize=50_000)
def _known(vocabulary: type[Vocabulary], raw: str) -> tuple[str, ...] | None:
    """As `read_value`, in plain texts: files repeat the same words on every row."""
    members = read_value(vocabulary, raw)
    return None if members is None else tuple(member.value for member in members)


@cache
def _ranks(vocabulary: type[Vocabulary]) -> dict[str, int]:
    return {member.value: rank for rank, member in enumerate(vocabulary)}


def _call(read: Callable[[], Cleaned[str]], raw: str) -> Cleaned[str]:
    return read()


def _read_pair(lon: str, lat: str, crs: str | None, raw: str) -> Cleaned[LonLat]:
    return read_point(lon, lat, crs)
