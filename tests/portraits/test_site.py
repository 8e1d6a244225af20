"""The pages of territories, asked of the running application with the demonstration data."""

import json
import re

import httpx
import pytest

CREUSE = "/territoires/departement/23"


def get(site: str, path: str) -> httpx.Response:
    return httpx.get(site + path, timeout=60, headers={"accept": "text/html"})


def test_the_figures_are_those_of_the_list(site: str) -> None:
    told = get(site, f"{CREUSE}.json").json()

    for figure, more in (("lieux", ""), ("lieux_gratuits", "&frais=gratuit"), ("lieux_ouverts_samedi", "&ouvert=samedi"), ("lieux_france_services", "&dispositifs=france-services")):  # fmt: skip
        listed = get(site, f"/lieux.json?territoire=departement:23{more}").json()
        assert told[figure] == listed["total"], figure


def test_communes_without_a_place_are_counted(site: str) -> None:
    told = get(site, f"{CREUSE}.json").json()

    places = get(site, "/lieux.json?territoire=departement:23&limite=500").json()["lieux"]
    with_one = {place["code_insee"] for place in places}
    assert told["communes"] - told["communes_sans_lieu"] == len(with_one)


def test_a_territory_leads_to_those_above_and_inside(site: str) -> None:
    html = get(site, CREUSE).text

    assert 'href="/territoires/region/75"' in html
    assert 'href="/territoires/commune/23096"' in html
    commune = get(site, "/territoires/commune/23096").text
    assert f'href="{CREUSE}"' in commune
    assert re.search(r'href="/territoires/epci/\d{9}"', commune)


def test_search_engines_may_index_it_and_know_its_only_address(site: str) -> None:
    html = get(site, CREUSE).text

    assert f'<link rel="canonical" href="{site}{CREUSE}">' in html
    assert '<meta name="description" content="Creuse (23)' in html
    assert "noindex" not in html
    data = re.search(r'<script type="application/ld\+json">(.+?)</script>', html, re.DOTALL)
    assert data
    page, trail = json.loads(data[1])["@graph"]
    assert page["about"]["name"] == "Creuse"
    assert page["mainEntity"]["itemListElement"][0]["url"].startswith(f"{site}/lieux/")
    assert trail["itemListElement"][-1]["item"] == f"{site}{CREUSE}"


def test_everything_it_links_to_answers(site: str) -> None:
    html = get(site, CREUSE).text

    inside = re.search(r'aria-labelledby="emporter".+?</section>', html, re.DOTALL)
    assert inside
    links = re.findall(r'href="(/[^"]+)"', inside[0])
    assert len(links) >= 7
    for link in links:
        assert get(site, link.replace("&amp;", "&")).status_code == 200, link


def test_a_commune_without_place_sends_to_the_places_around(site: str) -> None:
    told = get(site, f"{CREUSE}.json").json()
    assert told["communes_sans_lieu"]
    empty = re.search(r'href="(/territoires/commune/\d+)">[^<]+</a> <span class="hint">aucun lieu', get(site, CREUSE).text)  # fmt: skip
    assert empty

    html = get(site, empty[1]).text
    assert "Chercher autour de" in html
    around = re.search(r'href="(/lieux\?ou=[^"]+)"', html)
    assert around
    assert get(site, around[1]).status_code == 200


@pytest.mark.parametrize("path", ["departement/999", "pays/23", "commune/%00", "epci/x-y"])
def test_a_territory_that_does_not_exist_is_not_found(site: str, path: str) -> None:
    answer = get(site, f"/territoires/{path}")

    assert answer.status_code == 404
    assert "Cherchez-le par son nom" in answer.text


def test_a_small_letter_in_a_code_leads_to_the_one_address(site: str) -> None:
    known = get(site, "/territoires/departement/2a")
    assert known.status_code == 301
    assert known.headers["location"] == "/territoires/departement/2A"


def test_territories_are_found_by_name_and_by_postal_code(site: str) -> None:
    assert 'href="/territoires/commune/23096"' in get(site, "/territoires?q=gueret").text
    assert 'href="/territoires/commune/23096"' in get(site, "/territoires?q=23000").text
    assert "Aucun territoire ne porte ce nom" in get(site, "/territoires?q=zzzzzz").text
    assert 'href="/territoires/departement/23"' in get(site, "/territoires").text
