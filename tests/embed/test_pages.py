"""The pages shown on other sites, asked as a browser without scripts asks them."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest


def ask(site: str, path: str, **question: str) -> httpx.Response:
    return httpx.get(f"{site}{path}", params=question, timeout=30)


def test_other_sites_may_frame_the_list_and_nothing_else(site: str) -> None:
    framed = ask(site, "/embed", ou="Guéret").headers["content-security-policy"]
    whole = ask(site, "/lieux", ou="Guéret").headers["content-security-policy"]

    assert "frame-ancestors *" in framed
    assert "frame-ancestors 'none'" in whole


@pytest.mark.parametrize("path", ["/", "/connexion", "/donnees", "/nulle-part", "/lieux/x"])
def test_no_other_page_can_be_framed(site: str, path: str) -> None:
    assert "frame-ancestors 'none'" in ask(site, path).headers["content-security-policy"]


def test_the_same_places_are_in_the_frame_as_on_our_page(site: str) -> None:
    def names(html: str) -> list[str]:
        return re.findall(r"<h3[^>]*><a [^>]*>([^<]+)</a>", html)

    framed = names(ask(site, "/embed", ou="Guéret", frais="gratuit").text)

    assert framed
    assert framed == names(ask(site, "/lieux", ou="Guéret", frais="gratuit").text)


def test_how_it_looks_is_kept_from_page_to_page(site: str) -> None:
    html = ask(site, "/embed", ou="Guéret", couleur="8a1538", titre="Chez nous").text
    following = re.search(r'rel="next" href="([^"]+)"', html)

    assert following
    asked = parse_qs(urlsplit(following[1].replace("&amp;", "&")).query)
    assert asked["couleur"] == ["8a1538"]
    assert asked["page"] == ["2"]
    assert "Chez nous" in html


def test_nothing_of_ours_is_shown_but_where_the_data_comes_from(site: str) -> None:
    html = ask(site, "/embed", ou="Guéret").text

    assert "La carte de la" not in html
    assert "Licence Ouverte" in html


def test_no_cookie_is_set(site: str) -> None:
    assert "set-cookie" not in ask(site, "/embed", ou="Guéret").headers


def test_a_wrong_filter_is_told_in_the_frame(site: str) -> None:
    refused = ask(site, "/embed", frais="cadeau", couleur="8a1538")

    assert refused.status_code == 422
    assert "frame-ancestors *" in refused.headers["content-security-policy"]
    assert "couleur=8a1538" in refused.text
    assert 'href="/lieux' not in refused.text


def test_a_place_is_told_in_the_frame_with_the_way_back(site: str) -> None:
    html = ask(site, "/embed", ou="Guéret", couleur="8a1538").text
    place = re.search(r'class="name"><a href="([^"]+)"', html)
    assert place

    told = httpx.get(site + place[1].replace("&amp;", "&"), timeout=30)

    assert told.status_code == 200
    assert "frame-ancestors *" in told.headers["content-security-policy"]
    assert "/embed?couleur=8a1538&amp;ou=Gu%C3%A9ret" in told.text


def test_a_place_that_never_was_is_told_in_the_frame(site: str) -> None:
    refused = ask(site, "/embed/lieux/rien")

    assert refused.status_code == 404
    assert "frame-ancestors *" in refused.headers["content-security-policy"]


def test_a_map_that_was_deleted_leads_to_the_list_and_shows_no_empty_box(site: str) -> None:
    refused = ask(site, "/embed", integration="bcdfghjkmn")

    assert refused.status_code == 404
    assert "Ouvrir la liste des lieux" in refused.text
    assert 'class="alert"' not in refused.text


def test_a_commune_typed_over_the_point_of_the_integrator_is_what_is_asked(site: str) -> None:
    answer = ask(site, "/embed", lon="2.35", lat="48.85", rayon="10", ou="Guéret")

    assert answer.status_code == 200
    assert "Guéret" in answer.text


def test_a_logo_is_allowed_by_the_policy_of_its_page_only(site: str) -> None:
    with_logo = ask(site, "/embed", ou="Guéret", logo="https://exemple.fr/logo.png")
    without = ask(site, "/embed", ou="Guéret")

    assert "https://exemple.fr" in with_logo.headers["content-security-policy"]
    assert "https://exemple.fr" not in without.headers["content-security-policy"]


def test_the_chosen_colours_are_a_sheet_that_browsers_keep(site: str) -> None:
    sheet = ask(site, "/embed/couleurs.css", couleur="0b5f58")

    assert "--cm-couleur: #0b5f58" in sheet.text
    assert "immutable" in sheet.headers["cache-control"]


def test_the_script_that_fits_the_frame_is_tiny_and_open_to_all(site: str) -> None:
    with httpx.stream(
        "GET", f"{site}/w/v1/hauteur.js", headers={"accept-encoding": "br"}
    ) as answer:
        if answer.status_code == 404:
            pytest.skip("le front n’est pas construit")
        weight = sum(len(chunk) for chunk in answer.iter_raw())
        assert answer.headers["access-control-allow-origin"] == "*"

    assert weight <= 0.3 * 1024
