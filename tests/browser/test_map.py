"""The interactive map: asked for, shown, left; and what happens when it cannot be shown."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LIST, Watched, axe_faults, content_width_px, wait_until

NO_BASEMAP = "/fond/style.json"
"""The tests' service has none: Chromium notes the 404 in its console."""
DRAWN = """() => {
  const { map } = document.getElementById("carte");
  return Boolean(map?.loaded() && map.queryRenderedFeatures(
    { layers: ["lieux-points", "lieux-groupes"] }).length > 0);
}"""
NO_WEBGL = """
  const real = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    return /webgl/.test(kind) ? null : real.call(this, kind, ...more);
  };
"""


def basemap(site: str) -> dict[str, object]:
    tiles = [f"{site}/fond/{{z}}/{{x}}/{{y}}.png"]
    return {
        "version": 8,
        "sources": {"ign": {"type": "raster", "tiles": tiles}},
        "layers": [{"id": "plan", "type": "raster", "source": "ign"}],
    }


def open_wide(watched: Watched, path: str = LIST) -> Page:
    watched.expected = (*watched.expected, NO_BASEMAP)
    page = watched.open(path, width=1280, height=900)
    wait_until(page, f"({DRAWN})()")
    return page


def test_on_a_wide_screen_the_map_stands_beside_the_list_and_shows_its_places(
    watched: Watched,
) -> None:
    page = open_wide(watched)

    beside = page.locator(".map").bounding_box()
    listed = page.locator(".cards").bounding_box()
    assert beside is not None
    assert listed is not None
    assert beside["x"] >= listed["x"] + listed["width"]
    assert axe_faults(page) == []


def test_on_a_phone_no_byte_of_the_map_comes_before_it_is_asked_for(watched: Watched) -> None:
    watched.expected = (NO_BASEMAP,)
    page = watched.open("about:blank", width=360, height=640)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(LIST, wait_until="networkidle")
    before = [url for url in asked if re.search("maplibre|/tuiles/|/fond/|map-", url)]
    page.get_by_role("link", name="Afficher la carte").click()
    wait_until(page, f"({DRAWN})()")

    assert before == []
    assert any("maplibre" in url for url in asked)
    assert page.evaluate("document.activeElement.id") == "carte"
    assert content_width_px(page) == 360


def test_the_map_asks_the_same_question_as_the_list(watched: Watched) -> None:
    asked: list[str] = []
    watched.expected = (NO_BASEMAP,)
    page = watched.open("about:blank", width=1280)
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/lieux?territoire=departement:23&frais=gratuit")
    wait_until(page, f"({DRAWN})()")

    tiles = [url for url in asked if "/tuiles/lieux/" in url]
    assert tiles
    assert all("territoire=departement%3A23" in url and "frais=gratuit" in url for url in tiles)


def test_seeing_a_place_on_the_map_opens_it_and_escape_gives_the_focus_back(
    watched: Watched,
) -> None:
    page = open_wide(watched)
    link = page.locator("[data-map-place]").nth(1)
    name = page.locator(".place h3 a").nth(1).inner_text()
    link.click()
    title = page.locator(".panel h3")
    expect(title).to_have_text(name.replace("’", "'").replace("\u202f", " "), ignore_case=True)
    expect(title).to_be_focused()
    assert axe_faults(page) == []
    page.keyboard.press("Escape")

    expect(page.locator(".panel")).to_be_hidden()
    expect(link).to_be_focused()


def test_a_point_of_the_map_opens_its_place(watched: Watched) -> None:
    page = open_wide(watched)
    x, y, place = page.evaluate(
        """() => {
          const { map } = document.getElementById("carte");
          const { width, height } = map.getCanvas().getBoundingClientRect();
          const alone = map.queryRenderedFeatures({ layers: ["lieux-points"] }).find((one) => {
            const at = map.project(one.geometry.coordinates);
            const near = map.queryRenderedFeatures(
              [[at.x - 9, at.y - 9], [at.x + 9, at.y + 9]],
              { layers: ["lieux-points", "lieux-groupes"] });
            return near.length === 1 && at.x > 20 && at.y > 20 && at.x < width - 60 && at.y < height - 60;
          });
          const at = map.project(alone.geometry.coordinates);
          const box = map.getCanvas().getBoundingClientRect();
          return [box.x + at.x, box.y + at.y, alone.properties.id];
        }"""
    )
    page.mouse.click(x, y)

    expect(page.locator(".panel h3")).to_be_focused()
    expect(page.locator(f".panel a[href='/lieux/{place}']")).to_be_visible()
    page.get_by_role("button", name="Fermer").click()
    expect(page.locator(".map-canvas canvas")).to_be_focused()


def test_a_group_opens_when_it_is_touched(watched: Watched) -> None:
    page = open_wide(watched, "/lieux?territoire=departement:23")
    before = page.evaluate("document.getElementById('carte').map.getZoom()")
    x, y = page.evaluate(
        """() => {
          const { map } = document.getElementById("carte");
          const box = map.getCanvas().getBoundingClientRect();
          const inside = map.queryRenderedFeatures({ layers: ["lieux-groupes"] })
            .map((one) => map.project(one.geometry.coordinates))
            .find((at) => at.x > 60 && at.y > 60 && at.x < box.width - 80 && at.y < box.height - 80
              && !map.queryRenderedFeatures(at, { layers: ["lieux-points"] }).length);
          return [box.x + inside.x, box.y + inside.y];
        }"""
    )
    page.mouse.click(x, y)

    wait_until(page, f"document.getElementById('carte').map.getZoom() > {before} + 1.5")


