"""What a place is when several sources speak of it."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from geoservice.places.fields import FIELDS
from geoservice.places.merging import UNITS, Record, merge
from geoservice.territories.departements import departement_of


def record(
    source: str, trust: int = 50, stated_on: date | None = None, **statements: Any
) -> Record:
    return Record(source, "1", {"": trust}, stated_on, statements)


def test_the_most_trusted_source_is_believed() -> None:
    merged = merge([record("a", 60, name="Juste"), record("b", 50, date(2026, 1, 1), name="Faux")])

    assert merged.values["name"] == "Juste"


def test_between_equals_the_freshest_is_believed() -> None:
    merged = merge(
        [
            record("a", 50, date(2024, 1, 1), name="Ancien"),
            record("b", 50, date(2026, 1, 1), name="Frais"),
        ]
    )

    assert merged.values["name"] == "Frais"


def test_a_source_without_a_date_is_older_than_any_other() -> None:
    merged = merge([record("a", name="Sans date"), record("b", 50, date(2001, 1, 1), name="Daté")])

    assert merged.values["name"] == "Daté"


def test_a_source_that_says_nothing_hides_nobody() -> None:
    merged = merge([record("a", 90, name="Nom"), record("b", 10, phone="+33450000000")])

    assert merged.values["phone"] == "+33450000000"


def test_two_lists_that_contradict_each_other_are_not_added_up() -> None:
    merged = merge([record("a", 60, fees=["Gratuit"]), record("b", 50, fees=["Payant"])])

    assert merged.values["fees"] == ["Gratuit"]


def test_somebody_who_says_that_there_is_none_is_heard() -> None:
    merged = merge(
        [
            record("coordinateur", 110, phone=None, emails=[]),
            record("a", phone="+33450000000", emails=["a@exemple.fr"]),
        ]
    )

    assert (merged.values["phone"], merged.values["emails"]) == (None, [])
    assert "phone" not in merged.provenance


def test_a_source_may_be_believed_for_one_field_only() -> None:
    knows_hours = Record(
        "b", "1", {"": 10, "opening_hours": 80}, None, {"name": "Faux", "opening_hours": "24/7"}
    )

    merged = merge([record("a", name="Juste", opening_hours="Mo 09:00-12:00"), knows_hours])

    assert (merged.values["name"], merged.values["opening_hours"]) == ("Juste", "24/7")


def test_a_position_is_never_half_of_one_source_and_half_of_another() -> None:
    only_lat = Record("b", "1", {"": 10, "lat": 99}, None, {"lon": 1.0, "lat": 2.0})

    merged = merge([record("a", 50, lon=6.1, lat=45.9), only_lat])

    assert (merged.values["lon"], merged.values["lat"]) == (6.1, 45.9)


def test_the_date_of_the_place_is_that_of_the_freshest_record() -> None:
    merged = merge(
        [record("a", 90, date(2024, 1, 1), name="A"), record("b", 10, date(2026, 5, 2), name="B")]
    )

    assert merged.values["updated_on"] == date(2026, 5, 2)
    assert merged.provenance["updated_on"]["source"] == "b"


def test_each_value_says_where_it_comes_from() -> None:
    merged = merge(
        [record("a", 60, date(2026, 5, 2), name="Nom"), record("b", phone="+33450000000")]
    )

    assert merged.provenance["name"] == {"source": "a", "record": "1", "stated_on": "2026-05-02"}
    assert merged.provenance["phone"] == {"source": "b", "record": "1", "stated_on": None}


def test_every_field_is_decided_once() -> None:
    decided = [column for unit in UNITS for column in unit]

    assert sorted([*decided, "updated_on"]) == sorted(field.column for field in FIELDS)


def test_what_merge_gives_can_be_changed_without_harm() -> None:
    merge([]).values["emails"].append("a@exemple.fr")

    assert merge([]).values["emails"] == []


COLUMNS = ("name", "phone", "fees", "lon", "lat")
VALUES = st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(["a", "b", None]), max_size=4)
DATES = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 5))
TRUSTS = st.dictionaries(st.sampled_from(["", *COLUMNS]), st.integers(0, 3), max_size=3)
RECORDS = st.lists(
    st.builds(Record, st.sampled_from("abc"), st.sampled_from("123"), TRUSTS, DATES, VALUES),
    max_size=5,
    unique_by=lambda record: (record.source, record.key),
)


@given(RECORDS, st.randoms())
def test_the_order_of_the_records_makes_no_difference(records: list[Record], random: Any) -> None:
    shuffled = list(records)
    random.shuffle(shuffled)

    assert merge(shuffled) == merge(records)


@given(RECORDS)
def test_every_value_was_said_by_the_record_that_is_named(records: list[Record]) -> None:
    merged = merge(records)
    for column, origin in merged.provenance.items():
        [said] = [r for r in records if (r.source, r.key) == (origin["source"], origin["record"])]
        if column != "updated_on":
            assert merged.values[column] == said.statements[column]


@given(RECORDS)
def test_withdrawing_a_record_gives_back_what_was_before(records: list[Record]) -> None:
    before = merge(records[1:])

    merge(records)

    assert merge(records[1:]) == before


def test_a_departement_comes_from_the_commune_first() -> None:
    assert departement_of("01034", "73170") == "01"


def test_corsica_has_two_departements() -> None:
    assert [departement_of(None, code) for code in ("20000", "20137", "20200", "20600")] == [
        "2A",
        "2A",
        "2B",
        "2B",
    ]
    assert departement_of("2B033", "20200") == "2B"


def test_overseas_has_three_characters() -> None:
    assert [
        departement_of(None, code) for code in ("97400", "98800", "97133", "97150", "97100")
    ] == ["974", "988", "977", "978", "971"]
    assert departement_of("97701", None) == "977"


def test_nowhere_has_no_departement() -> None:
    assert departement_of(None, None) is None


def test_the_word_of_the_place_wins_over_a_later_import_while_it_holds() -> None:
    word = Record("structure", "1", {}, date(2026, 1, 10), {"phone": "mot"}, holds_days=365)
    later = record("import", 90, date(2026, 3, 1), phone="import")

    merged = merge([later, word], today=date(2026, 6, 1))

    assert merged.values["phone"] == "mot"
    assert merged.provenance["phone"]["source"] == "structure"


def test_a_word_too_old_gives_way_to_a_later_import_which_says_so() -> None:
    word = Record("structure", "1", {}, date(2025, 1, 10), {"phone": "mot"}, holds_days=365)
    later = record("import", 50, date(2026, 3, 1), phone="import")

    merged = merge([word, later], today=date(2026, 6, 1))

    assert merged.values["phone"] == "import"
    assert merged.provenance["phone"]["instead_of"]["source"] == "structure"


def test_a_word_too_old_is_kept_while_no_import_came_after_it() -> None:
    word = Record("structure", "1", {}, date(2025, 1, 10), {"phone": "mot"}, holds_days=365)
    earlier = record("import", 50, date(2024, 3, 1), phone="import")

    assert merge([word, earlier], today=date(2026, 6, 1)).values["phone"] == "mot"
