"""Data that come from an address: whole, in pages, interrupted and taken up again."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from geoservice.imports import fetching
from geoservice.imports.fetching import fetched
from geoservice.imports.mapping import Mapping, Source
from geoservice.imports.problems import ImportProblem

ITEMS = [{"id": str(n), "nom": f"Lieu {n}"} for n in range(1, 8)]
FILE = json.dumps(ITEMS).encode() * 2000
SECRET = "jeton-de-test"  # noqa: S105 - invented here


class Api(BaseHTTPRequestHandler):
    """Pages by number, pages by link, and one large file; what is in `broken` fails once."""

    server: "Server"  # pyright: ignore[reportIncompatibleVariableOverride] - the one below

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        broken = self.server.broken
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if self.path in broken:
            broken.discard(self.path)
            self.close_connection = True
            self.connection.close()
            return
        if said := self.server.says.get(url.path):
            self._say(*said.pop(0) if len(said) > 1 else said[0])
            return
        if url.path == "/file.json":
            self._file(broken)
        elif self.headers.get("Authorization") != f"Bearer {SECRET}":
            self._answer({"detail": "non"}, 401)
        elif url.path == "/numbered":
            page = int(query.get("page", 1))
            self._answer({"items": ITEMS[3 * page - 3 : 3 * page], "page": page, "pages": 3})
        elif url.path == "/linked":
            after = int(query.get("page[after]", 0))
            more = {"href": f"/linked?page[after]={after + 4}"} if after + 4 < len(ITEMS) else None
            self._answer(
                {
                    "data": [{"attributes": i} for i in ITEMS[after : after + 4]],
                    "links": {"next": more},
                }
            )
        elif url.path == "/services":
            page = int(query.get("page", 1))
            self._answer({"items": [{"lieu": str(2 * page), "type": "atelier"}], "pages": 3})
        elif url.path == "/elsewhere":
            self._answer({"data": [], "links": {"next": "http://ailleurs.exemple.fr/"}})
        else:
            self._answer({}, 404)

    def _file(self, broken: set[str]) -> None:
        start = 0
        if (wanted := self.headers.get("Range")) and self.headers.get("If-Range") == '"v1"':
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            self.send_response(206)
        else:
            self.send_response(200)
        body = FILE[start:]
        self.send_header("ETag", '"v1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if "half" in broken:
            broken.discard("half")
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.connection.close()
        else:
            self.wfile.write(body)

    def _say(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.server.told.append(self.headers.get("Authorization"))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _answer(self, body: object, status: int = 200) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Api)
        self.broken: set[str] = set()
        self.asked: list[str] = []
        self.says: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        """Path → answers, the last one for ever."""
        self.told: list[str | None] = []
        """The secrets that came with those."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("GEOSERVICE_TEST_TOKEN", SECRET)
    monkeypatch.setattr(fetching, "WAIT_S", 0.01)
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def mapping(**options: Any) -> Mapping:
    source = Source.model_validate(
        {"title": "Essai", "licence": "LO", "key": "id", "token": "GEOSERVICE_TEST_TOKEN"} | options
    )
    return Mapping("essai", source, (), {})


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


NUMBERED = {"items": "items", "total": "pages"}
LINKED = {"items": "data", "next": "links.next"}


def test_every_numbered_page_is_read(api: Server, tmp_path: Path) -> None:
    with fetched(mapping(pages=NUMBERED), f"{api.address}/numbered", tmp_path) as data:
        assert lines(data.path) == ITEMS


def test_every_linked_page_is_read(api: Server, tmp_path: Path) -> None:
    with fetched(mapping(pages=LINKED), f"{api.address}/linked", tmp_path) as data:
        assert [line["attributes"] for line in lines(data.path)] == ITEMS


def test_a_second_list_is_joined_to_the_first(api: Server, tmp_path: Path) -> None:
    source = mapping(pages=NUMBERED, attach={"name": "services", "url": "/services", "by": "lieu"})
    with fetched(source, f"{api.address}/numbered", tmp_path) as data:
        services = [line["services"] for line in lines(data.path)]

    assert [len(found) for found in services] == [0, 1, 0, 1, 0, 1, 0]


