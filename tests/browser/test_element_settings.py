"""What integrators may ask of `<carte-mediation>`: methods, style, map, help, saved maps."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from tests.browser.conftest import Host, Watched, axe_faults, wait_until
from tests.browser.test_element import LISTEN, one, script, told

ELEMENT = "document.querySelector('carte-mediation')"
SHADOW = f"{ELEMENT}.shadowRoot"
KEY = "essai00001"


def ready(page: Page) -> None:
    expect(page.locator("#resultats").first).to_be_visible(timeout=60_000)


def test_its_methods_ask_another_question_and_show_a_place(
    watched: Watched, mairie: Host, site: str, place_path: str
) -> None:
    page = watched.open(mairie(one(site)), before=LISTEN)
    ready(page)
    assert "ou=Gu%C3%A9ret" in page.evaluate(f"{ELEMENT}.question")

    page.evaluate(f"{ELEMENT}.demander({{ frais: ['gratuit'], ou: null }})")
    wait_until(page, "told.filter(({ what }) => what === 'resultats').length === 2")
    assert "frais=gratuit" in told(page)[-1]["question"]
    assert "ou=" not in told(page)[-1]["question"]

    id_ = place_path.removeprefix("/lieux/")
    page.evaluate(f"{ELEMENT}.montrer('{id_}')")
    wait_until(page, "told.at(-1).what === 'lieu'")
    assert told(page)[-1]["id"] == id_
    assert told(page)[-1]["nom"] == page.locator("carte-mediation h1").inner_text()
    expect(page.locator("carte-mediation h1")).to_be_focused()

    watched.expected = ("404",)
    page.evaluate(f"{ELEMENT}.montrer('rien')")
    wait_until(page, "told.at(-1).what === 'erreur'")
    assert told(page)[-1]["statut"] == 404
    expect(page.get_by_role("alert")).to_be_visible()


VARIABLES = {
    "--cm-couleur": ("rgb(1, 2, 3)", ".name a", "color", "rgb(1, 2, 3)"),
    "--cm-sur-couleur": ("rgb(250, 251, 252)", "button.main", "color", "rgb(250, 251, 252)"),
    "--cm-fond": ("rgb(255, 254, 253)", ".cm", "backgroundColor", "rgb(255, 254, 253)"),
    "--cm-texte": ("rgb(4, 5, 6)", ".cm", "color", "rgb(4, 5, 6)"),
    "--cm-texte-doux": ("rgb(7, 8, 9)", ".credit", "color", "rgb(7, 8, 9)"),
    "--cm-ligne": ("rgb(10, 11, 12)", ".place", "borderTopColor", "rgb(10, 11, 12)"),
    "--cm-bord": ("rgb(13, 14, 15)", "select", "borderTopColor", "rgb(13, 14, 15)"),
    "--cm-teinte": ("rgb(240, 241, 242)", ".search", "backgroundColor", "rgb(240, 241, 242)"),
    "--cm-focus": ("rgb(16, 17, 18)", "select", "outlineColor", "rgb(16, 17, 18)"),
    "--cm-arrondi": ("3px", "select", "borderRadius", "3px"),
    "--cm-espace": ("21px", ".cm", "paddingTop", "21px"),
    "--cm-taille": ("19px", ".cm", "fontSize", "19px"),
    "--cm-police": ("monospace", ".cm", "fontFamily", "monospace"),
}


def test_every_variable_of_the_guide_changes_what_it_names(
    watched: Watched, mairie: Host, site: str
) -> None:
    chosen = "; ".join(f"{name}: {value}" for name, (value, *_) in VARIABLES.items())
    page = watched.open(mairie(one(site), style=f"carte-mediation {{ {chosen} }}"))
    ready(page)
    page.locator("carte-mediation select").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")  # from the keyboard, so that it shows
    page.locator("carte-mediation select").first.focus()

    for name, (_, selector, property_, expected) in VARIABLES.items():
        shown = page.locator("carte-mediation").evaluate(
            "(el, [selector, property]) =>"
            " getComputedStyle(el.shadowRoot.querySelector(selector))[property]",
            [selector, property_],
        )
        assert shown == expected, name


@pytest.mark.parametrize("part", ["titre", "filtres", "bouton", "resultats", "lieu", "carte", "mention", "detail"])  # fmt: skip
def test_every_part_of_the_guide_can_be_styled(
    watched: Watched, mairie: Host, site: str, place_path: str, part: str
) -> None:
    style = f"carte-mediation::part({part}) {{ outline: 7px dotted rgb(1, 2, 3) }}"
    page = watched.open(mairie(one(site), style=style))
    ready(page)
    if part == "detail":
        page.evaluate(f"{ELEMENT}.montrer('{place_path.removeprefix('/lieux/')}')")
        expect(page.locator(".detail")).to_be_visible()

    outlined = page.evaluate(
        f"[...{SHADOW}.querySelectorAll('[part~={part}]')]"
        ".map((el) => getComputedStyle(el).outlineWidth)"
    )

    assert outlined
    assert set(outlined) == {"7px"}


def test_a_visible_map_comes_by_itself_once_it_is_in_sight(
    watched: Watched, mairie: Host, site: str
) -> None:
    watched.expected = ("cooperativeGestures",)
    page = watched.open(mairie(one(site, 'carte="visible" fond="aucun"')), before=LISTEN)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ready(page)
    page.locator("#carte").scroll_into_view_if_needed()

    wait_until(page, "told.some(({ what }) => what === 'carte')", 60)
    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible(timeout=60_000)
    assert not [url for url in asked if "/fond/" in url]  # `fond="aucun"`


def test_without_a_map_there_is_only_the_list(watched: Watched, mairie: Host, site: str) -> None:
    page = watched.open(mairie(one(site, 'carte="aucune"')))
    ready(page)

    expect(page.locator("carte-mediation #carte")).to_have_count(0)
    expect(page.get_by_role("link", name="Afficher la carte")).to_have_count(0)
    assert axe_faults(page) == []


ASKED_POSITION = """window.asked = 0;
const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
navigator.geolocation.getCurrentPosition = (...given) => { asked += 1; ask(...given); };"""


def test_the_position_is_asked_after_a_click_and_rounded(
    watched: Watched, mairie: Host, site: str
) -> None:
    page = watched.open(
        mairie(one(site)),
        before=LISTEN + ASKED_POSITION,
        permissions=["geolocation"],
        geolocation={"longitude": 1.8712345, "latitude": 46.1698765},
    )
    ready(page)
    assert page.evaluate("asked") == 0

    page.get_by_role("button", name="Autour de moi").click()
    wait_until(page, "told.filter(({ what }) => what === 'resultats').length === 2")

    assert page.evaluate("asked") == 1
    question = told(page)[-1]["question"]
    assert "lon=1.871" in question
    assert "lat=46.17" in question
    assert "1.8712" not in question
    assert "ou=" not in question


def test_a_refused_position_is_told_and_the_commune_can_be_typed(
    watched: Watched, mairie: Host, site: str
) -> None:
    page = watched.open(mairie(one(site)), permissions=[])
    ready(page)

    page.get_by_role("button", name="Autour de moi").click()

    expect(page.get_by_text("Votre position n’est pas disponible")).to_be_visible()
    expect(page.get_by_label("Où ?")).to_be_focused()


def test_the_logo_and_the_help_are_those_of_the_integrator(
    watched: Watched, mairie: Host, site: str
) -> None:
    logo = "https://logo.exemple.fr/logo.svg"
    watched.allowed.add("logo.exemple.fr")
    watched.expected = ("robots.txt", "favicon.ico")
    address = mairie(one(site, f'logo="{logo}" aide="aide@exemple.fr"'))
    page = watched.open("/robots.txt")
    page.context.route(
        logo,
        lambda route: route.fulfill(
            body='<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"/>',
            content_type="image/svg+xml",
        ),
    )
    with page.expect_request(logo) as asked:
        page.goto(address)
    ready(page)

    assert "referer" not in asked.value.headers
    expect(page.locator("carte-mediation img.logo")).to_be_visible()
    expect(page.get_by_role("link", name="Besoin d’aide ?")).to_have_attribute(
        "href", "mailto:aide@exemple.fr"
    )
    said = page.locator("carte-mediation").evaluate("el => el.shadowRoot.textContent")
    assert "La carte de la médiation" not in said
    assert axe_faults(page) == []


FOCUSED = """(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return null;
  const look = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  return {
    id: at.dataset.walk ?? at.id,
    seen: parseFloat(look.outlineWidth) >= 2 && look.outlineStyle !== 'none',
    onScreen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
})()"""


def test_tab_goes_through_all_of_it_in_order_and_leaves(
    watched: Watched, mairie: Host, site: str
) -> None:
    page = watched.open(
        mairie(f'<a href="#" id="avant">Avant</a>{one(site)}<a href="#" id="apres">Après</a>'),
        width=320,
    )
    ready(page)
    expected = page.evaluate(
        f"""[...{SHADOW}.querySelectorAll('a[href], button, input, select, summary')]
        .filter((el) => el.checkVisibility({{ visibilityProperty: true }})
          && !el.disabled && el.type !== 'hidden' && el.tabIndex >= 0)
        .map((el, rank) => (el.dataset.walk = String(rank)))"""
    )
    page.locator("#avant").focus()

    walked: list[str] = []
    for _ in range(len(expected) + 5):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        assert at
        if at["id"] == "apres":
            break
        assert at["seen"], at
        assert at["onScreen"], at
        walked.append(at["id"])

    assert len(walked) > 20
    assert walked == expected


def test_two_elements_keep_their_searches_in_the_address_of_their_page(
    watched: Watched, mairie: Host, site: str
) -> None:
    body = "".join(
        f'<carte-mediation id="{id_}" titre="{id_}" ou="Guéret" permalien></carte-mediation>'
        for id_ in ("un", "deux")
    )
    page = watched.open(mairie(body + script(site)) + "/#menu")
    for id_ in ("un", "deux"):
        expect(page.locator(f"#{id_} .name").first).to_be_visible(timeout=60_000)
    assert page.url.endswith("/#menu")

    name = page.locator("#deux .name a").nth(1).inner_text()
    page.locator("#deux .name a").nth(1).click()
    expect(page.locator("#deux .detail h1")).to_have_text(name)
    first = page.locator("#un .name a").first.inner_text()
    page.locator("#un .name a").first.click()
    expect(page.locator("#un .detail h1")).to_have_text(first)
    assert "#menu&deux=" in page.url

    again = watched.open(page.url)
    expect(again.locator("#deux .detail h1")).to_have_text(name, timeout=60_000)
    expect(again.locator("#un .detail h1")).to_have_text(first, timeout=60_000)
    page.go_back()
    expect(page.locator("#un #resultats")).to_be_visible()
    expect(page.locator("#deux .detail h1")).to_have_text(name)


@pytest.fixture
def saved(engine: Engine) -> Iterator[Engine]:
    """A map that its owner saved; its sites are for the test to say."""
    with engine.begin() as db:
        db.execute(
            text(
                "INSERT INTO embeds (key, name, question, mail, confirmed_at)"
                " VALUES (:key, 'Essai', :question, 'essai@exemple.fr', now())"
            ),
            {"key": KEY, "question": "ou=Guéret&titre=Enregistrée&couleur=8a1538"},
        )
    yield engine
    with engine.begin() as db:
        db.execute(text("DELETE FROM embeds WHERE key = :key"), {"key": KEY})


def by_key(site: str) -> str:
    return (
        f'<carte-mediation integration="{KEY}"><a href="{site}/lieux">La liste</a>'
        f"</carte-mediation>{script(site)}"
    )


def test_a_saved_map_is_shown_by_its_key_in_its_colours_and_walked_through(
    watched: Watched, mairie: Host, site: str, saved: Engine
) -> None:
    page = watched.open(mairie(by_key(site)), before=LISTEN)
    expect(page.locator("carte-mediation h1")).to_have_text("Enregistrée", timeout=60_000)
    link = page.locator(".name a").first
    assert link.evaluate("el => getComputedStyle(el).color") == "rgb(138, 21, 56)"
    assert "ou=Gu" in str(page.evaluate(f"{ELEMENT}.question"))

    page.get_by_label("Quand ?").select_option("samedi-matin")
    page.get_by_role("button", name="Chercher").first.click()
    wait_until(page, "told.filter(({ what }) => what === 'resultats').length === 2")
    assert "ouvert=samedi-matin" in told(page)[-1]["question"]
    assert "visite=recherche" in told(page)[-1]["question"]


def test_a_saved_map_is_kept_for_the_sites_of_its_owner(
    watched: Watched, mairie: Host, site: str, saved: Engine
) -> None:
    ours = mairie(by_key(site))
    other = mairie(by_key(site))
    framed = mairie(f'<iframe title="Carte" src="{site}/embed?integration={KEY}"></iframe>')
    with saved.begin() as db:
        db.execute(
            text("UPDATE embeds SET hosts = ARRAY[:host] WHERE key = :key"),
            {"host": ours, "key": KEY},
        )
    watched.expected = ("CORS", "ERR_FAILED", "frame-ancestors", "ERR_BLOCKED_BY_RESPONSE")

    page = watched.open(ours)
    expect(page.locator("carte-mediation h1")).to_have_text("Enregistrée", timeout=60_000)
    page = watched.open(other, before=LISTEN)
    wait_until(page, "told.some(({ what }) => what === 'erreur')")
    expect(page.get_by_role("link", name="La liste")).to_be_visible()
    page = watched.open(framed)
    wait_until(page, "frames.length === 1")
    page.wait_for_timeout(1_000)
    assert page.frames[1].url.startswith("chrome-error:")


@pytest.mark.parametrize(
    "question",
    [
        "territoire=departement:23&titre=L’aide *ici* ~ là&couleur=8a1538",
        "ou=Guéret&services=aide-aux-demarches-administratives&frais=gratuit"
        "&services=maitrise-des-outils-numeriques-du-quotidien",
    ],
)
def test_the_code_to_copy_asks_for_its_list_once_and_before_its_script(
    watched: Watched, mairie: Host, site: str, question: str
) -> None:
    builder = watched.open(f"/integrer?{question}")
    code = builder.locator("#element").input_value()
    asked: list[str] = []
    page = watched.open("/confidentialite")
    page.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    page.goto(mairie(code))
    ready(page)

    listed = [rank for rank, url in enumerate(asked) if url.startswith("/embed?")]
    assert len(listed) == 1, asked
