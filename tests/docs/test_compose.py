"""docker-compose.yml gives the production shape, with settings that exist."""

import subprocess
from typing import Any

import pytest
import yaml

from geoservice.paths import ROOT
from geoservice.settings import Settings

SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())[
    "services"
]
OURS = ("prepare", "web", "worker")


@pytest.mark.parametrize("name", OURS)
def test_compose_gives_settings_that_exist(name: str) -> None:
    given = [key for key in SERVICES[name]["environment"] if key.startswith("GEOSERVICE_")]

    assert {key.removeprefix("GEOSERVICE_").lower() for key in given} <= set(Settings.model_fields)


def test_jobs_run_in_the_worker_and_not_in_the_web_processes() -> None:
    assert SERVICES["web"]["environment"]["GEOSERVICE_WORKER_INSIDE"] == "false"
    assert SERVICES["worker"]["command"] == ["geoservice", "worker"]


def test_only_the_proxy_and_the_mail_catcher_can_be_reached() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {
        "proxy",
        "courrier",
    }


def test_compose_accepts_the_file() -> None:
    for command in (["docker", "compose"], ["docker-compose"]):
        try:
            known = subprocess.run([*command, "version"], capture_output=True, check=False)
        except FileNotFoundError:
            continue
        if known.returncode == 0:
            checked = subprocess.run(
                [*command, "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"],
                capture_output=True,
                text=True,
                check=False,
            )
            assert checked.returncode == 0, checked.stderr
            return
    pytest.skip("Docker Compose n’est pas installé sur cette machine")
