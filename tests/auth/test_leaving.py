"""What remains of somebody who left, and of an account that nobody uses: nothing that names them."""

import pytest
from sqlalchemy import Connection

from geoservice.auth.actions import account_for, erase_account
from geoservice.mail.message import WrongAddress
from geoservice.tasks import FORGET_UNUSED
from tests.auth.conftest import Site

MINE = "awa@exemple.fr"
TABLES = (
    "accounts",
    "sessions",
    "mail_changes",
    "sign_in_links",
    "sign_in_counts",
    "outgoing_mails",
    "jobs.procrastinate_jobs",
)


def kept(service: Site) -> str:
    return str([service.sql(f"SELECT * FROM {table}") for table in TABLES])


def erase(service: Site, account_id: int) -> None:
    with service.engine.begin() as db:
        erase_account(db, account_id)


def forget_unused(service: Site) -> None:
    service.do(FORGET_UNUSED)
    service.work()  # the mails that it queued


def unused_for(service: Site, months: int, days: int = 0) -> None:
    service.sql(
        "UPDATE accounts SET used_at = now() - make_interval(0, :m, 0, :d)", m=months, d=days
    )


def test_nothing_names_who_was_erased(service: Site) -> None:
    mine = service.account(MINE, "coordinator")
    service.sign_in()
    service.link(service.visitor())
    service.visitor().send("/connexion", "/connexion", mail=MINE)  # asked, not yet sent
    service.sql(
        "INSERT INTO outgoing_mails (recipient, subject, body) VALUES (:mail, 'Bonjour', 'Awa')",
        mail=MINE,
    )
    erase(service, mine)

    assert "awa" not in kept(service).lower()
    assert "coordinator" not in kept(service)
    assert [row.id for row in service.sql("SELECT id FROM accounts")] == [mine]


def test_who_was_erased_is_signed_out_and_receives_no_link(service: Site) -> None:
    mine = service.account()
    visitor, other = service.sign_in(), service.visitor()
    link = service.link(other)
    service.mailbox.received.clear()
    erase(service, mine)
    other.send("/connexion", "/connexion", mail=MINE)
    service.work()

    assert visitor.get("/moi").status_code == 303
    assert other.get(link).status_code == 410
    assert service.mailbox.received == []


def test_others_keep_their_account_when_somebody_leaves(service: Site) -> None:
    mine = service.account()
    service.account("lou@exemple.fr")
    other = service.sign_in("lou@exemple.fr")
    erase(service, mine)

    assert "lou@exemple.fr" in other.get("/moi").text


def test_two_people_may_leave_and_one_may_come_back(service: Site) -> None:
    for mail in (MINE, "lou@exemple.fr"):
        erase(service, service.account(mail))
    service.account()

    assert service.sign_in().get("/moi").status_code == 200


def test_an_account_that_nobody_uses_is_warned_then_erased(service: Site) -> None:
    service.account()
    unused_for(service, 23, 10)
    forget_unused(service)
    [mail] = service.mailbox.received
    assert (mail["To"], mail["Subject"]) == (MINE, "Votre compte va être effacé")
    unused_for(service, 24, 10)
    service.sql("UPDATE accounts SET warned_at = now() - interval '31 days'")
    forget_unused(service)

    assert "awa" not in kept(service).lower()
    assert len(service.mailbox.received) == 1


@pytest.mark.parametrize(
    ("months", "days", "warned_days_ago", "mails", "is_kept"),
    [
        (22, 20, None, 0, True),  # too early to say anything
        (23, 10, 5, 0, True),  # said once
        (30, 0, None, 1, True),  # never without a notice, however old
        (30, 0, 29, 0, True),
        (30, 0, 31, 0, False),
    ],
)
def test_nobody_is_erased_without_thirty_days_of_notice(
    service: Site, months: int, days: int, warned_days_ago: int | None, mails: int, is_kept: bool
) -> None:
    service.account()
    unused_for(service, months, days)
    if warned_days_ago is not None:
        service.sql(
            "UPDATE accounts SET warned_at = now() - make_interval(days => :d)", d=warned_days_ago
        )
    forget_unused(service)

    assert len(service.mailbox.received) == mails
    assert (MINE in kept(service)) is is_kept


def test_signing_in_after_the_notice_keeps_the_account(service: Site) -> None:
    service.account()
    unused_for(service, 25)
    service.sql("UPDATE accounts SET warned_at = now() - interval '31 days'")
    service.sign_in()
    forget_unused(service)

    assert service.sign_in().get("/moi").status_code == 200


def test_an_account_that_was_closed_long_ago_is_erased(service: Site) -> None:
    service.account("ancienne@exemple.fr", closed=True)
    service.account("partie@exemple.fr", closed=True)
    service.sql(
        "UPDATE accounts SET closed_at = now() - make_interval(0, 25) WHERE mail LIKE 'ancienne%'"
    )
    forget_unused(service)

    assert "ancienne@exemple.fr" not in kept(service)
    assert "partie@exemple.fr" in kept(service)
    assert service.mailbox.received == []


def test_the_privacy_page_says_how_long_an_account_is_kept(service: Site) -> None:
    page = service.visitor().get("/confidentialite").text

    assert f"{service.settings.unused_account_months} mois après la dernière visite" in page


def imported(service: Site, mail: str, name: str = "Awa Diallo") -> int:
    with service.engine.begin() as db:
        return account_for(db, mail, name)


def test_a_person_of_an_import_signs_in_with_a_link_at_once(service: Site) -> None:
    imported(service, "Awa@exemple.fr", " Awa  Diallo ")

    page = service.sign_in().get("/moi").text

    assert "Awa Diallo" in page
    assert "membre" in page


def test_importing_again_makes_no_second_account(service: Site) -> None:
    assert imported(service, MINE) == imported(service, "AWA@exemple.fr", "Awa D.")
    assert [row.name for row in service.sql("SELECT name FROM accounts")] == ["Awa Diallo"]


def test_an_import_never_changes_the_roles_of_an_account(service: Site) -> None:
    mine = service.account(MINE, "coordinator", "member")

    assert imported(service, MINE) == mine
    [row] = service.sql("SELECT name, roles FROM accounts")
    assert (row.name, row.roles) == ("Awa", ["coordinator", "member"])


def test_a_closed_account_is_not_opened_by_an_import(service: Site) -> None:
    closed = service.account(MINE, "administrator", closed=True)
    new = imported(service, MINE)

    assert new != closed
    assert [
        tuple(row) for row in service.sql("SELECT roles FROM accounts WHERE id = :i", i=new)
    ] == [(["member"],)]


def test_an_account_that_an_import_still_names_is_kept(service: Site) -> None:
    imported(service, MINE)
    unused_for(service, 30)
    imported(service, MINE)
    forget_unused(service)

    assert service.mailbox.received == []


@pytest.mark.parametrize("mail", ["", "awa", "awa@", "awa@exemple.fr\nBcc: lou@exemple.fr"])
def test_an_import_makes_no_account_for_what_is_not_an_address(db: Connection, mail: str) -> None:
    with pytest.raises(WrongAddress):
        account_for(db, mail, "Awa")
