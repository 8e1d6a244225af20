"""How good and how fast the search for duplicates is: `likeness.py [quality] [second-source] [growth]`.

`quality`: the labelled pairs of tests/duplicates, by our rules and by those of two other systems.
`second-source`: every real place told again by an invented second source, as people would write it.
`growth`: how the time of a search grows with the number of places.
Starts a private PostgreSQL of its own; the real files are those of GEOSERVICE_DATA.
"""

import hashlib
import json
import math
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, Row, create_engine, text

from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.db.server import Server
from geoservice.duplicates import actions
from geoservice.duplicates.names import bigrams, dice, plain
from geoservice.imports.runs import run_import
from geoservice.paths import ROOT
from geoservice.places.actions import SourceDescription, Statement, receive
from geoservice.settings import Settings
from geoservice.territories import actions as territories

DATA = Path(os.environ.get("GEOSERVICE_DATA", ROOT.parent / "shared" / "data"))
PAIRS = ROOT / "tests" / "duplicates" / "pairs.jsonl"
SOURCES = (
    "hinaura", "hub-lo", "maine-et-loire", "corse", "angers", "la-creuse", "nouvelle-caledonie",
    "etapes-numerique",
)  # fmt: skip
COUNTS = (2_000, 20_000, 200_000)

Rule = Callable[[Row[Any], Row[Any]], bool]


def main() -> None:
    wanted = set(sys.argv[1:]) or {"quality", "second-source", "growth"}
    with tempfile.TemporaryDirectory(prefix="geoservice-bench-") as folder:
        Path(folder).chmod(0o755)  # the database's user goes through it
        settings = Settings(_env_file=None, data_dir=Path(folder) / ".data", database_url=None)
        with servers.running(settings) as server:
            schema.migrate(server)
            engine = create_engine(server.owner, poolclass=NullPool)
            with engine.begin() as connection:
                territories.load(connection, str(DATA / "territoires"))
            if wanted & {"quality", "second-source"}:
                for source in SOURCES:
                    file = DATA / "sources" / f"{source}.json"
                    run_import(server, source, str(file), downloads=Path(folder) / "downloads")
            if "quality" in wanted:
                quality(engine)
            if "second-source" in wanted:
                second_source(engine)
            if "growth" in wanted:
                growth(engine, server)
            engine.dispose()


# Quality


def quality(engine: Engine) -> None:
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    with engine.connect() as connection:
        told = {
            f"{row.record_source}:{hashlib.sha256(row.key.encode()).hexdigest()[:12]}": row
            for row in connection.execute(
                text(
                    "SELECT record.source AS record_source, key, places.*, ST_X(point) AS lon, ST_Y(point) AS lat"
                    " FROM source_records record JOIN places ON places.id = origin_id"
                )
            )
        }
        actions.run(connection)
        place = {
            row.origin_id: row.place_id
            for row in connection.execute(text("SELECT origin_id, place_id FROM source_records"))
        }
        queued = {tuple(row) for row in connection.execute(text("SELECT a, b FROM likeness_pairs"))}
        connection.rollback()

    def ours(one: Row[Any], other: Row[Any]) -> bool:
        return place[one.id] == place[other.id]

    def ours_or_review(one: Row[Any], other: Row[Any]) -> bool:
        a, b = sorted((place[one.id], place[other.id]))
        return a == b or (a, b) in queued

    rules: dict[str, Rule] = {
        "ours, merged without anybody": ours,
        "ours, merged or to review": ours_or_review,
        "mednum-cli (score > 90 within a source, > 83 across)": mednum,
        "La Coop (score ≥ 0.6, service guard)": coop,
    }
    print(f"\n{len(pairs)} labelled pairs, {sum(pair['same'] for pair in pairs)} of them one place")
    print(f"{'':54} {'right':>6} {'wrong':>6} {'missed':>7} {'precision':>10} {'recall':>8}")
    for name, rule in rules.items():
        found = Counter((pair["same"], rule(told[pair["a"]], told[pair["b"]])) for pair in pairs)
        print_line(name, found[True, True], found[False, True], found[True, False])


def print_line(name: str, right: int, wrong: int, missed: int) -> None:
    precision = right / (right + wrong) if right + wrong else math.nan
    print(
        f"{name:54} {right:6} {wrong:6} {missed:7} {precision:10.1%} {right / (right + missed):8.1%}",
        flush=True,
    )


