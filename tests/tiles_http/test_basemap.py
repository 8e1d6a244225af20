"""The basemap through us, against a server of our own that can be slow, wrong or gone."""

import asyncio
import gzip
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from geoservice.settings import Settings
from geoservice.tiles import routes
from geoservice.web import refusals


class Theirs(ThreadingHTTPServer):
    """Their server; `mood` says how it behaves."""

    mood = "well"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Theirs  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.server.mood == "slow":
            time.sleep(3)
        if self.server.mood == "elsewhere":
            self.send_response(302)
            self.send_header("location", "http://127.0.0.1:1/secret")
            self.end_headers()
            return
        if self.server.mood == "broken":
            self.send_error(500)
            return
        if self.path == "/style.json":
            body = json.dumps(style_of(self.server.address)).encode()
        elif self.path == "/5/16/11.pbf":
            body = gzip.compress(b"roads")
        else:
            self.send_error(404)
            return
        self.send_response(200)
        if body.startswith(b"\x1f\x8b"):
            self.send_header("content-encoding", "gzip")
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests stay silent."""


def style_of(address: str) -> dict[str, Any]:
    return {
        "version": 8,
        "sources": {"plan": {"type": "vector", "tiles": [f"{address}/{{z}}/{{x}}/{{y}}.pbf"]}},
        "layers": [{"id": "roads", "type": "line", "source": "plan", "source-layer": "roads"}],
    }


@pytest.fixture
def theirs() -> Iterator[Theirs]:
    with Theirs() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


Visit = Callable[[httpx.AsyncClient], Awaitable[Any]]


@pytest.fixture
def visit(settings: Settings) -> Callable[[str | None, Visit], Any]:
    """Do something with our site, whose basemap is this style."""

    def run(style_url: str | None, visit: Visit) -> Any:
        async def running() -> Any:
            app = FastAPI()
            app.state.settings = settings.model_copy(update={"basemap_style_url": style_url})
            app.include_router(routes.router)
            refusals.install(app)
            transport = httpx.ASGITransport(app)
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(transport=transport, base_url="http://carte.example") as client,
            ):
                return await visit(client)

        return asyncio.run(running())

    return run


Run = Callable[[str | None, Visit], Any]


def test_the_basemap_comes_from_our_own_host(theirs: Theirs, visit: Run) -> None:
    async def look(client: httpx.AsyncClient) -> tuple[dict[str, Any], httpx.Response]:
        style = (await client.get("/fond/style.json")).json()
        [template] = style["sources"]["plan"]["tiles"]
        return style, await client.get(template.format(z=5, x=16, y=11))

    style, tile = visit(f"{theirs.address}/style.json", look)

    assert "127.0.0.1" not in json.dumps(style)
    assert tile.content == b"roads"
    assert tile.headers["content-type"] == "application/x-protobuf"
    assert tile.headers["content-encoding"] == "gzip"
    assert tile.headers["cache-control"] == "public, max-age=86400"


def test_what_has_come_once_is_not_asked_again(theirs: Theirs, visit: Run) -> None:
    async def look(client: httpx.AsyncClient) -> None:
        for _ in range(3):
            await client.get("/fond/tuiles/0/5/16/11")

    visit(f"{theirs.address}/style.json", look)

    assert theirs.asked == ["/style.json", "/5/16/11.pbf"]


def test_a_tile_that_they_do_not_have_is_missing_and_no_reason_to_stop(
    theirs: Theirs, visit: Run
) -> None:
    async def look(client: httpx.AsyncClient) -> list[int]:
        paths = ("/fond/tuiles/0/9/9/9", "/fond/tuiles/0/5/16/11")
        return [(await client.get(path)).status_code for path in paths]

    assert visit(f"{theirs.address}/style.json", look) == [404, 200]


@pytest.mark.parametrize("mood", ["slow", "broken", "elsewhere"])
def test_when_it_fails_nobody_waits_for_it_any_more(theirs: Theirs, visit: Run, mood: str) -> None:
    theirs.mood = mood

    async def look(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [await client.get("/fond/style.json") for _ in range(5)]

    answers = visit(f"{theirs.address}/style.json", look)

    assert [answer.status_code for answer in answers] == [503] * 5
    assert (
        answers[0].json()["title"] == "Le fond de carte ne répond pas. La carte s’affiche sans lui."
    )
    assert theirs.asked == ["/style.json"]


def test_what_is_in_memory_is_still_shown_when_it_fails(theirs: Theirs, visit: Run) -> None:
    async def look(client: httpx.AsyncClient) -> list[int]:
        await client.get("/fond/tuiles/0/5/16/11")
        theirs.mood = "broken"
        paths = ("/fond/tuiles/0/6/33/22", "/fond/tuiles/0/5/16/11", "/fond/style.json")
        return [(await client.get(path)).status_code for path in paths]

    assert visit(f"{theirs.address}/style.json", look) == [503, 200, 200]


def test_we_are_no_open_door_to_other_addresses(theirs: Theirs, visit: Run) -> None:
    async def look(client: httpx.AsyncClient) -> list[int]:
        paths = (
            f"/fond/{theirs.address}/style.json",
            "/fond/tuiles/1/5/16/11",
            "/fond/..%2f5/16/11.pbf",
        )
        return [(await client.get(path)).status_code for path in paths]

    assert visit(f"{theirs.address}/style.json", look) == [404, 404, 404]
    assert theirs.asked == ["/style.json"]


def test_without_a_basemap_there_is_none_to_show(visit: Run) -> None:
    async def look(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get("/fond/style.json")

    answer = visit(None, look)

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/no-basemap"
