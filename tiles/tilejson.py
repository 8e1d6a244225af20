"""TileJSON 3.0: where the tiles are and what they hold."""

from collections.abc import Sequence
from typing import Any

from tiles.arithmetic import MAX_LATITUDE
from tiles.layers import Layer


def tilejson(name: str, tiles: str, layers: Sequence[Layer], attribution: str) -> dict[str, Any]:
    """`tiles` is the absolute address with {z}, {x} and {y}.

    Source: https://github.com/mapbox/tilejson-spec/tree/master/3.0.0
    """
    return {
        "tilejson": "3.0.0",
        "name": name,
        "tiles": [tiles],
        "vector_layers": [
            {
                "id": layer.name,
                "description": layer.description,
                "fields": layer.fields,
                "minzoom": layer.min_zoom,
                "maxzoom": layer.max_zoom,
            }
            for layer in layers
        ],
        "minzoom": min(layer.min_zoom for layer in layers),
        "maxzoom": max(layer.max_zoom for layer in layers),
        "bounds": [-180, -MAX_LATITUDE, 180, MAX_LATITUDE],
        "center": [2.5, 46.6, 5],
        "scheme": "xyz",
        "attribution": attribution,
    }
