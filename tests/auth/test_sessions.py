"""Sessions: how long they last, who may close them, and what they do to pages."""

import pytest

from geoservice.auth.device import device
from tests.auth.conftest import Site, Visitor, confirm, token


def sessions(service: Site) -> list[int]:
    return [row.id for row in service.sql("SELECT id FROM sessions ORDER BY id")]


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/moi").status_code == 200


@pytest.mark.parametrize(
    ("column", "days", "lasts"),
    [
        ("seen_at", 29, True),
        ("seen_at", 31, False),
        ("created_at", 89, True),
        ("created_at", 91, False),
    ],
)
def test_a_session_lasts_thirty_days_unused_and_ninety_in_all(
    service: Site, column: str, days: int, lasts: bool
) -> None:
    service.account()
    visitor = service.sign_in()
    service.sql(f"UPDATE sessions SET {column} = now() - make_interval(days => :d)", d=days)

    assert is_signed_in(visitor) is lasts


def test_using_a_session_keeps_it_alive(service: Site) -> None:
    service.account()
    visitor = service.sign_in()
    service.sql("UPDATE sessions SET seen_at = now() - interval '29 days'")
    visitor.get("/moi")

    [row] = service.sql("SELECT now() - seen_at < interval '1 minute' AS just_now FROM sessions")
    assert row.just_now


def test_signing_in_again_changes_the_secret_and_ends_the_session_before(service: Site) -> None:
    service.account()
    visitor = service.visitor()
    other = service.visitor()
    link = service.link(other)  # asked before there is a session: the page would lead away
    confirm(visitor, service.link(visitor))
    before = visitor.cookies["session"]
    service.account("lou@exemple.fr")
    link = service.link(other, "lou@exemple.fr")
    other.cookies["session"] = before
    confirm(other, link)

    assert other.cookies["session"] != before
    assert not is_signed_in(visitor)
    assert is_signed_in(other)


def test_signing_out_ends_the_session_even_for_a_copy_of_the_cookie(service: Site) -> None:
    service.account()
    visitor = service.sign_in()
    copy = Visitor(service, "192.0.2.2", dict(visitor.cookies))

    answer = visitor.send("/moi", "/moi/deconnexion")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert visitor.cookies["session"] == ""
    assert not is_signed_in(copy)


def test_one_closes_one_s_own_session_elsewhere(service: Site) -> None:
    service.account()
    here, elsewhere = service.sign_in(), service.sign_in()
    [_, other] = sessions(service)

    answer = here.send("/moi", f"/moi/sessions/{other}/fermer")

    assert answer.status_code == 303
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_nobody_closes_the_session_of_somebody_else(service: Site) -> None:
    service.account()
    service.account("lou@exemple.fr", "administrator")
    mine, hers = service.sign_in(), service.sign_in("lou@exemple.fr")
    [first, _] = sessions(service)

    assert hers.send("/moi", f"/moi/sessions/{first}/fermer").status_code == 404
    assert is_signed_in(mine)


def test_all_the_others_are_closed_at_once(service: Site) -> None:
    service.account()
    service.account("lou@exemple.fr")
    others = [service.sign_in(), service.sign_in()]
    hers, here = service.sign_in("lou@exemple.fr"), service.sign_in()
    here.send("/moi", "/moi/sessions/fermer-les-autres")

    assert [is_signed_in(visitor) for visitor in (*others, hers, here)] == [
        False,
        False,
        True,
        True,
    ]


def test_the_account_lists_its_own_sessions_by_device(service: Site) -> None:
    service.account()
    service.account("lou@exemple.fr")
    visitor = service.visitor()
    link = service.link(visitor)
    jeton = token(visitor.get(link))
    firefox = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
    form = {"jeton": jeton, "lien": link.rpartition("=")[2]}
    visitor.post("/connexion/lien", form, user_agent=firefox)
    service.sign_in("lou@exemple.fr")

    page = visitor.get("/moi").text
    assert page.count('<li class="card">') == 1
    assert "Firefox sur Android" in page


def test_an_account_keeps_its_twenty_last_sessions(
    service: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geoservice.auth.actions.SESSIONS_MAX", 2)
    service.account()
    first, second, third = (service.sign_in() for _ in range(3))

    assert [is_signed_in(each) for each in (first, second, third)] == [False, True, True]


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5_000, "é", "' OR 1=1 --"])
def test_a_cookie_of_somebody_s_making_opens_nothing(service: Site, cookie: str) -> None:
    service.account()
    service.sign_in()

    assert not is_signed_in(Visitor(service, "192.0.2.2", {"session": cookie}))


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox sur Windows"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome sur Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge sur Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Safari sur iPhone"),
        ("curl/8.5.0", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_its_owner_knows_it(user_agent: str, expected: str) -> None:
    assert device(user_agent) == expected
