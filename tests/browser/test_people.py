"""The pages of mediators, their own and those that anyone opens, on a wide screen and on a phone."""

import os
from collections.abc import Iterator
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from geoservice.auth.secrets import digest
from tests.browser.conftest import Watched, axe_faults, content_width_px

SECRET = "p" * 43
MAIL = "mediatrice@exemple.fr"
PERSON = "mediatrice"


@pytest.fixture(scope="module")
def place(site: str, engine: Engine) -> Iterator[str]:
    """Where Awa works, says a source; she is signed in, and agrees to be found by anyone."""
    public_id = httpx.get(f"{site}/lieux.json?ou=Guéret&limite=1").json()["lieux"][0]["id"]
    with engine.begin() as db:
        account = db.execute(
            text(
                "INSERT INTO accounts (mail, name, roles) VALUES (:mail, 'Awa', '{member}')"
                " RETURNING id"
            ),
            {"mail": MAIL},
        ).scalar_one()
        db.execute(
            text("INSERT INTO sessions (account_id, hash, device) VALUES (:id, :hash, 'Essai')"),
            {"id": account, "hash": digest(SECRET)},
        )
        person = db.execute(
            text(
                "INSERT INTO mediators (public_id, account_id, given_name, family_name, mail, phone,"
                " booking_url, role, employer, skills, languages, publics, summary)"
                " VALUES (:public_id, :account, 'Awa', 'Exemple', :mail, '+33639980001',"
                " 'https://rdv.exemple.fr/awa', 'Médiateur numérique', 'Commune inventée',"
                " '{Cybersécurité}', '{}', '{}', 'Je vous aide.') RETURNING person"
            ),
            {"account": account, "mail": MAIL, "public_id": PERSON},
        ).scalar_one()
        db.execute(
            text(
                "INSERT INTO mediator_places (mediator_id, place_id, source) SELECT m.id, p.id, 'la-coop'"
                " FROM mediators m, places p WHERE m.public_id = :person AND p.public_id = :place"
            ),
            {"person": PERSON, "place": public_id},
        )
        for contact in ("name", "mail", "phone", "booking_url"):
            db.execute(
                text(
                    "INSERT INTO consent_events (person, contact, audience, granted, wording,"
                    " recorded_by) VALUES (:person, :contact, 'public', true, '2026-11', 'person')"
                ),
                {"person": person, "contact": contact},
            )
    yield public_id
    with engine.begin() as db:
        db.execute(text("DELETE FROM mediators WHERE public_id = :id"), {"id": PERSON})
        db.execute(text("DELETE FROM accounts WHERE mail = :mail"), {"mail": MAIL})


def signed_in(watched: Watched, path: str, **how: object) -> Page:
    page = watched.open("/accessibilite", **how)  # pyright: ignore[reportArgumentType]
    page.context.add_cookies([{"name": "session", "value": SECRET, "url": watched.site}])
    page.goto(path)
    return page


def without_fault(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    size = page.viewport_size
    assert size
    assert content_width_px(page) == size["width"]
    assert axe_faults(page) == []


LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((320, "dark"), (1280, "light"))
OWN = (
    "/moi/fiche", "/moi/fiche?q=Guéret", "/moi/fiche/modifier", "/moi/fiche/partir",
    "/moi/permanences", "/moi/permanences/nouvelle", "/moi/collegues", "/moi/compte",
)  # fmt: skip
PUBLIC = (
    "/mediateurs?ou=Guéret&rayon=50&permanence=matin&competences=cybersecurite",
    "/mediateurs?role=mediateur-numerique",
    "/mediateurs?langues=anglais",
    f"/mediateurs/{PERSON}",
    "/lieux/{place}",
    "/embed/lieux/{place}",
)


def announce(page: Page, words: str, *, by_appointment: bool = False) -> None:
    page.goto("/moi/permanences/nouvelle")
    if page.locator("input[name=lieu][type=radio]").count():
        page.locator("input[name=lieu]").first.check()
    page.locator("[name=quand]").fill(words)
    page.locator(f"input[name=rdv][value={'oui' if by_appointment else 'non'}]").check()
    page.locator("main form button.main").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes permanences")


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_a_mediator_announces_permanences_and_each_page_is_without_fault(
    watched: Watched, place: str, width: int, theme: Literal["light", "dark"]
) -> None:
    page = signed_in(watched, "/moi/fiche", width=width, theme=theme)
    announce(page, "le 1er mardi du mois de 14 h à 17 h")
    announce(page, "le jeudi des semaines paires de 9 h à 12 h", by_appointment=True)
    for path in (*OWN, *PUBLIC):
        page.goto(path.format(place=place))
        expect(page.locator("h1")).to_have_count(1)
        name = path.format(place="lieu").strip("/").replace("/", "-").split("&")[0]
        without_fault(page, f"{name}-{width}")

    page.goto(f"/lieux/{place}")
    told = page.get_by_role("main")
    expect(told).to_contain_text("Prochaine permanence : ")
    expect(told).to_contain_text("Ce ne sont pas les horaires du lieu.")
    expect(told).to_contain_text("Awa Exemple")


def test_without_scripts_what_is_unticked_is_gone_from_the_site_where_the_map_is_shown(
    watched: Watched, place: str
) -> None:
    visitor = watched.open(f"/embed/lieux/{place}", script=False, width=320)
    expect(visitor.get_by_role("main")).to_contain_text("Awa Exemple")
    expect(visitor.get_by_role("main")).to_contain_text("06 39 98 00 01")

    page = signed_in(watched, "/moi/fiche", script=False)
    page.locator("input[name=name-public]").uncheck()
    page.locator("input[name=phone-public]").uncheck()
    page.get_by_role("button", name="Enregistrer mes choix").click()
    visitor.reload()

    expect(visitor.get_by_role("main")).not_to_contain_text("Awa")
    expect(visitor.get_by_role("main")).not_to_contain_text("39 98 00 01")
    expect(visitor.get_by_role("main")).to_contain_text(MAIL)  # as she still agrees
