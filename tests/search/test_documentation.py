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


def test_the_documentation_is_served_with_its_own_files(site: str) -> None:
    told = httpx.get(f"{site}/api/openapi.json").json()
    page = httpx.get(f"{site}/api/docs")

    assert (
        told["paths"]["/api/v1/lieux"]["get"]["summary"] == "Les lieux qui répondent à une question"
    )
    assert page.status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")
