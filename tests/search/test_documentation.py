from typing import Any

import httpx
import pytest

from geoservice.search.documentation import SENTENCES, openapi_parameters
from geoservice.search.question import CATEGORIES, PARAMETERS


def test_every_parameter_is_documented_in_a_sentence() -> None:
    assert [told["name"] for told in openapi_parameters()] == list(PARAMETERS)
    assert set(PARAMETERS) == SENTENCES.keys() | CATEGORIES.keys()


@pytest.mark.parametrize(
    "parameter",
    [told for told in openapi_parameters() if told["schema"].get("items", {}).get("enum")],
)
def test_every_value_that_the_documentation_gives_is_accepted(
    site: str, parameter: dict[str, Any]
) -> None:
    values = parameter["schema"]["items"]["enum"]
    answer = httpx.get(
        f"{site}/lieux.json", params=[(parameter["name"], value) for value in values]
    )

    assert answer.status_code == 200


def test_the_page_tells_everything_that_the_description_for_programs_tells(site: str) -> None:
    told = httpx.get(f"{site}/api/openapi.json").json()
    page = httpx.get(f"{site}/api/docs").text

    for path, methods in told["paths"].items():
        assert f"GET {path}<" in page
        assert methods["get"]["summary"] in page.replace("\u202f", " ").replace("\u00a0", " ")
        for parameter in methods["get"].get("parameters", ()):
            assert f"<code>{parameter['name']}</code>" in page
    for name in told["components"]["schemas"]:
        assert page.count(f'id="{name}"') == 1


def test_the_description_is_in_french_with_a_sentence_for_each_parameter(site: str) -> None:
    told = httpx.get(f"{site}/api/openapi.json").json()

    answers = [
        answer for one in told["paths"].values() for answer in one["get"]["responses"].values()
    ]
    parameters = [
        told for one in told["paths"].values() for told in one["get"].get("parameters", ())
    ]
    assert {"Successful Response", "Validation Error"}.isdisjoint(
        answer["description"] for answer in answers
    )
    assert "HTTPValidationError" not in told["components"]["schemas"]
    assert all(parameter.get("description") for parameter in parameters)
    assert {"/lieux.geojson", "/lieux.csv"} <= told["paths"].keys()
