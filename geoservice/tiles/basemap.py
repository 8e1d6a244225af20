"""The basemap, through us: the browser asks no other host, and nothing waits for theirs."""

import asyncio
import gzip
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from geoservice import __version__
from geoservice.web.problems import NotFound, Problem
from tiles.basemap import Upstream, WrongStyle, needed_documents, rewritten

TIMEOUT_S = 2
SILENCE_S = 60
"""After a failure, theirs is left alone for so long, and ours answers at once."""
STYLE_KEPT_S = 3600
CACHE_BYTES = 64 * 2**20
ANSWER_MAX_BYTES = 4 * 2**20
CONNECTIONS = 20


class NoBasemap(Problem):
    status = 404
    title = "Aucun fond de carte n’est réglé pour ce service."


class BasemapDown(Problem):
    status = 503
    title = "Le fond de carte ne répond pas. La carte s’affiche sans lui."


@dataclass(frozen=True, slots=True)
class File:
    body: bytes
    """As it came: gzipped when `gzipped`."""
    gzipped: bool
    media_type: str

    def plain(self) -> bytes:
        return gzip.decompress(self.body) if self.gzipped else self.body


class Basemap:
    def __init__(self, style_url: str | None) -> None:
        self._style_url = style_url
        self._files: OrderedDict[str, File] = OrderedDict()
        self._bytes = 0
        self._silent_until = 0.0
        self._style: tuple[dict[str, Any], dict[str, Any]] | None = None
        self._style_until = 0.0
        self._upstream = Upstream()
        self._client: httpx.AsyncClient | None = None

    async def style(self, prefix: str) -> dict[str, Any]:
        """MapLibre's style with addresses under `prefix`. Raises NoBasemap, BasemapDown."""
        style, documents = await self._read()
        served, _ = rewritten(style, self._address(), documents, prefix)
        return served

    async def file(self, path: str) -> File:
        """A tile, letters or icons that the style names. Raises NoBasemap, BasemapDown, NotFound."""
        await self._read()
        address = self._upstream.address(path)
        if address is None:
            raise NotFound
        found = self._files.get(address)
        if found is None:
            found = await self._fetch(address)
            self._keep(address, found)
        else:
            self._files.move_to_end(address)
        return found

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    def _address(self) -> str:
        if not self._style_url:
            raise NoBasemap
        return self._style_url

    async def _read(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The style and the documents that describe its sources."""
        if self._style is not None and time.monotonic() < self._style_until:
            return self._style
        url = self._address()
        try:
            style = orjson.loads((await self._fetch(url)).plain())
            documents: dict[str, Any] = {}
            for name, where in needed_documents(style, url).items():
                described = orjson.loads((await self._fetch(where)).plain())
                documents[name] = described | {"__url__": where}
            _, self._upstream = rewritten(style, url, documents, "/")
        except (orjson.JSONDecodeError, WrongStyle, NotFound):
            self._silent_until = time.monotonic() + SILENCE_S
            raise BasemapDown from None
        except BasemapDown:
            if self._style is None:
                raise
            return self._style  # an old one is better than none: its tiles may be in memory
        self._style = style, documents
        self._style_until = time.monotonic() + STYLE_KEPT_S
        return self._style

    async def _fetch(self, address: str) -> File:
        if time.monotonic() < self._silent_until:
            raise BasemapDown
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=TIMEOUT_S,
                follow_redirects=False,  # to where, nobody knows
                limits=httpx.Limits(max_connections=CONNECTIONS),
                # nothing of the visitor is passed on
                headers={"user-agent": f"geoservice/{__version__}", "accept-encoding": "gzip"},
            )
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                self._client.stream("GET", address) as answer,
            ):
                if answer.status_code in (204, 400, 401, 403, 404):
                    raise NotFound
                if answer.status_code != 200:
                    raise httpx.HTTPStatusError("", request=answer.request, response=answer)
                body = b""
                async for part in answer.aiter_raw():
                    body += part
                    if len(body) > ANSWER_MAX_BYTES:
                        raise httpx.TransportError("too large")
        except (httpx.HTTPError, TimeoutError):
            self._silent_until = time.monotonic() + SILENCE_S
            raise BasemapDown from None
        media_type = answer.headers.get("content-type", "application/octet-stream")
        return File(body, answer.headers.get("content-encoding") == "gzip", media_type)

    def _keep(self, address: str, file: File) -> None:
        self._files[address] = file
        self._bytes += len(file.body)
        while self._bytes > CACHE_BYTES:
            _, oldest = self._files.popitem(last=False)
            self._bytes -= len(oldest.body)
