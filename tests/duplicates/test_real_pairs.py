"""The labelled pairs of the real files: what is merged without anybody looking must be right.

Each line of `pairs.jsonl` names two records (source, and the beginning of the SHA-256 of the key)
and says whether a person who read both took them for one place.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine

from geoservice.db import schema
from geoservice.db.server import Server
from geoservice.duplicates import actions
from geoservice.imports.runs import run_import
from geoservice.territories import actions as territories

DATABASE = "geoservice_duplicates"
PAIRS = Path(__file__).with_name("pairs.jsonl")
SOURCES = (
    "hinaura", "hub-lo", "maine-et-loire", "corse", "angers", "la-creuse", "nouvelle-caledonie",
    "etapes-numerique",
)  # fmt: skip


@pytest.fixture(scope="module")
def searched(
    server: Server, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A connection to a base where the eight files were imported and matched."""
    with psycopg.connect(Server.conninfo(server.owner), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}".encode())
    own = Server(*(url.set(database=DATABASE) for url in (server.owner, server.app, server.public)))
    schema.migrate(own)
    engine = create_engine(own.owner, poolclass=NullPool)
    with engine.begin() as connection:
        territories.load(connection, str(real_data / "territoires"))
    downloads = tmp_path_factory.mktemp("downloads")
    for source in SOURCES:
        file = real_data / "sources" / f"{source}.json"
        run_import(own, source, str(file), downloads=downloads)
    with engine.begin() as connection:
        actions.run(connection)
        yield connection.connection.driver_connection
    engine.dispose()


@pytest.fixture(scope="module")
def outcome(searched: Any) -> dict[tuple[bool, str], int]:
    """(labelled as one place, what became of the pair) → how many."""
    place: dict[str, int] = {}
    for source, key, place_id in searched.execute(
        "SELECT source, key, place_id FROM source_records"
    ):
        place[f"{source}:{hashlib.sha256(key.encode()).hexdigest()[:12]}"] = place_id
    queued = set(searched.execute("SELECT a, b FROM likeness_pairs").fetchall())
    counts: dict[tuple[bool, str], int] = {}
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        a, b = sorted((place[pair["a"]], place[pair["b"]]))
        became = "merged" if a == b else "queued" if (a, b) in queued else "apart"
        counts[pair["same"], became] = counts.get((pair["same"], became), 0) + 1
    return counts


def test_no_pair_is_merged_wrongly(outcome: dict[tuple[bool, str], int]) -> None:
    assert outcome.get((False, "merged"), 0) == 0


def test_every_pair_that_is_one_place_is_merged_or_waits_for_somebody(
    outcome: dict[tuple[bool, str], int],
) -> None:
    assert outcome.get((True, "apart"), 0) == 0
    assert outcome[True, "merged"] >= 0.8 * (outcome[True, "merged"] + outcome[True, "queued"])


def test_few_pairs_wait_for_nothing(outcome: dict[tuple[bool, str], int]) -> None:
    assert outcome.get((False, "queued"), 0) <= 15


def test_the_labels_hold_no_personal_data() -> None:
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        assert pair.keys() == {"a", "b", "same"}
        for name in (pair["a"], pair["b"]):
            source, _, digest = name.partition(":")
            assert source in SOURCES
            assert len(digest) == 12
            assert int(digest, 16) >= 0
