"""A real Chromium on the real application; every page is watched for other hosts and for errors."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, sync_playwright

from geoservice.paths import ROOT
from geoservice.web.static import DIST

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    # without a graphics card: software WebGL, and no warnings about it
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
]
AXE = ROOT / "embed" / "node_modules" / "axe-core" / "axe.min.js"
LIST = "/lieux?ou=Guéret"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them, and run them last: they are the slowest."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: "browser" in item.path.parts)


def need(is_there: bool, why: str) -> None:
    """Skip where something is missing, but never in CI: there it is a failure."""
    if is_there:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need(os.path.exists(CHROMIUM), "Chromium n’est pas installé : bin/setup --dev")
    need(DIST.is_dir(), "le front n’est pas construit : bin/front --dev")
    # closed with its file: while Playwright runs, asyncio.run() is refused to the tests that follow
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """What the pages of one test asked and complained about."""

    site: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list[BrowserContext])
    hosts: set[str] = field(default_factory=set[str])
    errors: list[str] = field(default_factory=list[str])
    allowed: set[str] = field(default_factory=set[str])
    """Other hosts that the test itself serves."""
    expected: tuple[str, ...] = ()
    """Parts of the messages that the test itself provokes."""

    def open(
        self,
        path: str,
        *,
        width: int = 1000,
        height: int = 800,
        theme: Literal["light", "dark"] = "light",
        script: bool = True,
        before: str = "",
        **options: Any,
    ) -> Page:
        """A page of its own session. 1 000 pixels is a wide screen without the map beside the list."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            java_script_enabled=script,
            reduced_motion="reduce",  # what moves smoothly is not yet where it goes
            locale="fr-FR",
            base_url=self.site,
            **options,
        )
        self.contexts.append(context)
        if before:
            context.add_init_script(before)
        page = context.new_page()
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.errors.append(f"{message.text} {message.location}")
                if message.type in ("error", "warning")
                else None
            ),
        )
        page.goto(path)
        return page

    def check(self) -> None:
        # blob: and data: have no host
        assert self.hosts - {""} - self.allowed == {urlsplit(self.site).netloc}
        unexpected = [
            error for error in self.errors if not any(part in error for part in self.expected)
        ]
        assert not unexpected


@pytest.fixture
def watched(site: str, browser: Browser) -> Iterator[Watched]:
    opened = Watched(site, browser)
    yield opened
    for context in opened.contexts:
        context.close()
    opened.check()


Host = Callable[..., str]


class Mairie(BaseHTTPRequestHandler):
    """Answers every request with one page."""

    def __init__(self, page: str, headers: dict[str, str], *args: object) -> None:
        self.page, self.sent = page, headers
        super().__init__(*args)  # pyright: ignore[reportArgumentType]

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/" else 404)
        for name, value in {"content-type": "text/html; charset=utf-8", **self.sent}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.path == "/":
            self.wfile.write(self.page.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def mairie(watched: Watched) -> Iterator[Host]:
    """Gives the address, on another port, of a page that holds `body`."""
    servers: list[ThreadingHTTPServer] = []

    def open_(body: str, *, style: str = "", **headers: str) -> str:
        page = f"""<!doctype html><html lang="fr"><head><title>Mairie</title>
          <link rel="icon" href="data:,"><style>{style}</style></head>
          <body><main><h1>Notre mairie</h1>{body}</main></body></html>"""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Mairie, page, sent))
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        address = f"http://127.0.0.1:{server.server_port}"
        watched.allowed.add(f"127.0.0.1:{server.server_port}")
        return address

    yield open_
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def place_path(site: str) -> str:
    """A place of which much is known."""
    answer = httpx.get(f"{site}/lieux.json", params={"ou": "Guéret", "limite": 20}, timeout=30)
    known = max(
        answer.json()["lieux"], key=lambda lieu: sum(bool(value) for value in lieu.values())
    )
    return f"/lieux/{known['id']}"


def content_width_px(page: Page) -> int:
    """More than the window's where something sticks out."""
    page.wait_for_load_state()  # a click comes back while the next page is still empty
    return page.evaluate("document.documentElement.scrollWidth")


def axe_faults(page: Page, *, without: str | None = None) -> list[str]:
    """What axe-core reproaches the page, one line each."""
    need(AXE.is_file(), "axe-core n’est pas installé : bin/front --dev")
    page.wait_for_load_state()
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        """async (without) => (await axe.run(
             without ? { exclude: [without] } : document,
             { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
           )).violations.flatMap((rule) =>
             rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`))""",
        without,
    )
    return list(found)


def wait_until(page: Page | Frame, expression: str, timeout_s: float = 30) -> None:
    """Poll: Playwright's own wait_for_function needs eval, which our pages forbid."""
    for _ in range(int(timeout_s * 10)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never true: {expression}")