def test_the_list_follows_the_map_only_when_asked(watched: Watched) -> None:
    page = open_wide(watched)
    zone = page.get_by_role("link", name="Chercher dans cette zone")
    expect(zone).to_be_hidden()
    address = page.url
    page.locator(".map-canvas canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(zone).to_be_visible()
    assert page.url == address
    zone.click()
    page.wait_for_url("**/lieux?bbox=*")

    expect(page.locator("#trouves [role=status]")).to_contain_text("trouvé")


def test_without_webgl_the_list_and_the_drawn_map_remain(watched: Watched) -> None:
    watched.expected = ("WebGL",)
    page = watched.open(LIST, width=1280, before=NO_WEBGL)

    expect(page.get_by_text("La carte ne peut pas s’afficher")).to_be_visible()
    expect(page.locator(".drawing")).to_be_visible()
    page.get_by_role("link", name="Voir sur la carte").nth(2).click()
    expect(page.locator("#epingle-3")).to_be_in_viewport()


def test_a_basemap_that_does_not_answer_is_taken_away_and_said_so(watched: Watched) -> None:
    page = watched.open("about:blank", width=1280, height=900)

    def hang(route: Route) -> None:
        """Never answered: the map must not wait for it."""

    page.route("**/fond/style.json", lambda route: route.fulfill(json=basemap(watched.site)))
    page.route("**/fond/*/*/*.png", hang)
    page.goto(LIST)
    wait_until(page, "document.getElementById('carte').map?.getLayer('basemap-plan') !== undefined")

    expect(page.get_by_text("Fond de carte indisponible.")).to_be_visible(timeout=10_000)
    wait_until(page, f"({DRAWN})()")
    shown = page.evaluate(
        """() => {
          const { map } = document.getElementById("carte");
          return [map.getLayer("basemap-plan") === undefined,
            map.getLayoutProperty("fond-terre", "visibility") !== "none"];
        }"""
    )
    assert shown == [True, True]


def test_a_basemap_that_answers_lies_under_our_places(watched: Watched) -> None:
    watched.expected = ("decoded", "decode")
    page = watched.open("about:blank", width=1280, height=900)
    blank = page.screenshot(clip={"x": 0, "y": 0, "width": 256, "height": 256})
    page.route("**/fond/style.json", lambda route: route.fulfill(json=basemap(watched.site)))
    page.route(
        "**/fond/*/*/*.png", lambda route: route.fulfill(body=blank, content_type="image/png")
    )
    page.goto(LIST)
    wait_until(page, f"({DRAWN})()")
    wait_until(
        page,
        "document.getElementById('carte').map.getLayoutProperty('fond-terre', 'visibility') === 'none'",
    )

    order = page.evaluate(
        "document.getElementById('carte').map.getStyle().layers.map((layer) => layer.id)"
    )
    assert order.index("basemap-plan") < order.index("lieux-points")
    expect(page.get_by_text("Fond de carte indisponible.")).to_have_count(0)


def test_paper_gets_the_drawn_map_when_the_other_is_shown(watched: Watched) -> None:
    page = open_wide(watched)
    page.emulate_media(media="print")

    expect(page.locator(".map")).to_be_hidden()
    expect(page.locator(".drawing")).to_be_visible()


def test_the_map_follows_the_theme(watched: Watched) -> None:
    page = open_wide(watched)
    page.emulate_media(color_scheme="dark")

    wait_until(
        page,
        "document.getElementById('carte').map.getLayer('lieux-groupes')"
        " && document.getElementById('carte').map.getPaintProperty('lieux-groupes', 'circle-stroke-color') === '#79d2c6'",
    )
    wait_until(page, f"({DRAWN})()")
    assert axe_faults(page) == []


def test_every_family_has_its_letter_in_the_legend(watched: Watched) -> None:
    page = open_wide(watched)
    page.get_by_text("Légende").click()
    letters = page.locator(".legend .dot").all_inner_texts()

    assert len(letters) == 9
    assert len(set(letters)) == 9


def test_a_territory_shows_its_communes_without_place_and_permanences_on_the_map(
    watched: Watched,
) -> None:
    watched.expected = (NO_BASEMAP,)
    page = watched.open("/territoires/departement/23", width=1280)
    page.locator(".map-layers").wait_for()

    page.get_by_label("Les communes sans lieu qui répond").check()
    page.get_by_text("communes n’ont aucun lieu qui répond").wait_for()
    assert page.evaluate("!!document.getElementById('carte').map.getLayer('communes-sans-lieu')")

    with (
        page.expect_response(re.compile(r"/tuiles/lieux/.*permanence=jeudi")),
        page.expect_response(re.compile(r"/couverture\.geojson.*permanence=jeudi")),
    ):
        page.get_by_label("Les lieux où un médiateur est là :").select_option("jeudi")
