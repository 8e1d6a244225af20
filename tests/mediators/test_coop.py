"""La Coop tells who its mediators are; what each decided here is never widened by it."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geoservice.consent import actions as consent
from geoservice.consent.model import Audience, Contact, RecordedBy
from geoservice.mediators import coop
from geoservice.mediators.actions import erase_now, leave
from geoservice.mediators.receiving import Received, SourceShrank, receive

STRUCTURES = {"s-1": "Commune inventée"}


def user(key: str = "u-1", **changed: Any) -> dict[str, Any]:
    """An element of `/api/v1/utilisateurs`, invented."""
    mediator = {
        "id": f"m-{key}",
        "is_visible": changed.pop("is_visible", True),
        "en_activite": changed.pop("en_activite", []),
    }
    attributes = {
        "prenom": "Zoé",
        "nom": "Exemple",
        "email": f"{key}@exemple.fr",
        "telephone": "+33639980001",
        "emplois": [{"structure_id": "s-1", "debut": "2024-01-01", "fin": None}],
        "mediateur": mediator,
        "suppression": None,
    }
    return {"type": "utilisateur", "id": key, "attributes": attributes | changed}


def told(db: Connection, *users: dict[str, Any], force: bool = True) -> Received:
    people = coop.people(iter(users), STRUCTURES)
    return receive(db, coop.SOURCE, coop.PLACE_SOURCE, people, force=force)


def seen(db: Connection, view: str = "public_view.mediators") -> list[tuple[Any, ...]]:
    """As the role of the pages that may read this view: for the public ones, that of anyone's."""
    role = "geoservice_public" if view.startswith("public_view.") else "geoservice_app"
    db.execute(text(f"SET LOCAL ROLE {role}"))
    rows = db.execute(text(f"SELECT given_name, mail, phone, booking_url FROM {view} ORDER BY id"))
    told = [tuple(row) for row in rows]
    db.execute(text("RESET ROLE"))
    return told


def person(db: Connection) -> UUID:
    return db.execute(text("SELECT person FROM mediators")).scalar_one()


ALL = [("Zoé", "u-1@exemple.fr", "+33639980001", None)]


def test_who_is_visible_there_is_on_the_public_map_and_nowhere_else(db: Connection) -> None:
    assert told(db, user()) == Received(new=1)

    assert seen(db) == ALL
    assert seen(db, "public_view.reusable_mediators") == []
    assert seen(db, "mediators_for_professionals") == []
    assert db.scalar(text("SELECT employer FROM mediators")) == "Commune inventée"


def test_who_is_not_visible_there_is_shown_to_nobody(db: Connection) -> None:
    told(db, user(is_visible=False))

    assert seen(db) == []
    assert db.scalar(text("SELECT count(*) FROM consent_events")) == 0


def test_hiding_oneself_there_hides_here(db: Connection) -> None:
    told(db, user())
    told(db, user(is_visible=False))

    assert seen(db) == []


def test_telling_the_same_again_changes_nothing(db: Connection) -> None:
    told(db, user())
    journal = text("SELECT count(*) FROM consent_events")
    before = db.scalar(journal)

    assert told(db, user()) == Received(known=1)
    assert db.scalar(journal) == before


def test_what_was_withdrawn_here_is_not_given_back_by_an_import(db: Connection) -> None:
    told(db, user())
    db.execute(consent.record(person(db), [(Contact.PHONE, Audience.PUBLIC, False)]))
    told(db, user())

    assert seen(db) == [("Zoé", "u-1@exemple.fr", None, None)]


def test_who_left_this_service_is_not_taken_again(db: Connection) -> None:
    told(db, user())
    erase_now(db, db.scalar(text("SELECT id FROM mediators")) or 0, RecordedBy.PERSON)

    assert told(db, user()) == Received(left=1)
    assert told(db, user("u-2", email="u-1@exemple.fr")) == Received(
        left=1
    )  # another key, same mail
    assert seen(db) == []
    assert "exemple" not in str(db.execute(text("SELECT * FROM former_mediators")).all())


def test_who_had_an_account_here_and_was_forgotten_is_not_taken_again(db: Connection) -> None:
    told(db, user())
    account = db.scalar(
        text(
            "INSERT INTO accounts (mail, name, roles) VALUES ('u-1@exemple.fr', 'Zoé', '{member}') RETURNING id"
        )
    )
    db.execute(text("UPDATE mediators SET account_id = :id"), {"id": account})
    db.execute(consent.record(person(db), [(Contact.PHONE, Audience.PUBLIC, False)]))
    leave(db, account or 0, RecordedBy.SERVICE)

    assert told(db, user()) == Received(left=1)
    assert seen(db) == []


