"""Signing in with a real OpenID Connect provider, which runs on this machine for the test."""

import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey

from geoservice.auth.provider import Provider
from tests.auth.conftest import Site, Visitor
from tests.auth.real_provider import SECRET, RealProvider, running
from tests.conftest import free_port

MINE = "awa@exemple.fr"
SITE = "http://carte.exemple.fr"


@pytest.fixture(scope="module")
def provider() -> Iterator[RealProvider]:
    with running(SITE, free_port()) as provider:
        yield provider


@pytest.fixture
def service(build: Callable[..., Site], provider: RealProvider) -> Site:
    return build(oidc_issuer=provider.address, oidc_client_id="carte", oidc_client_secret=SECRET)


def leave(visitor: Visitor, suite: str = "/moi") -> str:
    """The address of the provider that one is led to."""
    answer = visitor.get("/connexion/fournisseur?" + urlencode({"suite": suite}))
    assert answer.status_code == 303
    return answer.headers["location"]


def sign_in(visitor: Visitor, provider: RealProvider, suite: str = "/moi") -> httpx.Response:
    return visitor.get(provider.walk(leave(visitor, suite)))


def test_one_signs_in_with_the_provider_and_goes_where_one_was_going(
    service: Site, provider: RealProvider
) -> None:
    service.account()
    provider.knows("1234")
    visitor = service.visitor()
    assert "Me connecter avec ProConnect" in visitor.get("/connexion?suite=/moi/compte").text

    answer = sign_in(visitor, provider, "/moi/compte")

    assert (answer.status_code, answer.headers["location"]) == (303, "/moi/compte")
    assert MINE in visitor.get("/moi").text


def test_an_account_is_kept_whatever_the_mail_becomes_there_or_here(
    service: Site, provider: RealProvider
) -> None:
    service.account()
    provider.knows("1234")
    sign_in(service.visitor(), provider)
    provider.knows("1234", "awa.martin@exemple.fr")
    service.sql("UPDATE accounts SET mail = 'encore.autre@exemple.fr'")
    visitor = service.visitor()
    sign_in(visitor, provider)

    assert "encore.autre@exemple.fr" in visitor.get("/moi").text


def test_an_address_given_to_somebody_else_does_not_give_them_the_account(
    service: Site, provider: RealProvider
) -> None:
    service.account()
    provider.knows("1234")
    sign_in(service.visitor(), provider)
    provider.knows("9999")

    answer = sign_in(service.visitor(), provider)

    assert answer.status_code == 403
    assert "aucun compte d’ici n’est lié" in answer.text


@pytest.mark.parametrize("state", ["unknown", "closed", "unverified"])
def test_who_has_no_open_account_is_told_and_none_is_made(
    service: Site, provider: RealProvider, state: str
) -> None:
    mine = "inconnue@exemple.fr" if state == "unknown" else MINE
    service.account(closed=state == "closed")
    provider.knows("1234", mine, email_verified=state != "unverified")
    visitor = service.visitor()

    assert sign_in(visitor, provider).status_code == 403
    assert visitor.get("/moi").status_code == 303
    assert service.sql("SELECT * FROM identities") == []


def test_a_closed_account_stays_closed_for_the_provider(
    service: Site, provider: RealProvider
) -> None:
    service.account()
    provider.knows("1234")
    sign_in(service.visitor(), provider)
    service.sql("UPDATE accounts SET closed_at = now()")

    assert sign_in(service.visitor(), provider).status_code == 403


def test_the_way_back_serves_once_and_in_the_browser_that_asked(
    service: Site, provider: RealProvider
) -> None:
    service.account()
    provider.knows("1234")
    visitor, thief = service.visitor(), service.visitor()
    leave(thief)
    back = provider.walk(leave(visitor))

    assert thief.get(back).status_code == 410
    before = dict(visitor.cookies)
    assert visitor.get(back).status_code == 303
    visitor.cookies = before
    assert visitor.get(back).status_code == 410


def test_the_code_of_somebody_else_is_refused(service: Site, provider: RealProvider) -> None:
    service.account()
    provider.knows("1234")
    visitor, thief = service.visitor(), service.visitor()
    mine = parse_qs(urlsplit(leave(thief)).query)["state"][0]
    stolen = parse_qs(urlsplit(provider.walk(leave(visitor))).query)["code"][0]

    answer = thief.get("/connexion/retour?" + urlencode({"code": stolen, "state": mine}))

    assert answer.status_code == 502
    assert thief.get("/moi").status_code == 303


