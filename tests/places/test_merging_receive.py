"""What the database keeps of what sources say."""

from datetime import date
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from geoservice.places.actions import Changes, PlaceChange, SourceDescription, Statement, receive
from geoservice.places.public_ids import ALPHABET, draw

A = SourceDescription("source-a", "Source A", "LO")
B = SourceDescription("source-b", "Source B", "LO", trust={"": 70})


def says(key: str, **statements: Any) -> Statement:
    return Statement(
        key, {"name": f"Lieu {key}", "postal_code": "74000"} | statements, date(2026, 5, 2)
    )


def one(db: Connection, sql: str) -> Any:
    return db.scalar(text(sql))


def told(db: Connection, *records: Statement, source: SourceDescription = A) -> list[PlaceChange]:
    changes: list[PlaceChange] = []
    receive(db, source, records, complete=True, watch=changes.append)
    return changes


def test_what_is_new_is_published(db: Connection) -> None:
    changes = receive(db, A, [says("1"), says("2")], complete=True)

    assert changes == Changes(new=2)
    assert one(db, "SELECT count(*) FROM public_view.places WHERE departement = '74'") == 2


def test_a_public_name_has_ten_letters_that_can_be_read_on_the_telephone() -> None:
    name = draw()

    assert len(name) == 10
    assert set(name) <= set(ALPHABET)
    assert not set("ilou") & set(ALPHABET)


def test_what_did_not_change_is_not_written(db: Connection) -> None:
    receive(db, A, [says("1")], complete=True)
    row = "SELECT xmin::text || ' ' || (SELECT xmin::text FROM source_records) FROM places"
    before = one(db, row)
    db.execute(text("DELETE FROM changed_datasets"))

    changes = receive(db, A, [says("1")], complete=True)

    assert changes == Changes(unchanged=1)
    assert one(db, row) == before
    assert one(db, "SELECT count(*) FROM changed_datasets") == 0


def test_only_the_places_that_changed_are_dated(db: Connection) -> None:
    receive(db, A, [says("1"), says("2")], complete=True)
    db.execute(text("UPDATE places SET changed_at = '2020-01-01'"))

    receive(db, A, [says("1"), says("2", name="Autre nom")], complete=True)

    changed = db.scalars(text("SELECT name FROM places WHERE changed_at > '2020-01-01'")).all()
    assert changed == ["Autre nom"]


def test_a_change_is_told_field_by_field(db: Connection) -> None:
    receive(db, A, [says("1", emails=["a@exemple.fr"])], complete=True)

    [change] = told(db, says("1", emails=["b@exemple.fr"], lon=6.1, lat=45.9))

    assert change.kind == "changed"
    assert change.fields == {
        "emails": (["a@exemple.fr"], ["b@exemple.fr"]),
        "lon": (None, 6.1),
        "lat": (None, 45.9),
    }


def test_a_new_place_is_told_with_what_is_said_of_it(db: Connection) -> None:
    [change] = told(db, says("1"))

    assert change.kind == "new"
    assert change.fields["name"] == (None, "Lieu 1")
    assert "emails" not in change.fields


def test_what_a_complete_source_no_longer_lists_is_withdrawn(db: Connection) -> None:
    receive(db, A, [says("1"), says("2")], complete=True)

    [change] = told(db, says("1"))

    assert (change.kind, change.name) == ("withdrawn", "Lieu 2")
    assert one(db, "SELECT count(*) FROM public_view.places") == 1
    assert one(db, "SELECT count(*) FROM source_records WHERE withdrawn_at IS NOT NULL") == 1


def test_what_a_partial_source_does_not_list_stays(db: Connection) -> None:
    receive(db, A, [says("1"), says("2")], complete=True)

    changes = receive(db, A, [says("2")], complete=False)

    assert changes == Changes(unchanged=1)
    assert one(db, "SELECT count(*) FROM public_view.places") == 2


