"""The map on somebody else's site: a page of another origin, with its own policies and its own style."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Host, Watched, axe_faults, content_width_px, wait_until

LIST = f"/embed?ou={quote('Guéret')}"


@pytest.mark.parametrize("theme", ["clair", "sombre"])
def test_axe_finds_nothing_at_320_pixels(watched: Watched, theme: str) -> None:
    page = watched.open(f"{LIST}&theme={theme}&couleur=ffcc00", width=320)

    assert content_width_px(page) == 320
    assert axe_faults(page) == []
    page.locator(".name a").first.click()
    expect(page.get_by_role("link", name="Revenir à la liste")).to_be_visible()
    assert content_width_px(page) == 320
    assert axe_faults(page) == []


def test_without_script_one_searches_and_opens_a_place(watched: Watched) -> None:
    page = watched.open(f"{LIST}&titre=Chez+nous", script=False)
    page.get_by_label("Quand ?").select_option("samedi-matin")
    page.get_by_role("button", name="Chercher").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Chez nous")
    assert "ouvert=samedi-matin" in page.url
    page.locator(".name a").first.click()
    expect(page.get_by_role("heading", name="Prix")).to_be_visible()


def test_a_dark_list_is_printed_in_black_on_white(watched: Watched) -> None:
    page = watched.open(f"{LIST}&theme=sombre&couleur=ffb000", script=False)
    page.emulate_media(media="print")
    ink = "(el) => getComputedStyle(el).color"

    for text in (".found", ".name a", ".pin"):
        assert page.locator(text).first.evaluate(ink) == "rgb(0, 0, 0)"
    assert page.locator(".drawing .areas").evaluate("(el) => getComputedStyle(el).fill") == (
        "rgb(255, 255, 255)"
    )


def test_services_that_the_site_chose_do_not_push_its_list_away(watched: Watched) -> None:
    address = "/embed?territoire=departement:23&services=aide-aux-demarches-administratives"
    page = watched.open(address, width=320)

    expect(page.get_by_text("Pour quoi faire ? (1 choix)")).to_be_visible()
    assert page.locator(".found").evaluate("(el) => el.getBoundingClientRect().top") < 800


@pytest.mark.parametrize("width", [320, 1000])
def test_the_drawing_shows_the_numbers_of_the_list_and_names_at_every_width(
    watched: Watched, width: int
) -> None:
    page = watched.open(LIST, script=False, width=width)
    numbers = page.locator(".cards .pin").count()

    assert numbers > 1
    expect(page.locator(".pins circle:visible")).to_have_count(numbers)
    expect(page.locator(".drawing .names text:visible").first).to_be_visible()


def test_a_place_is_read_in_two_columns_where_there_is_room(
    watched: Watched, place_path: str
) -> None:
    page = watched.open(f"/embed{place_path}", script=False)
    columns = page.locator(".detail-body").evaluate(
        "(el) => getComputedStyle(el).gridTemplateColumns.split(' ').length"
    )

    assert columns == 2


def test_the_frame_takes_the_height_of_its_list(watched: Watched, mairie: Host, site: str) -> None:
    page = watched.open(
        mairie(
            f"""<iframe title="Lieux" src="{site}{LIST}" height="300"></iframe>
            <script src="{site}/w/v1/hauteur.js" async></script>"""
        )
    )

    wait_until(page, "document.querySelector('iframe').clientHeight > 1500")


def test_no_map_is_loaded_before_it_is_asked_for_then_it_shows_in_a_sandbox(
    watched: Watched, mairie: Host, site: str
) -> None:
    watched.expected = ("cooperativeGestures", "/fond/")
    host = mairie(
        f'<iframe title="Lieux" sandbox="allow-scripts" src="{site}{LIST}" width="700" height="700"></iframe>',
        content_security_policy=f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src {site}",
    )
    asked: list[str] = []
    page = watched.open(host)
    page.context.on("request", lambda request: asked.append(request.url))
    frame = page.frame_locator("iframe")
    expect(frame.locator(".found")).to_contain_text("lieux trouvés")
    assert not [url for url in asked if "maplibre" in url or "/tuiles/" in url]

    frame.get_by_role("link", name="Afficher la carte").click()

    expect(frame.locator("canvas.maplibregl-canvas")).to_be_visible(timeout=60_000)
    expect(frame.get_by_text("Légende")).to_be_visible(timeout=60_000)
    wait_until(
        page.frames[1],
        "document.querySelector('#carte').map?.queryRenderedFeatures().length > 0",
        60,
    )


def test_what_is_opened_far_down_a_frame_is_seen_from_its_top(
    watched: Watched, mairie: Host, site: str
) -> None:
    page = watched.open(
        mairie(
            f"""<p style="height: 500px">Bonjour</p><iframe title="Lieux" src="{site}{LIST}" width="100%"></iframe>
            <script src="{site}/w/v1/hauteur.js" async></script>"""
        ),
        width=360,
        height=640,
    )
    wait_until(page, "document.querySelector('iframe').clientHeight > 3000")
    assert page.evaluate("scrollY") == 0
    frame = page.frame_locator("iframe")

    frame.locator(".name a").nth(12).click()

    expect(frame.locator(".detail h1")).to_be_in_viewport()
    frame.get_by_role("link", name="Revenir à la liste").click()
    frame.get_by_role("link", name="Page suivante").click()
    expect(frame.get_by_text("Page 2 sur")).to_be_attached()
    expect(frame.locator("h1")).to_be_in_viewport()


def test_a_page_of_ours_that_is_no_embed_stays_out_of_frames(
    watched: Watched, mairie: Host, site: str
) -> None:
    watched.expected = ("frame-ancestors", "Refused", "refused")
    page = watched.open(mairie(f'<iframe title="Lieux" src="{site}/lieux"></iframe>'))

    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_count(0)


def test_one_makes_a_map_without_script(watched: Watched) -> None:
    page = watched.open("/integrer", script=False, width=320)
    page.get_by_label("Votre territoire").fill("Creuse")
    page.get_by_role("button", name="Voir le résultat").click()
    expect(page.get_by_role("heading", name="Le code à copier")).to_be_in_viewport()

    expect(page.get_by_label("À coller dans la page de votre site")).to_contain_text(
        'territoire="departement:23"'
    )
    assert content_width_px(page) == 320


@pytest.mark.parametrize("width", [320, 1280])
def test_the_previews_are_as_wide_as_a_phone_and_as_a_computer(
    watched: Watched, width: int
) -> None:
    page = watched.open("/integrer?territoire=departement:23", width=width)
    inside: list[int] = []
    for title in ("Aperçu sur un téléphone", "Aperçu sur un ordinateur"):
        frame = page.get_by_title(title)
        frame.scroll_into_view_if_needed()
        expect(page.frame_locator(f"[title='{title}']").locator(".found")).to_be_visible()
        inside.append(frame.evaluate("(el) => el.clientWidth"))

    assert inside[0] < 450
    assert inside[1] > 850
    assert content_width_px(page) == width


def test_one_button_copies_the_code(watched: Watched) -> None:
    page = watched.open(
        "/integrer?territoire=departement:23", permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Copier ce code").first.click()

    expect(page.get_by_text("Copié.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#element").input_value()
    page.get_by_label("Thème").select_option("sombre")
    expect(page.locator("#element")).to_contain_text('theme="sombre"', timeout=30_000)
    expect(page.get_by_role("button", name="Copier ce code")).to_have_count(2)


def test_the_result_follows_the_form_and_axe_finds_nothing(watched: Watched) -> None:
    watched.expected = ("422",)
    page = watched.open("/integrer?territoire=departement:23", width=320)
    page.get_by_label("Thème").select_option("sombre")
    code = page.get_by_label("À coller dans la page de votre site")
    expect(code).to_contain_text('theme="sombre"', timeout=30_000)
    assert axe_faults(page, without="iframe") == []
    expect(page.get_by_label("Fond", exact=True)).to_have_value("#12181a")

    page.get_by_label("Liens et boutons").fill("#333333")

    expect(page.get_by_role("alert")).to_contain_text("ne se lit pas assez", timeout=30_000)
    assert axe_faults(page, without="iframe") == []


def test_the_filters_work_in_the_sandbox_that_wordpress_makes(
    watched: Watched, mairie: Host, site: str
) -> None:
    page = watched.open(
        mairie(
            f'<iframe title="Carte" sandbox="allow-scripts" src="{site}/embed?ou=Guéret"></iframe>'
        )
    )
    frame = page.frame_locator("iframe")
    expect(frame.locator(".place").first).to_be_visible(timeout=60_000)

    frame.get_by_label("Quand ?").select_option("samedi-matin")
    frame.get_by_role("button", name="Chercher").first.click()

    expect(frame.get_by_label("Quand ?")).to_have_value("samedi-matin")
    for _ in range(100):
        if "ouvert=samedi-matin" in page.frames[1].url:
            break
        page.wait_for_timeout(100)
    assert "ouvert=samedi-matin" in page.frames[1].url
