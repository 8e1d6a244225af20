"""«Vos informations sont-elles toujours exactes ?»: who is asked, who answers, who wants no more mails."""

import re
from datetime import date
from email.message import EmailMessage

import pytest

from geoservice import tasks
from geoservice.jobs import worker
from geoservice.links.actions import note_bounce
from geoservice.links.bounces import read_bounce
from geoservice.links.jobs import REMIND
from tests.auth.conftest import Site, Visitor, build, service
from tests.links.conftest import MAIL, Library, library
from tests.links.test_moderation import coordinator, land, moderator

__all__ = ["build", "land", "library", "service"]


def bodies(service: Site) -> list[str]:
    """Of the mails received, as text."""
    parts = [mail.get_body(("plain",)) for mail in service.mailbox.received]
    return [part.get_content() for part in parts if part]


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text
    return match[1]


def choose(visitor: Visitor) -> list[str]:
    return re.findall(r'name="lieu" value="(\d+)"', visitor.get("/campagnes/nouvelle").text)


def start(library: Library, visitor: Visitor, **form: str) -> str:
    """A campaign to all that can be asked; its page."""
    [place] = choose(visitor)
    told = {"mois": "12", "lieu": place, "rappel": "14"} | form
    answer = visitor.send("/moi", "/campagnes/nouvelle", **told)
    assert answer.status_code == 303, answer.text
    library.service.work()
    return answer.headers["location"]


@pytest.fixture
def old(land: Library) -> Library:
    """A library that nobody looked at for years."""
    land.receive(date(2024, 1, 1))
    return land


def test_the_places_of_the_territory_are_asked_and_the_page_shows_who_answered(
    old: Library,
) -> None:
    awa = coordinator(old, "23")
    page = start(old, awa, message="Merci de relire.")

    [mail] = old.service.mailbox.received
    assert mail["to"] == MAIL
    assert "vos informations sont-elles toujours exactes" in str(mail["subject"])
    [body] = bodies(old.service)
    assert "Merci de relire." in body
    assert "awa@exemple.fr" not in body
    assert "N’ont pas répondu" in awa.get(page).text
    link = found(r"(/modifier/[\w-]{43})\s", body)
    assert old.visitor.get(link).status_code == 200
    assert "a répondu" not in awa.get(page).text

    assert old.press(f"{link}/exact") == 303

    assert "a répondu" in awa.get(page).text
    assert old.place("updated_on") > date(2026, 1, 1)
    assert choose(awa) == []


def test_sending_a_correction_is_an_answer_too(old: Library) -> None:
    awa = coordinator(old, "23")
    page = start(old, awa)
    link = found(r"(/modifier/[\w-]{43})\s", bodies(old.service)[0])

    old.send(link, phone="05 55 00 00 00")

    assert "a répondu" in awa.get(page).text


def test_a_coordinator_of_another_territory_asks_nobody_and_sees_nothing(old: Library) -> None:
    awa = coordinator(old, "23")
    page = start(old, awa)
    bo = coordinator(old, "19", "bo@exemple.fr")
    [place] = old.service.sql("SELECT id FROM places")
    old.service.sql("UPDATE link_letters SET made_at = now() - interval '60 days'")

    assert choose(bo) == []
    stolen = bo.send("/moi", "/campagnes/nouvelle", mois="12", lieu=str(place.id))
    assert stolen.status_code == 422
    assert bo.get(page).status_code == 404
    assert bo.send("/moi", f"{page}/arreter").status_code == 404
    assert "Campagne du" not in bo.get("/campagnes").text


def test_a_place_looked_at_lately_is_not_asked(land: Library) -> None:
    assert choose(coordinator(land, "23")) == []