def test_who_is_no_longer_told_of_is_withdrawn_and_may_come_back(db: Connection) -> None:
    told(db, user(), user("u-2"))
    assert told(db, user("u-2")) == Received(known=1, gone=1)
    assert [row[1] for row in seen(db)] == ["u-2@exemple.fr"]
    assert told(db, user(), user("u-2")) == Received(new=1, known=1)


def test_somebody_who_signs_in_here_speaks_for_themselves(db: Connection) -> None:
    told(db, user())
    account = db.scalar(
        text(
            "INSERT INTO accounts (mail, name, roles) VALUES ('u-1@exemple.fr', 'Zoé', '{member}')"
            " RETURNING id"
        )
    )
    db.execute(
        text("UPDATE mediators SET account_id = :id, phone = '+33639980009'"), {"id": account}
    )
    told(db, user())
    assert seen(db) == [("Zoé", "u-1@exemple.fr", "+33639980009", None)]

    told(db)
    assert seen(db) == []  # La Coop no longer says that she agrees
    assert db.scalar(text("SELECT count(*) FROM mediators")) == 1  # she is still here


def test_a_source_that_was_cut_stops_before_anything_is_written(db: Connection) -> None:
    told(db, *(user(f"u-{rank}") for rank in range(10)))

    with pytest.raises(SourceShrank, match="10"):
        told(db, user("u-1"), force=False)
    assert len(seen(db)) == 10


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({"telephone": "12"}, ("Zoé", "u-1@exemple.fr", None, None)),
        ({"email": "zoe chez exemple"}, ("Zoé", None, "+33639980001", None)),
        ({"emplois": None}, ALL[0]),
    ],
)
def test_a_wrong_contact_is_left_out_and_the_person_is_known(
    db: Connection, changed: dict[str, Any], kept: tuple[Any, ...]
) -> None:
    told(db, user(**changed))

    assert seen(db) == [kept]


@pytest.mark.parametrize(
    "changed", [{"suppression": "2026-01-01"}, {"mediateur": None}, {"prenom": None}]
)
def test_who_left_there_or_is_no_mediator_is_not_received(
    db: Connection, changed: dict[str, Any]
) -> None:
    assert told(db, user(**changed)) == Received()


STEPS = st.sampled_from(
    ("visible", "hidden", "absent", "grant", "for a while", "withdraw", "leave")
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, max_size=8))
def test_no_sequence_of_imports_widens_what_the_person_decided(
    db: Connection, steps: list[str]
) -> None:
    """The phone on the public map, read as anyone reads, whatever the order of what happens.

    Who agreed «for a while» did so until an hour ago.
    """
    undo = db.begin_nested()
    decided: bool | None = None
    there, gone = False, False
    for step in steps:
        known = db.execute(text("SELECT id, person FROM mediators")).first()
        if step in ("visible", "hidden", "absent"):
            told(db, *([] if step == "absent" else [user(is_visible=step == "visible")]))
            there = step == "visible"
            if step == "absent":
                decided = None  # erased with the rest; La Coop may tell of them anew
        elif known and step == "leave":
            erase_now(db, known.id, RecordedBy.PERSON)
            gone, decided = True, None
        elif known:
            decided = step == "grant"
            said = [(Contact.PHONE, Audience.PUBLIC, step != "withdraw")]
            over = datetime.now(UTC) - timedelta(hours=1) if step == "for a while" else None
            db.execute(consent.record(known.person, said, expires_at=over))
        phones = [row[2] for row in seen(db) if row[2]]
        expected = not gone and (there if decided is None else decided)
        assert bool(phones) is expected, step
    undo.rollback()


@pytest.fixture
def api() -> Iterator[str]:
    """A server that answers in two pages, to who has the token."""
    pages = {"/users": ([user()], "/users?page=2"), "/users?page=2": ([user("u-2")], None)}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.headers.get("Authorization") != "Bearer secret":
                self.send_response(401)
                self.end_headers()
                return
            data, following = pages[self.path]
            host = f"http://{self.headers['host']}"
            links = {"next": following and {"href": host + following}}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"data": data, "links": links}).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/users"
        server.shutdown()


def test_all_the_pages_are_read_with_the_token(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(coop.TOKEN, "secret")
    assert [row["id"] for row in coop.rows(api)] == ["u-1", "u-2"]

    monkeypatch.setenv(coop.TOKEN, "wrong")
    with pytest.raises(coop.CoopProblem, match=coop.TOKEN):
        list(coop.rows(api))