def test_a_second_list_that_is_interrupted_goes_on_without_asking_for_the_first_again(
    api: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TRIES", 1)
    source = mapping(pages=NUMBERED, attach={"name": "services", "url": "/services", "by": "lieu"})
    api.broken.add("/services?page=2")
    with pytest.raises(ImportProblem, match="relancez la même commande"):  # noqa: SIM117
        with fetched(source, f"{api.address}/numbered", tmp_path):
            pass
    api.asked.clear()

    with fetched(source, f"{api.address}/numbered", tmp_path) as data:
        services = [line["services"] for line in lines(data.path)]
    assert [len(found) for found in services] == [0, 1, 0, 1, 0, 1, 0]
    assert api.asked == ["/services?page=2", "/services?page=3"]


def test_a_page_that_fails_is_asked_again(api: Server, tmp_path: Path) -> None:
    api.broken.add("/numbered?page=2")

    with fetched(mapping(pages=NUMBERED), f"{api.address}/numbered", tmp_path) as data:
        assert lines(data.path) == ITEMS


def test_an_interrupted_list_goes_on_at_the_page_where_it_stopped(
    api: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TRIES", 1)
    api.broken.add("/numbered?page=3")
    with pytest.raises(ImportProblem, match="relancez la même commande"):  # noqa: SIM117
        with fetched(mapping(pages=NUMBERED), f"{api.address}/numbered", tmp_path):
            pass
    api.asked.clear()

    with fetched(mapping(pages=NUMBERED), f"{api.address}/numbered", tmp_path) as data:
        assert lines(data.path) == ITEMS
    assert api.asked == ["/numbered?page=3"]


def test_an_interrupted_file_goes_on_at_the_byte_where_it_stopped(
    api: Server, tmp_path: Path
) -> None:
    api.broken.add("half")
    arrived: list[int] = []

    with fetched(mapping(token=None), f"{api.address}/file.json", tmp_path, arrived.append) as data:
        assert data.path.read_bytes() == FILE
    assert len(api.asked) == 2
    assert sum(arrived) == len(FILE)


def test_nothing_stays_of_a_download_that_was_used(api: Server, tmp_path: Path) -> None:
    with fetched(mapping(token=None), f"{api.address}/file.json", tmp_path):
        pass

    assert list(tmp_path.iterdir()) == []


def test_the_secret_stays_out_of_the_journal(api: Server, tmp_path: Path) -> None:
    with fetched(mapping(pages=NUMBERED), f"{api.address}/numbered?cle=secret", tmp_path) as data:
        assert data.origin == f"{api.address}/numbered"


def test_a_missing_token_is_asked_for_by_its_name(
    api: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEOSERVICE_TEST_TOKEN")

    with pytest.raises(ImportProblem, match="GEOSERVICE_TEST_TOKEN"):  # noqa: SIM117
        with fetched(mapping(pages=NUMBERED), f"{api.address}/numbered", tmp_path):
            pass


def test_a_refused_token_is_said(
    api: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSERVICE_TEST_TOKEN", "perime")

    why = told(f"{api.address}/numbered", tmp_path, pages=NUMBERED)

    assert "le jeton de GEOSERVICE_TEST_TOKEN est absent ou périmé" in why


def test_the_token_is_never_sent_to_another_server(api: Server, tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="sur un autre serveur"):  # noqa: SIM117
        with fetched(mapping(pages=LINKED), f"{api.address}/elsewhere", tmp_path):
            pass


def test_a_source_without_an_address_asks_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="geoservice import essai FICHIER"):  # noqa: SIM117
        with fetched(mapping(), None, tmp_path):
            pass


def test_a_page_that_does_not_exist_is_said(api: Server, tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="erreur 404"):  # noqa: SIM117
        with fetched(mapping(), f"{api.address}/absent", tmp_path):
            pass


GOOD: tuple[int, dict[str, str], bytes] = (200, {}, b"[]")


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the import waited, in seconds, without waiting."""
    waits: list[float] = []
    monkeypatch.setattr(fetching.time, "sleep", waits.append)
    return waits


def told(address: str, folder: Path, **options: Any) -> str:
    """Why the data could not be brought."""
    with pytest.raises(ImportProblem) as problem, fetched(mapping(**options), address, folder):
        pass
    return str(problem.value)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("options", [{"token": None}, {"pages": LINKED}])
def test_a_server_that_is_busy_is_asked_again(
    api: Server, tmp_path: Path, slept: list[float], status: int, options: dict[str, Any]
) -> None:
    api.says["/busy"] = [(status, {"Retry-After": "7"}, b""), (200, {}, b'{"data": []}')]

    with fetched(mapping(**options), f"{api.address}/busy", tmp_path):
        pass

    assert slept == [7]


def test_a_date_to_come_back_is_understood(api: Server, tmp_path: Path, slept: list[float]) -> None:
    in_the_past = {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}
    api.says["/busy"] = [(429, in_the_past, b""), GOOD]

    with fetched(mapping(token=None), f"{api.address}/busy", tmp_path):
        pass

    assert slept == [0]


def test_a_server_that_wants_an_hour_is_not_waited_for(
    api: Server, tmp_path: Path, slept: list[float]
) -> None:
    api.says["/busy"] = [(429, {"Retry-After": "3600"}, b"")]

    why = told(f"{api.address}/busy", tmp_path, token=None)

    assert "trop de demandes, erreur 429" in why
    assert "attendre 3600 s" in why
    assert slept == []


def test_a_server_that_stays_broken_is_said_after_three_times(
    api: Server, tmp_path: Path, slept: list[float]
) -> None:
    api.says["/broken"] = [(500, {}, b"")]

    assert "(erreur 500)" in told(f"{api.address}/broken", tmp_path, token=None)
    assert api.asked == ["/broken"] * 3
    assert len(slept) == 2


def test_a_server_that_is_off_is_said(tmp_path: Path, slept: list[float]) -> None:
    with Server() as gone:
        address = gone.address

    assert "serveur introuvable ou éteint" in told(f"{address}/", tmp_path, token=None)


def test_a_server_that_never_answers_is_said(
    tmp_path: Path, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT", httpx.Timeout(0.05))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        why = told(f"http://127.0.0.1:{silent.getsockname()[1]}/", tmp_path, token=None)

    assert "délai dépassé" in why


def test_a_redirection_is_followed(api: Server, tmp_path: Path) -> None:
    api.says["/old"] = [(301, {"Location": "/file.json"}, b"")]

    with fetched(mapping(token=None), f"{api.address}/old", tmp_path) as data:
        assert data.path.read_bytes() == FILE


def test_a_redirection_to_another_server_does_not_take_the_token_along(
    api: Server, tmp_path: Path
) -> None:
    with Server() as other:
        thread = threading.Thread(target=other.serve_forever, args=(0.02,))
        thread.start()
        other.says["/there"] = [(200, {}, b"[]")]
        api.says["/away"] = [(302, {"Location": f"{other.address}/there"}, b"")]
        with fetched(mapping(), f"{api.address}/away", tmp_path):
            pass
        other.shutdown()
        thread.join()

    assert api.told == [f"Bearer {SECRET}"]
    assert other.told == [None]


def test_redirections_without_end_are_said(api: Server, tmp_path: Path) -> None:
    api.says["/round"] = [(302, {"Location": "/round"}, b"")]

    assert "redirige sans fin" in told(f"{api.address}/round", tmp_path, token=None)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "http://[", "ftp://exemple.fr/"])
def test_a_redirection_to_nowhere_is_said(api: Server, tmp_path: Path, location: str) -> None:
    api.says["/nowhere"] = [(302, {"Location": location}, b"")]

    assert "/nowhere" in told(f"{api.address}/nowhere", tmp_path, token=None)


@pytest.mark.parametrize("content", [b"<html>", b"[" * 200_000, b'{"data": 3}', b"\xff"])
def test_a_page_that_is_no_list_of_places_is_said(
    api: Server, tmp_path: Path, content: bytes
) -> None:
    api.says["/odd"] = [(200, {}, content)]

    assert "/odd" in told(f"{api.address}/odd", tmp_path, pages=LINKED)


def test_a_page_without_end_is_stopped(
    api: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST_PAGE_BYTES", 1000)
    api.says["/long"] = [(200, {}, b"[" + b"1," * 1000 + b"1]")]

    assert "une page dépasse" in told(f"{api.address}/long", tmp_path, pages=LINKED)


def test_a_file_that_had_arrived_whole_is_asked_again(api: Server, tmp_path: Path) -> None:
    """A process that was killed left it there; the server has nothing more to send."""
    spool = fetching._Spool(tmp_path, f"{api.address}/file.json")  # pyright: ignore[reportPrivateUsage]
    (spool.folder / "file.json").write_bytes(FILE)
    spool.keep(mark='"v1"')
    api.says["/file.json"] = [(416, {}, b""), (200, {}, FILE)]

    with fetched(mapping(token=None), f"{api.address}/file.json", tmp_path) as data:
        assert data.path.read_bytes() == FILE


def test_what_was_refused_is_asked_again_the_next_time(api: Server, tmp_path: Path) -> None:
    """Its producer has perhaps mended it since."""
    for _ in range(2):
        with pytest.raises(ImportProblem):  # noqa: SIM117
            with fetched(mapping(pages=NUMBERED), f"{api.address}/numbered", tmp_path):
                raise ImportProblem("la source a rétréci")

    assert api.asked.count("/numbered") == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="il faut /dev/full (Linux)")
def test_a_full_disk_is_said(api: Server, tmp_path: Path) -> None:
    spool = fetching._Spool(tmp_path, f"{api.address}/file.json")  # pyright: ignore[reportPrivateUsage]
    (spool.folder / "file.json").symlink_to("/dev/full")

    why = told(f"{api.address}/file.json", tmp_path, token=None)

    assert "le disque est plein" in why
    assert "rien n’est importé" in why
