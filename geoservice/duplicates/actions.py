"""Search for places that are one, put them together, and take them apart again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from geoservice.duplicates import queries
from geoservice.duplicates.addresses import read_address
from geoservice.duplicates.groups import Decision, Groups
from geoservice.duplicates.likeness import DISTINCT, SAME, Profile, Verdict, compare
from geoservice.duplicates.names import read_name
from geoservice.places.actions import derive_again

RULES = "Réunis par les règles de ressemblance."


@dataclass(frozen=True)
class Search:
    """What a search found and did."""

    places: int
    candidates: int
    """Pairs compared."""
    merged: int
    """Pairs put together by the rules, this time."""
    to_review: int


def run(connection: Connection, watch: Callable[[int], None] | None = None) -> Search:
    """Compare the places that share something, put together those that are surely one, queue doubts.

    What was decided before stays: nothing that somebody looked at is proposed again. Runs in the
    transaction of `connection`; `watch` is called with how many pairs were compared since.
    """
    _lock(connection)
    profiles = _profiles(connection)
    groups = Groups(_decisions(connection))
    surely: list[tuple[Verdict, int, int]] = []
    doubts: list[tuple[Verdict, int, int]] = []
    count = 0
    for a, b in _candidates(connection):
        count += 1
        if watch and count % 1000 == 0:
            watch(1000)
        if groups.apart(a, b):
            continue
        verdict = compare(profiles[a], profiles[b])
        if verdict.band != DISTINCT:
            (surely if verdict.band == SAME else doubts).append((verdict, a, b))
    accepted = 0
    for verdict, a, b in sorted(surely, key=lambda found: (-found[0].score, found[1], found[2])):
        if _contradicted(groups, profiles, a, b):
            doubts.append((verdict, a, b))
        elif groups.join(a, b):
            _decide(connection, a, b, "same", None, RULES, verdict)
            accepted += 1
    queued = _queue(connection, doubts, groups)
    regroup(connection)
    return Search(len(profiles), count, accepted, queued)


def _lock(connection: Connection) -> None:
    """Imports and searches follow each other."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('places.receive'))"))


def _profiles(connection: Connection) -> dict[int, Profile]:
    rows = list(connection.execute(queries.PLACES))
    shared = _shared([row[9] for row in rows if row[9]])
    shared |= _shared([one for row in rows for one in (*row[10], *row[11])])
    profiles: dict[int, Profile] = {}
    words: list[tuple[int, str, str]] = []
    for id_, name, commune, code, departement, address, lon, lat, pivot, phone, *lists in rows:
        emails, websites, typologies, sources = (frozenset(values or ()) for values in lists)
        said = read_name(name, commune)
        profiles[id_] = Profile(
            id=id_,
            sources=sources,
            name=said,
            address=read_address(address),
            commune=code,
            lon=lon,
            lat=lat,
            siret=pivot,
            phone=None if phone in shared else phone,
            emails=emails - shared,
            websites=frozenset(map(site, websites - shared)),
            typologies=typologies,
        )
        whole = " ".join(sorted(said.words.split()))
        if code:
            words += ((id_, code, word) for word in {*said.own, *said.kinds, whole})
        words.append((id_, f"{departement} ", whole))
    connection.execute(text(queries.CREATE_WORDS))
    target = f"COPY likeness_words ({', '.join(queries.WORD_COLUMNS)}) FROM STDIN"
    with _driver(connection).cursor() as cursor, cursor.copy(target.encode()) as copy:
        for row in words:
            copy.write_row(row)
    return profiles


def site(address: str) -> str:
    """A web site whatever way it is written: «https://www.exemple.fr/» is «http://exemple.fr»."""
    return address.partition("://")[2].removeprefix("www.").rstrip("/").casefold()


