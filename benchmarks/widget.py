"""When a list of places can be read on a slow phone, beside the national map's published widget.

Imports the 687 places of `hinaura.json` (GEOSERVICE_DATA) in a private base of its own, serves them by
one web process, and opens in Chromium, in turn, pages of another origin that hold our element, our
frame, and the national map (its npm package, installed in a temporary folder and served from here with
the same compression; what it would ask to other hosts is served from here too, or does not answer).
Every run starts with empty caches. The clock starts with the navigation and stops at the first frame
that shows a result: the name of a place for ours, the first count of its list of regions for theirs.
"""

import contextlib
import functools
import html
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Error, sync_playwright

from geoservice.paths import ROOT

DATA = Path(os.environ.get("GEOSERVICE_DATA", ROOT.parent / "shared" / "data"))
PACKAGE = "@gouvfr-anct/cartographie-nationale"
VERSION = "5.22.0"
CDN = f"https://cdn.jsdelivr.net/npm/{PACKAGE}@5.20.0"
"""What the files of the package name, whatever their version."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


SERVICE_PORT, PAGES_PORT = _free_port(), _free_port()
SERVICE, PAGES = f"http://127.0.0.1:{SERVICE_PORT}", f"http://127.0.0.1:{PAGES_PORT}"
RUNS = int(os.environ.get("RUNS", "5"))
PATIENCE_S = 120
QUESTION = "territoire=departement:69"


@dataclass(frozen=True)
class Phone:
    name: str
    mbit_s: float
    latency_ms: int
    slower: int
    """How many times slower than this machine its processor is."""


PHONES = (Phone("1,6 Mbit/s, CPU/4", 1.6, 150, 4), Phone("0,7 Mbit/s, CPU/6", 0.7, 300, 6))


@dataclass(frozen=True)
class Subject:
    name: str
    path: str
    shown: str
    """JavaScript: whether a result is on the page."""


SUBJECTS = (
    Subject(
        "notre élément",
        "element.html",
        "!!document.querySelector('carte-mediation')?.shadowRoot?.querySelector('.place .name')",
    ),
    Subject("notre cadre", "frame.html", "!!document.querySelector('.place .name')"),
    Subject(
        f"carte nationale {VERSION}",
        "national.html",
        "/\\d+ résultats/.test(document.body?.textContent)",
    ),
)
WATCH = """(() => {
  const look = () => {
    if (%s) requestAnimationFrame(() => { window.readableMs = performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""


def pages(folder: Path) -> None:
    """What sites would write."""
    snippet = httpx.get(f"{SERVICE}/integrer", params={"territoire": "departement:69"}, timeout=60)
    element = _copied(snippet.text, "element")
    frame = _copied(snippet.text, "code").replace(' loading="lazy"', "")
    national = f"""<base href="/"><link href="/styles.css" rel="stylesheet">
      <fr-mediation-numerique-cartographie source="{PAGES}/hinaura.json" latitude="45.76"
        longitude="4.84" zoom="11"></fr-mediation-numerique-cartographie>
      <script src="/cartographie.js" type="module"></script>"""
    for name, body in (("element", element), ("frame", frame), ("national", national)):
        (folder / f"{name}.html").write_text(
            f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Mairie</title>'
            f'<meta name="viewport" content="width=device-width"></head><body>{body}</body></html>'
        )


def _copied(page: str, id_: str) -> str:
    [found] = re.findall(rf'<textarea id="{id_}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return html.unescape(found)


def install_national(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as installed:
        subprocess.run(
            ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent",
             "--prefix", installed, f"{PACKAGE}@{VERSION}"],
            check=True,
        )  # fmt: skip
        package = Path(installed) / "node_modules" / PACKAGE
        for name in ("cartographie.js", "styles.css"):
            text = (package / name).read_text()
            (folder / name).write_text(text.replace(CDN, PAGES))
        shutil.copytree(package / "assets", folder / "assets")
    shutil.copy(DATA / "sources" / "hinaura.json", folder)
    compress = """const fs = require("fs"), zlib = require("zlib");
      for (const name of ["cartographie.js", "styles.css", "hinaura.json"])
        fs.writeFileSync(name + ".br", zlib.brotliCompressSync(fs.readFileSync(name)));"""
    subprocess.run(["node", "-e", compress], cwd=folder, check=True)


class Pages(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        packed = path.with_name(path.name + ".br")
        body = packed if packed.exists() else path
        self.send_response(200)
        self.send_header("content-type", self.guess_type(str(path)))
        if packed.exists():
            self.send_header("content-encoding", "br")
        self.send_header("content-length", str(body.stat().st_size))
        self.send_header("cache-control", "public, max-age=86400")
        self.send_header("access-control-allow-origin", "*")
        self.end_headers()
        self.wfile.write(body.read_bytes())

    def log_message(self, format: str, *args: object) -> None:
        pass


def serve(data_dir: str) -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "GEOSERVICE_DATA_DIR": data_dir,
        "GEOSERVICE_PORT": str(SERVICE_PORT),
        "GEOSERVICE_PUBLIC_URL": SERVICE,
        "GEOSERVICE_DEMONSTRATION": "false",
        "GEOSERVICE_BASEMAP_STYLE_URL": "",
    }
    environment.pop("GEOSERVICE_DATABASE_URL", None)
    command = [sys.executable, "-c", "from geoservice.cli import main; main()"]

    def run(*arguments: str) -> None:
        subprocess.run([*command, *arguments], env=environment, check=True, stdout=sys.stderr)

    run("territories", "load", str(DATA / "territoires"))
    run("import", "hinaura", str(DATA / "sources" / "hinaura.json"))
    service = subprocess.Popen([*command, "serve"], env=environment)
    while service.poll() is None:
        try:
            if httpx.get(f"{SERVICE}/ready").status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.2)
    time.sleep(20)  # the first jobs
    return service


def measure(browser: Browser, subject: Subject, phone: Phone) -> tuple[float, int, int] | None:
    """Seconds, bytes and requests until a result is readable; None when it never is."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="fr-FR")
    context.add_init_script(WATCH % subject.shown)
    page = context.new_page()
    session = context.new_cdp_session(page)
    received, asked = [0], [0]
    session.on(
        "Network.loadingFinished",
        lambda event: received.__setitem__(0, received[0] + int(event["encodedDataLength"])),
    )
    session.on("Network.requestWillBeSent", lambda _: asked.__setitem__(0, asked[0] + 1))
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": False})
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": phone.latency_ms,
            "downloadThroughput": phone.mbit_s * 1e6 / 8,
            "uploadThroughput": phone.mbit_s * 1e6 / 8,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": phone.slower})
    page.goto(f"{PAGES}/{subject.path}", wait_until="commit", timeout=PATIENCE_S * 1000)
    readable_ms: Any = None
    deadline = time.monotonic() + PATIENCE_S
    while readable_ms is None and time.monotonic() < deadline:
        page.wait_for_timeout(200)
        for frame in page.frames:
            with contextlib.suppress(Error):  # a frame on its way to its page
                shown, origin = frame.evaluate(
                    "[window.readableMs ?? null, performance.timeOrigin]"
                )
                if shown is not None:
                    readable_ms = shown + origin - page.evaluate("performance.timeOrigin")
    context.close()
    return None if readable_ms is None else (readable_ms / 1000, received[0], asked[0])


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="widget-") as folder:
        Path(folder).chmod(0o755)
        www = Path(folder) / "www"
        www.mkdir()
        install_national(www)
        service = serve(str(Path(folder) / "data"))
        server = ThreadingHTTPServer(
            ("127.0.0.1", PAGES_PORT), functools.partial(Pages, directory=str(www))
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            pages(www)
            compare()
        finally:
            server.shutdown()
            service.terminate()
            service.wait(timeout=30)


def compare() -> None:
    for path in ("/embed?" + QUESTION, "/w/v1/carte.js"):  # plans and pools are warm, as in service
        for _ in range(3):
            httpx.get(SERVICE + path, timeout=60)
    figures: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium",
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        for phone in PHONES:
            runs: dict[str, list[tuple[float, int, int]]] = {one.name: [] for one in SUBJECTS}
            for _ in range(RUNS):
                for subject in SUBJECTS:
                    if measured := measure(browser, subject, phone):
                        runs[subject.name].append(measured)
            for name, results in runs.items():
                seconds = sorted(seconds for seconds, _, _ in results)
                if not seconds:
                    print(f"{phone.name} | {name} | jamais")
                    continue
                median = statistics.median(seconds)
                kib, requests = results[-1][1] / 1024, results[-1][2]
                figures[f"{phone.name} | {name}"] = seconds
                print(
                    f"{phone.name} | {name} | {median:.2f} s"
                    f" ({seconds[0]:.2f} – {seconds[-1]:.2f}) | {kib:.0f} Kio | {requests} requêtes",
                    flush=True,
                )
        browser.close()
    print(json.dumps(figures, ensure_ascii=False), file=sys.stderr)


if __name__ == "__main__":
    main()
