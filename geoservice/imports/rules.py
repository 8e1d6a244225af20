"""How a field of ours is made from the columns of a source: what a line of `[place]` may say.

The words of this grammar are explained, for those who write mappings, in
`docs/ajouter-une-source.md`; a test compares that page with these classes.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from geoservice.imports.conditions import Conditions, Pattern, Texts, Words, cut, listed
from geoservice.imports.rows import Row, fold


class Reading(Words):
    """What every line that reads columns has in common."""

    columns: Texts = Field((), alias="from")
    """The first of these columns that is filled."""

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column that the rule looks at."""
        return self.columns

    def lacks(self, present: Callable[[str], bool]) -> Iterator[str]:
        """The columns that a file must have and has not: one of those of `from` is enough."""
        if self.columns and not any(map(present, self.columns)):
            yield from self.columns
        yield from (c for c in self.reads if c not in self.columns and not present(c))


class Rule(Reading):
    """One way of finding a value."""

    join: Texts = ()
    """The columns to put end to end, empty ones left out."""
    glue: str = Field(" ", alias="with")
    value: Texts = ()
    """The same value for every row."""
    when: Conditions = ()
    """Every one of these conditions must hold; otherwise the rule gives nothing."""
    split: Texts = ()
    part: int | None = None
    """Which piece to keep after `split`: 1 is the first, -1 the last."""
    keep: Pattern | None = None
    """What of the text is kept: the first group of the expression, or all of it."""
    remove: Pattern | None = None
    before: str = ""
    """Words put before what was found; nothing when nothing was."""
    after: str = ""
    values: dict[str, Texts] = Field(default_factory=dict[str, Texts])
    """Their word → ours; an empty one says that theirs is known, and dropped."""
    search: Literal["exact", "contains"] = "exact"
    """`contains`: the words of `values` are looked for inside the text."""
    default: Texts = ()
    """When the rule gives nothing."""
    unknown: Literal["reject", "drop"] = "reject"
    """What becomes of a word that our lists do not have: said in the report, or dropped."""

    @model_validator(mode="after")
    def _says_something(self) -> "Rule":
        if sum(map(bool, (self.columns, self.join, self.value))) != 1:
            raise ValueError("il faut un de ces mots, et un seul : from, join ou value")
        if self.search == "contains" and not self.values:
            raise ValueError("« search » demande une table « values »")
        return self

    @property
    def reads(self) -> tuple[str, ...]:
        return (*self.columns, *self.join, *(c for when in self.when for c in when.column))

    def applies(self, row: Row) -> bool:
        return all(condition.holds(row) for condition in self.when)

    def one(self, row: Row) -> str:
        """The rule's single text for a row; empty when it gives nothing."""
        if not self.applies(row):
            return ""
        if self.value:
            return self.value[0]
        text = self._source_text(row)
        if self.split and self.part is not None:
            text = self._part(cut(text, self.split))
        text = self._trimmed(text)
        found = self.translated(text)
        text = text if found is None else "".join(found[:1])
        if text:
            return f"{self.before}{text}{self.after}"
        return "".join(self.default[:1])

    def several(
        self, row: Row, separators: tuple[str, ...]
    ) -> "Iterator[tuple[str, tuple[str, ...] | None]]":
        """Each element of the cell as written, with what `values` makes of it (None: not in it)."""
        if not self.applies(row):
            return
        if self.value:
            yield from ((value, (value,)) for value in self.value)
            return
        nothing = True
        for text in self._elements(row, separators):
            nothing = False
            yield text, self.translated(text)
        if nothing:
            yield from ((value, (value,)) for value in self.default)

    def translated(self, text: str) -> tuple[str, ...] | None:
        """What `values` makes of a text; None when it has no line for it."""
        if not self.values or not text:
            return None
        if self.search == "exact":
            return self._folded_values.get(fold(text))
        inside = fold(text)
        found = [ours for theirs, ours in self._folded_values.items() if theirs in inside]
        return tuple(dict.fromkeys(v for ours in found for v in ours if v)) if found else None

    @cached_property
    def _folded_values(self) -> dict[str, tuple[str, ...]]:
        return {fold(theirs): tuple(filter(None, ours)) for theirs, ours in self.values.items()}

    def found_in(self, row: Row) -> str:
        """The column that the elements of a row come from."""
        return next((c for c in self.columns if row.texts(c)), ", ".join(self.join))

    def _source_text(self, row: Row) -> str:
        if self.join:
            return self.glue.join(filter(None, (row.text(column) for column in self.join)))
        return next(filter(None, (row.text(column) for column in self.columns)), "")

    def _elements(self, row: Row, separators: tuple[str, ...]) -> Iterator[str]:
        cuts = self.split or separators
        if self.join:
            texts = [text for column in self.join for text in row.texts(column)]
        else:
            texts = self._first_filled(row)
        for text in texts:
            pieces = [text] if self.search == "contains" else cut(text, cuts)
            if self.part is not None:
                pieces = [self._part(pieces)]
            yield from filter(None, (self._trimmed(piece) for piece in pieces))

    def _first_filled(self, row: Row) -> list[str]:
        for column in self.columns:
            if texts := row.texts(column):
                return texts
        return []

    def _part(self, pieces: list[str]) -> str:
        rank = (self.part or 1) - 1 if (self.part or 1) > 0 else self.part or 0
        return pieces[rank] if -len(pieces) <= rank < len(pieces) else ""

    def _trimmed(self, text: str) -> str:
        if self.remove:
            text = re.sub(self.remove, "", text)
        if self.keep:
            match = re.search(self.keep, text)
            text = "" if match is None else match[1 if match.re.groups else 0] or ""
        return text.strip()


