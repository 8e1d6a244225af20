"""What whoever runs the service sees of it, and what nobody sees there."""

import os
import subprocess
import sys

import httpx
from prometheus_client.parser import text_string_to_metric_families

from geoservice.db.server import Server
from geoservice.paths import ROOT
from geoservice.settings import Settings
from tests.conftest import free_port, wait_until_ready

Counted = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def counted(site: str) -> Counted:
    answer = httpx.get(f"{site}/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def answers(of: Counted, route: str, status: str = "200") -> float:
    return of.get(("geoservice_requests_total", (("route", route), ("status", status))), 0)


def test_an_answer_counts_for_its_route_and_says_nothing_of_what_was_asked(site: str) -> None:
    before = answers(counted(site), "/lieux")

    httpx.get(f"{site}/lieux", params={"q": "motsecret"})
    httpx.get(f"{site}/lieux/motsecret")

    told = httpx.get(f"{site}/metrics").text
    assert answers(counted(site), "/lieux") == before + 1
    assert answers(counted(site), "/lieux/{public_id}", "404") >= 1
    assert "motsecret" not in told


def test_jobs_and_connections_are_told(site: str) -> None:
    of = counted(site)

    assert of["geoservice_jobs", (("state", "failed"),)] == 0
    assert of["geoservice_connections_busy", (("pool", "app"),)] == 1  # this very request


def test_processes_are_counted_together(server: Server, settings: Settings, site: str) -> None:
    port = free_port()
    environment = os.environ | {
        "GEOSERVICE_DATA_DIR": str(settings.data_dir),
        "GEOSERVICE_PORT": str(port),
        "GEOSERVICE_WORKERS": "2",
        "GEOSERVICE_WORKER_INSIDE": "false",
        "GEOSERVICE_BASEMAP_STYLE_URL": "",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", "from geoservice.cli import main; main()", "serve"],
        env=environment,
        cwd=ROOT,
    )
    try:
        other = f"http://127.0.0.1:{port}"
        wait_until_ready(other, process)
        for _ in range(12):  # each on a connection of its own: both processes have some
            httpx.get(f"{other}/robots.txt")
        assert answers(counted(other), "/robots.txt") == 12
    finally:
        process.terminate()
        process.wait(timeout=20)
