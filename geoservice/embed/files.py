"""The scripts that other sites name: their addresses never change, their content does.

`/w/v1/hauteur.js` is the newest build, asked again every few minutes; what it loads carries a hash.
"""

from pathlib import Path

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from geoservice.web.static import DIST, PrecompressedFiles

ENTRIES = ("carte.js", "hauteur.js")


class WidgetFiles(PrecompressedFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        if path not in ENTRIES:
            return await super().get_response(f"dist/{path}", scope)
        try:
            manifest: dict[str, str] = orjson.loads((DIST / "manifest.json").read_bytes())
            built = manifest[path]
        except (FileNotFoundError, KeyError):
            raise HTTPException(404) from None
        answer = await super().get_response(f"dist/{built}", scope)
        answer.headers["cache-control"] = "public, max-age=300"
        return answer


def widget_files() -> WidgetFiles:
    return WidgetFiles(directory=Path(DIST).parent)