def test_who_stops_at_the_provider_is_told_so_in_french(
    service: Site, provider: RealProvider
) -> None:
    provider.knows("1234", refuses=True)
    answer = sign_in(service.visitor(), provider)

    assert answer.status_code == 403
    assert "vous avez arrêté la connexion" in answer.text


def test_signing_out_leads_to_the_provider_s_own(service: Site, provider: RealProvider) -> None:
    service.account()
    provider.knows("1234")
    visitor = service.visitor()
    sign_in(visitor, provider)
    page = visitor.send("/moi", "/moi/deconnexion")

    assert "Me déconnecter de ProConnect" in page.text
    assert f"{provider.address}/session/end?id_token_hint=" in page.text
    assert visitor.get("/moi").status_code == 303


def test_a_provider_that_is_away_is_said_and_the_mail_still_works(
    build: Callable[..., Site],
) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    service = build(oidc_issuer=away, oidc_client_id="carte", oidc_client_secret=SECRET)
    service.account()
    answer = service.visitor().get("/connexion/fournisseur")

    assert answer.status_code == 502
    assert "ne répond pas" in answer.text
    assert service.sign_in().get("/moi").status_code == 200


def test_without_a_provider_nothing_of_it_is_shown(build: Callable[..., Site]) -> None:
    visitor = build().visitor()

    assert "ProConnect" not in visitor.get("/connexion").text
    assert visitor.get("/connexion/fournisseur").status_code == 404
    assert visitor.get("/connexion/retour?code=a&state=b").status_code == 404


def test_sign_ins_are_counted_by_network(service: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geoservice.auth.limits.PER_NETWORK", 2)
    answers = [service.visitor().get("/connexion/fournisseur").status_code for _ in range(3)]

    assert answers == [303, 303, 429]


def test_nothing_secret_and_no_name_is_kept(service: Site, provider: RealProvider) -> None:
    service.account()
    provider.knows("1234")
    visitor = service.visitor()
    back = provider.walk(leave(visitor))
    state = parse_qs(urlsplit(back).query)["state"][0]
    waiting = str(service.sql("SELECT * FROM sign_in_requests"))
    visitor.get(back)

    assert state not in waiting
    assert visitor.cookies["connexion"] not in waiting or not visitor.cookies["connexion"]
    assert "Diallo" not in str(service.sql("SELECT * FROM accounts"))


FORGED: dict[str, dict[str, object]] = {
    "another audience": {"aud": "autre"},
    "another issuer": {"iss": "https://autre.exemple.fr"},
    "over": {"exp": 1},
    "nobody": {"sub": ""},
    "for somebody else": {"aud": ["carte", "autre"], "azp": "autre"},
}


@pytest.mark.parametrize("wrong", [None, *FORGED])
def test_only_what_the_provider_says_to_us_now_is_believed(
    service: Site, provider: RealProvider, wrong: str | None
) -> None:
    claims = {"iss": provider.address, "aud": "carte", "sub": "1", "exp": time.time() + 60}
    said = jwt.encode({"alg": "RS256"}, claims | FORGED.get(wrong or "", {}), provider.key)
    reader = Provider(service.settings)
    service.run(reader.sign_in_address("état", "navigateur"))

    if wrong is None:
        assert service.run(reader.read(said))["sub"] == "1"
    else:
        with pytest.raises((JoseError, ValueError)):
            service.run(reader.read(said))


@pytest.mark.parametrize("forger", ["another key", "our secret"])
def test_a_signature_that_is_not_the_provider_s_is_refused(
    service: Site, provider: RealProvider, forger: str
) -> None:
    claims = {"iss": provider.address, "aud": "carte", "sub": "1", "exp": time.time() + 60}
    reader = Provider(service.settings)
    service.run(reader.sign_in_address("état", "navigateur"))
    if forger == "another key":
        said = jwt.encode({"alg": "RS256"}, claims, RSAKey.generate_key(2048))
    else:
        said = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))

    with pytest.raises(JoseError):
        service.run(reader.read(said))
