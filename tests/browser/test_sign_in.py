"""Signing in with a real browser, from the form to the account, through the page of mails."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from tests.browser.conftest import Watched, axe_faults, content_width_px

MINE = "awa@exemple.fr"


@pytest.fixture(autouse=True)
def _account(engine: Engine) -> Iterator[None]:  # pyright: ignore[reportUnusedFunction] - a fixture
    with engine.begin() as db:
        db.execute(
            text("INSERT INTO accounts (mail, name, roles) VALUES (:mail, 'Awa', '{coordinator}')"),
            {"mail": MINE},
        )
    yield
    with engine.begin() as db:
        db.execute(text("TRUNCATE sessions, sign_in_links, sign_in_counts, mail_changes"))
        db.execute(text("DELETE FROM accounts WHERE mail = :mail"), {"mail": MINE})


def links(page: Page) -> list[str]:
    """The links to sign in of the mails sent so far, the newest first."""
    return re.findall(r'href="([^"]+)"[^>]*>\s*Me connecter', page.request.get("/courrier").text())


def ask(page: Page, mail: str = MINE) -> list[str]:
    """The links that were there before."""
    before = links(page)
    page.get_by_label("Votre adresse électronique").fill(mail)
    page.get_by_role("button", name="Recevoir le lien").click()
    return before


def open_link(page: Page, before: list[str]) -> None:
    """Wait for one more mail, and follow its link."""
    for _ in range(200):
        if (now := links(page)) != before:
            page.goto(now[0])
            return
        page.wait_for_timeout(100)
    pytest.fail("aucun message n’est arrivé")


@pytest.mark.parametrize("script", [True, False])
def test_one_signs_in_and_out_with_or_without_scripts(watched: Watched, script: bool) -> None:
    page = watched.open("/moi", script=script)
    before = ask(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos messages")
    open_link(page, before)
    page.get_by_role("button", name="Me connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    expect(page.get_by_text(MINE)).to_be_visible()
    page.get_by_role("button", name="Me déconnecter").click()
    page.goto("/moi")

    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")


@pytest.mark.parametrize("width", [320, 1000])
def test_axe_finds_nothing_on_the_way(watched: Watched, width: int) -> None:
    watched.expected = ("422", "410")  # Chromium says that these pages were refused

    def check(page: Page) -> None:
        assert content_width_px(page) == width
        assert axe_faults(page) == []

    page = watched.open("/connexion", width=width)
    check(page)
    page.locator("form.card").evaluate("form => form.noValidate = true")
    ask(page, "awa@")
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    before = ask(page)
    check(page)
    open_link(page, before)
    link = page.url
    check(page)
    page.goto("/courrier")
    check(page)
    page.goto(link)
    page.get_by_role("button", name="Me connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    check(page)
    page.get_by_role("link", name="Changer mon nom ou mon adresse").click()
    page.get_by_label("Votre nouvelle adresse électronique").fill("awa.diallo@exemple.fr")
    page.get_by_role("button", name="Changer mon adresse").click()
    expect(page.get_by_text("Changement demandé")).to_be_visible()
    check(page)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien ne marche plus")
    check(page)
