"""Brings a source's data to this machine: a file, the standard input, an address, the pages of an API.

What comes from the network is kept beside the database while it arrives, so that an interrupted
download goes on where it stopped.
"""

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from geoservice.imports.mapping import Mapping, Pages
from geoservice.imports.problems import ImportProblem

TIMEOUT = httpx.Timeout(30, connect=10)
TRIES = 3
WAIT_S = 2.0
"""Before trying again, doubled each time."""
LARGEST_DOWNLOAD_BYTES = 4_000_000_000
RESUMED_WITHIN_S = 24 * 3600
"""An older half is thrown away: the source has changed since."""
MOST_PAGES = 100_000

Advance = Callable[[int], None]
"""Told of bytes, or of elements when the source comes in pages."""


class FetchProblem(ImportProblem):
    """Why a source's data could not be brought here."""


@dataclass(frozen=True)
class Fetched:
    path: Path
    origin: str
    """As the journal of imports keeps it: without secrets."""


@contextmanager
def fetched(
    mapping: Mapping, origin: str | None, folder: Path, advance: Advance = lambda _: None
) -> Generator[Fetched]:
    """The data of a source as a local file, which lasts as long as the block.

    `origin` is a path, an address, `-`, or None for the address of the mapping. Downloads go to
    `folder`; they are removed when the block ends well. Raises FetchProblem.
    """
    place = origin or mapping.source.url
    if not place:
        raise FetchProblem(
            f"La source « {mapping.name} » n’a pas d’adresse : donnez un fichier, "
            f"« geoservice import {mapping.name} FICHIER »."
        )
    if place == "-":
        path = _from_standard_input(folder)
        try:
            yield Fetched(path, "entrée standard")
        finally:
            path.unlink()
        return
    if not place.startswith(("http://", "https://")):
        yield Fetched(Path(place), Path(place).name)
        return
    spool = _Spool(folder, place)
    download = _Download(mapping, place, spool, advance)
    path = download.pages() if mapping.source.pages else download.file()
    yield Fetched(path, without_secrets(place))
    spool.remove()


def without_secrets(address: str) -> str:
    parts = urlsplit(address)
    machine = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, machine, parts.path, "", ""))


