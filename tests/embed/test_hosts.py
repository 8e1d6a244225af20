"""The sites that may show a saved map."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.embed.hosts import WrongHost, allows, read


def test_sites_are_written_as_people_know_them() -> None:
    typed = "www.exemple.fr\nhttps://Mairie.Exemple.fr/page?x=1\n*.exemple.fr, http://localhost:8080 http://intranet"

    assert read(typed) == (
        "https://www.exemple.fr",
        "https://mairie.exemple.fr",
        "https://*.exemple.fr",
        "http://localhost:8080",
        "http://intranet",
    )


def test_accents_are_written_as_browsers_send_them() -> None:
    assert read("écoles.exemple.fr") == ("https://xn--coles-9ra.exemple.fr",)


@pytest.mark.parametrize(
    "line",
    ["*", "mairie", "*.fr", "ftp://exemple.fr", "exemple.fr'script", "'self'", "b@c", "javascript:x", "https://", "-a.fr"],
)  # fmt: skip
def test_what_is_not_a_site_is_refused_in_its_own_words(line: str) -> None:
    with pytest.raises(WrongHost) as refused:
        read(line)

    assert f"« {line} »" in str(refused.value)


@pytest.mark.parametrize(
    ("host", "origin", "allowed"),
    [
        ("https://exemple.fr", "https://exemple.fr", True),
        ("https://exemple.fr", "https://www.exemple.fr", False),
        ("https://exemple.fr", "http://exemple.fr", False),
        ("https://exemple.fr", "https://evilexemple.fr", False),
        ("https://*.exemple.fr", "https://a.b.exemple.fr", True),
        ("https://*.exemple.fr", "https://exemple.fr", False),
        ("https://*.exemple.fr", "https://evilexemple.fr", False),
        ("https://exemple.fr", "null", False),
        ("https://exemple.fr", "", False),
    ],
)
def test_a_page_is_of_a_named_site_or_it_is_not(host: str, origin: str, allowed: bool) -> None:
    assert allows((host,), origin) is allowed


def test_without_names_any_site_may() -> None:
    assert allows((), "https://exemple.fr")


@given(st.text(max_size=60))
def test_no_typed_site_can_leave_its_place_in_a_policy(text: str) -> None:
    try:
        sources = read(text)
    except WrongHost:
        return

    assert not [source for source in sources if set(source) & set(" ;,'\"\r\n")]
