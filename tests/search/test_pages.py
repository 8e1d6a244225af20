"""The public pages as the running application sends them."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

HTML = {"accept": "text/html"}
PAGES = ["/", "/lieux?ou=Guéret", "/lieux?ou=Guérette", "/accessibilite", "/confidentialite"]


def get(site: str, path: str) -> str:
    return httpx.get(site + path, headers=HTML, timeout=30).text


def place(site: str, **wanted: str) -> dict[str, Any]:
    found = httpx.get(f"{site}/lieux.json", params={"limite": "500", **wanted}, timeout=30)
    return max(found.json()["lieux"], key=lambda lieu: sum(bool(value) for value in lieu.values()))


def linked_data(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def words(html: str) -> str:
    """What people read: no tags, no attributes, no scripts."""
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize("path", PAGES)
def test_no_line_begins_with_a_french_sign(site: str, path: str) -> None:
    text = words(get(site, path))

    assert not re.findall(r"\w [;!?»]", text)
    assert not re.findall(r"\w :\s", text)
    assert not re.findall(r"« \w", text)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_carries_a_style_or_a_script_of_its_own(site: str, path: str) -> None:
    html = get(site, path)

    assert " style=" not in html
    assert " onclick=" not in html
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL):
        assert not body or "ld+json" in attributes


def test_search_engines_read_what_is_known_of_a_place(site: str) -> None:
    lieu = place(site, territoire="departement:23")

    said = linked_data(get(site, f"/lieux/{lieu['id']}"))

    assert said["@context"] == "https://schema.org"
    assert said["name"] == lieu["nom"]
    assert said["address"]["addressLocality"] == lieu["commune"]
    assert said["geo"]["longitude"] == lieu["longitude"]
    assert None not in said.values()


def test_a_place_says_where_each_value_comes_from(site: str) -> None:
    lieu = place(site)

    text = words(get(site, f"/lieux/{lieu['id']}"))

    assert "D’où viennent ces informations" in text
    assert "Démonstration" in text


def test_the_drawn_map_of_a_list_is_light(site: str) -> None:
    html = get(site, "/lieux?territoire=departement:23")
    drawing = re.search(r'<svg class="drawing".*?</svg>', html, re.DOTALL)

    assert drawing is not None
    assert 2_000 < len(drawing[0]) < 60_000


def test_places_of_both_hemispheres_have_no_drawing(site: str) -> None:
    html = get(site, "/lieux?territoire=departement:23&territoire=departement:974&tri=mise_a_jour")

    assert 'class="drawing"' not in html
    assert "trop éloignés" in html


def test_a_page_can_be_read_while_the_front_end_is_not_built(site: str) -> None:
    html = get(site, "/lieux?ou=Guéret")

    assert html.index("<main") < html.index('class="place"') < html.index("</main>")


def test_two_moments_give_the_exact_one_and_it_is_said(site: str) -> None:
    """The list of moments and the exact moment are two fields: without a script both are sent."""
    day = (datetime.now(UTC) + timedelta(days=6)).date()
    answer = httpx.get(
        f"{site}/lieux",
        params=[("ouvert", "mardi-matin"), ("ouvert", f"{day}T10:00")],
        headers=HTML,
        timeout=30,
    )

    assert answer.status_code == 200
    assert "Vous aviez choisi deux moments. Voici les lieux ouverts le " in answer.text
    assert "mardi-matin" not in re.sub(r"<option.*?</option>", "", answer.text)


def test_the_same_field_twice_lets_people_choose(site: str) -> None:
    answer = httpx.get(f"{site}/lieux?ouvert=mardi&ouvert=jeudi", headers=HTML, timeout=30)

    assert answer.status_code == 422
    assert 'href="/lieux?ouvert=jeudi">le jeudi</a>' in answer.text
    assert "« ouvert »" not in answer.text.replace("\u202f", " ")


def test_a_page_past_the_last_one_leads_to_the_last(site: str) -> None:
    total = httpx.get(f"{site}/lieux.json?limite=1", timeout=30).json()["total"]
    answer = httpx.get(f"{site}/lieux?page=499", headers=HTML, timeout=30)

    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.text
    assert f'href="/lieux?page={-(-total // 20)}"' in answer.text


@pytest.mark.parametrize("suffix", ["", ".json", "/fiche"])
def test_an_identifier_in_capitals_leads_to_the_place(site: str, suffix: str) -> None:
    id_ = place(site)["id"]
    answer = httpx.get(f"{site}/lieux/{id_.upper()}{suffix}", headers=HTML, timeout=30)

    assert (answer.status_code, answer.headers["location"]) == (301, f"/lieux/{id_}{suffix}")


def test_a_place_is_known_by_its_whole_address(site: str) -> None:
    id_ = place(site)["id"]
    html = get(site, f"/lieux/{id_}")

    assert f'<link rel="canonical" href="{site}/lieux/{id_}">' in html
    assert linked_data(html)["@id"] == f"{site}/lieux/{id_}"


def test_the_date_of_a_source_is_no_verification(site: str) -> None:
    found = httpx.get(f"{site}/lieux.json?tri=mise_a_jour&limite=500", timeout=30).json()["lieux"]
    oldest = [lieu for lieu in found if lieu["date_maj"]][-1]

    text = words(get(site, f"/lieux/{oldest['id']}"))

    assert "vérifiées" not in text


def test_chosen_places_are_printed_and_no_other(site: str) -> None:
    found = httpx.get(f"{site}/lieux.json?ou=Guéret&limite=6", timeout=30).json()["lieux"]
    one, _, two, *_ = (lieu["id"] for lieu in found)
    by_hand = get(site, f"/fiche?lieux={one},{two}")
    ticked = get(site, f"/fiche?ou=Guéret&lieux={one}&lieux={two}")

    for sheet in (by_hand, ticked):
        assert "Lieux d’aide choisis" in sheet
        assert len(re.findall(r"<h2>", sheet)) == 2
    names = [lieu["nom"].replace("'", "’") for lieu in found]
    assert names[0] in words(ticked)
    assert names[1] not in words(ticked)


def test_a_wrong_identifier_among_the_chosen_is_said(site: str) -> None:
    known = place(site)["id"]
    answer = httpx.get(f"{site}/fiche?lieux={known},zzzzzzzzzz", headers=HTML, timeout=30)

    assert answer.status_code == 422
    assert "Aucun lieu ne porte l’identifiant « zzzzzzzzzz »" in answer.text.replace("\u202f", " ")
    assert httpx.get(f"{site}/lieux.json?lieux={known};drop").status_code == 422


def test_the_list_lets_people_tick_places_for_the_sheet(site: str) -> None:
    html = get(site, "/lieux?ou=Guéret&ouvert=mardi")

    assert html.count('name="lieux"') == html.count('class="place"')
    form = re.search(r'<form id="imprimer".*?</form>', html, re.DOTALL)
    assert form is not None
    assert 'name="ou" value="Guéret"' in form[0]
    assert "ouvert" not in re.sub(r"<a .*?</a>", "", form[0])
