"""Keeps what sources say, and derives the places that follow from it. Nothing else writes a place."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, islice
from typing import Any, Literal, TypeVar, cast

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from geoservice import clock
from geoservice.places import hours, public_ids, statements
from geoservice.places.merging import Merged, Record, merge
from geoservice.territories.departements import departement_of

T = TypeVar("T")

BATCH = 1000
"""Places derived at a time: memory stays flat whatever the source's size."""


@dataclass(frozen=True)
class SourceDescription:
    name: str
    title: str
    licence: str
    homepage: str | None = None
    trust: Mapping[str, int] = field(default_factory=dict[str, int])
    """Column → trust, `""` for the columns that are not listed; see `merging.Record`."""
    holds_days: int | None = None
    """Of people who speak for their place; see `merging.Record`."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a source says of one place."""

    key: str
    """What the source calls the place; stable in the source."""
    statements: Mapping[str, Any]
    stated_on: date | None = None


@dataclass(frozen=True)
class Changes:
    """How many records of the source came, changed or went."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    returned: int = 0

    @property
    def any(self) -> bool:
        return bool(self.new or self.changed or self.withdrawn or self.returned)


@dataclass(frozen=True)
class PlaceChange:
    """What happened to one place, as a report tells it."""

    kind: Literal["new", "changed", "withdrawn", "returned"]
    public_id: str
    name: str
    keys: tuple[str, ...]
    """The records of the source that caused it."""
    fields: Mapping[str, tuple[Any, Any]]
    """Column → value before, value after. Empty for a place withdrawn."""


def receive(
    connection: Connection,
    source: SourceDescription,
    records: Iterable[Statement],
    *,
    complete: bool,
    watch: Callable[[PlaceChange], None] | None = None,
) -> Changes:
    """Keep what a source says, and bring the places that it speaks of up to date.

    `complete` says that the source listed everything it knows: records that it no longer lists are
    withdrawn, and so are places that no source lists any more; a record that comes back returns
    with its place. What did not change is not written, so that a second run writes nothing.

    Runs in the transaction of `connection`, one source at a time. Raises
    sqlalchemy.exc.IntegrityError or psycopg.errors.UniqueViolation when two records share a key.
    """
    run = _Run(connection, source.name)
    run.execute("SELECT pg_advisory_xact_lock(hashtext('places.receive'))")
    trust_moved = _describe(run, source)
    _load(run, records)
    run.execute(statements.TOUCHED, complete=complete, everything=trust_moved)
    run.execute("CREATE INDEX ON touched (place_id)")
    run.execute("ANALYZE touched")
    counts: dict[str, int] = dict(run.rows(statements.COUNTS))
    if counts:
        _mint(run)
        run.execute(statements.UPDATE_RECORDS)
        run.execute(statements.WITHDRAW_RECORDS)
        _derive(run)
        _publish(run, watch)
    unchanged = run.rows(statements.UNCHANGED)[0][0]
    if complete:
        run.execute("UPDATE sources SET imported_at = now() WHERE name = :source")
    run.execute("DROP TABLE incoming, touched")
    return Changes(
        new=counts.get("new", 0),
        changed=counts.get("changed", 0),
        unchanged=unchanged,
        withdrawn=counts.get("withdrawn", 0),
        returned=counts.get("returned", 0),
    )


def derive_again(connection: Connection, place_ids: Iterable[int]) -> None:
    """Bring places up to date after their records moved from one to another.

    A place that has no record left is withdrawn. Runs in the transaction of `connection`, which
    holds the lock of `receive`.
    """
    run = _Run(connection, "")
    _load(run, ())
    run.execute(statements.TOUCH, ids=list(place_ids))
    _mint(run)
    _derive(run)
    _publish(run, None)
    run.execute("DROP TABLE incoming, touched")


def say(connection: Connection, source: SourceDescription, place_id: int, word: Statement) -> None:
    """Keep what people say of a place that exists, and bring it up to date.

    One record a key: said again, it replaces; with nothing in it, it is withdrawn. `closed` among the
    statements says that the place is closed. Runs in the transaction of `connection`.
    """
    run = _Run(connection, source.name)
    run.execute("SELECT pg_advisory_xact_lock(hashtext('places.receive'))")
    rules_moved = _describe(run, source)
    said = {"key": word.key, "place": place_id}
    if word.statements:
        run.execute(
            statements.KEEP_WORD,
            **said,
            statements=json.dumps(dict(word.statements)),
            stated_on=word.stated_on,
        )
    else:
        run.execute(statements.WITHDRAW_WORD, key=word.key)
    touched = {id_ for (id_,) in run.rows(statements.PLACES_OF_WORD, place=place_id)}
    if rules_moved:
        touched |= {id_ for (id_,) in run.rows(statements.PLACES_OF_SOURCE)}
    derive_again(connection, sorted(touched))


def look_again(connection: Connection, source: SourceDescription) -> None:
    """Bring up to date the places that people of `source` speak of: their word may have lapsed."""
    run = _Run(connection, source.name)
    run.execute("SELECT pg_advisory_xact_lock(hashtext('places.receive'))")
    _describe(run, source)
    derive_again(connection, [id_ for (id_,) in run.rows(statements.PLACES_OF_SOURCE)])


class _Run:
    """One call of `receive`: statements take the source by name, COPY goes past SQLAlchemy."""

    def __init__(self, connection: Connection, source: str) -> None:
        self.connection = connection
        self.today = clock.today()
        self.common = {"source": source, "today": self.today}

    def execute(self, statement: str, **values: object) -> int:
        """Run and return how many rows were written."""
        return self.connection.execute(text(statement), values | self.common).rowcount

    def rows(self, statement: str, **values: object) -> list[Any]:
        return list(self.connection.execute(text(statement), values | self.common).all())

    @property
    def driver(self) -> "psycopg.Connection[Any]":
        return cast("psycopg.Connection[Any]", self.connection.connection.driver_connection)

    def copy(self, table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
        target = f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()
        with self.driver.cursor() as cursor, cursor.copy(target) as copy:
            for row in rows:
                copy.write_row(row)


def _describe(run: _Run, source: SourceDescription) -> bool:
    """Write what the source is, if it changed; True when how far it is believed did: places follow."""
    said = {
        "title": source.title,
        "licence": source.licence,
        "homepage": source.homepage,
        "trust": json.dumps(dict(source.trust), sort_keys=True),
        "holds_days": source.holds_days,
    }
    known = run.rows(
        "SELECT title, licence, homepage, trust, holds_days FROM sources WHERE name = :source"
    )
    if not known:
        run.execute(
            "INSERT INTO sources (name, title, licence, homepage, trust, holds_days)"
            " VALUES (:source, :title, :licence, :homepage, cast(:trust AS jsonb), :holds_days)",
            **said,
        )
        return False
    title, licence, homepage, trust, holds_days = known[0]
    if (title, licence, homepage) != (source.title, source.licence, source.homepage):
        run.execute(
            "UPDATE sources SET title = :title, licence = :licence, homepage = :homepage"
            " WHERE name = :source",
            **said,
        )
    if (trust, holds_days) == (dict(source.trust), source.holds_days):
        return False
    run.execute(
        "UPDATE sources SET trust = cast(:trust AS jsonb), holds_days = :holds_days"
        " WHERE name = :source",
        **said,
    )
    return True


def _load(run: _Run, records: Iterable[Statement]) -> None:
    run.execute(
        "CREATE TEMP TABLE incoming"
        " (rank serial, key text PRIMARY KEY, statements jsonb NOT NULL, stated_on date) ON COMMIT DROP"
    )
    rows = ((r.key, Jsonb(dict(r.statements)), r.stated_on) for r in records)
    run.copy("incoming", ("key", "statements", "stated_on"), rows)
    run.execute("ANALYZE incoming")


def _mint(run: _Run) -> None:
    """Draw the public names of the places that are new."""
    run.execute(
        "CREATE TEMP TABLE minted (id integer PRIMARY KEY, public_id text UNIQUE) ON COMMIT DROP"
    )
    with run.driver.cursor(name="new_places") as cursor:
        cursor.itersize = BATCH
        cursor.execute("SELECT place_id FROM touched WHERE fate = 'new'")
        for batch in _batches(cursor):
            names = public_ids.draw_free(run.connection, len(batch))
            run.copy(
                "minted",
                ("id", "public_id"),
                ((id_, name) for (id_,), name in zip(batch, names, strict=True)),
            )


def _derive(run: _Run) -> None:
    """Fill the temporary table `derived` with what the places touched must become."""
    run.execute(statements.CREATE_DERIVED)
    for batch in _batches(_records_by_place(run)):
        rows = [_row(place_id, merge(records, today=run.today)) for place_id, records in batch]
        run.copy("derived", statements.DERIVED_COLUMNS, rows)
    run.execute("ANALYZE derived")
    run.execute(
        "INSERT INTO schedules (expression, calendar, code, time_zone)"
        " SELECT DISTINCT ON (expression, calendar) expression, calendar, code, time_zone"
        " FROM derived WHERE expression IS NOT NULL ORDER BY expression, calendar, code"
        " ON CONFLICT (expression, calendar) DO NOTHING"
    )
    hours.refresh(run.connection, run.today)
    run.execute(
        "UPDATE derived SET schedule_id = schedules.id FROM schedules"
        " WHERE (schedules.expression, schedules.calendar) = (derived.expression, derived.calendar)"
    )
    run.execute(
        "UPDATE derived SET point = ST_SetSRID(ST_MakePoint(lon, lat), 4326) WHERE lon IS NOT NULL"
    )


def _records_by_place(run: _Run) -> Iterator[tuple[int, list[Record]]]:
    with run.driver.cursor(name="records_by_place") as cursor:
        cursor.itersize = BATCH
        cursor.execute(statements.RECORDS_BY_PLACE.encode(), run.common)
        for place_id, rows in groupby(cursor, key=lambda row: row[0]):
            yield place_id, [Record(*row[1:]) for row in rows]


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _row(place_id: int, merged: Merged) -> tuple[Any, ...]:
    values = merged.values
    departement = departement_of(values["code_insee"], values["postal_code"])
    schedule = hours.schedule_of(values["opening_hours"], values["code_insee"], departement)
    return (
        place_id,
        *(values[column] for column in statements.SAID_COLUMNS),
        departement,
        Jsonb(merged.provenance),
        values["lon"],
        values["lat"],
        *(schedule or (None, None, None, None)),
    )


def _publish(run: _Run, watch: Callable[[PlaceChange], None] | None) -> None:
    """Write the places that are new or different, and withdraw those that nobody lists any more."""
    run.execute(statements.FORGET_SAME)
    if watch:
        _tell(run, watch)
    # a statement that writes nothing would still raise the version of the data: hence the counts
    fresh, different = run.rows(statements.FRESH_AND_DIFFERENT)[0]
    if fresh:
        run.execute(statements.INSERT_PLACES)
        run.execute(statements.INSERT_RECORDS)
    if different:
        run.execute(statements.UPDATE_PLACES)
    if run.rows(statements.UNLISTED_COUNT)[0][0]:
        run.execute(statements.WITHDRAW_PLACES)
    run.execute("DROP TABLE derived, minted")


def _tell(run: _Run, watch: Callable[[PlaceChange], None]) -> None:
    told = [*statements.SAID_COLUMNS, "lon", "lat"]
    with run.driver.cursor(name="changes") as cursor:
        cursor.execute(statements.DIFFERENCES.encode())
        for public_id, kind, keys, *values in cursor:
            before, after = values[: len(told)], values[len(told) :]
            fields = {c: (b, a) for c, b, a in zip(told, before, after, strict=True) if b != a}
            name = after[told.index("name")]
            if kind == "new":
                fields = {c: (None, a) for c, (_, a) in fields.items() if a != []}
            if fields or kind != "changed":
                watch(PlaceChange(kind, public_id, name, tuple(keys), fields))
    for public_id, name, keys in run.connection.execute(
        text(statements.UNLISTED_NAMES), run.common, execution_options={"yield_per": BATCH}
    ):
        watch(PlaceChange("withdrawn", public_id, name, tuple(keys), {}))