def test_what_comes_back_has_the_same_address(db: Connection) -> None:
    receive(db, A, [says("1"), says("2")], complete=True)
    before = one(db, "SELECT public_id FROM places WHERE name = 'Lieu 2'")
    receive(db, A, [says("1")], complete=True)

    [change] = told(db, says("1"), says("2"))

    assert (change.kind, change.public_id) == ("returned", before)
    assert one(db, "SELECT withdrawn_at FROM places WHERE name = 'Lieu 2'") is None


def test_a_place_of_two_sources_stays_while_one_of_them_lists_it(db: Connection) -> None:
    receive(db, A, [says("1", phone="+33450000000")], complete=True)
    _join_b_to_the_place_of_a(db)

    receive(db, A, [], complete=True)

    assert one(db, "SELECT name FROM public_view.places") == "Nom de B"
    assert one(db, "SELECT phone FROM public_view.places") is None


def test_the_more_trusted_source_wins_whichever_comes_last(db: Connection) -> None:
    receive(db, A, [says("1", phone="+33450000000")], complete=True)
    _join_b_to_the_place_of_a(db)

    receive(db, A, [says("1", phone="+33450000001", address="3 rue du Pont")], complete=True)

    row = db.execute(
        text("SELECT name, phone, provenance -> 'name' ->> 'source' FROM public_view.places")
    ).one()
    assert tuple(row) == ("Nom de B", "+33450000001", "source-b")


def test_a_source_that_is_trusted_less_from_now_on_gives_way_at_once(db: Connection) -> None:
    receive(db, A, [says("1")], complete=True)
    _join_b_to_the_place_of_a(db)
    doubted = SourceDescription("source-b", "Source B", "LO", trust={"": 10})

    receive(db, doubted, [Statement("b", {"name": "Nom de B"}, date(2026, 5, 2))], complete=True)

    assert one(db, "SELECT name FROM public_view.places") == "Lieu 1"


def test_places_with_the_same_hours_share_a_schedule(db: Connection) -> None:
    hours = "Mo-Fr 09:00-12:00"

    receive(db, A, [says("1", opening_hours=hours), says("2", opening_hours=hours)], complete=True)

    assert one(db, "SELECT count(DISTINCT schedule_id) FROM places") == 1


def test_places_are_numbered_in_the_order_of_the_source(db: Connection) -> None:
    receive(db, A, [says(str(n)) for n in range(50)], complete=True)

    names = db.scalars(text("SELECT name FROM places ORDER BY id")).all()
    assert names == [f"Lieu {n}" for n in range(50)]


def test_more_places_than_a_batch_are_all_written(db: Connection) -> None:
    changes = receive(db, A, [says(str(n)) for n in range(2345)], complete=True)

    assert changes.new == 2345
    assert one(db, "SELECT count(DISTINCT public_id) FROM places") == 2345


def test_two_records_of_the_same_key_are_refused(db: Connection) -> None:
    with pytest.raises((IntegrityError, psycopg.errors.UniqueViolation)):
        receive(db, A, [says("1"), says("1")], complete=True)


def test_a_new_licence_of_a_source_is_kept(db: Connection) -> None:
    receive(db, A, [says("1")], complete=True)

    receive(db, SourceDescription("source-a", "Source A", "ODbL"), [says("1")], complete=True)

    assert one(db, "SELECT licence FROM sources WHERE name = 'source-a'") == "ODbL"


def _join_b_to_the_place_of_a(db: Connection) -> None:
    """As a merge of duplicates does: the record of B now speaks of the place of A."""
    receive(db, B, [Statement("b", {"name": "Nom de B"}, date(2026, 5, 2))], complete=True)
    db.execute(
        text(
            "UPDATE source_records SET place_id = (SELECT place_id FROM source_records WHERE source = 'source-a')"
            " WHERE source = 'source-b'"
        )
    )
    db.execute(
        text(
            "UPDATE places SET merged_into = (SELECT place_id FROM source_records WHERE source = 'source-a')"
            " WHERE name = 'Nom de B'"
        )
    )
