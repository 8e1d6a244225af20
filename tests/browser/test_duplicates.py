"""The review of duplicates in a real browser: by keyboard, and on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from tests.browser.conftest import Watched, axe_faults, content_width_px
from tests.browser.test_sign_in import MINE, ask, open_link


@pytest.fixture(autouse=True)
def _doubts(engine: Engine) -> Iterator[None]:  # pyright: ignore[reportUnusedFunction] - a fixture
    """Two pairs of places of the demonstration that somebody must look at."""
    with engine.begin() as db:
        db.execute(
            text("INSERT INTO accounts (mail, name, roles) VALUES (:mail, 'Awa', '{moderator}')"),
            {"mail": MINE},
        )
        ids: list[int] = list(db.scalars(text("SELECT id FROM places ORDER BY id LIMIT 4")))
        for score, pair in ((0.8, ids[:2]), (0.7, ids[2:])):
            db.execute(
                text(
                    "INSERT INTO likeness_pairs (a, b, score, verdict_data) VALUES (:a, :b, :score,"
                    """ '{"features": {"nom": 0.8}, "guards": ["communes différentes"]}')"""
                ),
                {"a": pair[0], "b": pair[1], "score": score},
            )
    yield
    with engine.begin() as db:
        db.execute(text("TRUNCATE likeness_pairs, likeness_decisions"))
        db.execute(text("TRUNCATE sessions, sign_in_links, sign_in_counts"))
        db.execute(text("DELETE FROM accounts WHERE mail = :mail"), {"mail": MINE})


def signed_in(watched: Watched, **options: Any) -> Page:
    page = watched.open("/connexion?suite=/doublons", **options)
    open_link(page, ask(page))
    page.get_by_role("button", name="Me connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Doublons : un lieu ou deux ?")
    return page


def test_pairs_are_decided_with_single_keys_that_can_be_turned_off(
    watched: Watched, engine: Engine
) -> None:
    page = signed_in(watched)
    expect(page.get_by_text("2 paires attendent")).to_be_visible()
    page.get_by_label("Pourquoi").fill("deux rues d")
    page.get_by_label("Répondre avec les touches").uncheck()
    page.keyboard.press("d")
    expect(page.get_by_text("2 paires attendent")).to_be_visible()
    page.get_by_label("Répondre avec les touches").check()
    page.keyboard.press("d")
    expect(page.get_by_text("1 paire attend")).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_text("Aucune paire n’attend")).to_be_visible()

    with engine.connect() as db:
        said = db.execute(text("SELECT verdict, reason FROM likeness_decisions ORDER BY id")).all()
    assert [tuple(row) for row in said] == [("not_same", "deux rues d"), ("not_same", None)]


def test_a_pair_is_read_on_a_small_phone(watched: Watched) -> None:
    page = signed_in(watched, width=320)

    assert content_width_px(page) == 320
    assert axe_faults(page) == []
