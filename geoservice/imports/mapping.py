"""Reads `import/<source>/mapping.toml`: what a source is, and how its columns become our fields."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field, ValidationError

from geoservice import paths
from geoservice.imports.conditions import SEPARATORS, Condition, Conditions, Texts, Words, listed
from geoservice.imports.problems import ImportProblem
from geoservice.imports.rules import (
    HoursRule,
    HoursRules,
    PointRule,
    PointRules,
    Reading,
    Rule,
    Rules,
)
from geoservice.places.actions import SourceDescription
from geoservice.places.fields import BY_COLUMN, BY_NATIONAL_NAME, FIELDS
from geoservice.places.merging import TRUST_OF_IMPORTS
from geoservice.places.vocabulary import read_value


class MappingProblem(ImportProblem):
    """What is wrong in a mapping, where, and what was perhaps meant."""


class Pages(Words):
    """How the next page of an API is found."""

    items: str
    """Where the rows are in an answer."""
    next: str | None = None
    """Where the answer gives the address of the next page; absent: pages are counted."""
    page: str = "page"
    """The parameter that counts the pages, from 1."""
    total: str | None = None
    """Where the answer says how many pages there are."""


class Attach(Words):
    """A second list of the same file or API, whose elements are put into the rows that they belong to."""

    name: str
    """The column that receives them."""
    rows: str | None = None
    """Where the list is in the file."""
    url: str | None = None
    by: str
    """Their column that names the row, by its key."""


Headers = Annotated[tuple[Annotated[int, Field(ge=1, le=100)], ...], BeforeValidator(listed)]


class Source(Words):
    title: str
    licence: str
    homepage: str | None = None
    like: str | None = None
    """Another source: its `[place]` holds here for the fields that this mapping does not list."""
    key: Texts
    url: str | None = None
    token: str | None = None
    """Environment variable that holds the secret sent to the address."""
    pages: Pages | None = None
    attach: Attach | None = None
    format: Literal["csv", "json", "geojson", "xlsx"] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    rows: str | None = None
    """Where the rows are in a JSON file («data.lieux»)."""
    sheet: str | None = None
    header: Headers = ()
    """On which line the names of the columns are, in a CSV or XLSX file, or on which lines. Absent:
    the first line that has the columns of `key`."""
    fill: Texts = ()
    """Columns whose empty cells say the same as the row above: merged cells."""
    only: Conditions = ()
    skip: Conditions = ()
    empty: Texts = ()
    """Their own ways of writing «nothing»."""
    separator: Texts = SEPARATORS
    optional: Texts = ()
    """Columns that some files of this source lack: their absence stops nothing."""
    trust: int = Field(TRUST_OF_IMPORTS, ge=0, le=99)
    fresh_for_days: int | None = Field(None, ge=1)
    shrink_limit_percent: int = Field(20, ge=0, le=100)


@dataclass(frozen=True)
class PlaceRules:
    fields: MappingType[str, Rules]
    point: PointRules
    opening_hours: HoursRules
    when: Conditions
    key_suffix: str
    """Added to the row's key, when one row speaks of several places."""
    own: tuple[Reading, ...]
    """The rules that the mapping writes itself; the others come from the one that it is `like`."""

    def columns(self) -> Iterator[str]:
        """Every column of the source that is read."""
        for rules in (*self.fields.values(), self.point, self.opening_hours):
            for rule in rules:
                yield from rule.reads


@dataclass(frozen=True)
class Mapping:
    name: str
    source: Source
    places: tuple[PlaceRules, ...]
    trust: MappingType[str, int]

    @property
    def description(self) -> SourceDescription:
        return SourceDescription(
            name=self.name,
            title=self.source.title,
            licence=self.source.licence,
            homepage=self.source.homepage,
            trust={"": self.source.trust, **self.trust},
        )

    def columns(self) -> set[str]:
        conditions = (*self.source.only, *self.source.skip)
        named = {column for condition in conditions for column in condition.column}
        return named | set(self.source.key) | {c for place in self.places for c in place.columns()}


def names(folder: Path = paths.SOURCES) -> list[str]:
    """Every source that has a mapping."""
    return sorted(path.parent.name for path in folder.glob("*/mapping.toml"))


def load(name: str, folder: Path = paths.SOURCES) -> Mapping:
    """Raises MappingProblem when there is no such source, or when its mapping has a mistake."""
    path = folder / name / "mapping.toml"
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) or not path.is_file():
        near = difflib.get_close_matches(name, names(folder), n=1)
        hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
        raise MappingProblem(
            f"Aucune source « {name} » : {path} n’existe pas.{hint} "
            f"Sources connues : {', '.join(names(folder))}."
        )
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f", ligne {place[1]}, caractère {place[2]}" if place else ", à la fin"
        raise MappingProblem(
            f"{path} n’est pas un fichier TOML correct{where} : il manque peut-être un guillemet, "
            "un signe « = », une accolade, ou le même mot y est deux fois."
        ) from None
    except UnicodeDecodeError:
        raise MappingProblem(f"{path} n’est pas en UTF-8.") from None
    return _Reader(path, folder).read(name, written)


