"""What people do with the pages: search, filter, read, print; with an old phone, without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LIST, Watched

WEIGHT_MAX_BYTES = 50_000
SUGGESTIONS = "[role=listbox] [role=option]"
FOUND = "#trouves [role=status]"


def test_three_answers_lead_to_a_list_without_javascript(watched: Watched) -> None:
    page = watched.open("/", script=False, width=320)
    page.get_by_label("Où ?").fill("Guéret")
    page.get_by_label("Quand ?").select_option("mardi")
    page.get_by_label("Aide aux démarches administratives").check()
    page.get_by_role("button", name="Chercher").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Lieux d’aide autour de\u00a0: Guéret (23)"
    )
    expect(page.locator(FOUND)).to_contain_text("trouvés à moins de 20")
    assert page.locator(".place").count() > 0


def test_a_filter_is_taken_away_by_its_link(watched: Watched) -> None:
    page = watched.open(f"{LIST}&frais=gratuit&equipements=imprimante", script=False)
    page.get_by_role("link", name="Gratuit").click()

    assert "equipements=imprimante" in page.url
    assert "frais" not in page.url


def test_the_next_page_goes_on_counting(watched: Watched) -> None:
    page = watched.open("/lieux?territoire=departement:23", script=False)
    page.get_by_role("link", name="Page suivante").click()

    assert page.locator(".place .pin").first.inner_text() == "21"
    assert page.locator("[aria-current=page]").inner_text() == "2"


def test_when_nothing_is_found_people_are_told_what_to_do(watched: Watched) -> None:
    page = watched.open("/lieux?ou=Guéret&rayon=1&publics=femmes&labels=ordi-3-0", script=False)

    expect(page.locator(FOUND)).to_have_text("Aucun lieu trouvé.")
    expect(page.get_by_role("link", name="Élargir à 50 km")).to_be_visible()
    expect(page.get_by_role("link", name="Chercher sans le critère")).to_have_count(2)


def test_hours_that_nobody_knows_are_said_so_and_can_be_added(watched: Watched) -> None:
    page = watched.open(f"{LIST}&rayon=50&ouvert=mardi-10h", script=False)
    page.get_by_role("link", name="Les ajouter à la liste").click()

    assert "horaires_inconnus=inclure" in page.url


def test_the_drawn_map_shows_each_place_of_the_list_by_its_number(watched: Watched) -> None:
    page = watched.open(LIST, script=False)
    listed = page.locator(".place[data-lon] .pin").all_inner_texts()
    for size in ("small", "large"):
        drawn = page.locator(f".drawing .pins .{size}-type text").all_text_contents()
        assert sorted(drawn, key=int) == listed


@pytest.mark.parametrize("width", [320, 700, 1280])
def test_names_and_numbers_of_the_drawn_map_can_be_read_at_every_width(
    watched: Watched, width: int
) -> None:
    page = watched.open(LIST, width=width, script=False)
    sizes = page.locator(".drawing text:visible").evaluate_all(
        """texts => texts.map((one) => {
             const scale = one.ownerSVGElement.getBoundingClientRect().width / 640;
             return parseFloat(getComputedStyle(one).fontSize) * scale;
           })"""
    )

    assert page.locator(".drawing .names text:visible").count() > 0
    assert min(sizes) >= 9.5
    assert page.locator(".drawing .areas path").count() > 5


def test_see_on_the_map_shows_the_pin_without_javascript(watched: Watched) -> None:
    page = watched.open(LIST, script=False)
    page.get_by_role("link", name="Voir sur la carte").nth(2).click()

    expect(page.locator("#epingle-3")).to_be_in_viewport()


def test_a_place_says_who_what_where_and_what_is_not_known(
    watched: Watched, place_path: str
) -> None:
    page = watched.open(place_path, script=False)
    headings = page.get_by_role("heading", level=2).all_inner_texts()

    wanted = {"Le contacter", "Horaires", "Prix", "Ce que l’on y fait", "Pour qui", "Où c’est"}
    assert wanted <= set(headings)
    expect(page.locator("a[href^='tel:']").first).to_be_visible()
    expect(page.get_by_role("link", name="Itinéraire (OpenStreetMap)")).to_be_visible()
    expect(page.get_by_role("img", name="Le lieu sur une carte")).to_be_visible()


def test_a_wrong_town_is_corrected_on_the_spot(watched: Watched) -> None:
    watched.expected = ("422",)
    page = watched.open("/lieux?ou=Guérette&frais=gratuit", script=False)
    field = page.get_by_label("Où cherchez-vous")
    assert field.input_value() == "Guérette"
    field.fill("Guéret")
    page.get_by_role("button", name="Chercher").click()

    assert "frais=gratuit" in page.url
    assert page.locator(".place").count() > 0


def test_paper_gets_the_list_and_the_drawn_map_without_the_form(watched: Watched) -> None:
    page = watched.open(LIST)
    page.emulate_media(media="print")

    expect(page.locator(".refine")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator(".place").first).to_be_visible()
    expect(page.locator(".drawing")).to_be_visible()


def test_suggestions_are_chosen_with_the_keyboard(watched: Watched) -> None:
    page = watched.open("/")
    field = page.get_by_role("combobox", name="Où ?")
    field.press_sequentially("gueret")
    options = page.locator(SUGGESTIONS)
    expect(options.first).to_be_visible()
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    field.press("Enter")

    assert field.input_value() == "Guéret (23)"
    expect(options).to_have_count(0)
    field.press("Enter")
    page.wait_for_url("**/lieux?ou=*")


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(watched: Watched) -> None:
    page = watched.open("/")
    field = page.get_by_role("combobox", name="Où ?")
    field.press_sequentially("gueret")
    expect(page.locator(SUGGESTIONS).first).to_be_visible()
    field.press("Escape")

    expect(page.locator(SUGGESTIONS)).to_have_count(0)
    assert field.input_value() == "gueret"


def test_around_me_asks_for_the_position_after_a_click_only(watched: Watched) -> None:
    page = watched.open(
        "/",
        permissions=["geolocation"],
        geolocation={"longitude": 1.8713, "latitude": 46.1702},
    )
    assert page.url.endswith("/")
    page.get_by_role("button", name="Autour de moi").click()
    page.wait_for_url("**/lieux?*lon=1.871&lat=46.170*")

    expect(page.get_by_role("heading", level=1)).to_have_text("Lieux d’aide autour de vous")


def test_a_search_leaves_a_clean_address(watched: Watched) -> None:
    page = watched.open("/")
    page.get_by_role("combobox", name="Où ?").fill("Guéret")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.wait_for_url("**/lieux?ou=Gu%C3%A9ret")


def test_the_last_moment_chosen_is_the_one_asked(watched: Watched) -> None:
    page = watched.open("/")
    page.get_by_label("Quand ?").select_option("samedi")
    page.get_by_text("Un jour et une heure précis").click()
    page.get_by_label("Jour et heure").fill("2026-12-01T10:00")
    page.get_by_label("Jour et heure").blur()

    assert page.get_by_label("Quand ?").input_value() == ""


def weigh(page: Page, path: str) -> int:
    """Bytes over the wire, headers included, of the page and all that it asks."""
    sizes: list[int] = []
    page.on(
        "requestfinished",
        lambda request: sizes.append(
            request.sizes()["responseBodySize"] + request.sizes()["responseHeadersSize"]
        ),
    )
    page.goto(path, wait_until="networkidle")
    return sum(sizes)


@pytest.mark.parametrize("width", [320, 1000])
@pytest.mark.parametrize("path", ["/", LIST, "/lieux", "place"])
def test_a_page_weighs_less_than_a_photo(
    watched: Watched, place_path: str, path: str, width: int
) -> None:
    page = watched.open("about:blank", width=width)
    weight = weigh(page, place_path if path == "place" else path)

    assert 2_000 < weight <= WEIGHT_MAX_BYTES


def test_nothing_is_kept_in_the_browser(watched: Watched, place_path: str) -> None:
    page = watched.open("/")
    for path in (LIST, place_path, "/donnees"):
        page.goto(path)

    assert page.context.cookies() == []
    kept = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
    )
    assert kept == [0, 0, 0]
