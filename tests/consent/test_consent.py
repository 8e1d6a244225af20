"""What somebody agreed to show, and what each audience reads of it in the database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geoservice.consent import actions, queries, wordings
from geoservice.consent.model import Audience, Contact, RecordedBy

VIEWS = {
    Audience.PUBLIC: "public_view.mediators",
    Audience.REUSERS: "public_view.reusable_mediators",
    Audience.PROFESSIONALS: "mediators_for_professionals",
}
VALUES = {
    Contact.NAME: "Zoé",
    Contact.MAIL: "zoe@exemple.fr",
    Contact.PHONE: "+33639980001",
    Contact.BOOKING_URL: "https://exemple.fr/rendez-vous",
}


@pytest.fixture
def person(db: Connection) -> UUID:
    """A mediator who has decided nothing yet."""
    return db.execute(
        text(
            "INSERT INTO mediators (public_id, given_name, family_name, mail, phone, booking_url, role)"
            " VALUES ('zoe1', 'Zoé', 'Exemple', :mail, :phone, :booking_url, 'mediateur')"
            " RETURNING person"
        ),
        {contact.value: value for contact, value in VALUES.items()},
    ).scalar_one()


def shown(db: Connection, audience: Audience) -> dict[str, str]:
    """The contacts that this audience reads; nothing when the person is not there at all."""
    row = db.execute(
        text(f"SELECT given_name, mail, phone, booking_url FROM {VIEWS[audience]}")
    ).one_or_none()
    return (
        {}
        if row is None
        else {contact: value for contact, value in zip(Contact, row, strict=True) if value}
    )


def test_nobody_is_shown_before_they_are_asked(db: Connection, person: UUID) -> None:
    assert [shown(db, audience) for audience in Audience] == [{}, {}, {}]


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("contact", Contact)
def test_one_agreement_shows_one_contact_to_one_audience(
    db: Connection, person: UUID, contact: Contact, audience: Audience
) -> None:
    db.execute(actions.record(person, [(contact, audience, True)]))

    assert {seen: shown(db, seen) for seen in Audience if shown(db, seen)} == {
        audience: {contact.value: VALUES[contact]}
    }


def test_what_is_withdrawn_is_no_longer_read(db: Connection, person: UUID) -> None:
    db.execute(
        actions.record(
            person,
            [(Contact.NAME, Audience.PUBLIC, True), (Contact.PHONE, Audience.PUBLIC, True)],
        )
    )
    db.execute(actions.record(person, [(Contact.PHONE, Audience.PUBLIC, False)]))

    assert shown(db, Audience.PUBLIC) == {"name": "Zoé"}


def test_an_agreement_ends_on_its_day(db: Connection, person: UUID) -> None:
    now = datetime.now(UTC)
    for contact, expires_at in (
        (Contact.MAIL, now - timedelta(seconds=1)),
        (Contact.PHONE, now + timedelta(days=1)),
    ):
        db.execute(
            actions.record(person, [(contact, Audience.PUBLIC, True)], expires_at=expires_at)
        )

    assert shown(db, Audience.PUBLIC) == {"phone": VALUES[Contact.PHONE]}
    assert [row.contact for row in db.execute(queries.in_force(person))] == ["phone"]


def test_a_source_says_what_was_agreed_there(db: Connection, person: UUID) -> None:
    say = [(Contact.NAME, Audience.PUBLIC, True)]
    db.execute(
        actions.record(
            person, say, by=RecordedBy.SOURCE, source="la-coop", wording=wordings.LA_COOP
        )
    )

    assert shown(db, Audience.PUBLIC) == {"name": "Zoé"}


@pytest.mark.parametrize("decided", [True, False])
def test_a_source_never_speaks_over_the_person(db: Connection, person: UUID, decided: bool) -> None:
    db.execute(actions.record(person, [(Contact.NAME, Audience.PUBLIC, decided)]))
    db.execute(
        actions.record(
            person,
            [(Contact.NAME, Audience.PUBLIC, not decided)],
            by=RecordedBy.SOURCE,
            source="la-coop",
            wording=wordings.LA_COOP,
        )
    )

    assert shown(db, Audience.PUBLIC) == ({"name": "Zoé"} if decided else {})
    assert len(db.execute(queries.journal(person)).all()) == 1


def test_withdrawing_everything_leaves_a_journal_and_nobody(db: Connection, person: UUID) -> None:
    db.execute(actions.record(person, [(c, a, True) for c in Contact for a in Audience]))
    db.execute(actions.withdraw_all(person, RecordedBy.PERSON))

    assert [shown(db, audience) for audience in Audience] == [{}, {}, {}]
    assert len(db.execute(queries.journal(person)).all()) == 2 * len(Contact) * len(Audience)


def test_the_journal_is_not_rewritten(db: Connection, person: UUID) -> None:
    db.execute(actions.record(person, [(Contact.NAME, Audience.PUBLIC, False)]))

    with pytest.raises(DBAPIError, match="only ever added to"):
        db.execute(text("UPDATE consent_events SET granted = true"))


def test_reusers_are_told_that_somebody_withdrew_but_nothing_of_who_never_agreed(
    db: Connection, person: UUID
) -> None:
    changes = text("SELECT public_id, is_visible FROM public_view.mediator_changes")
    db.execute(actions.record(person, [(Contact.NAME, Audience.PUBLIC, True)]))
    assert db.execute(changes).all() == []

    db.execute(actions.record(person, [(Contact.NAME, Audience.REUSERS, True)]))
    assert db.execute(changes).all() == [("zoe1", True)]

    db.execute(actions.record(person, [(Contact.NAME, Audience.REUSERS, False)]))
    assert db.execute(changes).all() == [("zoe1", False)]


@pytest.mark.parametrize("contact", Contact)
@pytest.mark.parametrize("audience", Audience)
def test_every_sentence_names_its_contact(contact: Contact, audience: Audience) -> None:
    assert wordings.CONTACTS[contact] in wordings.sentence(wordings.CURRENT, contact, audience)
