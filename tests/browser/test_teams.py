"""The pages of teams in a real browser: by keyboard, on a phone, without JavaScript, under axe."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from tests.browser.conftest import Watched, axe_faults, content_width_px, wait_until
from tests.browser.test_sign_in import MINE, ask, open_link

TEAM = "EQUIPE00"
HOME = f"/equipes/{TEAM}"
NO_BASEMAP = ("/fond/style.json",)
"""The test's service has none."""


@pytest.fixture(autouse=True)
def _team(engine: Engine, site: str) -> Iterator[None]:  # pyright: ignore[reportUnusedFunction] - a fixture
    """Awa coordinates the département of the demonstration."""
    with engine.begin() as db:
        db.execute(
            text(
                "WITH awa AS (INSERT INTO accounts (mail, name, roles)"
                "  VALUES (:mail, 'Awa', '{coordinator}') RETURNING id),"
                " team AS (INSERT INTO teams (code, name) VALUES (:code, 'Alpes') RETURNING id),"
                " held AS (INSERT INTO team_territories (team_id, type, code, accepted_at)"
                "  SELECT id, 'departement', '04', now() FROM team)"
                " INSERT INTO team_members (team_id, account_id, role, is_owner, in_programme)"
                " SELECT team.id, awa.id, 'coordinator', true, true FROM team, awa"
            ),
            {"mail": MINE, "code": TEAM},
        )
    yield
    with engine.begin() as db:
        db.execute(
            text(
                "TRUNCATE teams, team_members, team_territories, team_invitations, team_events,"
                " perimeters, sessions, sign_in_links, sign_in_counts, embeds, embed_days"
            )
        )
        db.execute(text("DELETE FROM accounts WHERE mail = :mail"), {"mail": MINE})


def signed_in(watched: Watched, path: str, **options: Any) -> Page:
    page = watched.open(f"/connexion?suite={path}", **options)
    open_link(page, ask(page))
    page.get_by_role("button", name="Me connecter").click()
    page.wait_for_url(f"**{path}")
    return page


PAGES = (
    "/equipes",
    HOME,
    f"{HOME}/annuaire",
    f"{HOME}/annuaire?vue=personnes",
    f"{HOME}/perimetres",
    f"{HOME}/qualite",
    f"{HOME}/qualite?manque=horaires&mois=12",
)


def test_every_page_of_a_team_is_read_on_a_small_phone_and_axe_finds_nothing(
    watched: Watched,
) -> None:
    page = signed_in(watched, HOME, width=320)

    for path in PAGES:
        page.goto(path)
        assert content_width_px(page) == 320, path
        assert axe_faults(page) == [], path


def test_a_list_of_communes_is_saved_and_used_without_javascript(watched: Watched) -> None:
    page = signed_in(watched, f"{HOME}/perimetres", script=False, width=320)

    page.locator("#nom-liste").fill("Le pays de Digne")
    page.get_by_label("Communes", exact=True).fill("Digne-les-Bains\nAiglun")
    page.get_by_role("button", name="Enregistrer cette liste").click()
    page.get_by_role("link", name="Liste et carte de Le pays de Digne").click()

    expect(page.get_by_text("Le pays de Digne").first).to_be_visible()
    page.goto(f"{HOME}/annuaire")
    page.get_by_label("Où ?").select_option(label="Le pays de Digne")
    page.get_by_role("button", name="Montrer").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Digne-les-Bains")


def test_an_outline_is_drawn_by_keyboard_alone(watched: Watched, engine: Engine) -> None:
    watched.expected = NO_BASEMAP
    page = signed_in(watched, f"{HOME}/perimetres")
    start = page.get_by_role("button", name="Dessiner sur la carte")
    start.focus()
    page.keyboard.press("Enter")
    add = page.get_by_role("button", name="Poser un point au centre")
    expect(add).to_be_visible(timeout=30_000)
    wait_until(page, "document.querySelector('[data-draw]').map.isStyleLoaded()")
    assert axe_faults(page) == []

    canvas = page.locator(".maplibregl-canvas")
    for moved in ("ArrowLeft", "ArrowUp", "ArrowRight"):
        canvas.focus()
        page.keyboard.press(moved)
        wait_until(page, "!document.querySelector('[data-draw]').map.isMoving()")
        add.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_text("3 points. Le contour est fermé")).to_be_visible()
    told = json.loads(page.get_by_label("Contour en GeoJSON").input_value())
    page.locator("#nom-contour").fill("Dessiné au clavier")
    page.get_by_role("button", name="Enregistrer ce contour").click()

    expect(page.get_by_role("heading", name="Dessiné au clavier")).to_be_visible()
    assert len(told["coordinates"][0]) == 4
    with engine.connect() as db:
        assert db.scalar(text("SELECT ST_IsValid(outline) FROM perimeters"))


def test_points_are_set_by_pointer_and_taken_back(watched: Watched) -> None:
    watched.expected = NO_BASEMAP
    page = signed_in(watched, f"{HOME}/perimetres")
    page.get_by_role("button", name="Dessiner sur la carte").click()
    canvas = page.locator(".maplibregl-canvas")
    expect(canvas).to_be_visible(timeout=30_000)
    wait_until(page, "document.querySelector('[data-draw]').map.isStyleLoaded()")

    for x, y in ((200, 100), (300, 100), (300, 200), (200, 200)):
        canvas.click(position={"x": x, "y": y})
        page.wait_for_timeout(400)  # two clicks at once are a zoom
    expect(page.get_by_text("4 points.")).to_be_visible()
    page.get_by_role("button", name="Retirer le dernier point").click()
    expect(page.get_by_text("3 points.")).to_be_visible()
    page.get_by_role("button", name="Tout effacer").click()

    expect(page.get_by_label("Contour en GeoJSON")).to_have_value("")