def _shared(values: Iterable[str]) -> set[str]:
    """What a whole network gives as its own."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return {value for value, count in counts.items() if count > queries.SHARED_BY_MAX}


def _driver(connection: Connection) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def _candidates(connection: Connection) -> Iterator[tuple[int, int]]:
    connection.execute(text(queries.SHARED))
    with _driver(connection).cursor(name="likeness_candidates") as cursor:
        cursor.itersize = 10_000
        cursor.execute(queries.CANDIDATES.encode())
        yield from cursor
    connection.execute(text("DROP TABLE shared, likeness_words"))


def _decisions(connection: Connection) -> Iterator[Decision]:
    for a, b, verdict, by_somebody, id_ in connection.execute(queries.DECIDED):
        yield Decision(id_, a, b, verdict == "same", by_somebody)


def _contradicted(groups: Groups, profiles: dict[int, Profile], a: int, b: int) -> bool:
    """Whether two places that other pairs would bring together are surely two."""
    return any(
        compare(profiles[one], profiles[other]).band == DISTINCT
        for one in groups.of(a)
        for other in groups.of(b)
        if (one, other) != (a, b) and one in profiles and other in profiles
    )


def _decide(
    connection: Connection,
    a: int,
    b: int,
    verdict: str,
    account_id: int | None,
    reason: str | None,
    looked: Verdict | None,
) -> None:
    connection.execute(
        text(
            "INSERT INTO likeness_decisions (a, b, verdict, account_id, reason, verdict_data)"
            " VALUES (:a, :b, :verdict, :account_id, :reason, :data)"
        ),
        {
            "a": min(a, b),
            "b": max(a, b),
            "verdict": verdict,
            "account_id": account_id,
            "reason": reason,
            "data": Jsonb(looked.as_data() | {"score": looked.score}) if looked else None,
        },
    )


def decide(
    connection: Connection,
    a: int,
    b: int,
    *,
    same: bool,
    account_id: int | None,
    reason: str | None,
) -> None:
    """Somebody says whether two places are one; what follows is done in the same transaction.

    The pair may be of any two places of two groups; `account_id` is None for the terminal.
    """
    _lock(connection)
    _decide(connection, a, b, "same" if same else "not_same", account_id, reason, None)
    connection.execute(
        text("DELETE FROM likeness_pairs WHERE (a, b) = (:a, :b)"), {"a": min(a, b), "b": max(a, b)}
    )
    regroup(connection)


def _queue(connection: Connection, doubts: list[tuple[Verdict, int, int]], groups: Groups) -> int:
    """Replace what waits for somebody; pairs that ended up in one group wait no more."""
    rows = {
        (pair := tuple(sorted((groups.survivor(a), groups.survivor(b))))): (
            *pair,
            verdict.score,
            Jsonb(verdict.as_data()),
        )
        for verdict, a, b in sorted(doubts, key=lambda found: found[0].score)
        if groups.survivor(a) != groups.survivor(b) and not groups.apart(a, b)
    }
    connection.execute(text("DELETE FROM likeness_pairs"))
    target = b"COPY likeness_pairs (a, b, score, verdict_data) FROM STDIN"
    with _driver(connection).cursor() as cursor, cursor.copy(target) as copy:
        for row in rows.values():
            copy.write_row(row)
    return len(rows)


def regroup(connection: Connection) -> int:
    """Make the places follow the decisions in force; how many places changed.

    Nothing but the decisions and the records is read: whatever was merged before, the same
    decisions give the same places.
    """
    _lock(connection)
    wanted = Groups(_decisions(connection)).merged()
    present = {row.id: row.merged_into for row in connection.execute(queries.MERGED)}
    changed = {
        place: wanted.get(place)
        for place in wanted.keys() | present.keys()
        if wanted.get(place) != present.get(place)
    }
    if not changed:
        return 0
    moved = [{"place": place, "into": into} for place, into in changed.items()]
    connection.execute(
        text("UPDATE places SET merged_into = :into, changed_at = now() WHERE id = :place"), moved
    )
    connection.execute(
        text(
            "UPDATE source_records SET place_id = coalesce(:into, :place) WHERE origin_id = :place"
        ),
        moved,
    )
    touched = {present.get(place) or place for place in changed}
    touched |= {into or place for place, into in changed.items()}
    derive_again(connection, sorted(touched - wanted.keys()))
    return len(changed)
