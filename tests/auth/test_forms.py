"""Forms that another site sends are refused, on every address that changes something."""

import re

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.auth.conftest import Site, token

FORM = {"mail": "awa@exemple.fr"}


def ask(service: Site, *, jeton: bool = True, headers: dict[str, str]) -> httpx.Response:
    """Ask for a link, as a form of the page would, but for the headers."""
    visitor = service.visitor()
    good = token(visitor.get("/connexion"))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    cookie = {"cookie": f"connexion={visitor.cookies['connexion']}", "accept": "text/html"}
    form = FORM | ({"jeton": good} if jeton else {})
    return service.ask("192.0.2.1", "POST", "/connexion", data=form, headers=cookie | named)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "same-origin"}, 303),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "none"}, 403),
        ({"origin": "http://carte.exemple.fr"}, 303),
        ({"origin": "https://pirate.exemple.fr"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "cross-site", "origin": "http://carte.exemple.fr"}, 403),
        ({}, 303),
    ],
)
def test_a_form_comes_from_this_site(service: Site, headers: dict[str, str], status: int) -> None:
    assert ask(service, headers=headers).status_code == status


def test_a_form_without_its_token_is_refused(service: Site) -> None:
    assert ask(service, jeton=False, headers={"sec_fetch_site": "same-origin"}).status_code == 403


def test_a_token_of_another_browser_is_refused(service: Site) -> None:
    other = token(service.visitor().get("/connexion"))
    visitor = service.visitor()
    visitor.get("/connexion")

    assert visitor.post("/connexion", FORM | {"jeton": other}).status_code == 403


def test_a_token_of_another_session_is_refused(service: Site) -> None:
    service.account()
    service.account("lou@exemple.fr")
    other = token(service.sign_in("lou@exemple.fr").get("/moi"))

    assert service.sign_in().post("/moi/deconnexion", {"jeton": other}).status_code == 403


def test_a_form_that_is_too_long_is_not_read(service: Site) -> None:
    visitor = service.visitor()
    jeton = token(visitor.get("/connexion"))

    answer = visitor.post("/connexion", {"jeton": jeton, "mail": "a" * 100_000})

    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data"])
def test_only_forms_are_read(service: Site, kind: str) -> None:
    visitor = service.visitor()
    visitor.get("/connexion")

    answer = visitor.post("/connexion", FORM, content_type=kind)

    assert answer.status_code == 403


BY_LINK = (
    "/modifier/{cle}",
    "/ne-plus-ecrire/{cle}",
    "/integrer/cartes/{cle}",
    "/equipes/invitation",
    "/moi/fiche/adresse",
)
"""Open with a secret, in the address or in the form: another site cannot know it, no cookie counts."""


def changing_addresses(app: FastAPI) -> list[str]:
    """With «1» for every parameter; the address of forms and of programs alike."""
    found = [
        re.sub(r"\{\w+\}", "1", route.path or "")
        for route in iter_route_contexts(app.routes)
        if (route.methods or set()) - {"GET", "HEAD", "OPTIONS"}
        and not (route.path or "").startswith(BY_LINK)
    ]
    assert "/connexion" in found
    return found


def test_every_address_that_changes_something_refuses_a_form_without_token(service: Site) -> None:
    service.account("awa@exemple.fr", "administrator")
    visitor = service.sign_in()
    visitor.cookies["connexion"] = "somebody"
    addresses = changing_addresses(service.app)

    assert {path: visitor.post(path, {}).status_code for path in addresses} == dict.fromkeys(
        addresses, 403
    )


def test_every_address_that_changes_something_refuses_another_site(service: Site) -> None:
    service.account("awa@exemple.fr", "administrator")
    visitor = service.sign_in()
    form = {"jeton": token(visitor.get("/moi"))}
    visitor.cookies["connexion"] = visitor.cookies["session"]  # so that the token is right for both
    addresses = changing_addresses(service.app)

    refused = {
        path: visitor.post(path, form, sec_fetch_site="cross-site").status_code
        for path in addresses
    }

    assert refused == dict.fromkeys(addresses, 403)
