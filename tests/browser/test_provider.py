"""Signing in with an OpenID Connect provider, by hand: a real provider, a real browser, every way it may go wrong."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from geoservice.paths import ROOT
from geoservice.settings import Settings
from tests.auth.real_provider import SECRET, RealProvider, running
from tests.browser.conftest import Watched, axe_faults, content_width_px
from tests.conftest import free_port

MINE = "fournisseur@exemple.fr"
REFUSED = ("403", "410", "502", "ERR_ABORTED")
"""Chromium says in its console that these pages are refusals."""


@pytest.fixture(scope="module")
def provider_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def with_provider(
    site: str, settings: Settings, engine: Engine, provider_port: int
) -> Iterator[str]:
    """The address of a second process of the application, which knows a provider."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "GEOSERVICE_DATA_DIR": str(settings.data_dir),
        "GEOSERVICE_PUBLIC_URL": address,
        "GEOSERVICE_WORKER_INSIDE": "false",
        "GEOSERVICE_BASEMAP_STYLE_URL": "",
        "GEOSERVICE_OIDC_ISSUER": f"http://127.0.0.1:{provider_port}",
        "GEOSERVICE_OIDC_CLIENT_ID": "carte",
        "GEOSERVICE_OIDC_CLIENT_SECRET": SECRET,
    }
    environment.pop("GEOSERVICE_DATABASE_URL", None)
    command = [
        sys.executable, "-m", "uvicorn", "geoservice.app:from_environment", "--factory",
        "--port", str(port),
    ]  # fmt: skip
    with engine.begin() as db:
        made = "INSERT INTO accounts (mail, name, roles) VALUES (:mail, 'Awa', '{member}')"
        db.execute(text(made), {"mail": MINE})
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        for _ in range(300):
            try:
                httpx.get(f"{address}/health")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        with engine.begin() as db:
            db.execute(text("DELETE FROM accounts WHERE mail = :mail"), {"mail": MINE})


@pytest.fixture
def watched(watched: Watched, with_provider: str, provider_port: int) -> Watched:
    watched.site = with_provider
    watched.allowed = {f"127.0.0.1:{provider_port}"}
    watched.expected = REFUSED
    return watched


@pytest.fixture(scope="module")
def provider(with_provider: str, provider_port: int) -> Iterator[RealProvider]:
    """After the application, which once had to do without it."""
    away = httpx.get(f"{with_provider}/connexion/fournisseur")
    assert away.status_code == 502
    with running(with_provider, provider_port) as provider:
        yield provider


LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((320, "light"), (1280, "dark"))


def told(page: Page, sentence: str) -> None:
    """The page says so, has no fault, does not overflow, and leads back to the other way in."""
    expect(page.get_by_role("heading", level=1)).to_have_text("La connexion n’a pas abouti")
    expect(page.get_by_role("main")).to_contain_text(sentence)
    width = page.viewport_size
    assert width
    assert content_width_px(page) == width["width"]
    assert axe_faults(page) == []
    page.get_by_role("link", name="Recommencer, ou recevoir un lien par message").click()
    expect(page.get_by_label("Votre adresse électronique")).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_a_provider_that_is_away_is_said_and_the_mail_is_offered(
    watched: Watched, width: int, theme: Literal["light", "dark"]
) -> None:
    page = watched.open("/connexion", width=width, theme=theme)
    assert axe_faults(page) == []
    page.get_by_role("link", name="Me connecter avec ProConnect").click()

    told(page, "ProConnect ne répond pas comme il faut. Ce n’est pas votre faute.")


@pytest.mark.parametrize("script", [True, False])
def test_one_signs_in_and_out_with_or_without_scripts(
    watched: Watched, provider: RealProvider, script: bool
) -> None:
    provider.knows("42", MINE)
    fonts = "fonts.googleapis.com"  # of the page where this provider asks whether to sign out
    watched.allowed.add(fonts)
    watched.expected += (fonts, "favicon.ico")
    page = watched.open("/connexion?suite=/moi/compte", script=script)
    page.route(re.compile(fonts), lambda route: route.abort())
    page.get_by_role("link", name="Me connecter avec ProConnect").click()

    expect(page).to_have_url(f"{watched.site}/moi/compte")
    page.goto("/moi")
    page.get_by_role("button", name="Me déconnecter").click()
    page.wait_for_url(f"{provider.address}/session/end?**")  # the provider asks too
    page.goto("/moi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_who_stops_there_comes_back_to_a_page_that_says_so(
    watched: Watched, provider: RealProvider, width: int, theme: Literal["light", "dark"]
) -> None:
    provider.knows("42", MINE, refuses=True)
    page = watched.open("/connexion", width=width, theme=theme)
    page.get_by_role("link", name="Me connecter avec ProConnect").click()

    told(page, "ProConnect dit que vous avez arrêté la connexion.")


def test_who_has_no_account_here_is_told_what_to_do(
    watched: Watched, provider: RealProvider
) -> None:
    provider.knows("43", "inconnue@exemple.fr")
    page = watched.open("/connexion", width=320)
    page.get_by_role("link", name="Me connecter avec ProConnect").click()

    told(page, "aucun compte d’ici n’est lié à cette identité")


def test_the_way_back_opens_only_once(watched: Watched, provider: RealProvider) -> None:
    provider.knows("42", MINE)
    page = watched.open("/connexion", width=320)
    backs: list[str] = []
    page.on(
        "request",
        lambda request: backs.append(request.url) if "/connexion/retour" in request.url else None,
    )
    page.get_by_role("link", name="Me connecter avec ProConnect").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    page.context.clear_cookies(name="session")
    page.goto(backs[0])

    told(page, "Cette connexion est trop ancienne, ou a commencé dans un autre navigateur.")


def test_an_answer_to_another_question_signs_nobody_in(
    watched: Watched, provider: RealProvider
) -> None:
    """The nonce of the token is not ours: somebody took it from elsewhere."""
    provider.knows("42", MINE)
    page = watched.open("/connexion", width=320)

    leave = page.get_by_role("link", name="Me connecter avec ProConnect").get_attribute("href")
    # a redirection is not intercepted: its target is opened as the browser would
    cookies = {str(one.get("name")): str(one.get("value")) for one in page.context.cookies()}
    with httpx.Client(cookies=cookies, timeout=60) as asked:
        there = asked.get(f"{watched.site}{leave}").headers["location"]
    changed = re.sub(r"nonce=[\w-]+", "nonce=celui-d-une-autre-question", there)
    assert changed != there
    page.goto(changed)

    told(page, "ne répond pas comme il faut")
    page.goto("/moi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
