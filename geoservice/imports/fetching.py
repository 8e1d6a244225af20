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
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from geoservice import clock
from geoservice.imports.mapping import Mapping, Pages
from geoservice.imports.problems import ImportProblem
from geoservice.system import reason

TIMEOUT = httpx.Timeout(30, connect=10)
TRIES = 3
WAIT_S = 2.0
"""Before trying again, doubled each time."""
LONGEST_WAIT_S = 120.0
"""What a server may ask to wait for (`Retry-After`); more is told to the person instead."""
LATER = (429, 500, 502, 503, 504)
"""Answers that may be better a moment later."""
LARGEST_DOWNLOAD_BYTES = 4_000_000_000
LARGEST_PAGE_BYTES = 200_000_000
RESUMED_WITHIN_S = 24 * 3600
"""An older half is thrown away: the source has changed since."""
MOST_PAGES = 100_000

Answer = TypeVar("Answer")
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
    `folder`; what arrived whole is removed at the end of the block, so that the next import asks
    again. Raises FetchProblem.
    """
    place = origin or mapping.source.url
    if not place:
        raise FetchProblem(
            f"La source « {mapping.name} » n’a pas d’adresse : donnez un fichier, "
            f"« geoservice import {mapping.name} FICHIER »."
        )
    if place == "-":
        path = folder / f"stdin-{os.getpid()}"
        try:
            with _writing(folder):
                _from_standard_input(path)
            yield Fetched(path, told(mapping, origin))
        finally:
            path.unlink(missing_ok=True)
        return
    if not place.startswith(("http://", "https://")):
        yield Fetched(Path(place), told(mapping, origin))
        return
    with _writing(folder):
        spool = _Spool(folder, place)
        download = _Download(mapping, place, spool, advance)
        path = download.pages() if mapping.source.pages else download.file()
    try:
        yield Fetched(path, told(mapping, origin))
    finally:
        spool.remove()


def told(mapping: Mapping, origin: str | None) -> str:
    """Where the data come from, as the journal of imports keeps it: without secrets."""
    place = origin or mapping.source.url or ""
    if place == "-":
        return "entrée standard"
    return without_secrets(place) if "://" in place else Path(place).name


@contextmanager
def _writing(folder: Path) -> Generator[None]:
    """What the disk refuses is said; what had arrived is kept, to go on from."""
    try:
        yield
    except OSError as error:
        raise FetchProblem(
            f"Les données ne peuvent pas être gardées dans {folder} ({reason(error)}) : rien n’est importé."
        ) from None


def without_secrets(address: str) -> str:
    parts = urlsplit(address)
    machine = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, machine, parts.path, "", ""))


def _from_standard_input(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)


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
        path = self.spool.folder / (Path(urlsplit(self.address).path).name or "download")[-100:]
        self._insist(self.address, lambda client: self._file_once(client, path))
        return path

    def _file_once(self, client: httpx.Client, path: Path) -> None:
        state = self.spool.state()
        done = path.stat().st_size if state and path.exists() else 0
        # compressed bytes could not be gone on from
        headers = self.headers | {"Accept-Encoding": "identity"}
        if done and state.get("mark"):
            headers |= {"Range": f"bytes={done}-", "If-Range": state["mark"]}
        with client.stream("GET", self.address, headers=headers) as answer:
            if answer.status_code == 416:  # nothing is left to send, or the file is another
                path.unlink(missing_ok=True)
                raise _Later(0.0, answer)
            self._check(answer)
            goes_on = answer.status_code == 206
            mark = answer.headers.get("ETag") or answer.headers.get("Last-Modified")
            # a weak mark does not promise the same bytes
            weak = mark and (mark.startswith("W/") or "Content-Encoding" in answer.headers)
            self.spool.keep(mark=None if weak else mark)
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
        with path.open("ab") as file:
            file.truncate(size)
            for _ in range(MOST_PAGES):
                if following is None:
                    return
                answer = self._page(following)
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

    def _page(self, address: str) -> Any:
        if urlsplit(address).netloc != urlsplit(self.address).netloc:
            raise FetchProblem(
                "La page suivante est sur un autre serveur : le jeton n’y est pas envoyé."
            )
        return self._insist(address, lambda client: self._page_once(client, address))

    def _page_once(self, client: httpx.Client, address: str) -> Any:
        with client.stream("GET", address, headers=self.headers) as answer:
            self._check(answer)
            content = bytearray()
            for chunk in answer.iter_bytes(1 << 16):
                content += chunk
                if len(content) > LARGEST_PAGE_BYTES:
                    raise FetchProblem(
                        f"{without_secrets(address)} : une page dépasse "
                        f"{LARGEST_PAGE_BYTES // 1_000_000} Mo."
                    )
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            raise FetchProblem(
                f"{without_secrets(address)} n’a pas répondu en JSON correct."
            ) from None

    def _insist(self, address: str, ask: Callable[[httpx.Client], Answer]) -> Answer:
        """What `ask` brings, asked TRIES times when the network or the server is at fault."""
        place = without_secrets(address)
        for attempt in range(TRIES):
            wait = WAIT_S * 2**attempt
            try:
                with httpx.Client(timeout=TIMEOUT, follow_redirects=True) as client:
                    return ask(client)
            except _Later as later:
                wait = wait if later.wait_s is None else later.wait_s
                why = later.why
            except httpx.TooManyRedirects:
                raise FetchProblem(f"{place} redirige sans fin. Vérifiez l’adresse.") from None
            except (httpx.InvalidURL, httpx.UnsupportedProtocol):
                raise FetchProblem(f"{place} n’est pas une adresse correcte.") from None
            except httpx.DecodingError:
                raise FetchProblem(f"{place} a répondu des données abîmées.") from None
            except httpx.TransportError as error:
                why = _why(error)
            if attempt + 1 < TRIES and wait <= LONGEST_WAIT_S:
                time.sleep(wait)
                continue
            patience = (
                f" Le serveur demande d’attendre {wait:.0f} s." if wait > LONGEST_WAIT_S else ""
            )
            raise FetchProblem(
                f"{place} ne répond pas correctement ({why}).{patience} "
                "Ce qui est déjà arrivé est gardé : relancez la même commande plus tard."
            )
        raise AssertionError("the last attempt returns or raises")

    def _check(self, answer: httpx.Response) -> None:
        place = without_secrets(str(answer.url))
        if answer.status_code in LATER:
            raise _Later(_retry_after(answer), answer)
        if answer.status_code in (401, 403):
            token = self.source.token
            why = (
                f"le jeton de {token} est absent ou périmé"
                if token
                else "il faut sans doute un jeton"
            )
            raise FetchProblem(f"{place} refuse l’accès (erreur {answer.status_code}) : {why}.")
        if answer.status_code in (404, 410):
            raise FetchProblem(
                f"{place} n’existe pas (erreur {answer.status_code}) : vérifiez l’adresse."
            )
        if answer.status_code >= 300:
            raise FetchProblem(f"{place} répond par une erreur {answer.status_code}.")


class _Later(Exception):
    """The server asks to come back; `wait_s` is None when it does not say when."""

    def __init__(self, wait_s: float | None, answer: httpx.Response) -> None:
        super().__init__()
        self.wait_s = wait_s
        busy = answer.status_code == 429
        self.why = "trop de demandes, erreur 429" if busy else f"erreur {answer.status_code}"


def _retry_after(answer: httpx.Response) -> float | None:
    """Seconds to wait, from a number or a date."""
    written = answer.headers.get("Retry-After", "")
    if written.isascii() and written.isdigit():
        return float(written[:9])
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - clock.now()).total_seconds())


def _why(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.ConnectTimeout | httpx.ReadTimeout | httpx.WriteTimeout):
        return "délai dépassé"
    if isinstance(error, httpx.ConnectError):
        return "serveur introuvable ou éteint"
    return "connexion coupée"


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