def mednum(one: Row[Any], other: Row[Any]) -> bool:
    """The rules of anct-cartographie-nationale/mednum-cli, restated: three equal thirds."""
    if not one.code_insee or one.code_insee != other.code_insee:
        return False
    kinds, others = set(one.typologies), set(other.typologies)
    if kinds and others and not kinds & others and {"RFS", "PIMMS"} - (kinds | others):
        return False
    degrees = 0.0
    if None not in (one.lon, other.lon):
        degrees = math.hypot(one.lon - other.lon, one.lat - other.lat)
    near = 100 if degrees < 0.0004 else math.trunc(100 / (degrees * 1000 + 1))
    score = math.trunc(
        (ratio(one.address or "", other.address or "") + ratio(one.name, other.name) + near) / 3
    )
    return score > (90 if one.record_source == other.record_source else 83)


def ratio(one: str, other: str) -> int:
    """Percentage of letters in common and in the same order, case and punctuation apart."""
    a, b = (" ".join(re.sub(r"\W", " ", words.lower()).split()) for words in (one, other))
    if not a or not b:
        return 0
    row = [0] * (len(b) + 1)
    for letter in a:
        previous = 0
        for at, other_letter in enumerate(b, 1):
            previous, row[at] = (
                row[at],
                previous + 1 if letter == other_letter else max(row[at], row[at - 1]),
            )
    return round(200 * row[-1] / (len(a) + len(b)))


COOP_SERVICES = (
    "epn", "mediatheque", "bibliotheque", "ccas", "cias", "centre social", "maison de quartier",
    "france services", "mjc", "espace numerique", "cyberbase",
)  # fmt: skip


def coop(one: Row[Any], other: Row[Any]) -> bool:
    """The rules of inclusion-numerique/coop-mediation-numerique's search for duplicates, restated."""
    if not one.code_insee or one.code_insee != other.code_insee:
        return False
    name, other_name = plain(one.name), plain(other.name)
    services = ({word for word in COOP_SERVICES if word in said} for said in (name, other_name))
    if next(services) != next(services):
        return False
    address, other_address = plain(one.address or ""), plain(other.address or "")
    features = [(0.35, dice(bigrams(name), bigrams(other_name)))]
    alike = 0.0
    if address and other_address:
        inside = address in other_address or other_address in address
        alike = 1.0 if inside else dice(bigrams(address), bigrams(other_address))
        features.append((0.25, alike))
    if None not in (one.lon, other.lon) and alike < 0.85:
        north = 111_195 * (one.lat - other.lat)
        east = 111_195 * (one.lon - other.lon) * math.cos(math.radians(one.lat))
        features.append((0.20, max(0.0, min(1.0, (500 - math.hypot(north, east)) / 450))))
    if one.pivot and other.pivot:
        features.append((0.15, float(one.pivot == other.pivot)))
    if one.phone and other.phone:
        features.append((0.05, float(one.phone == other.phone)))
    return sum(w * value for w, value in features) / sum(w for w, _ in features) >= 0.6


# A second source


def second_source(engine: Engine) -> None:
    """Every place told again; merges with another place than its own are wrong.

    Places that the real files list twice are counted apart: a copy may join either of them.
    """
    draw = random.Random(11)  # noqa: S311 - an example, not a secret
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT *, ST_X(point) AS lon, ST_Y(point) AS lat FROM places ORDER BY id")
        ).all()
        source = SourceDescription("second", "Seconde source", "Licence Ouverte 2.0")
        receive(
            connection,
            source,
            [Statement(str(row.id), told_again(row, draw)) for row in rows],
            complete=True,
        )
        before = {row.id: row.id for row in rows}
        found = actions.run(connection)
        joined = {
            int(row.key): (row.place_id, row.origin_id)
            for row in connection.execute(
                text("SELECT key, place_id, origin_id FROM source_records WHERE source = 'second'")
            )
        }
        place = {
            row.origin_id: row.place_id
            for row in connection.execute(
                text("SELECT origin_id, place_id FROM source_records WHERE source <> 'second'")
            )
        }
        queued = {tuple(row) for row in connection.execute(text("SELECT a, b FROM likeness_pairs"))}
        connection.rollback()
    right = sum(joined[id_][0] == place[id_] for id_ in before)
    wrong = sum(
        joined[id_][0] != place[id_] and joined[id_][0] in set(place.values()) for id_ in before
    )
    asked = sum(
        joined[id_][0] != place[id_] and tuple(sorted((joined[id_][0], place[id_]))) in queued
        for id_ in before
    )
    print(f"\n{len(rows)} real places told again by an invented second source")
    print(f"  {right} merged rightly, {wrong} wrongly: precision {right / (right + wrong):.2%}")
    print(
        f"  recall {right / len(rows):.1%}, and {asked} more wait for somebody; {found.to_review} pairs wait in all"
    )


