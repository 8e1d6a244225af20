"""A place is corrected in a real browser, from the request to the page that says thank you; mails are real."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import NullPool, create_engine, text

from geoservice.auth.jobs import link_for_any_browser
from geoservice.db.server import Server
from geoservice.paths import ROOT
from geoservice.places.actions import Statement, receive
from geoservice.settings import Settings
from tests.browser.conftest import Watched, axe_faults, content_width_px, wait_until
from tests.conftest import free_port
from tests.links.conftest import LIBRARY, MAIL, SOURCE
from tests.mailbox import Mailbox


@pytest.fixture
def library(base: Server) -> str:
    """The public id of a place whose address the directory knows."""
    engine = create_engine(base.owner, poolclass=NullPool)
    with engine.begin() as db:
        receive(db, SOURCE, [Statement("1", LIBRARY, date(2026, 9, 1))], complete=True)
        id_ = db.execute(text("SELECT public_id FROM places")).scalar_one()
    engine.dispose()
    return id_


@pytest.fixture
def watched(
    library: str, base: Server, settings: Settings, mailbox: Mailbox, browser: Browser
) -> Iterator[Watched]:
    """A service of its own, which hands its mails to a real mail server."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "GEOSERVICE_DATABASE_URL": base.owner.render_as_string(hide_password=False),
        "GEOSERVICE_APP_DATABASE_URL": base.app.render_as_string(hide_password=False),
        "GEOSERVICE_PUBLIC_DATABASE_URL": base.public.render_as_string(hide_password=False),
        "GEOSERVICE_DATA_DIR": str(settings.data_dir),
        "GEOSERVICE_DEMONSTRATION": "false",
        "GEOSERVICE_PORT": str(port),
        "GEOSERVICE_PUBLIC_URL": address,
        "GEOSERVICE_SMTP_URL": mailbox.url,
        "GEOSERVICE_MAIL_FROM": "carte@exemple.fr",
        "GEOSERVICE_BASEMAP_STYLE_URL": "",
    }
    serve = [sys.executable, "-c", "from geoservice.cli import main; main()", "serve"]
    process = subprocess.Popen(serve, env=environment, cwd=ROOT)
    try:
        for _ in range(1200):
            try:
                if httpx.get(f"{address}/ready").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            assert process.poll() is None, "l’application s’est arrêtée au démarrage"
            time.sleep(0.1)
        opened = Watched(address, browser)
        yield opened
        for context in opened.contexts:
            context.close()
        opened.check()
    finally:
        process.terminate()
        process.wait(timeout=20)


def received(page: Page, mailbox: Mailbox, number: int) -> str:
    """The text of the mail of this number, once it has come."""
    for _ in range(300):
        if len(mailbox.received) > number:
            body = mailbox.received[number].get_body(("plain",))
            assert body is not None
            return body.get_content()
        page.wait_for_timeout(100)
    pytest.fail("aucun message n’est arrivé")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


@pytest.mark.parametrize("script", [True, False])
def test_a_place_is_corrected_on_a_small_phone_with_or_without_scripts(
    watched: Watched, library: str, mailbox: Mailbox, script: bool
) -> None:
    watched.expected = (
        "404",
        "422",
    )  # no basemap here; a page that is refused is said in the console

    def check() -> None:
        if script:
            assert content_width_px(page) == 320
            assert axe_faults(page) == []

    page = watched.open(f"/lieux/{library}/modifier", width=320, script=script)
    check()
    page.get_by_label("L’adresse électronique du lieu").fill(MAIL)
    page.get_by_role("button", name="Recevoir le lien").click()
    heading(page, "Regardez vos messages")
    found = re.search(r"https?://\S+(/modifier/[\w-]{43})\s", received(page, mailbox, 0))
    assert found
    link = found[1]
    page.goto(link)
    heading(page, "Médiathèque inventée")
    check()

    page.get_by_role("link", name="Changer : Horaires").click()
    check()
    page.get_by_label("Horaires").fill("quand on peut")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    check()
    page.get_by_label("Horaires").fill("mardi 14h-17h")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    heading(page, "Est-ce exact ?")
    expect(page.get_by_text(re.compile(r"Le mardi de 14\sh à 17\sh"))).to_be_visible()
    check()
    page.get_by_role("link", name="Oui, c’est exact").click()

    page.goto(f"{link}/horaires/jours")
    check()
    page.goto(f"{link}/horaires/fermetures")
    check()
    page.goto(f"{link}/permanences")
    check()
    page.goto(f"{link}/doublon")
    check()
    page.goto(f"{link}/materiel")
    check()
    page.locator("[value=imprimante]").check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()

    page.goto(f"{link}/position")
    if script:
        wait_until(page, "Boolean(document.querySelector('[data-pick].live'))")
    page.get_by_role("button", name="Vers le nord").press("Enter")
    expect(page.get_by_text("Cette position n’est pas encore enregistrée.")).to_be_visible()
    check()
    page.get_by_role("button", name="Enregistrer cette position").press("Enter")

    page.get_by_role("link", name="Vérifier et envoyer").click()
    heading(page, "Est-ce exact ?")
    check()
    page.get_by_role("button", name="Oui, c’est exact : envoyer").click()
    heading(page, "Merci, c’est enregistré")
    check()
    assert "Publié" in received(page, mailbox, 1)
    for _ in range(100):  # «la page du lieu change dans quelques secondes»
        page.goto(f"/lieux/{library}")
        if page.get_by_text("Le lieu lui-même").count():
            break
        page.wait_for_timeout(100)
    expect(page.get_by_text("Imprimante").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"Le mardi de 14\sh à 17\sh")).first).to_be_visible()


