"""Every page, in light, in dark and at 320 pixels: axe-core finds nothing to say."""

from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import LIST, Watched, axe_faults, content_width_px

PAGES = {
    "home": "/",
    "list": LIST,
    "filtered": "/lieux?ou=Guéret&frais=gratuit&ouvert=samedi-matin&services=aide-aux-demarches-administratives",
    "nothing": "/lieux?ou=Guéret&rayon=1&frais=payant&publics=femmes&labels=ordi-3-0",
    "place": "",
    "sheet": "/fiche?ou=Guéret",
    "coverage": "/couverture?territoire=departement:23&ouvert=samedi&ajout=Guéret",
    "imagined": "/couverture?territoire=departement:23&ajout=Aubusson&ajout_permanence=jeudi",
    "territory": "/territoires/departement/23",
    "territories": "/territoires?q=gueret",
    "accessibility": "/accessibilite",
    "privacy": "/confidentialite",
    "data": "/donnees",
    "mistake": "/lieux?ou=Guérette&frais=cadeau",
    "nowhere": "/nulle-part",
}
REFUSED = ("422", "404")
"""Chromium says in its console that the page itself was refused."""


def opened(watched: Watched, name: str, place_path: str, **how: object) -> Page:
    watched.expected = REFUSED
    return watched.open(PAGES[name] or place_path, **how)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    watched: Watched, place_path: str, name: str, theme: Literal["light", "dark"]
) -> None:
    page = opened(watched, name, place_path, theme=theme)

    assert axe_faults(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_at_320_pixels_axe_finds_nothing_and_nothing_overflows(
    watched: Watched, place_path: str, name: str
) -> None:
    page = opened(watched, name, place_path, width=320, height=640)

    assert content_width_px(page) == 320
    assert axe_faults(page) == []


def test_open_filters_have_no_fault_either(watched: Watched) -> None:
    page = watched.open(LIST, width=320)
    for summary in page.locator(".filters summary").all():
        summary.click()

    assert content_width_px(page) == 320
    assert axe_faults(page) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_the_whole_documentation_of_the_api_is_read_without_fault(
    watched: Watched, width: int
) -> None:
    page = watched.open("/api/docs", width=width)
    for summary in page.locator("main summary").all():
        if summary.is_visible():
            summary.click()

    assert content_width_px(page) == width
    assert axe_faults(page) == []


def test_every_page_has_its_own_title_and_one_first_heading(
    watched: Watched, place_path: str
) -> None:
    titles: list[str] = []
    for name in PAGES:
        page = opened(watched, name, place_path)
        titles.append(page.title())
        assert page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") == "fr"

    assert len(set(titles)) == len(PAGES)


@pytest.mark.parametrize("path", ["/", LIST])
def test_everything_is_reached_with_the_tab_key_and_always_seen(
    watched: Watched, path: str
) -> None:
    page = watched.open(path, width=700)
    reached: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => {
              const here = document.activeElement;
              if (here === document.body) return null;
              const style = getComputedStyle(here);
              const box = here.getBoundingClientRect();
              const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
              const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
              return [here.outerHTML.slice(0, 80), shown, inside];
            }"""
        )
        if here is None:
            break
        label, outlined, inside = here
        assert outlined, label
        assert inside, label
        reached.append(label)
    else:
        pytest.fail("the tab key never leaves the page")

    assert "Aller au contenu" in reached[0]
    assert len(reached) >= page.locator("a:visible, button:visible, input:visible").count() - 3


def test_the_skip_link_leads_to_the_list(watched: Watched) -> None:
    page = watched.open(LIST)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "resultats"


def test_every_target_is_large_enough_for_a_thumb(watched: Watched, place_path: str) -> None:
    page = watched.open(LIST, width=320)
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, select, summary, .boxes label")]
          .filter((one) => one.checkVisibility() && !one.closest(".skip, .note, .more span"))
          .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && box.height < 40)
          .map(([html]) => html)"""
    )

    assert [html for html in small if "<h3" not in html] == []


def test_text_twice_as_large_is_not_cut(watched: Watched) -> None:
    page = watched.open(LIST, width=640)
    page.evaluate("document.documentElement.style.fontSize = '225%'")

    assert content_width_px(page) <= 640
