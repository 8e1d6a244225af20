"""A map saved on our site and shown on another: made, changed and read as its owner does, page by page."""

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from tests.browser.conftest import Host, Watched, axe_faults, content_width_px
from tests.browser.test_sign_in import MINE
from tests.browser.test_teams import HOME, _team, signed_in  # pyright: ignore[reportPrivateUsage]

__all__ = ["_team"]
CHOSEN = "/integrer?ou=Guéret&titre=Chez+nous"
KEY, SECRET = "essai00002", "s" * 43
LINK = f"/integrer/cartes/{SECRET}"


@pytest.fixture(autouse=True)
def _maps(engine: Engine, _team: None) -> Iterator[None]:  # pyright: ignore[reportUnusedFunction] - a fixture
    """One that belongs to the mail of the team's owner, shown for three days; its link was sent."""
    with engine.begin() as db:
        db.execute(
            text(
                "WITH map AS (INSERT INTO embeds (key, name, question, mail, hosts, confirmed_at)"
                "  VALUES (:key, 'La page « Numérique » de la mairie', 'ou=Guéret&titre=Un', :mail,"
                "   ARRAY['https://www.exemple.fr', 'https://*.mairie.exemple.fr'], now()) RETURNING id)"
                " INSERT INTO embed_days SELECT id, current_date - day, 1200 + day, 30 - day"
                " FROM map, generate_series(0, 2) day"
            ),
            {"key": KEY, "mail": MINE},
        )
        db.execute(
            text(
                "INSERT INTO embeds (key, name, question, mail)"
                " VALUES ('essai00003', 'Une carte qui attend', 'ou=Guéret', :mail)"
            ),
            {"mail": MINE},
        )
        db.execute(
            text(
                "INSERT INTO embed_links (mail, hash, expires_at)"
                " VALUES (:mail, sha256(:secret), now() + interval '1 day')"
            ),
            {"mail": MINE, "secret": SECRET.encode()},
        )
    yield
    with engine.begin() as db:
        db.execute(text("TRUNCATE embeds, embed_days, embed_links"))


def made_for_the_team(watched: Watched, **how: object) -> Page:
    """The page of a map that was just made, from the builder to its code."""
    page = signed_in(watched, HOME, **how)
    page.goto(CHOSEN)
    page.get_by_role("link", name="Enregistrer cette carte").click()
    page.get_by_label("À l’équipe Alpes").check()
    page.get_by_label("Le nom de cette carte").fill("Le site de la mairie")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le site de la mairie")
    return page


@pytest.mark.parametrize("script", [True, False])
def test_a_map_is_changed_on_our_site_and_the_other_one_follows_untouched(
    watched: Watched, mairie: Host, script: bool
) -> None:
    ours = made_for_the_team(watched, script=script)
    element = mairie(ours.locator("#element").input_value())
    frame = mairie(ours.locator("#code").input_value())
    theirs = watched.open(element)
    expect(theirs.locator("carte-mediation h1")).to_have_text("Chez nous", timeout=60_000)
    framed = watched.open(frame, script=script)
    title = framed.frame_locator("iframe").get_by_role("heading", level=1)
    expect(title).to_have_text("Chez nous", timeout=60_000)

    ours.get_by_role("link", name="Changer ce que la carte montre").click()
    ours.get_by_label("Titre", exact=True).fill("Ailleurs")
    ours.get_by_label("Thème").select_option("sombre")
    ours.get_by_role("button", name="Voir le résultat").click()
    ours.get_by_role("button", name="Enregistrer les changements").click()
    expect(ours.get_by_role("heading", level=1)).to_have_text("Le site de la mairie")

    theirs.reload()
    expect(theirs.locator("carte-mediation h1")).to_have_text("Ailleurs", timeout=60_000)
    framed.reload()
    expect(title).to_have_text("Ailleurs", timeout=60_000)
    for page, paper in ((theirs, theirs), (framed, framed.frame_locator("iframe"))):
        dark = paper.locator(".cm").first.evaluate("el => getComputedStyle(el).backgroundColor")
        assert dark == "rgb(18, 24, 26)", page.url


OPENED = {
    "asked for": "/integrer/retrouver",
    "sent": "/integrer/envoye",
    "mine by link": LINK,
    "one by link": f"{LINK}/{KEY}",
    "changed by link": f"{LINK}/{KEY}/changer",
    "saved without account": f"/integrer/enregistrer?{urlsplit(CHOSEN).query}",
}
SIGNED_IN = {
    "saved with an account": f"/integrer/enregistrer?{urlsplit(CHOSEN).query}",
    "mine": "/moi/cartes",
    "one of mine": f"/moi/cartes/{KEY}",
    "changed": f"/moi/cartes/{KEY}/changer",
    "the team's": f"{HOME}/cartes",
}


def check(page: Page, width: int) -> None:
    assert page.locator("h1").count() == 1
    assert content_width_px(page) == width
    assert axe_faults(page, without="iframe") == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_on_the_pages_of_saved_maps(
    watched: Watched, width: int, theme: Literal["light", "dark"]
) -> None:
    for path in OPENED.values():
        check(watched.open(path, width=width, theme=theme), width)
    page = signed_in(watched, "/moi", width=width, theme=theme)
    for path in SIGNED_IN.values():
        page.goto(path)
        check(page, width)
    page.goto(f"/moi/cartes/{KEY}")
    page.get_by_text("Supprimer cette carte").click()
    check(page, width)
    page.get_by_role("button", name="Confier à cette équipe").click()
    expect(page.get_by_role("link", name="Les cartes de l’équipe Alpes")).to_be_visible()
    check(page, width)


def test_axe_finds_nothing_in_what_must_be_corrected(watched: Watched) -> None:
    watched.expected = ("422",)
    page = watched.open(f"{LINK}/{KEY}", width=320)
    page.get_by_label("Les sites qui peuvent l’afficher").fill("mairie")
    page.get_by_role("button", name="Enregistrer les réglages").click()

    expect(page.get_by_role("alert")).to_contain_text("Rien n’est encore enregistré")
    check(page, 320)


def test_figures_are_a_table_and_a_file_without_script(watched: Watched) -> None:
    page = watched.open(f"{LINK}/{KEY}", script=False)

    table = page.get_by_role("table", name="Jour par jour")
    expect(table.get_by_role("row")).to_have_count(4)
    with page.expect_download() as file:
        page.get_by_role("link", name="Tous les chiffres, en CSV").click()
    assert file.value.suggested_filename == f"chiffres-{KEY}.csv"


def test_no_page_of_saved_maps_is_cut_when_text_is_twice_as_large(watched: Watched) -> None:
    for path in OPENED.values():
        page = watched.open(path, width=640)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert content_width_px(page) <= 640, path
