"""The files of the folder `static/`, and where the front end's build left them.

What is under `dist/` carries a hash or a version in its name: browsers may keep it for ever.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from geoservice.paths import STATIC

DIST = STATIC / "dist"
MOUNT = "/statique"
FOREVER = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""Ours, because the machine's own list may lack `.mjs`: a module needs a JavaScript type."""

log = logging.getLogger("geoservice")


def assets(dist: Path = DIST) -> Callable[[str], str | None]:
    """From the name of a file to its address; None for what only the build makes, before it ran."""
    try:
        manifest: dict[str, str] = orjson.loads((dist / "manifest.json").read_bytes())
    except FileNotFoundError:
        log.warning("The front end is not built: run bin/front. Pages work, without the map.")
        manifest = {}

    def asset(name: str) -> str | None:
        if name in manifest:
            return f"{MOUNT}/dist/{manifest[name]}"
        return f"{MOUNT}/{name}" if (STATIC / name).is_file() else None

    return asset


class PrecompressedFiles(StaticFiles):
    """Sends the `.br` or `.gz` that the build wrote beside a file to whoever reads it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        accepted = Headers(scope=scope).get("accept-encoding", "")
        answer = None
        for coding, suffix in (("br", ".br"), ("gzip", ".gz")):
            if coding in accepted and (STATIC / (path + suffix)).is_file():
                answer = await super().get_response(path + suffix, scope)
                answer.headers["content-encoding"] = coding
                break
        if answer is None:
            answer = await super().get_response(path, scope)
        if media_type := TYPES.get(Path(path).suffix):
            answer.headers["content-type"] = media_type
        answer.headers["vary"] = "Accept-Encoding"
        kept = path.startswith("dist/") and not path.endswith("manifest.json")
        answer.headers["cache-control"] = FOREVER if kept else "public, max-age=300"
        return answer


def static_files() -> StaticFiles:
    return PrecompressedFiles(directory=STATIC)
