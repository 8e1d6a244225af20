"""Another name, another address: nobody loses an account, and nobody takes one."""

import re

import pytest

from geoservice.auth.jobs import FORGET
from tests.auth.conftest import Site, Visitor

MINE, NEW = "awa@exemple.fr", "awa.diallo@exemple.fr"


def ask(service: Site, visitor: Visitor, mail: str = NEW) -> dict[str, str]:
    """Who received which link."""
    service.mailbox.received.clear()
    visitor.send("/moi/compte", "/moi/compte/adresse", mail=mail)
    service.work()
    links: dict[str, str] = {}
    for mail_ in service.mailbox.received:
        body = mail_.get_body(("plain",))
        assert body is not None
        found = re.search(r"/connexion/adresse\?cle=[\w-]{43}", body.get_content())
        links[str(mail_["To"])] = found[0] if found else ""
    return links


def say(visitor: Visitor, link: str, word: str = "oui") -> str:
    secret = link.rpartition("=")[2]
    return visitor.send(link, "/connexion/adresse", lien=secret, reponse=word).text


def mails(service: Site) -> list[str]:
    return [row.mail for row in service.sql("SELECT mail FROM accounts ORDER BY id")]


@pytest.mark.parametrize("first", [MINE, NEW])
def test_the_address_changes_once_both_addresses_said_yes(service: Site, first: str) -> None:
    service.account()
    visitor = service.sign_in()
    links = ask(service, visitor)
    assert set(links) == {MINE, NEW}

    assert "Encore une réponse" in say(service.visitor(), links.pop(first))
    assert mails(service) == [MINE]
    assert "Votre adresse est changée" in say(service.visitor(), links.popitem()[1])
    assert mails(service) == [NEW]
    assert NEW in visitor.get("/moi").text
    assert service.sign_in(NEW).get("/moi").status_code == 200


def test_one_address_that_says_yes_twice_is_still_one(service: Site) -> None:
    service.account()
    link = ask(service, service.sign_in())[NEW]
    for _ in range(2):
        say(service.visitor(), link)

    assert mails(service) == [MINE]


def test_who_asked_for_nothing_says_no_and_the_thief_is_signed_out(service: Site) -> None:
    service.account()
    thief = service.sign_in()
    links = ask(service, thief, "voleur@exemple.fr")
    say(thief, links["voleur@exemple.fr"])

    assert "Rien n’a changé" in say(service.visitor(), links[MINE], "non")
    assert thief.get("/moi").status_code == 303
    assert say_dead(service, links["voleur@exemple.fr"])
    assert mails(service) == [MINE]


def say_dead(service: Site, link: str) -> bool:
    return service.visitor().get(link).status_code == 410


def test_the_new_address_cannot_say_no_for_the_owner(service: Site) -> None:
    service.account()
    visitor = service.sign_in()
    say(service.visitor(), ask(service, visitor)[NEW], "non")

    assert visitor.get("/moi").status_code == 200


def test_an_address_that_has_an_account_is_not_taken_and_only_it_is_told(service: Site) -> None:
    service.account()
    service.account(NEW)
    visitor = service.sign_in()
    links = ask(service, visitor)

    assert links[NEW] == ""
    told = {str(mail["To"]): mail["Subject"] for mail in service.mailbox.received}
    assert told[NEW] == "Cette adresse a déjà un compte"
    say(service.visitor(), links[MINE])
    assert mails(service) == [MINE, NEW]


def test_an_account_made_meanwhile_keeps_its_address(service: Site) -> None:
    service.account()
    links = ask(service, service.sign_in())
    say(service.visitor(), links[MINE])
    service.account(NEW)

    assert "Cette adresse a déjà un compte" in say(service.visitor(), links[NEW])
    assert mails(service) == [MINE, NEW]


def test_a_change_that_nobody_confirmed_is_forgotten_after_a_day(service: Site) -> None:
    service.account()
    links = ask(service, service.sign_in())
    service.sql("UPDATE mail_changes SET asked_at = now() - interval '25 hours'")

    assert all(say_dead(service, link) for link in links.values())
    service.do(FORGET)
    assert service.sql("SELECT * FROM mail_changes") == []


def test_asking_again_kills_the_links_of_before(service: Site) -> None:
    service.account()
    visitor = service.sign_in()
    before = ask(service, visitor)
    ask(service, visitor, "autre@exemple.fr")

    assert all(say_dead(service, link) for link in before.values())


def test_the_message_to_a_new_address_names_nobody(service: Site) -> None:
    service.account()
    ask(service, service.sign_in())
    [mail] = [mail for mail in service.mailbox.received if mail["To"] == NEW]

    assert "Awa" not in mail.as_string()
    assert MINE not in mail.as_string()


@pytest.mark.parametrize(
    ("mail", "said"), [("awa", "n’est pas complète"), (MINE, "déjà l’adresse")]
)
def test_a_wrong_new_address_is_shown_again(service: Site, mail: str, said: str) -> None:
    service.account()
    answer = service.sign_in().send("/moi/compte", "/moi/compte/adresse", mail=mail)

    assert answer.status_code == 422
    assert said in answer.text
    assert service.sql("SELECT * FROM mail_changes") == []


def test_new_addresses_are_counted_as_links_are(service: Site) -> None:
    service.account()
    visitor = service.sign_in()
    answers = [
        visitor.send("/moi/compte", "/moi/compte/adresse", mail=NEW).status_code for _ in range(6)
    ]

    assert answers == [303] * 5 + [429]


def test_one_changes_one_s_name(service: Site) -> None:
    service.account()
    visitor = service.sign_in()
    visitor.send("/moi/compte", "/moi/compte/nom", nom="  Awa   Diallo ")

    assert "Awa Diallo" in visitor.get("/moi").text


@pytest.mark.parametrize("name", ["", "   ", "a" * 101, "Awa\x07"])
def test_a_name_that_is_not_one_is_refused(service: Site, name: str) -> None:
    service.account()

    assert service.sign_in().send("/moi/compte", "/moi/compte/nom", nom=name).status_code == 422
    assert [row.name for row in service.sql("SELECT name FROM accounts")] == ["Awa"]
