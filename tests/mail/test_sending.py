"""From the action that wants a mail to the mail server: once it is committed, and until it is taken."""

import asyncio
import logging
import stat
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from geoservice.db.server import Server
from geoservice.jobs import worker
from geoservice.mail import outbox, sending
from geoservice.mail.message import Message
from geoservice.settings import Settings, WrongSettings
from tests.mailbox import Mailbox

MESSAGE = Message("awa@exemple.fr", "Bonjour", "Un mot secret.\n")


@pytest.fixture
def mail_settings(settings: Settings, mailbox: Mailbox) -> Settings:
    return settings.model_copy(update={"smtp_url": mailbox.url, "mail_from": "carte@exemple.fr"})


@pytest.fixture
def app_engine(base: Server) -> Iterator[Engine]:
    engine = create_engine(base.app, poolclass=NullPool)
    yield engine
    engine.dispose()


def queue(base: Server, *, commit: bool = True) -> None:
    async def within_a_transaction() -> None:
        engine = create_async_engine(base.app, poolclass=NullPool)
        async with engine.connect() as db:
            await sending.queue(db, MESSAGE)
            await (db.commit() if commit else db.rollback())

    asyncio.run(within_a_transaction())


def work(base: Server, settings: Settings) -> None:
    asyncio.run(worker.run_all(base, settings, [sending.SEND, sending.FORGET]))


def count(engine: Engine, table: str) -> int:
    with engine.connect() as db:
        return db.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_a_mail_leaves_once_the_action_is_committed(
    base: Server, app_engine: Engine, mailbox: Mailbox, mail_settings: Settings
) -> None:
    queue(base)
    work(base, mail_settings)
    work(base, mail_settings)

    assert [(mail["To"], mail["Subject"]) for mail in mailbox.received] == [
        ("awa@exemple.fr", "Bonjour")
    ]
    assert count(app_engine, "outgoing_mails") == 0


def test_a_mail_does_not_leave_when_the_action_is_undone(
    base: Server, mailbox: Mailbox, mail_settings: Settings
) -> None:
    queue(base, commit=False)
    work(base, mail_settings)

    assert mailbox.received == []


def test_a_mail_waits_for_a_server_that_is_away(
    base: Server, app_engine: Engine, mailbox: Mailbox, mail_settings: Settings
) -> None:
    mailbox.close()
    queue(base)
    work(base, mail_settings)
    assert count(app_engine, "outgoing_mails") == 1

    mailbox.open()
    with app_engine.begin() as db:
        db.execute(text("UPDATE jobs.procrastinate_jobs SET scheduled_at = now()"))
    work(base, mail_settings)

    assert len(mailbox.received) == 1


def test_a_mailbox_that_is_full_is_tried_again(
    base: Server, app_engine: Engine, mailbox: Mailbox, mail_settings: Settings
) -> None:
    mailbox.answer = "452 plus de place"
    queue(base)
    work(base, mail_settings)

    assert count(app_engine, "outgoing_mails") == 1


def test_an_address_that_does_not_exist_is_not_tried_again(
    base: Server, app_engine: Engine, mailbox: Mailbox, mail_settings: Settings
) -> None:
    mailbox.answer = "550 inconnu"
    queue(base)
    work(base, mail_settings)

    assert count(app_engine, "outgoing_mails") == 0
    assert count(app_engine, "jobs.procrastinate_jobs") == 0


@pytest.mark.parametrize("answer", ["250 OK", "452 awa@exemple.fr est plein", "550 awa@exemple.fr"])
def test_neither_the_address_nor_the_words_are_logged(
    base: Server,
    mailbox: Mailbox,
    mail_settings: Settings,
    caplog: pytest.LogCaptureFixture,
    answer: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    mailbox.answer = answer
    queue(base)
    work(base, mail_settings)

    ours = [record for record in caplog.records if record.name != "mail.log"]  # the server's own
    said = "\n".join(
        f"{record.getMessage()} {record.__dict__} {record.exc_text}" for record in ours
    )
    assert "mail:send" in said
    assert "awa@exemple.fr" not in said
    assert "secret" not in said


def test_mails_that_could_not_leave_are_forgotten_after_a_week(
    base: Server, app_engine: Engine, mail_settings: Settings
) -> None:
    with app_engine.begin() as db:
        db.execute(
            text(
                "INSERT INTO outgoing_mails (recipient, subject, body, created_at) VALUES"
                " ('old@exemple.fr', 'a', 'b', now() - interval '8 days'),"
                " ('new@exemple.fr', 'a', 'b', now() - interval '6 days')"
            )
        )
        db.execute(sending.FORGET.later())
    work(base, mail_settings)

    with app_engine.connect() as db:
        assert list(db.scalars(text("SELECT recipient FROM outgoing_mails"))) == ["new@exemple.fr"]


def test_without_a_mail_server_the_mail_is_kept_for_the_owner_of_the_files(
    base: Server, settings: Settings
) -> None:
    queue(base)
    work(base, settings)

    [file] = outbox.folder(settings).glob("*.eml")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert next(outbox.kept(settings))["To"] == "awa@exemple.fr"
    file.unlink()


def test_the_outbox_keeps_only_the_last_mails(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "KEPT", 2)
    for number in range(4):
        sending.deliver(settings, Message("awa@exemple.fr", f"Message {number}", "…"))

    assert [mail["Subject"] for mail in outbox.kept(settings)] == ["Message 3", "Message 2"]
    for file in outbox.folder(settings).iterdir():
        file.unlink()


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ({}, True),
        ({"host": "::1", "public_url": "http://localhost:8000"}, True),
        ({"smtp_url": "smtp://127.0.0.1:25"}, False),
        ({"host": "0.0.0.0"}, False),  # noqa: S104 - what must be refused
        ({"public_url": "https://carte.exemple.fr"}, False),
    ],
)
def test_mails_are_shown_on_a_page_to_this_machine_only(
    settings: Settings, chosen: dict[str, str], shown: bool
) -> None:
    assert outbox.is_shown(settings.model_copy(update=chosen)) is shown


def test_the_start_says_where_mails_are(settings: Settings, mail_settings: Settings) -> None:
    public = settings.model_copy(update={"public_url": "https://carte.exemple.fr"})

    assert f"{settings.site}/courrier" in (outbox.notice(settings) or "")
    assert str(outbox.folder(settings)) in (outbox.notice(public) or "")
    assert outbox.notice(mail_settings) is None


@pytest.mark.parametrize(
    "url",
    [
        "courrier.exemple.fr",
        "http://courrier.exemple.fr",
        "smtp://",
        "smtp://a:b@h:25",
        "smtps://h:port",
    ],
)
def test_a_wrong_mail_server_is_refused_by_the_name_of_its_setting(url: str) -> None:
    with pytest.raises(WrongSettings, match="GEOSERVICE_SMTP_URL"):
        Settings.read(_env_file=None, smtp_url=url)


@pytest.mark.parametrize("address", ["carte", "Carte <carte@exemple.fr>", "a@b.fr\nBcc: c@d.fr"])
def test_a_wrong_sender_is_refused_by_the_name_of_its_setting(address: str) -> None:
    with pytest.raises(WrongSettings, match="GEOSERVICE_MAIL_FROM"):
        Settings.read(_env_file=None, mail_from=address)
