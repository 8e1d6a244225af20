"""Merging and taking apart: ids survive, fields are chosen again, undo restores exactly what was."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geoservice.duplicates import actions
from tests.duplicates.conftest import FIRST, SECOND, Say, rows


def place(db: Connection, id: int) -> Any:
    return db.execute(text("SELECT * FROM places WHERE id = :id"), {"id": id}).one()


def test_places_that_are_surely_one_are_merged_into_the_oldest(db: Connection, say: Say) -> None:
    [old] = say(FIRST, {})
    [new] = say(SECOND, {"name": "MEDIATHEQUE LES ORMES", "booking_url": "https://exemple.fr/rdv"})

    found = actions.run(db)

    assert found.merged == 1
    assert place(db, new).merged_into == old
    assert place(db, old).merged_into is None
    assert place(db, old).booking_url == "https://exemple.fr/rdv"
    assert place(db, old).provenance["booking_url"]["source"] == "second"


def test_a_second_search_changes_nothing(db: Connection, say: Say) -> None:
    say(FIRST, {}, {"name": "Médiathèque Jean Moulin", "address": "8 rue des Ormes"})
    say(SECOND, {"name": "MEDIATHEQUE LES ORMES"})
    actions.run(db)
    before = rows(db)

    assert actions.run(db).merged == 0
    assert rows(db) == before


def test_taking_apart_restores_exactly_what_was(db: Connection, say: Say) -> None:
    [old] = say(FIRST, {"summary": "Le résumé."})
    [new] = say(
        SECOND, {"summary": None, "opening_hours": "Mo-Fr 09:00-12:00"}, on=date(2026, 10, 1)
    )
    before = rows(db)

    actions.decide(db, old, new, same=True, account_id=None, reason=None)
    assert rows(db) != before
    actions.decide(db, old, new, same=False, account_id=None, reason="deux services")

    assert rows(db) == before


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15
)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda p: p[0] != p[1]),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_was_merged_taking_everything_apart_restores_it(
    db: Connection, say: Say, merges: list[tuple[int, int]]
) -> None:
    nested = db.begin_nested()
    first = say(FIRST, {"name": "Lieu un"}, {"name": "Lieu deux", "fees": ["Gratuit"]})
    second = say(SECOND, {"name": "Lieu trois"}, {"name": "Lieu quatre", "phone": "+33492000009"})
    ids, before = [*first, *second], rows(db)

    for a, b in merges:
        actions.decide(db, ids[a], ids[b], same=True, account_id=None, reason=None)
    for a, b in merges:
        actions.decide(db, ids[a], ids[b], same=False, account_id=None, reason=None)

    assert rows(db) == before
    nested.rollback()


def test_a_merge_is_kept_by_the_next_import(db: Connection, say: Say) -> None:
    [old] = say(FIRST, {})
    [new] = say(SECOND, {"name": "MEDIATHEQUE LES ORMES"})
    actions.run(db)

    say(
        SECOND,
        {"name": "MEDIATHEQUE LES ORMES", "summary": "Nouveau résumé."},
        on=date(2026, 11, 1),
    )

    assert place(db, old).summary == "Nouveau résumé."
    assert place(db, new).merged_into == old


def test_two_places_kept_apart_are_never_proposed_again(db: Connection, say: Say) -> None:
    [old] = say(FIRST, {})
    [new] = say(SECOND, {"name": "MEDIATHEQUE LES ORMES"})
    actions.decide(db, old, new, same=False, account_id=None, reason=None)

    say(SECOND, {"name": "Médiathèque des Ormes"}, on=date(2026, 11, 1))
    found = actions.run(db)

    assert (found.merged, found.to_review) == (0, 0)


def test_a_doubt_waits_for_somebody(db: Connection, say: Say) -> None:
    [old] = say(FIRST, {"phone": None, "emails": []})
    [new] = say(SECOND, {"name": "Espace culturel des Ormes", "phone": None, "emails": []})

    assert actions.run(db).to_review == 1
    assert db.execute(text("SELECT a, b FROM likeness_pairs")).all() == [(old, new)]


def test_places_are_found_without_the_code_of_their_commune(db: Connection, say: Say) -> None:
    unknown: dict[str, Any] = {"code_insee": None, "commune": None, "postal_code": None}
    say(FIRST, unknown | {"lon": None, "lat": None})
    say(SECOND, unknown | {"name": "MEDIATHEQUE LES ORMES"})

    assert actions.run(db).merged == 1


def test_the_switchboard_of_a_network_brings_nobody_together(db: Connection, say: Say) -> None:
    say(
        FIRST,
        *(
            {"name": f"Site {n}", "address": None, "lon": 6.2 + n / 10, "emails": []}
            for n in range(6)
        ),
    )

    assert actions.run(db) == actions.Search(places=6, candidates=0, merged=0, to_review=0)


def test_places_do_not_become_one_through_a_third_that_is_like_both(
    db: Connection, say: Say
) -> None:
    say(FIRST, {"name": "Mairie de Digne-les-Bains"}, {"name": "Médiathèque"})
    say(SECOND, {"name": "Mairie et médiathèque de Digne-les-Bains"})
    actions.run(db)

    names = {"Mairie de Digne-les-Bains", "Médiathèque"}
    listed = db.scalars(text("SELECT name FROM places WHERE merged_into IS NULL"))
    assert names <= set(listed)


def test_a_merged_place_that_no_source_lists_any_more_is_withdrawn_with_its_heir(
    db: Connection, say: Say
) -> None:
    [old] = say(FIRST, {})
    [new] = say(SECOND, {"name": "MEDIATHEQUE LES ORMES"})
    actions.run(db)
    say(FIRST)
    assert place(db, old).withdrawn_at is None

    say(SECOND)

    assert place(db, old).withdrawn_at is not None
    assert place(db, new).merged_into == old
