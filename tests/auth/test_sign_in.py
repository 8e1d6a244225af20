"""Signing in with a link sent by mail: who may, who may not."""

from collections.abc import Callable

import pytest

from geoservice.auth.jobs import FORGET
from tests.auth.conftest import Site, confirm, token

MINE = "awa@exemple.fr"


def test_the_link_of_the_mail_signs_in(service: Site) -> None:
    service.account(MINE, "coordinator")
    visitor = service.visitor()

    answer = confirm(visitor, service.link(visitor))

    assert (answer.status_code, answer.headers["location"]) == (303, "/moi")
    assert MINE in visitor.get("/moi").text


def test_the_mail_goes_to_the_account_and_speaks_french(service: Site) -> None:
    service.account()
    service.link(service.visitor())

    [mail] = service.mailbox.received
    assert (mail["To"], mail["Subject"]) == (MINE, "Votre lien de connexion")
    assert mail["From"] == "La carte de la médiation numérique <carte@exemple.fr>"


def test_an_address_is_known_whatever_its_case(service: Site) -> None:
    service.account()

    assert service.link(service.visitor(), " Awa@EXEMPLE.fr ")


def test_the_answer_is_the_same_whether_or_not_the_account_exists(service: Site) -> None:
    service.account()
    service.account("ancienne@exemple.fr", closed=True)
    answers = {
        mail: service.visitor().send("/connexion", "/connexion", mail=mail)
        for mail in (MINE, "inconnue@exemple.fr", "ancienne@exemple.fr")
    }
    waiting = service.sql("SELECT task_name, count(*) FROM jobs.procrastinate_jobs GROUP BY 1")

    assert {
        (answer.status_code, answer.headers["location"], answer.content)
        for answer in answers.values()
    } == {(303, "/connexion/envoye", b"")}
    assert [tuple(row) for row in waiting] == [("auth:send-link", 3)]


@pytest.mark.parametrize("mail", ["inconnue@exemple.fr", "ancienne@exemple.fr"])
def test_who_has_no_account_receives_nothing_and_is_forgotten(service: Site, mail: str) -> None:
    service.account("ancienne@exemple.fr", closed=True)
    service.visitor().send("/connexion", "/connexion", mail=mail)
    service.work()

    assert service.mailbox.received == []
    assert service.sql("SELECT * FROM sign_in_links") == []


def test_opening_the_link_changes_nothing_so_a_mail_scanner_may(service: Site) -> None:
    service.account()
    visitor = service.visitor()
    link = service.link(visitor)
    for _ in range(3):
        service.visitor("198.51.100.7").get(link)
        visitor.get(link)

    assert confirm(visitor, link).status_code == 303


def test_a_link_serves_once(service: Site) -> None:
    service.account()
    visitor = service.visitor()
    link = service.link(visitor)
    jeton = token(visitor.get(link))
    form = {"jeton": jeton, "lien": link.rpartition("=")[2]}
    before = dict(visitor.cookies)
    assert visitor.post("/connexion/lien", form).status_code == 303
    visitor.cookies = before

    assert visitor.post("/connexion/lien", form).status_code == 410
    assert visitor.get(link).status_code == 410


def test_the_other_links_of_an_account_die_when_one_is_used(service: Site) -> None:
    service.account()
    one, two = service.visitor(), service.visitor()
    first, second = service.link(one), service.link(two)
    confirm(one, first)

    assert two.get(second).status_code == 410


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 410)])
def test_a_link_lasts_a_quarter_of_an_hour(service: Site, minutes: int, status: int) -> None:
    service.account()
    visitor = service.visitor()
    link = service.link(visitor)
    service.sql("UPDATE sign_in_links SET sent_at = now() - make_interval(mins => :m)", m=minutes)

    assert visitor.get(link).status_code == status


def test_a_link_opens_only_in_the_browser_that_asked(service: Site) -> None:
    service.account()
    visitor, thief = service.visitor(), service.visitor()
    link = service.link(visitor)
    jeton = token(thief.get("/connexion"))
    secret = link.rpartition("=")[2]

    assert thief.get(link).status_code == 403
    assert thief.post("/connexion/lien", {"jeton": jeton, "lien": secret}).status_code == 410
    assert confirm(visitor, link).status_code == 303


def test_a_closed_account_can_use_neither_its_link_nor_its_session(service: Site) -> None:
    mine = service.account()
    signed_in = service.sign_in()
    visitor = service.visitor()
    link = service.link(visitor)
    service.sql("UPDATE accounts SET closed_at = now() WHERE id = :id", id=mine)

    assert visitor.get(link).status_code == 410
    assert signed_in.get("/moi").status_code == 303


def test_a_link_that_was_asked_too_long_ago_is_not_sent(service: Site) -> None:
    service.account()
    service.visitor().send("/connexion", "/connexion", mail=MINE)
    service.sql("UPDATE sign_in_links SET asked_at = now() - interval '16 minutes'")
    service.work()

    assert service.mailbox.received == []


def test_the_page_that_was_asked_for_opens_after_signing_in(service: Site) -> None:
    service.account()
    visitor = service.visitor()
    asked = visitor.get("/moi?onglet=appareils")
    assert asked.headers["location"] == "/connexion?suite=%2Fmoi%3Fonglet%3Dappareils"

    answer = confirm(visitor, service.link(visitor, suite="/moi?onglet=appareils"))

    assert answer.headers["location"] == "/moi?onglet=appareils"


def test_nobody_is_led_to_another_site_after_signing_in(service: Site) -> None:
    service.account()
    visitor = service.visitor()

    answer = confirm(visitor, service.link(visitor, suite="//pirate.exemple.fr/moi"))

    assert answer.headers["location"] == "/moi"


