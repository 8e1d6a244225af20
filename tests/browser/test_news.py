"""News in a real browser: announced without JavaScript on a small phone, read by everybody, under axe."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from geoservice.clock import today
from tests.browser.conftest import Watched, axe_faults, content_width_px
from tests.browser.test_teams import (
    _team,  # pyright: ignore[reportPrivateUsage] - Awa, who coordinates the Alpes-de-Haute-Provence
    signed_in,
)

__all__ = ["_team"]
TITLE = "Apprendre à envoyer un mail"


@pytest.fixture(autouse=True)
def _no_news(engine: Engine, _team: None) -> Iterator[None]:  # pyright: ignore[reportUnusedFunction] - a fixture
    yield
    with engine.begin() as db:
        db.execute(text("DELETE FROM news"))


def form_of_a_place(watched: Watched) -> str:
    found = httpx.get(f"{watched.site}/lieux.json?ou=Digne-les-Bains", timeout=60).json()
    return f"/moi/annonces/nouvelle?lieu={found['lieux'][0]['id']}"


def announced(watched: Watched, *, script: bool, width: int = 320) -> Page:
    """One workshop, every Tuesday, at a place of Digne."""
    page = signed_in(watched, form_of_a_place(watched), script=script, width=width)
    if script:
        assert content_width_px(page) == width
        assert axe_faults(page) == []
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Plusieurs fois").check()
    page.get_by_label("Jours et heures").fill("le mardi de 14 h à 16 h")
    page.get_by_label("Premier jour").fill(str(today() + timedelta(days=1)))
    page.get_by_role("button", name="Enregistrer").click()
    if page.get_by_label("Oui, c’est bien cela").count():
        page.get_by_label("Oui, c’est bien cela").check()
        page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Mes annonces")).to_be_visible()
    return page


def test_a_workshop_is_announced_without_javascript_on_a_small_phone(watched: Watched) -> None:
    page = announced(watched, script=False)

    page.get_by_role("link", name="publiée").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_text("mardi de 14 h à 16 h")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_news_are_told(
    watched: Watched, theme: Literal["light", "dark"]
) -> None:
    page = announced(watched, script=True)
    one = page.get_by_role("link", name="publiée").get_attribute("href")
    assert one
    for path in ("/moi/annonces", "/moderation/annonces"):
        page.goto(path)
        assert content_width_px(page) == 320, path
        assert axe_faults(page) == [], path

    for width in (320, 1280):
        for path in ("/actualites", one, "/actualites?territoire=departement:04"):
            public = watched.open(path, width=width, theme=theme)
            expect(public.get_by_text(TITLE).first).to_be_visible()
            assert content_width_px(public) == width, path
            assert axe_faults(public) == [], path


def test_a_mistake_in_the_form_is_said_beside_its_field(watched: Watched) -> None:
    watched.expected = ("422",)
    page = signed_in(watched, form_of_a_place(watched), width=320)
    page.get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_label("Titre")).to_have_attribute("aria-invalid", "true")
    assert axe_faults(page) == []
