"""`<carte-mediation>` on pages of other origins: their policies, their styles, their failures."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Host, Watched, axe_faults, content_width_px, wait_until

HOSTILE = """
* { color: red !important; font-size: 40px !important; line-height: 0.5; display: block !important }
p, li, h1 { visibility: hidden; text-transform: uppercase }
"""


def script(site: str) -> str:
    return f'<script type="module" src="{site}/w/v1/carte.js"></script>'


def one(site: str, more: str = "") -> str:
    return (
        f'<carte-mediation ou="Guéret" titre="Chez nous" {more}>'
        f'<a href="{site}/lieux">La liste</a></carte-mediation>{script(site)}'
    )


def strict(site: str) -> str:
    """As docs/integrer.md gives it, on a page that allows nothing else but its own style."""
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {site}; connect-src {site}; "
        f"worker-src blob: {site}; img-src data:"
    )


def told(page: Page) -> list[dict[str, Any]]:
    return list(page.evaluate("window.told"))


LISTEN = """window.told = [];
for (const what of ["resultats", "lieu", "filtre", "carte", "erreur"])
  addEventListener(`carte-mediation:${what}`, ({ detail }) => told.push({ what, ...detail }));"""


def test_two_elements_stand_in_a_hostile_page_with_a_strict_policy_and_trusted_types(
    watched: Watched, mairie: Host, site: str
) -> None:
    watched.expected = ("TrustedScriptURL",)
    page = watched.open(
        mairie(
            f"""<carte-mediation ou="Guéret" titre="Un">La liste arrive.</carte-mediation>
            <carte-mediation ou="Guéret" titre="Deux" theme="sombre">La liste arrive.</carte-mediation>
            {script(site)}""",
            style=HOSTILE,
            content_security_policy=f"{strict(site)}; require-trusted-types-for 'script'",
        )
    )

    papers: list[str] = []
    for rank, title in enumerate(("Un", "Deux")):
        element = page.locator("carte-mediation").nth(rank)
        expect(element.locator("h1")).to_have_text(title, timeout=60_000)
        expect(element.locator(".place").first).to_be_visible()
        look = (
            "el => (({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(el))"
        )
        ink, paper = element.locator(".cm").evaluate(look)
        assert ink != "rgb(255, 0, 0)"
        papers.append(paper)
    assert papers[0] != papers[1]
    wait_until(page, "!document.querySelector('carte-mediation').shadowRoot.querySelector('slot')")
    page.get_by_role("link", name="Afficher la carte").first.click()
    expect(page.get_by_text("La carte ne peut pas s’afficher").first).to_be_visible(timeout=60_000)
    expect(page.locator(".place").first).to_be_visible()
    assert page.evaluate("document.cookie + localStorage.length + sessionStorage.length") == "00"


def test_one_filters_opens_a_place_and_comes_back_by_keyboard(
    watched: Watched, mairie: Host, site: str
) -> None:
    asked: list[str] = []
    page = watched.open(mairie(one(site, 'permalien id="lieux"')), width=320, before=LISTEN)
    page.on("request", lambda request: asked.append(request.url))
    results = page.locator("#resultats")
    expect(results).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name="La liste")).to_have_count(0)
    first = told(page)[0]
    assert first["what"] == "resultats"
    assert first["total"] > 0
    assert axe_faults(page) == []
    assert content_width_px(page) == 320

    page.get_by_label("Quand ?").select_option("samedi-matin")
    page.get_by_role("button", name="Chercher").first.focus()
    page.keyboard.press("Enter")
    wait_until(page, "told.filter(({ what }) => what === 'resultats').length === 2")
    assert "ouvert=samedi-matin" in told(page)[1]["question"]
    assert results.evaluate("el => el.getRootNode().activeElement === el")
    page.go_back()
    wait_until(page, "told.filter(({ what }) => what === 'resultats').length === 3")

    link = page.locator(".name a").nth(1)
    name = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1", has_text=name)).to_be_focused()
    assert told(page)[-1]["what"] == "lieu"
    assert "#lieux=" in page.url
    assert axe_faults(page) == []
    page.reload()
    expect(page.locator(".detail h1")).to_have_text(name, timeout=60_000)
    page.get_by_role("link", name="Revenir à la liste").click()
    expect(page.locator(".name a", has_text=name).first).to_be_focused()
    assert page.url.startswith("http://127.0.0.1:")
    assert not [url for url in asked if "maplibre" in url or "/tuiles/" in url]


def test_it_reads_in_the_dark_at_twice_the_size_on_paper_and_follows_its_page(
    watched: Watched, mairie: Host, site: str
) -> None:
    page = watched.open(
        mairie(one(site, 'theme="auto" couleur="8a1538" filtres="ou"')),
        width=320,
        theme="dark",
        before=LISTEN,
    )
    # as somebody sets it in the browser
    sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
    page.context.new_cdp_session(page).send(  # pyright: ignore[reportUnknownMemberType]
        "Page.setFontSizes", sizes
    )
    expect(page.locator("#resultats")).to_be_visible(timeout=60_000)
    assert letters_px(page) == 32
    assert content_width_px(page) == 320
    assert axe_faults(page) == []
    expect(page.get_by_label("Quand ?")).to_have_count(0)

    page.evaluate("document.querySelector('carte-mediation').setAttribute('titre', 'Ailleurs')")
    expect(page.locator("carte-mediation h1")).to_have_text("Ailleurs")
    page.evaluate("document.querySelector('carte-mediation').demander({ frais: ['gratuit'] })")
    wait_until(page, "document.querySelector('carte-mediation').question.includes('frais=gratuit')")
    page.emulate_media(media="print")
    expect(page.locator(".place").first).to_be_visible()
    expect(page.locator(".search")).to_be_hidden()


def letters_px(page: Page) -> float:
    return float(
        page.locator(".place .name + p").first.evaluate(
            "(el) => parseFloat(getComputedStyle(el.parentElement).fontSize)"
        )
    )


def test_a_site_that_counts_in_tenths_of_its_root_shrinks_nothing(
    watched: Watched, mairie: Host, site: str
) -> None:
    watched.expected = ("cooperativeGestures", "/fond/")
    page = watched.open(mairie(one(site), style="html { font-size: 62.5% }"), width=320)
    expect(page.locator("#resultats")).to_be_visible(timeout=60_000)

    assert letters_px(page) == 16
    small = page.locator("carte-mediation").evaluate(
        "(el) => [...el.shadowRoot.querySelectorAll('button, select, input:not([type=checkbox]), summary, .credit a')]"
        ".filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)"
        ".map((one) => one.outerHTML)"
    )
    assert small == []

    page.get_by_role("link", name="Afficher la carte").click()
    plus = page.get_by_role("button", name="Agrandir")
    minus = page.get_by_role("button", name="Réduire")
    expect(minus).to_be_visible(timeout=60_000)
    above, below = plus.bounding_box(), minus.bounding_box()
    assert above
    assert below
    assert above["x"] == below["x"]
    assert below["y"] >= above["y"] + 44


@pytest.mark.parametrize("opaque", [False, True], ids=["strict policy", "opaque sandbox"])
def test_the_map_comes_on_demand(watched: Watched, mairie: Host, site: str, opaque: bool) -> None:
    watched.expected = ("cooperativeGestures", "/fond/")
    policy = "sandbox allow-scripts" if opaque else strict(site)
    page = watched.open(mairie(one(site), content_security_policy=policy), before=LISTEN)
    page.get_by_role("link", name="Afficher la carte").click(timeout=60_000)

    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible(timeout=60_000)
    wait_until(
        page,
        "document.querySelector('carte-mediation').shadowRoot.querySelector('#carte').map"
        "?.queryRenderedFeatures().length > 0",
        60,
    )
    assert "carte" in [event["what"] for event in told(page)]


def gone(route: Route) -> None:
    route.abort()


def slow(route: Route) -> None:
    pass  # never answered


def wrong(route: Route) -> None:
    route.fulfill(
        body="<p>En maintenance", headers={"access-control-allow-origin": "*"}, content_type="text/html"
    )  # fmt: skip


@pytest.mark.parametrize("failing", [gone, slow, wrong])
def test_what_the_element_holds_stays_while_the_service_does_not_answer(
    watched: Watched, mairie: Host, site: str, failing: Any
) -> None:
    watched.expected = ("Failed to load", "ERR_")
    address = mairie(one(site))
    page = watched.open("/robots.txt")
    page.context.route("**/embed?*", failing)
    page.context.add_init_script(LISTEN)
    with page.expect_request("**/embed?*"):
        page.goto(address)
    if failing is not slow:
        wait_until(page, "told.some(({ what }) => what === 'erreur')")

    expect(page.get_by_role("link", name="La liste")).to_be_visible()


def test_a_search_that_gets_no_answer_leaves_the_list_and_says_so_in_sight(
    watched: Watched, mairie: Host, site: str
) -> None:
    watched.expected = ("net::ERR_FAILED",)
    page = watched.open(mairie(one(site)), width=320)
    expect(page.locator("#resultats")).to_be_visible(timeout=60_000)
    page.route("**/embed?**", gone)

    page.get_by_role("link", name="Page suivante").click()

    expect(page.get_by_role("alert")).to_contain_text("la liste n’a pas changé")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(page.locator(".place").first).to_be_visible()


def test_the_next_page_is_read_from_its_first_place(
    watched: Watched, mairie: Host, site: str
) -> None:
    page = watched.open(mairie(one(site)), width=360, height=640)
    expect(page.locator("#resultats")).to_be_visible(timeout=60_000)

    page.get_by_role("link", name="Page suivante").click()

    expect(page.get_by_text("Page 2 sur")).to_be_attached()
    expect(page.locator(".found")).to_be_in_viewport()
    expect(page.locator(".name a").first).to_be_in_viewport()


def test_a_wrong_question_is_told_to_the_page_and_its_visitors(
    watched: Watched, mairie: Host, site: str
) -> None:
    watched.expected = ("422",)
    page = watched.open(
        mairie(f'<carte-mediation services="voler"></carte-mediation>{script(site)}'), before=LISTEN
    )

    expect(page.get_by_role("alert")).to_contain_text("voler", timeout=60_000)
    assert told(page)[0]["statut"] == 422


def test_what_the_element_holds_stays_without_script(
    watched: Watched, mairie: Host, site: str
) -> None:
    page = watched.open(mairie(one(site)), script=False)

    page.get_by_role("link", name="La liste").click()
    assert page.url == f"{site}/lieux"
