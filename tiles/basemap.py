"""A basemap's style rewritten so that the browser asks one host only: ours.

Every address that the style names becomes one of ours, with a number for what it stands for;
`Upstream` turns ours back into theirs, and knows no other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote, urljoin, urlsplit

TILED = ("vector", "raster", "raster-dem")
OURS = re.compile(
    r"tuiles/(?P<source>\d+)/(?P<z>\d{1,2})/(?P<x>\d{1,8})/(?P<y>\d{1,8})"
    r"|lettres/(?P<fonts>(?!\.+/)[^/]{1,200})/(?P<range>\d{1,6}-\d{1,6})"
    r"|icones/(?P<sprite>\d+)(?P<suffix>(?:@2x)?\.(?:json|png))"
)


class WrongStyle(ValueError):
    """What makes a document no MapLibre style that can be served."""


@dataclass
class Upstream:
    """The addresses that a style names, where the browser would have asked them."""

    tiles: list[str] = field(default_factory=list[str])
    glyphs: str | None = None
    sprites: list[str] = field(default_factory=list[str])

    def address(self, ours: str) -> str | None:
        """Theirs for one of ours, without the prefix; None when the style names no such thing."""
        asked = OURS.fullmatch(ours)
        if asked is None:
            return None
        if asked["source"] is not None:
            values = {name: asked[name] for name in ("z", "x", "y")} | {"ratio": ""}
            return _filled(self.tiles, int(asked["source"]), values)
        if asked["fonts"] is not None:
            values = {"fontstack": quote(asked["fonts"], safe=","), "range": asked["range"]}
            return _filled([self.glyphs] if self.glyphs else [], 0, values)
        base = _filled(self.sprites, int(asked["sprite"]), {})
        if base is None:
            return None
        path, mark, question = base.partition("?")
        return f"{path}{asked['suffix']}{mark}{question}"


def _filled(templates: list[str], number: int, values: Mapping[str, str]) -> str | None:
    if number >= len(templates):
        return None
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], ""), templates[number])


def needed_documents(style: Mapping[str, Any], style_url: str) -> dict[str, str]:
    """Sources whose tiles are described by another document: id of the source → its address."""
    return {
        name: _absolute(source["url"], style_url)
        for name, source in _sources(style).items()
        if "url" in source and "tiles" not in source
    }


def rewritten(
    style: Mapping[str, Any], style_url: str, documents: Mapping[str, Any], prefix: str
) -> tuple[dict[str, Any], Upstream]:
    """The style with our addresses, and the way back. `prefix` is absolute, and ends with a slash.

    `documents` are those that `needed_documents` asks for. What is not made of tiles is left out,
    with its layers. Raises WrongStyle.
    """
    upstream = Upstream()
    sources: dict[str, Any] = {}
    for name, source in _sources(style).items():
        described = {**documents.get(name, {}), **source}
        templates = cast("list[str]", described.get("tiles") or [])
        if not templates:
            continue
        base = documents.get(name, {}).get("__url__", style_url)
        upstream.tiles.append(_absolute(templates[0], base))
        kept = {
            key: described[key]
            for key in (
                "type",
                "minzoom",
                "maxzoom",
                "bounds",
                "scheme",
                "tileSize",
                "attribution",
                "encoding",
            )
            if key in described
        }
        number = len(upstream.tiles) - 1
        sources[name] = kept | {"tiles": [f"{prefix}tuiles/{number}/{{z}}/{{x}}/{{y}}"]}
    if not sources:
        raise WrongStyle("no source of tiles")
    layers = [
        layer
        for layer in style.get("layers", [])
        if "source" not in layer or layer["source"] in sources
    ]
    served: dict[str, Any] = {
        key: style[key] for key in ("version", "name", "metadata") if key in style
    } | {"sources": sources, "layers": layers}
    if isinstance(style.get("glyphs"), str):
        upstream.glyphs = _absolute(style["glyphs"], style_url)
        served["glyphs"] = f"{prefix}lettres/{{fontstack}}/{{range}}"
    if sprite := style.get("sprite"):
        # one address, or several with a name each
        several = isinstance(sprite, list)
        named = cast("list[dict[str, str]]", sprite if several else [{"id": "", "url": sprite}])
        upstream.sprites = [_absolute(each["url"], style_url) for each in named]
        ours = [{"id": each["id"], "url": f"{prefix}icones/{n}"} for n, each in enumerate(named)]
        served["sprite"] = ours if several else ours[0]["url"]
    return served, upstream


def _sources(style: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    sources = style.get("sources")
    if not isinstance(sources, dict) or not isinstance(style.get("layers"), list):
        raise WrongStyle("no sources or no layers")
    listed = cast("dict[str, dict[str, Any]]", sources)
    return {name: source for name, source in listed.items() if source.get("type") in TILED}


def _absolute(address: str, base: str) -> str:
    whole = urljoin(base, address)
    if urlsplit(whole).scheme not in ("http", "https"):
        raise WrongStyle(f"an address that is not of the web: {whole[:60]}")
    return whole