def _from_standard_input(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"stdin-{os.getpid()}"
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path


class _Spool:
    """The files of one download, and how far it went."""

    def __init__(self, folder: Path, address: str) -> None:
        key = hashlib.sha256(address.encode()).hexdigest()[:12]
        self.folder = folder / key
        self.folder.mkdir(parents=True, exist_ok=True)
        self.state_file = self.folder / "state.json"

    def state(self) -> dict[str, Any]:
        """Empty when there is nothing to go on from."""
        try:
            state = cast("dict[str, Any]", json.loads(self.state_file.read_text()))
        except (OSError, ValueError):
            return {}
        return state if time.time() - state.get("at", 0) < RESUMED_WITHIN_S else {}

    def keep(self, **state: object) -> None:
        """Add to what is known of the download."""
        written = self.state_file.with_suffix(".new")
        written.write_text(json.dumps(self.state() | state | {"at": time.time()}))
        written.replace(self.state_file)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class _Download:
    def __init__(self, mapping: Mapping, address: str, spool: _Spool, advance: Advance) -> None:
        self.source = mapping.source
        self.address = address
        self.spool = spool
        self.advance = advance
        self.headers = {"User-Agent": "geoservice (import)"} | self._secret()

    def _secret(self) -> dict[str, str]:
        variable = self.source.token
        if not variable:
            return {}
        secret = os.environ.get(variable)
        if not secret:
            raise FetchProblem(
                f"Cette source demande un jeton : mettez-le dans la variable d’environnement {variable}."
            )
        if not secret.isascii():
            raise FetchProblem(
                f"Le jeton de {variable} contient un caractère impossible : recopiez-le."
            )
        return {"Authorization": f"Bearer {secret}"}

    def file(self) -> Path:
        """Download one file, from where the last attempt stopped if the server can."""
        path = self.spool.folder / (Path(urlsplit(self.address).path).name or "download")
        for attempt in range(TRIES):
            try:
                self._file_once(path)
                return path
            except httpx.TransportError as error:
                self._wait(attempt, error)
        return path

    def _file_once(self, path: Path) -> None:
        state = self.spool.state()
        done = path.stat().st_size if state and path.exists() else 0
        headers = dict(self.headers)
        if done and state.get("mark"):
            headers |= {"Range": f"bytes={done}-", "If-Range": state["mark"]}
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=True) as client,
            client.stream("GET", self.address, headers=headers) as answer,
        ):
            _check(answer)
            goes_on = answer.status_code == 206
            mark = answer.headers.get("ETag") or answer.headers.get("Last-Modified")
            # a weak mark does not promise the same bytes
            self.spool.keep(mark=None if mark and mark.startswith("W/") else mark)
            size = done if goes_on else 0
            with path.open("ab" if goes_on else "wb") as file:
                for chunk in answer.iter_bytes(1 << 16):
                    size += len(chunk)
                    if size > LARGEST_DOWNLOAD_BYTES:
                        raise FetchProblem(
                            "Le fichier dépasse 4 Go : ce n’est sans doute pas le bon."
                        )
                    file.write(chunk)
                    self.advance(len(chunk))

    def pages(self) -> Path:
        """Download every page of the lists, as one element per line."""
        assert self.source.pages  # noqa: S101 - the caller looked
        path = self.spool.folder / "rows.jsonl"
        self._list(self.address, path, self.source.pages)
        attach = self.source.attach
        if attach and attach.url:
            others = self.spool.folder / "attached.jsonl"
            self._list(urljoin(self.address, attach.url), others, self.source.pages)
            path = _joined(path, others, self.source.key[0], attach.name, attach.by)
        return path

    def _list(self, address: str, path: Path, pages: Pages) -> None:
        name = path.stem
        state = self.spool.state()
        following: str | None = state.get(name, address)
        size = state.get(f"{name}_bytes", 0) if path.exists() else 0
        if not size:
            following = address
        with (
            path.open("ab") as file,
            httpx.Client(timeout=TIMEOUT, follow_redirects=True) as client,
        ):
            file.truncate(size)
            for _ in range(MOST_PAGES):
                if following is None:
                    return
                answer = self._page(client, following)
                items = _at(answer, pages.items)
                if not isinstance(items, list):
                    raise FetchProblem(
                        f"{without_secrets(following)} : la réponse n’a pas de liste « {pages.items} »."
                    )
                for item in cast("list[Any]", items):
                    file.write(json.dumps(item, ensure_ascii=False).encode() + b"\n")
                file.flush()
                self.advance(len(cast("list[Any]", items)))
                following = _next(following, answer, pages, empty=not items)
                self.spool.keep(**{name: following, f"{name}_bytes": file.tell()})

    def _page(self, client: httpx.Client, address: str) -> Any:
        if urlsplit(address).netloc != urlsplit(self.address).netloc:
            raise FetchProblem(
                "La page suivante est sur un autre serveur : le jeton n’y est pas envoyé."
            )
        for attempt in range(TRIES):
            try:
                answer = client.get(address, headers=self.headers)
                if answer.status_code in (429, 502, 503, 504) and attempt + 1 < TRIES:
                    time.sleep(WAIT_S * 2**attempt)
                    continue
                _check(answer)
                return answer.json()
            except httpx.TransportError as error:
                self._wait(attempt, error)
            except ValueError:
                raise FetchProblem(f"{without_secrets(address)} n’a pas répondu en JSON.") from None
        raise FetchProblem(f"{without_secrets(address)} ne répond pas.")

    def _wait(self, attempt: int, error: Exception) -> None:
        if attempt + 1 == TRIES:
            raise FetchProblem(
                f"{without_secrets(self.address)} ne répond pas ({type(error).__name__}). "
                "Ce qui est déjà arrivé est gardé : relancez la même commande."
            ) from None
        time.sleep(WAIT_S * 2**attempt)


def _check(answer: httpx.Response) -> None:
    if answer.status_code in (401, 403):
        raise FetchProblem(
            f"{without_secrets(str(answer.url))} refuse l’accès : le jeton est absent ou périmé."
        )
    if answer.status_code >= 400:
        raise FetchProblem(
            f"{without_secrets(str(answer.url))} répond par une erreur {answer.status_code}."
        )


def _at(value: Any, path: str) -> Any:
    for step in filter(None, path.split(".")):
        value = cast("dict[str, Any]", value).get(step) if isinstance(value, dict) else None
    return value


def _next(address: str, answer: Any, pages: Pages, *, empty: bool) -> str | None:
    if pages.next:
        found = _at(answer, pages.next)
        if isinstance(found, dict):  # JSON:API: a link may be an object
            found = cast("dict[str, Any]", found).get("href")
        return urljoin(address, str(found)) if found else None
    url = httpx.URL(address)
    page = int(url.params.get(pages.page, "1"))
    total = _at(answer, pages.total) if pages.total else None
    if empty or (total is not None and page >= int(total)):
        return None
    return str(url.copy_set_param(pages.page, page + 1))


def _joined(rows: Path, others: Path, key: str, name: str, by: str) -> Path:
    groups: dict[str, list[Any]] = {}
    with others.open(encoding="utf-8") as file:
        for line in file:
            element = cast("dict[str, Any]", json.loads(line))
            groups.setdefault(str(element.get(by)), []).append(element)
    path = rows.with_name("joined.jsonl")
    with rows.open(encoding="utf-8") as file, path.open("w", encoding="utf-8") as joined:
        for line in file:
            row = cast("dict[str, Any]", json.loads(line))
            row[name] = groups.get(str(row.get(key)), [])
            joined.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path
