"""«/api/v1/territoires»: the codes that every other address wants."""

import httpx


def told(site: str, question: str = "") -> dict[str, object]:
    answer = httpx.get(f"{site}/api/v1/territoires?{question}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(site: str, question: str) -> list[str]:
    listed = httpx.get(f"{site}/api/v1/territoires?{question}").json()["territoires"]
    return [one["code"] for one in listed]


def test_departements_are_listed_with_their_region_and_their_page(site: str) -> None:
    answer = httpx.get(f"{site}/api/v1/territoires").json()

    one = next(one for one in answer["territoires"] if one["code"] == "04")
    assert one["nom"] == "Alpes-de-Haute-Provence"
    assert (one["type"], one["region"]) == ("departement", "93")
    assert one["page"].endswith("/territoires/departement/04")
    assert answer["total"] == len(answer["territoires"])


def test_communes_are_those_of_a_departement_a_region_an_epci_or_a_name(site: str) -> None:
    everything = codes(site, "type=commune&limite=500")
    of_04 = codes(site, "type=commune&departement=04&limite=500")

    assert "04070" in of_04
    assert all(code.startswith("04") for code in of_04)
    assert len(of_04) < len(everything)
    assert "04070" in codes(site, "type=commune&region=93&limite=500")
    assert "04070" in codes(site, "type=commune&epci=200067437")
    assert codes(site, "type=commune&q=digne-LES") == ["04070"]
    assert "200067437" in codes(site, "type=epci&departement=04")
    assert "200067437" not in codes(site, "type=epci&departement=23")


def test_the_list_is_read_page_by_page(site: str) -> None:
    whole = codes(site, "type=commune&limite=500")

    assert codes(site, "type=commune&limite=2&page=2") == whole[2:4]
    assert told(site, "type=commune&limite=2")["total"] == told(site, "type=commune")["total"]


def test_a_wrong_question_is_an_error_that_says_what_is_accepted(site: str) -> None:
    for question, parameter in (("type=canton", "type"), ("couleur=bleu", "couleur"), ("limite=501", "limite")):  # fmt: skip
        answer = httpx.get(f"{site}/api/v1/territoires?{question}")
        assert answer.status_code == 422
        assert answer.json()["erreurs"][0]["parametre"] == parameter
    wrong = httpx.get(f"{site}/api/v1/territoires?type=canton").json()["erreurs"][0]
    assert "commune" in wrong["valeurs_acceptees"]


def test_the_documentation_tells_every_parameter(site: str) -> None:
    paths = httpx.get(f"{site}/api/openapi.json").json()["paths"]

    told = {one["name"] for one in paths["/api/v1/territoires"]["get"]["parameters"]}
    assert told == {"type", "q", "departement", "region", "epci", "page", "limite"}
