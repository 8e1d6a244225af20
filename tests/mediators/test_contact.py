"""An address is shown once whoever reads it has said that it is theirs."""

from tests.mediators.conftest import MAIL, PROFILE, Awa

FORM = "/moi/fiche/modifier"


def save(awa: Awa, **changed: str) -> int:
    return awa.visitor.send(FORM, FORM, **PROFILE | changed).status_code


def shown(awa: Awa) -> list[str | None]:
    return [row.mail for row in awa.service.sql("SELECT mail FROM public_view.mediators")]


def test_another_address_than_that_of_the_account_is_shown_once_it_said_yes(awa: Awa) -> None:
    assert save(awa) == 303
    awa.agree("mail-public", "name-public")
    assert shown(awa) == [None]
    assert "attend votre réponse" in awa.visitor.get("/moi/fiche").text
    assert "canari@exemple.fr" in awa.visitor.get(FORM).text  # what was typed is not lost

    awa.service.work()
    mail = awa.service.mailbox.received[-1]
    assert mail["to"] == "canari@exemple.fr"
    page = awa.service.visitor("192.0.2.8").get(awa.links()[-1])
    assert page.status_code == 200
    assert "Awa Canari" in page.text
    assert shown(awa) == [None]  # opening the link changes nothing

    awa.answer()
    assert shown(awa) == ["canari@exemple.fr"]
    assert "attend votre réponse" not in awa.visitor.get("/moi/fiche").text
    assert awa.service.visitor().get(awa.links()[-1]).status_code == 410


def test_that_of_the_account_needs_no_mail(awa: Awa) -> None:
    before = len(awa.service.mailbox.received)
    assert save(awa, mail=MAIL) == 303
    awa.service.work()
    awa.agree("mail-public")

    assert shown(awa) == [MAIL]
    assert len(awa.service.mailbox.received) == before


def test_an_address_that_says_no_is_shown_to_nobody(awa: Awa) -> None:
    save(awa)
    awa.agree("mail-public", "name-public")
    awa.answer("non")

    assert shown(awa) == [None]
    assert "attend votre réponse" not in awa.visitor.get("/moi/fiche").text


def test_the_address_before_stays_until_the_new_one_has_answered(awa: Awa) -> None:
    awa.fill()
    awa.agree("mail-public")
    save(awa, mail="nouveau@exemple.fr")
    assert shown(awa) == ["canari@exemple.fr"]

    awa.answer()
    assert shown(awa) == ["nouveau@exemple.fr"]


def test_saving_again_writes_no_second_mail_and_keeps_the_link(awa: Awa) -> None:
    save(awa)
    awa.service.work()
    [link] = awa.links()
    save(awa, employeur="Mairie")
    awa.service.work()

    assert awa.links() == [link]
    awa.agree("mail-public")
    awa.answer()
    assert shown(awa) == ["canari@exemple.fr"]


def test_many_addresses_cannot_be_written_to(awa: Awa) -> None:
    answers = [save(awa, mail=f"inconnu{rank}@exemple.fr") for rank in range(40)]

    assert 429 in answers


def test_a_link_is_too_old_after_a_week(awa: Awa) -> None:
    save(awa)
    awa.service.work()
    awa.service.sql("UPDATE mail_confirmations SET asked_at = now() - interval '8 days'")

    assert awa.service.visitor().get(awa.links()[-1]).status_code == 410
    awa.answer()
    awa.agree("mail-public", "name-public")
    assert shown(awa) == [None]


def test_it_follows_the_address_of_the_account(awa: Awa) -> None:
    save(awa, mail=MAIL)
    awa.agree("mail-public")
    awa.service.sql("UPDATE accounts SET mail = 'awa.apres@exemple.fr'")

    assert shown(awa) == ["awa.apres@exemple.fr"]


def test_another_address_does_not_follow_the_account(awa: Awa) -> None:
    awa.fill()
    awa.agree("mail-public")
    awa.service.sql("UPDATE accounts SET mail = 'awa.apres@exemple.fr'")

    assert shown(awa) == ["canari@exemple.fr"]