def test_one_reminder_is_sent_to_those_who_did_not_answer(old: Library) -> None:
    start(old, coordinator(old, "23"))
    for _ in range(3):
        old.service.do(REMIND)
    assert len(old.service.mailbox.received) == 1

    old.service.sql("UPDATE link_letters SET sent_at = now() - interval '15 days'")
    for _ in range(3):
        old.service.do(REMIND)

    assert [str(mail["subject"])[:8] for mail in old.service.mailbox.received[1:]] == [
        "Rappel\u00a0:"
    ]
    first, second = (found(r"(/modifier/[\w-]{43})\s", body) for body in bodies(old.service))
    assert old.visitor.get(first).status_code == 410
    assert old.visitor.get(second).status_code == 200


def test_nobody_is_reminded_who_answered_or_once_the_campaign_was_stopped(old: Library) -> None:
    awa = coordinator(old, "23")
    page = start(old, awa)
    old.service.sql("UPDATE link_letters SET sent_at = now() - interval '15 days'")
    awa.send("/moi", f"{page}/arreter")

    old.service.do(REMIND)
    assert len(old.service.mailbox.received) == 1

    old.service.sql("UPDATE link_campaigns SET ended_at = NULL")
    old.press(found(r"(/modifier/[\w-]{43})\s", bodies(old.service)[0]) + "/exact")
    old.service.do(REMIND)
    assert len(old.service.mailbox.received) == 1


@pytest.mark.parametrize("multipart", [False, True])
def test_one_unsubscribes_by_the_mail_and_is_not_written_to_again(
    old: Library, multipart: bool
) -> None:
    awa = coordinator(old, "23")
    page = start(old, awa)
    [mail] = old.service.mailbox.received
    leave = found(
        r"<http://carte\.exemple\.fr(/ne-plus-ecrire/[\w-]{43})>", mail["list-unsubscribe"]
    )
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert leave in bodies(old.service)[0]

    # scanners read; only a button, or the mail program's own, does something
    assert old.visitor.get(leave).status_code == 200
    assert old.service.sql("SELECT * FROM link_silences") == []
    asked = {"List-Unsubscribe": (None, "One-Click")} if multipart else None
    form = None if multipart else {"List-Unsubscribe": "One-Click"}
    pressed = old.service.ask("192.0.2.1", "POST", leave, data=form, files=asked)
    assert pressed.status_code == 200
    assert "C’est fait" in pressed.text

    assert "ne veut plus de message" in awa.get(page).text
    old.service.sql("UPDATE link_letters SET sent_at = now() - interval '60 days'")
    old.service.sql("UPDATE link_letters SET made_at = now() - interval '60 days'")
    old.service.do(REMIND)
    assert len(old.service.mailbox.received) == 1
    assert choose(awa) == []
    assert "ne pas écrire" in awa.get("/campagnes/nouvelle").text
    assert MAIL not in str(old.service.sql("SELECT * FROM link_silences"))


def test_an_unsubscription_that_is_none_does_nothing(old: Library) -> None:
    start(old, coordinator(old, "23"))

    assert old.visitor.post("/ne-plus-ecrire/" + "a" * 43, {"confirmer": "oui"}).status_code == 404
    assert old.service.sql("SELECT * FROM link_silences") == []


def test_an_address_that_the_server_refuses_is_marked_and_not_used_again(old: Library) -> None:
    awa = coordinator(old, "23")
    old.service.mailbox.answer = "550 5.1.1 no such user"
    page = start(old, awa)

    assert "message revenu" in awa.get(page).text
    assert "(code 550)" in awa.get(page).text
    old.service.sql("UPDATE link_letters SET made_at = now() - interval '60 days'")
    assert choose(awa) == []


def test_a_server_that_asks_to_come_back_later_is_no_bounce(old: Library) -> None:
    awa = coordinator(old, "23")
    old.service.mailbox.answer = "451 4.7.1 greylisted"
    start(old, awa)

    [letter] = old.service.sql("SELECT sent_at, bounced_at FROM link_letters")
    assert (letter.sent_at, letter.bounced_at) == (None, None)