def told_again(row: Row[Any], draw: random.Random) -> dict[str, Any]:
    """The same place as somebody else writes it."""
    name = row.name
    for old, new in (("Médiathèque", "Mediatheque"), ("Centre communal d'action sociale", "CCAS"),
                     ("Maison de services au public", "MSAP"), ("Saint-", "St "), (" - ", " ")):  # fmt: skip
        if draw.random() < 0.5:
            name = name.replace(old, new)
    if draw.random() < 0.2:
        name = name.upper()
    if row.commune and draw.random() < 0.2:
        name = f"{name} {row.commune}"
    address = row.address
    if address:
        for old, new in (
            ("rue ", "r. "),
            ("avenue ", "av "),
            ("Avenue ", "AV. "),
            ("place ", "Pl. "),
        ):
            if draw.random() < 0.4:
                address = address.replace(old, new)
    told: dict[str, Any] = {
        "name": name,
        "commune": row.commune,
        "code_insee": row.code_insee if draw.random() < 0.9 else None,
        "postal_code": row.postal_code,
        "address": address if draw.random() < 0.9 else None,
        "phone": row.phone if draw.random() < 0.6 else None,
        "emails": row.emails if draw.random() < 0.5 else [],
        "typologies": row.typologies if draw.random() < 0.5 else [],
    }
    if row.lon is not None and draw.random() < 0.9:
        far = draw.expovariate(1 / 40)
        angle = draw.uniform(0, 2 * math.pi)
        told["lat"] = row.lat + far * math.sin(angle) / 111_195
        told["lon"] = row.lon + far * math.cos(angle) / (111_195 * math.cos(math.radians(row.lat)))
    return {column: value for column, value in told.items() if value}


# Growth


def growth(engine: Engine, server: Server) -> None:
    print(f"\n{'places':>9} {'pairs':>9} {'merged':>8} {'to review':>10} {'seconds':>9}")
    for count in COUNTS:
        with engine.begin() as connection:
            connection.execute(
                text("TRUNCATE source_records, places, likeness_pairs, likeness_decisions CASCADE")
            )
            fill(connection, count)
        with engine.begin() as connection:
            connection.execute(text("ANALYZE places, source_records"))
        app = create_engine(server.app, poolclass=NullPool)
        started = time.perf_counter()
        with app.begin() as connection:
            found = actions.run(connection)
        seconds = time.perf_counter() - started
        app.dispose()
        print(
            f"{count:9} {found.candidates:9} {found.merged:8} {found.to_review:10} {seconds:9.1f}",
            flush=True,
        )


WORDS = [
    "Ormes",
    "Tilleuls",
    "Sources",
    "Halles",
    "Lilas",
    "Écoles",
    "Moulin",
    "Verger",
    "Forge",
    "Source",
    "Prairie",
    "Canal",
]
KINDS = (
    "Médiathèque",
    "Mairie",
    "France Services",
    "CCAS",
    "Espace",
    "Centre social",
    "Association",
)


def fill(connection: Connection, count: int) -> None:
    """Invented places in communes drawn by their population; one in twenty is told by two sources."""
    draw = random.Random(5)  # noqa: S311 - an example, not a secret
    communes = connection.execute(
        text(
            "SELECT code, name, postal_codes, population, ST_X(point) AS lon, ST_Y(point) AS lat"
            " FROM territories WHERE type = 'commune' AND population > 0"
        )
    ).all()
    chosen = draw.choices(communes, [commune.population for commune in communes], k=count)
    twice = count // 20
    first = [Statement(str(n), place(draw, chosen[n], n)) for n in range(count - twice)]
    again = [
        Statement(
            one.key,
            {k: v for k, v in one.statements.items() if k != "phone"}
            | {"name": str(one.statements["name"]).upper()},
        )
        for one in first[:twice]
    ]
    for name, records in (("first", first), ("second", again)):
        receive(
            connection, SourceDescription(name, name, "Licence Ouverte 2.0"), records, complete=True
        )


def place(draw: random.Random, commune: Row[Any], rank: int) -> dict[str, Any]:
    spread = 0.0002 * math.sqrt(commune.population)
    return {
        "name": f"{draw.choice(KINDS)} {draw.choice(WORDS)} {draw.choice(WORDS)}",
        "commune": commune.name,
        "code_insee": commune.code,
        "postal_code": next(iter(commune.postal_codes), None),
        "address": f"{draw.randint(1, 150)} rue des {draw.choice(WORDS)}",
        "lon": commune.lon + draw.gauss(0, spread),
        "lat": commune.lat + draw.gauss(0, spread),
        "phone": f"+33{400000000 + rank}",
        "emails": [f"contact{rank}@exemple.fr"],
    }


if __name__ == "__main__":
    main()