def test_who_is_signed_in_already_is_led_to_the_page(service: Site) -> None:
    service.account()

    answer = service.sign_in().get("/connexion?suite=/lieux")

    assert (answer.status_code, answer.headers["location"]) == (303, "/lieux")


def test_an_address_with_a_mistake_is_shown_again_with_what_to_correct(service: Site) -> None:
    answer = service.visitor().send("/connexion", "/connexion", mail="awa@", suite="/lieux")

    assert answer.status_code == 422
    assert 'value="awa@"' in answer.text
    assert 'aria-describedby="mail-aide mail-erreur"' in answer.text
    assert 'name="suite" value="/lieux"' in answer.text


def test_without_cookies_the_page_says_why_it_cannot_work(service: Site) -> None:
    visitor = service.visitor()
    form = {"jeton": token(visitor.get("/connexion")), "mail": MINE}
    visitor.cookies = {}

    answer = visitor.post("/connexion", form)

    assert answer.status_code == 403
    assert "cookie" in answer.text


def test_only_hashes_of_secrets_are_kept(service: Site) -> None:
    service.account()
    visitor = service.visitor()
    link = service.link(visitor)
    tables = "accounts", "sign_in_links", "sessions", "jobs.procrastinate_jobs", "outgoing_mails"
    kept = str([service.sql(f"SELECT * FROM {table}") for table in tables])
    browser = visitor.cookies["connexion"]
    confirm(visitor, link)
    kept += str([service.sql(f"SELECT * FROM {table}") for table in tables])

    for secret in (link.rpartition("=")[2], browser, visitor.cookies["session"]):
        assert len(secret) == 43
        assert secret not in kept


def test_a_mail_server_that_is_away_delays_the_link(service: Site) -> None:
    service.account()
    service.mailbox.close()
    visitor = service.visitor()
    visitor.send("/connexion", "/connexion", mail=MINE)
    service.work()
    service.mailbox.open()
    service.sql("UPDATE jobs.procrastinate_jobs SET scheduled_at = now()")
    service.work()

    assert [mail["To"] for mail in service.mailbox.received] == [MINE]


def test_no_address_is_logged_while_somebody_signs_in(
    service: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    service.account()
    service.sign_in()
    service.visitor().send("/connexion", "/connexion", mail="inconnue@exemple.fr")
    service.work()

    ours = [record for record in caplog.records if record.name != "mail.log"]
    said = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in ours)
    assert "auth:send-link" in said
    assert MINE not in said
    assert "inconnue@exemple.fr" not in said


@pytest.mark.parametrize(
    ("mail", "address", "status"),
    [
        (MINE, "192.0.2.1", 429),
        (MINE, "203.0.113.9", 429),
        ("lou@exemple.fr", "192.0.2.1", 303),
        ("lou@exemple.fr", "203.0.113.9", 303),
    ],
)
def test_five_links_an_hour_for_one_address_and_no_more(
    service: Site, mail: str, address: str, status: int
) -> None:
    for _ in range(5):
        assert service.visitor().send("/connexion", "/connexion", mail=MINE).status_code == 303

    assert (
        service.visitor(address).send("/connexion", "/connexion", mail=mail).status_code == status
    )


def test_sixty_links_an_hour_for_one_network_and_no_more(
    service: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geoservice.auth.limits.PER_NETWORK", 3)

    def ask(address: str, number: int) -> int:
        mail = f"personne{number}@exemple.fr"
        return service.visitor(address).send("/connexion", "/connexion", mail=mail).status_code

    assert [ask(f"192.0.2.{number}", number) for number in range(4)] == [303, 303, 303, 429]
    assert ask("198.51.100.1", 5) == 303


def test_what_is_counted_names_nobody_and_lasts_an_hour_or_two(service: Site) -> None:
    service.visitor("192.0.2.1").send("/connexion", "/connexion", mail=MINE)
    counted = service.sql("SELECT * FROM sign_in_counts")
    assert "awa" not in str(counted)
    assert "192.0.2" not in str(counted)
    service.sql("UPDATE sign_in_counts SET hour = hour - interval '1 hour'")
    service.do(FORGET)

    assert len(counted) == 2
    assert service.sql("SELECT * FROM sign_in_counts") == []


def test_links_and_sessions_that_are_over_are_deleted(service: Site) -> None:
    service.account()
    service.sign_in()
    kept = service.sign_in()
    service.link(service.visitor())
    service.sql("UPDATE sign_in_links SET sent_at = now() - interval '16 minutes'")
    service.sql(
        "UPDATE sessions SET seen_at = now() - interval '31 days'"
        " WHERE id = (SELECT min(id) FROM sessions)"
    )
    service.do(FORGET)

    assert service.sql("SELECT * FROM sign_in_links") == []
    assert [row.count for row in service.sql("SELECT count(*) FROM sessions")] == [1]
    assert kept.get("/moi").status_code == 200


@pytest.mark.parametrize(
    ("public_url", "name", "secure"),
    [
        ("http://carte.exemple.fr", "session", False),
        ("https://carte.exemple.fr", "__Host-session", True),
    ],
)
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    build: Callable[..., Site], public_url: str, name: str, secure: bool
) -> None:
    service = build(public_url=public_url)
    service.account()
    visitor = service.visitor()

    answer = confirm(visitor, service.link(visitor))

    [cookie] = [c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{name}=")]
    said = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", f"max-age={90 * 86_400}"} <= said
    assert ("secure" in said) is secure