def test_what_comes_back_to_the_address_of_a_letter_marks_it(
    old: Library,
) -> None:
    awa = coordinator(old, "23")
    [place] = choose(awa)
    awa.send("/moi", "/campagnes/nouvelle", mois="12", lieu=place)
    settings = old.service.settings.model_copy(update={"mail_return": "retours@exemple.fr"})
    old.service.run(worker.run_all(old.service.base, settings, tasks.ALL))
    [sender] = old.service.mailbox.senders
    assert re.fullmatch(r"retours\+[0-9a-f]{24}@exemple\.fr", sender)

    bounce = read_bounce(notification(sender))
    assert bounce is not None
    with old.service.engine.begin() as db:
        assert note_bounce(db, bounce.key, bounce.status)
        assert not note_bounce(db, KEY, "5.1.1")

    [page] = re.findall(r"/campagnes/\d+", awa.get("/campagnes").text)[:1]
    assert "(code 5.1.1)" in awa.get(page).text


def notification(to: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """What a mail server returns, as RFC 3464 says."""
    return f"""From: MAILER-DAEMON@mx.exemple.fr\r
To: {to}\r
Subject: Undelivered Mail Returned to Sender\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
I am sorry.\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.exemple.fr\r
\r
Final-Recipient: rfc822; accueil@exemple.fr\r
Action: {action}\r
Status: {status}\r
Diagnostic-Code: smtp; 550 no such user\r
\r
--b--\r
""".encode()


KEY = "0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (notification(f"retours+{KEY}@exemple.fr"), "5.1.1"),
        (notification(f"retours+{KEY}@exemple.fr", "delayed", "4.4.7"), None),
        (notification(f"retours+{KEY}@exemple.fr", "failed", "4.4.7"), None),
        (notification("retours@exemple.fr"), None),
        (
            notification(f"retours+{KEY}@exemple.fr").replace(
                b"multipart/report", b"multipart/mixed"
            ),
            None,
        ),
        (b"", None),
        (b"\x00\xff" * 100, None),
        (f"To: retours+{KEY}@exemple.fr\r\n\r\nJe suis en vacances.".encode(), None),
    ],
)
def test_a_notification_of_failure_is_read_and_nothing_else_is(
    raw: bytes, status: str | None
) -> None:
    bounce = read_bounce(raw)

    assert (bounce and bounce.status) == status
    assert bounce is None or bounce.key == KEY


@pytest.mark.parametrize("role", ["member"])
def test_only_those_who_look_after_a_territory_start_campaigns(library: Library, role: str) -> None:
    library.service.account("awa@exemple.fr", role)
    awa = library.service.sign_in()

    for page in ("/campagnes", "/campagnes/nouvelle", "/campagnes/1"):
        assert awa.get(page).status_code == 403


@pytest.mark.parametrize(
    "form", [{"lieu": ""}, {"lieu": "999999"}, {"lieu": "x"}, {"message": "a" * 601}]
)
def test_a_campaign_that_asks_nobody_or_says_too_much_is_not_started(
    old: Library, form: dict[str, str]
) -> None:
    awa = moderator(old)
    [place] = choose(awa)
    told = {"mois": "12", "lieu": place, "rappel": "14"} | form

    answer = awa.send("/moi", "/campagnes/nouvelle", **told)

    assert answer.status_code == 422
    assert old.service.sql("SELECT * FROM link_campaigns") == []


def test_a_message_adds_no_header_and_no_line(old: Library) -> None:
    old.service.sql("UPDATE places SET name = :name", name="Lieu\r\nBcc: x@exemple.fr")
    word = "Bonjour\r\nBcc: tous@exemple.fr\r\n\r\nhttps://ailleurs.exemple.fr/"
    start(old, moderator(old), message=word)

    [mail] = old.service.mailbox.received
    assert isinstance(mail, EmailMessage)
    assert mail["bcc"] is None
    assert "\nBcc" not in bodies(old.service)[0]
    assert 'href="https://ailleurs' not in str(mail.get_body(("html",)))