Rules = Annotated[tuple[Rule, ...], BeforeValidator(listed)]


class PointRule(Reading):
    """Where the place is: two columns, or one that holds both."""

    lon: str | None = None
    lat: str | None = None
    order: Literal["lon,lat", "lat,lon"] | None = None
    split: Texts = (",", ";", " ")
    crs: str | None = None
    """«Lambert-93», «WGS 84» or an EPSG code («EPSG:3163»). Absent: recognised by the values."""

    @model_validator(mode="after")
    def _two_coordinates(self) -> "PointRule":
        if self.columns:
            if self.lon or self.lat or not self.order:
                raise ValueError('avec « from », il faut « order » : "lat,lon" ou "lon,lat"')
        elif not (self.lon and self.lat):
            raise ValueError("il faut « lon » et « lat », ou « from » et « order »")
        return self

    @property
    def reads(self) -> tuple[str, ...]:
        return (*filter(None, (self.lon, self.lat)), *self.columns)

    def pair(self, row: Row) -> tuple[str, str]:
        """Longitude and latitude as written; empty when the row has none."""
        if self.lon and self.lat:
            return row.text(self.lon), row.text(self.lat)
        texts = [text for column in self.columns if (text := row.text(column))]
        text = (texts[0] if texts else "").strip("()[] ").removeprefix("POINT").strip("() ")
        pieces = cut(text, self.split)
        if len(pieces) != 2:
            return (text, "") if pieces else ("", "")
        return (pieces[0], pieces[1]) if self.order == "lon,lat" else (pieces[1], pieces[0])


Day = Literal["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]


class HoursRule(Reading):
    """When the place is open, in whatever layout the source has."""

    join: Texts = ()
    glue: str = Field(" ; ", alias="with")
    value: str = ""
    syntax: Literal["osm", "text"] = "text"
    """`osm`: the column already speaks opening_hours; `text`: it speaks French."""
    week: dict[Day, Texts] = Field(default_factory=dict[Day, Texts])
    """One column per day, or one for the morning and one for the afternoon."""
    slots: str | None = None
    """The column that holds a list of slots, each with its day, its start and its end."""
    day: str = "day"
    opens: str = "opens"
    closes: str = "closes"
    """What a slot calls them."""
    names: dict[str, Day] = Field(default_factory=dict[str, Day])
    """Their name of a day → ours, when it is neither a French or English one nor 1 (Monday) to 7."""
    days: str | None = None
    """The column that names the days, when `from` has only the times."""
    weeks: dict[str, Literal["odd", "even"]] = Field(
        default_factory=dict[str, Literal["odd", "even"]]
    )
    weeks_from: str | None = None
    """The column that says which weeks, with `weeks` to read it."""
    when: Conditions = ()
    remove: Pattern | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "HoursRule":
        if sum(map(bool, (self.columns, self.join, self.value, self.week, self.slots))) != 1:
            raise ValueError(
                "il faut un de ces mots, et un seul : from, join, week, slots ou value"
            )
        return self

    @property
    def reads(self) -> tuple[str, ...]:
        named = (*self.columns, *self.join, *filter(None, (self.slots, self.days, self.weeks_from)))
        in_week = (column for columns in self.week.values() for column in columns)
        return (*named, *in_week, *(c for when in self.when for c in when.column))


HoursRules = Annotated[tuple[HoursRule, ...], BeforeValidator(listed)]
PointRules = Annotated[tuple[PointRule, ...], BeforeValidator(listed)]