def test_a_signed_in_browser_gets_no_session_from_a_link_and_gives_it_none(
    watched: Watched, library: str, mailbox: Mailbox
) -> None:
    page = watched.open(f"/lieux/{library}/modifier")
    page.get_by_label("L’adresse électronique du lieu").fill(MAIL)
    page.get_by_role("button", name="Recevoir le lien").click()
    found = re.search(r"https?://\S+(/modifier/[\w-]{43})\s", received(page, mailbox, 0))
    assert found
    page.context.add_cookies(
        [{"name": "session", "value": "fixed-by-somebody-else", "url": watched.site}]
    )

    page.goto(found[1])
    page.get_by_role("button", name="Oui, tout est toujours exact").click()
    heading(page, "Merci, c’est enregistré")

    assert [c.get("value") for c in page.context.cookies()] == ["fixed-by-somebody-else"]
    page.goto("/moi")
    heading(page, "Se connecter")


@pytest.fixture
def way_in(library: str, base: Server) -> Iterator[str]:
    """The link by which a moderator signs in; the name of the library waits for them."""
    engine = create_engine(base.owner, poolclass=NullPool)
    with engine.begin() as db:
        account = db.execute(
            text(
                "INSERT INTO accounts (mail, name, roles)"
                " VALUES ('regard@exemple.fr', 'Regard', '{moderator}') RETURNING id"
            )
        ).scalar_one()
        db.execute(
            text(
                """
                WITH link AS (
                  INSERT INTO links (place_id, mail, hash, expires_at)
                  SELECT id, :mail, 'x', now() + interval '1 day' FROM places RETURNING id, place_id)
                INSERT INTO link_changes (place_id, link_id, field, before, after, state)
                SELECT place_id, id, 'name', '"Médiathèque inventée"', '"Bibliothèque"', 'waiting'
                FROM link
                """
            ),
            {"mail": MAIL},
        )
        long_ago = "'2024-01-01'"  # so it may be asked
        db.execute(text(f"UPDATE source_records SET stated_on = {long_ago}"))
        db.execute(text(f"UPDATE places SET updated_on = {long_ago}"))
        path = link_for_any_browser(db, account, "/moderation")
    yield path
    with engine.begin() as db:
        db.execute(text("DELETE FROM link_campaigns"))
        db.execute(text("DELETE FROM link_changes"))
        db.execute(text("DELETE FROM links"))
        db.execute(text("DELETE FROM accounts WHERE mail = 'regard@exemple.fr'"))
    engine.dispose()


@pytest.mark.parametrize(("script", "theme"), [(True, "light"), (True, "dark"), (False, "light")])
def test_what_waits_is_looked_at_on_a_small_phone(
    watched: Watched, way_in: str, mailbox: Mailbox, script: bool, theme: Literal["light", "dark"]
) -> None:
    watched.expected = ("404", "422")

    def check() -> None:
        if script:
            assert content_width_px(page) == 320
            assert axe_faults(page) == []

    page = watched.open(way_in, width=320, script=script, theme=theme)
    page.get_by_role("button", name="Me connecter").click()
    heading(page, "Modération")
    check()

    page.get_by_role("button", name="Refuser").click()
    expect(page.get_by_role("alert")).to_contain_text("écrivez la raison")
    check()
    page.get_by_label("Raison, si vous refusez").fill("C’est le nom d’un autre lieu.")
    page.get_by_role("button", name="Refuser").click()
    heading(page, "Modération")
    assert "C’est le nom d’un autre lieu." in received(page, mailbox, 0)

    page.get_by_role("link", name="Ce qui a été changé").click()
    page.get_by_text("Ce lien est dans de mauvaises mains").click()
    check()
    page.get_by_role("button", name="Fermer ce lien").click()
    expect(page.get_by_text("Ce lien est dans de mauvaises mains")).to_have_count(0)

    page.goto("/campagnes/nouvelle")
    check()
    page.get_by_label("Médiathèque inventée").check()
    page.locator("main form[method=post] button.main").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Campagne du")
    check()
