"""What describes the tiles: TileJSON, and a style that shows them. The tiles are in `application`."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from geoservice.tiles.application import TileServer
from tiles.layers import NAMES_LAYER, PLACES_LAYER, TERRITORIES_LAYER
from tiles.style import DARK, LIGHT, style
from tiles.tilejson import tilejson

router = APIRouter(prefix="/tuiles", include_in_schema=False)

ATTRIBUTION = "Lieux : sources citées sur leur fiche, Licence Ouverte"
OUTLINES_ATTRIBUTION = "Contours : IGN, Insee"


def tile_server(request: Request) -> TileServer:
    return request.app.state.tiles


Tiles = Annotated[TileServer, Depends(tile_server)]


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
    if pairs:
        await tiles.check(urlencode(pairs).encode())
    base = str(request.base_url).rstrip("/")
    question = urlencode([*pairs, ("v", await tiles.version())])
    return f"{base}/tuiles/{layer}/{{z}}/{{x}}/{{y}}.mvt?{question}"


@router.get("/lieux.json")
async def describe_places(request: Request, tiles: Tiles) -> Described:
    where = await address(request, tiles, "lieux")
    return Described(tilejson("Lieux de médiation numérique", where, [PLACES_LAYER], ATTRIBUTION))


@router.get("/territoires.json")
async def describe_territories(request: Request, tiles: Tiles) -> Described:
    where = await address(request, tiles, "territoires")
    layers = [TERRITORIES_LAYER, NAMES_LAYER]
    return Described(tilejson("Territoires", where, layers, OUTLINES_ATTRIBUTION))


@router.get("/style.json")
async def show_style(
    request: Request, tiles: Tiles, theme: Literal["clair", "sombre"] = "clair"
) -> Described:
    places = await address(request, tiles, "lieux")
    territories = await address(request, tiles, "territoires")
    palette = DARK if theme == "sombre" else LIGHT
    return Described(style(places, territories, ATTRIBUTION, palette))