class _Reader:
    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder

    def read(self, name: str, written: dict[str, Any]) -> Mapping:
        self._known("", written, ("source", "place", "trust"))
        source = self._model(Source, written.get("source", {}), "source")
        parts = written.get("place", {})
        tables = cast("list[dict[str, Any]]", parts if isinstance(parts, list) else [parts])
        if source.like:
            base = load(source.like, self.folder)
            places = tuple(self._place(rank, table, base) for rank, table in enumerate(tables))
        else:
            places = tuple(self._place(rank, table, None) for rank, table in enumerate(tables))
        for place in places:
            if "name" not in place.fields:
                raise self.problem("place", "il manque « name » : chaque lieu a un nom")
        levels = cast("dict[str, object]", written.get("trust", {}))
        self._known("trust", levels, tuple(BY_COLUMN))
        trust: dict[str, int] = {}
        for column, level in levels.items():
            if not isinstance(level, int) or not 0 <= level < 100:
                raise self.problem(f"trust.{column}", "il faut un nombre de 0 à 99")
            trust[column] = level
        return Mapping(name, source, places, trust)

    def _place(self, rank: int, table: dict[str, Any], base: "Mapping | None") -> PlaceRules:
        fields_known = [f.column for f in FIELDS if f.column not in ("lon", "lat")]
        self._known("place", table, ("point", "when", "key_suffix", *fields_known))
        inherited = base.places[0] if base else PlaceRules({}, (), (), (), "", ())
        said = self._model(_Place, {k: v for k, v in table.items() if k in OUTSIDE}, "place")
        written = {c: self._rules(c, value) for c, value in table.items() if c not in OUTSIDE}
        fields = {**inherited.fields, **written}
        own = (*(r for rules in written.values() for r in rules), *said.point, *said.opening_hours)
        return PlaceRules(
            fields={column: rules for column, rules in fields.items() if rules},
            point=said.point if "point" in table else inherited.point,
            opening_hours=said.opening_hours
            if "opening_hours" in table
            else inherited.opening_hours,
            when=said.when,
            key_suffix=said.key_suffix or (f"#{rank + 1}" if rank else ""),
            own=own,
        )

    def _rules(self, column: str, value: object) -> Rules:
        rules = self._model(_Field, {"rules": value}, f"place.{column}").rules
        vocabulary = BY_COLUMN[column].vocabulary
        if vocabulary is None:
            return rules
        checked: list[Rule] = []
        for rule in rules:
            exact = {theirs: self._official(column, ours) for theirs, ours in rule.values.items()}
            update = {
                "values": exact,
                "value": self._official(column, rule.value),
                "default": self._official(column, rule.default),
            }
            checked.append(rule.model_copy(update=update))
        return tuple(checked)

    def _official(self, column: str, values: Texts) -> tuple[str, ...]:
        """Our words exactly as they are published, whatever way the mapping spells them."""
        vocabulary = BY_COLUMN[column].vocabulary
        official: list[str] = []
        for value in filter(None, values):
            members = vocabulary and read_value(vocabulary, value)
            if not vocabulary or not members:
                words = [str(member) for member in vocabulary or ()]
                near = difflib.get_close_matches(value, words, n=1, cutoff=0.5)
                hint = f" ; vouliez-vous dire « {near[0]} » ?" if near else ""
                raise self.problem(
                    f"place.{column}", f"« {value} » n’est pas dans notre liste{hint}"
                )
            official.extend(str(member) for member in members)
        return tuple(official)

    def _known(self, where: str, table: object, words: tuple[str, ...]) -> None:
        if not isinstance(table, dict):
            raise self.problem(where, "il faut une table (des lignes « mot = valeur »)")
        for word in cast("dict[str, Any]", table):
            if word not in words:
                raise self.problem(where, _did_you_mean(word, words))

    def _model(self, model: type[Any], value: object, where: str) -> Any:
        try:
            return model.model_validate(value)
        except ValidationError as error:
            faults = error.errors(include_url=False)
            # a misspelt word is also a missing one: the former says more
            fault = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
            steps = [
                str(step) for step in fault["loc"] if step != "rules" and not isinstance(step, int)
            ]
            at = ".".join([where, *steps])
            if fault["type"] == "extra_forbidden":
                owner = _owner(model, steps)
                raise self.problem(
                    at.rpartition(".")[0], _did_you_mean(steps[-1], _words(owner))
                ) from None
            if fault["type"] == "missing":
                raise self.problem(at, "cette ligne manque") from None
            context = fault.get("ctx", {})
            if fault["type"] == "value_error":
                raise self.problem(at, str(context["error"])) from None
            if "expected" in context:
                expected = context["expected"].replace("'", "").replace(" or ", " ou ")
                raise self.problem(at, f"il faut : {expected}") from None
            raise self.problem(at, f"« {fault['input']} » n’est pas de la bonne sorte") from None

    def problem(self, where: str, what: str) -> MappingProblem:
        place = f", à « {where} »" if where else ""
        return MappingProblem(f"{self.path}{place} : {what}.")


OUTSIDE = ("point", "opening_hours", "when", "key_suffix")


class _Place(Words):
    point: PointRules = ()
    opening_hours: HoursRules = ()
    when: Conditions = ()
    key_suffix: str = ""


class _Field(Words):
    rules: Rules


def _owner(model: type[Any], steps: list[str]) -> type[Any]:
    """Which table of the grammar a path of steps ends in."""
    *inside, _ = steps
    if inside and inside[-1] in ("when", "only", "skip"):
        return Condition
    if model is _Field:
        return Rule
    tables: dict[str, type[Any]] = {
        "point": PointRule,
        "opening_hours": HoursRule,
        "pages": Pages,
        "attach": Attach,
    }
    return tables.get(inside[0], model) if inside else model


def _words(model: type[Any]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _did_you_mean(word: str, words: tuple[str, ...]) -> str:
    if word in BY_NATIONAL_NAME and BY_NATIONAL_NAME[word].column in words:
        return f"« {word} » s’écrit ici « {BY_NATIONAL_NAME[word].column} »"
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    hint = f" ; vouliez-vous dire « {near[0]} » ?" if near else ""
    return f"mot inconnu « {word} »{hint} Mots acceptés : {', '.join(words)}"
