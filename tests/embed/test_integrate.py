"""/integrer: from a territory and colours, or from an old code, to the code to copy."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.embed.converting import convert

NATIONAL = """<link rel="stylesheet" href="https://cdn.exemple.fr/carte.css">
<script src="https://cdn.exemple.fr/carte.js"></script>
<cartographie-inclusion-numerique api-url="https://api.exemple.fr" territoire-type="departements"
  territoires="23,87" app-name="Chez nous" help-url="https://exemple.fr/aide"
  matomo-url="https://stats.exemple.fr" zoom="9" latitude="46.1" longitude="1.9" />"""


def build(site: str, **question: str | list[str]) -> httpx.Response:
    return httpx.get(f"{site}/integrer", params=question, timeout=60)


def copied(answer: httpx.Response) -> str:
    found = re.search(r'<textarea id="code"[^>]*>(.*?)</textarea>', answer.text, re.DOTALL)
    assert found
    return html.unescape(found[1])


def question_of(code: str) -> dict[str, list[str]]:
    found = re.search(r'src="([^"]+/embed[^"]*)"', code)
    assert found
    return parse_qs(urlsplit(html.unescape(found[1])).query)


def test_a_territory_by_its_name_gives_a_code_that_works(site: str) -> None:
    code = copied(build(site, nom="Creuse", couleur="#8a1538", titre="L’aide & vous"))

    assert question_of(code) == {
        "territoire": ["departement:23"],
        "couleur": ["8a1538"],
        "titre": ["L’aide & vous"],
    }
    address = re.search(r'src="([^"]+/embed[^"]*)"', code)
    assert address
    assert httpx.get(html.unescape(address[1]), timeout=60).status_code == 200


def test_the_code_of_the_element_comes_first_and_asks_the_same(site: str) -> None:
    answer = build(
        site,
        nom="Creuse",
        titre='L’aide "ici"',
        services=[
            "Aide aux démarches administratives",
            "maitrise-des-outils-numeriques-du-quotidien",
        ],
    )
    first = re.search(
        r"<textarea[^>]*>(.*?)</textarea>", answer.text.split("Le code à copier")[1], re.DOTALL
    )
    assert first
    code = html.unescape(first[1])
    # on one line: SPIP breaks a tag written on several, and shows it as text
    tag = next(line for line in code.splitlines() if line.startswith("<carte-mediation "))
    given = dict(re.findall(r' (\w+)="([^"]*)"', tag))

    assert tag.endswith('">')
    assert html.unescape(given["titre"]) == 'L’aide "ici"'
    assert given["territoire"] == "departement:23"
    assert given["services"].split()[1:] == ["maitrise-des-outils-numeriques-du-quotidien"]
    question = {**given, "services": given["services"].split()}
    assert (
        httpx.get(
            f"{site}/lieux.json",
            params={"territoire": question["territoire"], "services": question["services"]},
            timeout=60,
        ).status_code
        == 200
    )


def test_what_nobody_changed_stays_out_of_the_code(site: str) -> None:
    form = {"theme": "clair", "couleur": "#0b5f58", "couleur_fond": "#ffffff", "carte": "clic"}

    assert question_of(copied(build(site, nom="Creuse", **form))) == {
        "territoire": ["departement:23"]
    }


def test_the_code_names_the_fields_that_are_kept_or_says_none(site: str) -> None:
    some = copied(build(site, filtres=["ou", "ouvert", "aucun"]))
    none = copied(build(site, filtres=["aucun"]))

    assert question_of(some)["filtres"] == ["ou", "ouvert"]
    assert question_of(none)["filtres"] == ["aucun"]


def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can(site: str) -> None:
    refused = build(site, nom="Creuse", couleur="#ffcc00")

    assert refused.status_code == 422
    assert "data-copy" not in refused.text
    offered = re.search(r'href="(/integrer\?[^"]+couleur=[0-9a-f]{6})"', refused.text)
    assert offered
    accepted = httpx.get(site + html.unescape(offered[1]), timeout=60)
    assert accepted.status_code == 200
    assert "data-copy" in accepted.text


def test_a_territory_that_nobody_knows_is_told_and_the_rest_is_kept(site: str) -> None:
    refused = build(site, nom="Nulle-Part", titre="Chez nous")

    assert refused.status_code == 422
    assert "Nulle-Part" in refused.text
    assert 'value="Chez nous"' in refused.text


def test_a_title_cannot_leave_its_attribute(site: str) -> None:
    code = copied(build(site, nom="Creuse", titre='"><script>alert(1)</script>'))

    assert code.count("<script") == 1


def test_the_old_code_of_the_national_map_is_carried_over() -> None:
    converted = convert(NATIONAL)

    assert converted
    assert converted.pairs == [
        ("territoire", "departement:23"),
        ("territoire", "departement:87"),
        ("titre", "Chez nous"),
        ("aide", "https://exemple.fr/aide"),
    ]
    assert any("Matomo" in note for note in converted.notes)


def test_the_old_address_of_the_national_map_is_carried_over() -> None:
    converted = convert(
        "https://carte.exemple.fr/?latitude=46.17&longitude=1.87&zoom=10"
        "&services=Aide aux démarches administratives&frais_a_charge=Gratuit&prise_rdv=true"
        "&dispositif_programmes_nationaux=France Services&source=hubik"
    )

    assert converted
    assert converted.pairs[:2] == [("lon", "1.87"), ("lat", "46.17")]
    assert ("services", "aide-aux-demarches-administratives") in converted.pairs
    assert ("frais", "gratuit") in converted.pairs
    assert ("rdv", "oui") in converted.pairs
    assert ("dispositifs", "france-services") in converted.pairs
    assert any("hubik" in note for note in converted.notes)


def test_the_territory_in_the_path_of_the_old_address_is_carried_over(site: str) -> None:
    region = convert("https://carte.exemple.fr/nouvelle-aquitaine/lieux?frais_a_charge=Gratuit")
    assert region
    assert region.pairs == [("frais", "gratuit"), ("territoire", "region:75")]

    old = "https://carte.exemple.fr/nouvelle-aquitaine/creuse/lieux?frais_a_charge=Gratuit"
    assert question_of(copied(build(site, ancien=old))) == {
        "territoire": ["departement:23"],
        "frais": ["gratuit"],
    }


def test_two_moments_of_the_old_address_make_one_and_it_is_told() -> None:
    converted = convert(
        "https://carte.exemple.fr/?ouvert_actuellement=2026-11-28&ouvert_le_week_end=true"
        "&latitude=46,17&longitude=1,87"
    )

    assert converted
    assert [value for name, value in converted.pairs if name == "ouvert"] == ["maintenant"]
    assert ("lat", "46.17") in converted.pairs
    assert converted.notes == ["Un seul moment d’ouverture est repris."]


@pytest.mark.parametrize(
    "pasted",
    [
        """<cartographie-inclusion-numerique territoire-type="departements" territoires='["23", "87"]'>""",
        "<cartographie-inclusion-numerique territoire-type=“departements” territoires=“23,87” />",
        '&lt;cartographie-inclusion-numerique territoire-type="departements" territoires="23,87" /&gt;',
        "carte.exemple.fr/?territoire_type=departements&territoires=23,87",
    ],
    ids=["a list of JSON", "quotes of a mail", "code shown as text", "no https"],
)
def test_an_old_code_is_understood_as_people_paste_it(pasted: str) -> None:
    converted = convert(pasted)

    assert converted
    assert converted.pairs == [("territoire", "departement:23"), ("territoire", "departement:87")]
    assert converted.notes == []


def test_an_address_of_which_nothing_is_known_says_that_nothing_was_kept() -> None:
    converted = convert(
        '<iframe src="https://autre.exemple.fr/fr/map/vacances_12?zoom=5"></iframe>'
    )

    assert converted
    assert converted.notes[0].startswith("Rien n’a été repris")


def test_an_old_code_fills_the_form(site: str) -> None:
    code = copied(
        build(site, ancien=NATIONAL.replace(",87", ""), titre="", couleur="#0b5f58")
    )  # the demonstration knows one département

    assert question_of(code)["territoire"] == ["departement:23"]
    assert question_of(code)["titre"] == ["Chez nous"]


@given(st.text(max_size=200))
def test_no_pasted_text_breaks_the_converter(text: str) -> None:
    convert(text)
    convert(f"<cartographie-inclusion-numerique {text}>")
    convert(f"https://exemple.fr/?{text}")


def test_editors_that_know_oembed_receive_the_frame(site: str) -> None:
    answer = httpx.get(
        f"{site}/oembed",
        params={"url": f"{site}/embed?ou=Guéret&titre=Chez nous", "maxwidth": "500"},
        timeout=60,
    )

    told = answer.json()
    assert told["version"] == "1.0"
    assert told["type"] == "rich"
    assert told["title"] == "Chez nous"
    assert told["width"] == 500
    assert "<iframe" in told["html"]


def test_an_editor_finds_oembed_in_the_page_itself(site: str) -> None:
    page = httpx.get(f"{site}/embed", params={"ou": "Guéret"}, timeout=60).text
    found = re.search(r'type="application/json\+oembed" href="([^"]+)"', page)

    assert found
    assert httpx.get(html.unescape(found[1]), timeout=60).json()["type"] == "rich"


@pytest.mark.parametrize(
    ("url", "status"),
    [("https://exemple.fr/embed", 404), ("{site}/moi", 404), ("{site}/embed?frais=cadeau", 422)],
)
def test_oembed_speaks_of_our_maps_only(site: str, url: str, status: int) -> None:
    answer = httpx.get(f"{site}/oembed", params={"url": url.format(site=site)}, timeout=60)

    assert answer.status_code == status


@pytest.mark.parametrize(
    "path", ["/embed?ou=Guéret", "/lieux?ou=Guéret", "{place}", "/embed{place}"]
)
def test_an_editor_finds_the_frame_of_any_page_that_is_pasted(site: str, path: str) -> None:
    listed = httpx.get(f"{site}/lieux.json", params={"ou": "Guéret"}, timeout=60).json()
    place = f"/lieux/{listed['lieux'][0]['id']}"
    page = httpx.get(site + path.format(place=place), timeout=60).text
    found = re.search(r'type="application/json\+oembed" href="([^"]+)"', page)
    assert found

    told = httpx.get(html.unescape(found[1]), timeout=60).json()

    framed = re.search(r'src="([^"]+)"', told["html"])
    assert framed
    shown = httpx.get(html.unescape(framed[1]), timeout=60)
    assert shown.status_code == 200
    assert "frame-ancestors *" in shown.headers["content-security-policy"]
    assert told["title"].split(",")[0] in html.unescape(shown.text).replace("\xa0", " ")
