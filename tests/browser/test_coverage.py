"""Coverage on the map: read by pointer and by keyboard, and imagined from there."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched, axe_faults, wait_until

CREUSE = "/couverture?territoire=departement:23&frais=gratuit"
SHADED = """() => {
  const { map } = document.getElementById("carte");
  return Boolean(map?.loaded() && map.queryRenderedFeatures({ layers: ["couverture-classes"] }).length > 0);
}"""


def opened(watched: Watched) -> Page:
    page = watched.open(CREUSE, width=1280)
    wait_until(page, f"({SHADED})()")
    return page


def test_the_map_says_how_far_what_is_touched_is(watched: Watched) -> None:
    page = opened(watched)

    expect(page.get_by_role("button", name="Imaginer")).to_be_hidden()
    page.locator(".maplibregl-canvas").click()

    expect(page.locator(".coverage-point [role=status]")).to_contain_text("km")
    assert axe_faults(page) == []


def test_a_permanence_is_imagined_by_keyboard_under_the_cross(watched: Watched) -> None:
    page = opened(watched)

    page.get_by_label("Quoi", exact=True).select_option("jeudi")
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Lire sous la croix").press("Enter")
    page.get_by_role("button", name="Imaginer une permanence le jeudi ici").press("Enter")

    expect(page.get_by_text("en ajoutant une permanence le jeudi à").first).to_be_visible()
    expect(page.get_by_text("au point choisi").first).to_be_visible()


def test_without_webgl_the_drawing_stays(watched: Watched) -> None:
    watched.expected = ("WebGL",)
    page = watched.open("about:blank", width=1280)
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(CREUSE)

    expect(page.get_by_text("La carte ne peut pas s’afficher. Le dessin")).to_be_visible()
    expect(page.locator("svg.coverage")).to_be_visible()
