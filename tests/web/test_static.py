"""Files of the pages: hashed names, compressed bytes, kept for ever only when they may be."""

import asyncio
import gzip
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from geoservice.paths import STATIC
from geoservice.web.static import DIST, assets, static_files

application = Starlette(routes=[Mount("/statique", static_files())])


def get(path: str, accept_encoding: str = "identity") -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            return await client.get(path, headers={"accept-encoding": accept_encoding})

    return asyncio.run(ask())


def test_without_the_build_pages_have_their_style_and_no_script(tmp_path: Path) -> None:
    asset = assets(tmp_path)

    assert asset("site.css") == "/statique/site.css"
    assert asset("site.js") is None


def test_a_built_file_is_found_by_its_plain_name(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"site.js": "site-1234ABCD.js"}')

    assert assets(tmp_path)("site.js") == "/statique/dist/site-1234ABCD.js"


def test_what_may_change_is_asked_again() -> None:
    answer = get("/statique/site.css")

    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


def test_nothing_outside_the_folder_is_served() -> None:
    assert get("/statique/../pages.py").status_code == 404
    assert get("/statique/%2e%2e/pages.py").status_code == 404


def test_modules_have_the_type_that_browsers_want_and_are_sent_compressed() -> None:
    built = next(DIST.glob("maplibre/*/maplibre-gl.mjs"), None)
    if built is None:
        pytest.skip("le front n’est pas construit : bin/front")
    path = f"/statique/dist/{built.relative_to(DIST)}"

    answer = get(path, accept_encoding="gzip")

    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content == built.read_bytes()


def test_the_style_of_all_the_pages_is_light() -> None:
    assert len(gzip.compress((STATIC / "site.css").read_bytes())) <= 10_000
