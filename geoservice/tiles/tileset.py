"""Computing one tile: all the places from prepared statements, some of them from memory first."""

from collections.abc import Iterable, Mapping
from typing import Any

from geoservice.coverage.shading import Shaded, rounded
from geoservice.db.server import Server
from geoservice.db.versions import CURRENT
from geoservice.settings import Settings
from geoservice.tiles.wire import Wire, conninfo
from tiles import layers, statements
from tiles.arithmetic import Tile, cell_range, key_range
from tiles.columns import Cluster, Selection

PREPARED = {
    "cells": statements.numbered(statements.read("cells")),
    "points": statements.numbered(statements.over(statements.ALL_PINS, "points")),
    "listed": statements.numbered(statements.over(statements.LISTED_PINS, "points")),
    "drawn": statements.numbered(statements.read("drawn")),
    "territories": statements.numbered(statements.read("territories")),
    "within": statements.numbered(statements.read("within")),
    "shaded": statements.numbered(statements.read("shaded")),
}


class Tileset:
    def __init__(self, server: Server, settings: Settings) -> None:
        address = conninfo(
            server.public,
            statement_timeout=f"{settings.query_timeout_s}s",
            # the same plan serves every tile, and planning would cost more than most tiles
            plan_cache_mode="force_generic_plan",
        )
        self._wire = Wire(
            address,
            {name: statement.text for name, statement in PREPARED.items()} | {"version": CURRENT},
            size=settings.connections,
            timeout_s=settings.query_timeout_s,
        )

    async def version(self) -> str:
        return (await self._wire.prepared(b"version", ()) or b"").decode()

    async def places(self, tile: Tile, chosen: Selection | None) -> bytes:
        """The layer `lieux`, of all the places when none are chosen; empty when there are none in the tile.

        Raises psycopg.Error, TimeoutError.
        """
        clustered = tile.z <= layers.CLUSTERS_UNTIL
        if chosen is None:
            return await self._prepared("cells" if clustered else "points", place_values(tile))
        if clustered:
            return await self._drawn(tile, chosen.clusters(tile))
        ids = chosen.ids(tile)
        if not ids:
            return b""
        return await self._prepared("listed", place_values(tile) | {"ids": _array(ids)})

    async def _drawn(self, tile: Tile, clusters: list[Cluster]) -> bytes:
        if not clusters:
            return b""
        n, x31, y31, ids = zip(*clusters, strict=True)
        values = {"z": tile.z, "n": _array(n), "x31": _array(x31), "y31": _array(y31)}
        return await self._prepared("drawn", values | {"ids": _array(ids)})

    async def territories(self, tile: Tile) -> bytes:
        """The layers `territoires` and `noms`; empty when nothing is in the tile."""
        return await self._prepared(
            "territories",
            {
                "z": tile.z,
                "x": tile.x,
                "y": tile.y,
                "detail": layers.outline_detail(tile.z),
                "types": "{" + ",".join(layers.outlined(tile.z)) + "}",
                "population": layers.population_named(tile.z),
            },
        )

    async def coverage(self, tile: Tile, type_: str, shades: Mapping[str, Shaded]) -> bytes:
        """The layer `couverture`; empty when none of the territories is in the tile."""
        values = {
            "z": tile.z,
            "x": tile.x,
            "y": tile.y,
            "detail": layers.shaded_detail(tile.z, type_),
            "type": type_,
        }
        within = await self._prepared("within", values)
        shown = [(code, shades[code]) for code in within.decode().split() if code in shades]
        if not shown:
            return b""
        told = [one for _, one in shown]
        return await self._prepared(
            "shaded",
            values
            | {
                "codes": "{" + ",".join(code for code, _ in shown) + "}",
                "population": _array(one.population for one in told),
                "places": _array(one.places for one in told),
                "metres": _array(rounded(one.now_m) for one in told),
                "metres_then": _array(rounded(one.then_m) for one in told),
                "shades": _array(one.shade for one in told),
            },
        )

    async def _prepared(self, name: str, values: Mapping[str, Any]) -> bytes:
        ordered = [
            None if values[each] is None else str(values[each]).encode()
            for each in PREPARED[name].names
        ]
        return await self._wire.prepared(name.encode(), ordered) or b""

    async def close(self) -> None:
        await self._wire.close()


def _array(numbers: Iterable[int | None]) -> str:
    return "{" + ",".join("NULL" if each is None else str(each) for each in numbers) + "}"


def place_values(tile: Tile) -> dict[str, Any]:
    """The values that the statements over places may need, by name."""
    first_key, last_key = key_range(tile)
    first_cell, last_cell = cell_range(tile)
    return {
        "z": tile.z,
        "first_key": first_key,
        "last_key": last_key,
        "first_cell": first_cell,
        "last_cell": last_cell,
    }
