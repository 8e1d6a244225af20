"""What describes the tiles: TileJSON, styles; and the basemap. The tiles are in `application`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import Response

from geoservice.tiles.application import TileServer
from geoservice.tiles.basemap import Basemap
from tiles.layers import COVERAGE_LAYER, NAMES_LAYER, PLACES_LAYER, TERRITORIES_LAYER
from tiles.style import DARK, LIGHT, style
from tiles.tilejson import tilejson


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    app.state.basemap = Basemap(app.state.settings.basemap_style_url)
    yield
    await app.state.basemap.close()


router = APIRouter(include_in_schema=False, lifespan=lifespan)

ATTRIBUTION = "Lieux : sources citées sur leur fiche, Licence Ouverte"
OUTLINES_ATTRIBUTION = "Contours : IGN, Insee"


def tile_server(request: Request) -> TileServer:
    return request.app.state.tiles


def basemap_of(request: Request) -> Basemap:
    return request.app.state.basemap


Tiles = Annotated[TileServer, Depends(tile_server)]
CurrentBasemap = Annotated[Basemap, Depends(basemap_of)]
A_DAY = {"cache-control": "public, max-age=86400"}


class Described(Response):
    """Always asked again: it carries the version of the data."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)

    def __init__(self, content: Any) -> None:
        super().__init__(content, headers={"cache-control": "no-cache"})


async def address(request: Request, tiles: TileServer, layer: str) -> str:
    """Where the tiles of a layer are, for the question of this request, at this version.

    On the host that was asked: a page may only read from the one it came from.
    """
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] not in ("v", "theme")]
    if layer == "territoires":
        pairs = []
    await tiles.check(layer, urlencode(pairs).encode())
    question = urlencode([*pairs, ("v", await tiles.version())])
    return f"{base_of(request)}/tuiles/{layer}/{{z}}/{{x}}/{{y}}.mvt?{question}"


@router.get("/tuiles/lieux.json")
async def describe_places(request: Request, tiles: Tiles) -> Described:
    where = await address(request, tiles, "lieux")
    return Described(tilejson("Lieux de médiation numérique", where, [PLACES_LAYER], ATTRIBUTION))


@router.get("/tuiles/territoires.json")
async def describe_territories(request: Request, tiles: Tiles) -> Described:
    where = await address(request, tiles, "territoires")
    layers = [TERRITORIES_LAYER, NAMES_LAYER]
    return Described(tilejson("Territoires", where, layers, OUTLINES_ATTRIBUTION))


@router.get("/tuiles/couverture.json")
async def describe_coverage(request: Request, tiles: Tiles) -> Described:
    where = await address(request, tiles, "couverture")
    name = "Distance au lieu de médiation numérique le plus proche"
    attribution = f"{ATTRIBUTION} · {OUTLINES_ATTRIBUTION}"
    return Described(tilejson(name, where, [COVERAGE_LAYER], attribution))


@router.get("/tuiles/style.json")
async def show_style(
    request: Request, tiles: Tiles, theme: Literal["clair", "sombre"] = "clair"
) -> Described:
    places = await address(request, tiles, "lieux")
    territories = await address(request, tiles, "territoires")
    palette = DARK if theme == "sombre" else LIGHT
    return Described(style(places, territories, ATTRIBUTION, palette))


@router.get("/fond/style.json")
async def show_basemap(request: Request, basemap: CurrentBasemap) -> Described:
    return Described(await basemap.style(f"{base_of(request)}/fond/"))


@router.get("/fond/{path:path}")
async def pass_on(request: Request, path: str, basemap: CurrentBasemap) -> Response:
    file = await basemap.file(path)
    if file.gzipped and "gzip" in request.headers.get("accept-encoding", ""):
        headers = A_DAY | {"content-encoding": "gzip", "vary": "accept-encoding"}
        return Response(file.body, headers=headers, media_type=file.media_type)
    return Response(file.plain(), headers=A_DAY, media_type=file.media_type)


def base_of(request: Request) -> str:
    return str(request.base_url).rstrip("/")
