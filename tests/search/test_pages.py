"""The public pages as the running application sends them."""

import json
import re
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
