"""An import from end to end: what it writes, what it leaves alone, and what stops it."""

import json

import pytest
from sqlalchemy import NullPool, create_engine, text

from geoservice.imports.problems import ImportProblem
from geoservice.jobs.job import Job, Surroundings
from tests.imports.conftest import CELLS, MAPPING, Base, rows


def test_the_places_of_a_file_are_published(base: Base) -> None:
    base.run(rows(3))

    assert base.query("SELECT name FROM public_view.places ORDER BY id") == [
        ("Lieu 1",), ("Lieu 2",), ("Lieu 3",),
    ]  # fmt: skip


def test_importing_the_same_file_twice_writes_nothing(base: Base) -> None:
    base.run(rows(3))
    before = base.everything()[1:4]
    version = base.query("SELECT version FROM data_versions WHERE dataset = 'places'")

    again = base.run(rows(3))

    assert base.everything()[1:4] == before
    assert base.query("SELECT version FROM data_versions WHERE dataset = 'places'") == version
    assert again.changes.unchanged == 3


def test_a_trial_says_what_would_change_and_writes_nothing(base: Base) -> None:
    base.run(rows(3))
    before = base.everything()

    trial = base.run(
        [*rows(2, adresse="5 rue du Changement"), CELLS | {"id": "9"}], dry_run=True, force=True
    )

    assert base.everything() == before
    assert (trial.changes.new, trial.changes.changed, trial.changes.withdrawn) == (1, 2, 1)
    changed = next(place for place in trial.places if place.kind == "changed")
    assert changed.fields == {"address": ("3 rue de l’Essai", "5 rue du Changement")}


def test_a_row_that_vanishes_is_withdrawn_and_keeps_its_address(base: Base) -> None:
    base.run(rows(10))
    base.run(rows(9))

    assert base.query("SELECT count(*) FROM public_view.places") == [(9,)]
    assert base.query("SELECT name FROM public_view.former_places") == [("Lieu 10",)]


def test_a_row_that_comes_back_returns_under_the_same_name(base: Base) -> None:
    base.run(rows(10))
    [(public_id,)] = base.query("SELECT public_id FROM places WHERE name = 'Lieu 10'")
    base.run(rows(9))

    back = base.run(rows(10))

    assert back.changes.returned == 1
    assert base.query("SELECT public_id FROM public_view.places WHERE name = 'Lieu 10'") == [
        (public_id,)
    ]


def test_a_source_that_shrinks_too_much_stops_before_anything_is_written(base: Base) -> None:
    base.run(rows(10))
    before = base.everything()

    with pytest.raises(ImportProblem, match="passe de 10 à 7 lieux"):
        base.run(rows(7))

    assert base.everything() == before


def test_a_source_that_shrinks_is_imported_when_one_insists(base: Base) -> None:
    base.run(rows(10))

    report = base.run(rows(7), force=True)

    assert report.changes.withdrawn == 3
    assert "passe de 10 à 7 lieux" in report.warnings[-1]


def test_a_column_that_vanishes_stops_before_anything_is_written(base: Base) -> None:
    base.run(rows(3))
    before = base.everything()
    without = [{k: v for k, v in row.items() if k != "services"} for row in rows(3)]

    with pytest.raises(ImportProblem, match="« services »"):
        base.run(without)

    assert base.everything() == before


def test_a_misspelt_column_is_named_with_the_one_that_was_meant(base: Base) -> None:
    base.mapping(MAPPING.replace('"adresse"', '"adrese"'))

    with pytest.raises(ImportProblem, match="« adrese » \\(est-ce « adresse » \\?\\)"):
        base.run(rows(3))


def test_a_column_that_is_under_another_name_is_named_whole(base: Base) -> None:
    under = [
        {("Contact adresse" if k == "adresse" else k): v for k, v in row.items()} for row in rows(3)
    ]

    with pytest.raises(ImportProblem, match="« adresse » \\(est-ce « Contact adresse » \\?\\)"):
        base.run(under)


def test_a_header_on_two_lines_is_said_when_columns_have_no_name(base: Base) -> None:
    unnamed = [{("" if k == "adresse" else k): v for k, v in row.items()} for row in rows(3)]

    with pytest.raises(ImportProblem, match=r"header = \[4, 5\]"):
        base.run(unnamed)


def test_an_optional_column_may_be_absent(base: Base) -> None:
    base.mapping(MAPPING.replace('key = "id"', 'key = "id"\noptional = ["services"]'))
    without = [{k: v for k, v in row.items() if k != "services"} for row in rows(3)]

    assert base.run(without).changes.new == 3


def test_a_new_column_is_said(base: Base) -> None:
    base.run(rows(3))

    report = base.run(rows(3, wifi="oui"))

    assert report.warnings[1:] == [
        "Colonnes nouvelles, que la correspondance ne lit pas encore : wifi."
    ]


def test_an_empty_list_of_places_withdraws_nothing(base: Base) -> None:
    base.run(rows(3))
    before = base.everything()

    with pytest.raises(ImportProblem, match="n’a aucune ligne"):
        base.run([], force=True)

    assert base.everything() == before


def test_a_second_row_with_the_same_identifier_is_refused(base: Base) -> None:
    twice = [*rows(20), CELLS | {"id": "1", "nom": "Un autre lieu"}]

    report = base.run(twice)

    assert [no.reason for no in report.notes.rejections] == [
        "identifiant en double, déjà lu à la ligne 1"
    ]
    assert base.query("SELECT count(*) FROM places") == [(20,)]


def test_an_identifier_that_distinguishes_nothing_stops_the_import(base: Base) -> None:
    before = base.everything()

    with pytest.raises(
        ImportProblem, match="« 1 », lignes 1 et 2 : « id » ne distingue pas les lieux"
    ):
        base.run([row | {"id": "1"} for row in rows(5)])

    assert base.everything() == before


def test_a_file_where_most_rows_have_no_name_stops_the_import(base: Base) -> None:
    with pytest.raises(
        ImportProblem, match="4 lignes sur 5 sont refusées \\(la première : lieu sans nom\\)"
    ):
        base.run([row | {"nom": "" if n else "Lieu"} for n, row in enumerate(rows(5))])

    assert base.query("SELECT count(*) FROM places") == [(0,)]


def test_a_broken_file_leaves_the_base_as_it_was(base: Base) -> None:
    base.run(rows(30))
    before = base.everything()
    whole = json.dumps(rows(30, nom="Changé"))

    with pytest.raises(ImportProblem, match="il est coupé avant la fin après l’élément"):
        base.run(whole[:-500])

    assert base.everything() == before


def test_a_date_in_the_future_is_refused_and_the_place_is_kept(base: Base) -> None:
    report = base.run(rows(1, date_maj="2126-05-02"))

    assert [(no.column, no.reason) for no in report.notes.rejections] == [
        ("updated_on", "date dans le futur")
    ]
    assert base.query("SELECT updated_on FROM places") == [(None,)]


def test_swapped_coordinates_are_repaired_and_said(base: Base) -> None:
    report = base.run(rows(1, longitude=45.9, latitude=6.12))

    assert base.query("SELECT ST_X(point), ST_Y(point) FROM places") == [(6.12, 45.9)]
    assert "longitude et latitude échangées" in report.notes.cleaned


def test_html_is_taken_out_of_a_name(base: Base) -> None:
    base.run(rows(1, nom="<b>Café</b> <script>alert(1)</script>&amp; numérique"))

    assert base.query("SELECT name FROM places") == [("Café & numérique",)]


def test_a_name_that_is_a_formula_is_refused(base: Base) -> None:
    report = base.run([*rows(3), CELLS | {"id": "4", "nom": "=cmd()"}])

    assert base.query("SELECT count(*) FROM places") == [(3,)]
    assert {no.reason for no in report.notes.rejections} == {
        "ressemble à une formule de tableur",
        "lieu sans nom",
    }


def test_what_the_database_cannot_hold_is_cut_or_refused(base: Base) -> None:
    monster = CELLS | {
        "id": "x" * 5000,
        "nom": "a\x00b" + "c" * 5000,
        "adresse": "\ud800 rue " * 900,
    }

    base.run([monster])

    [(name, key)] = base.query(
        "SELECT name, key FROM places JOIN source_records r ON r.place_id = places.id"
    )
    assert (len(name), len(key)) == (300, 200)


def test_an_old_file_is_pointed_out(base: Base) -> None:
    base.mapping(MAPPING.replace('key = "id"', 'key = "id"\nfresh_for_days = 30'))

    report = base.run(rows(1, date_maj="2021-02-01"))

    assert "La fiche la plus récente date du 01/02/2021" in report.warnings[-1]


def test_each_import_that_is_kept_is_written_in_the_journal(base: Base) -> None:
    base.run(rows(2))

    assert base.query("SELECT source, origin, row_count, counts->>'new' FROM import_runs") == [
        ("essai", "lieux.json", 2, "2")
    ]


def test_one_row_may_speak_of_several_places(base: Base) -> None:
    two = (
        MAPPING.replace("[place]", "[[place]]")
        + """
[[place]]
when = { column = "annexe" }
key_suffix = "-annexe"
name = { from = "annexe" }
"""
    )
    base.mapping(two)

    base.run([CELLS | {"annexe": "Annexe du parc"}, CELLS | {"id": "2", "annexe": ""}])

    assert base.query("SELECT key FROM source_records ORDER BY key") == [
        ("1",),
        ("1-annexe",),
        ("2",),
    ]


def test_a_source_may_be_trusted_more_for_one_field(base: Base) -> None:
    base.mapping(MAPPING + "\n[trust]\nservices = 90\n")

    base.run(rows(1))

    assert base.query("SELECT trust FROM sources") == [({"": 50, "services": 90},)]


def test_an_import_that_changed_something_asks_for_what_comes_next(base: Base) -> None:
    def waiting() -> int:
        [[count]] = base.query(
            "SELECT count(*) FROM jobs.procrastinate_jobs WHERE task_name = 'essai:suite'"
        )
        return count

    def nothing(_: Surroundings) -> None: ...

    following = (Job("essai:suite", nothing),)

    base.run(rows(3), then=following, dry_run=True)
    assert waiting() == 0
    base.run(rows(3), then=following)
    assert waiting() == 1
    base.run(rows(3), then=following)
    assert waiting() == 1


def refusals(base: Base) -> list[tuple[object, ...]]:
    return base.query(
        "SELECT source, origin, row_count, refusal FROM import_runs WHERE refusal <> ''"
    )


def test_an_import_that_was_refused_leaves_its_reason(base: Base) -> None:
    base.run(rows(10))
    with pytest.raises(ImportProblem):
        base.run(rows(7))

    [(source, origin, read, why)] = refusals(base)

    assert (source, origin, read) == ("essai", "lieux.json", 7)
    assert "passe de 10 à 7 lieux" in str(why)


def test_the_first_import_of_a_source_leaves_its_reason_too(base: Base) -> None:
    with pytest.raises(ImportProblem):
        base.run("<html>")

    [(source, _, _, why)] = refusals(base)

    assert source == "essai"
    assert "est une page web" in str(why)
    assert base.query("SELECT count(*) FROM sources") == [(0,)]


def test_a_trial_that_fails_leaves_nothing(base: Base) -> None:
    with pytest.raises(ImportProblem):
        base.run("<html>", dry_run=True)

    assert refusals(base) == []


def test_a_refusal_does_not_become_what_the_next_import_is_compared_with(base: Base) -> None:
    base.run(rows(10))
    with pytest.raises(ImportProblem):
        base.run([{"id": "1", "nom": "Lieu"}])

    with pytest.raises(ImportProblem, match="Ces colonnes manquent"):
        base.run([{"id": "1", "nom": "Lieu"}])


def test_a_database_that_is_full_is_said_and_keeps_nothing(base: Base) -> None:
    base.run(rows(3))
    before = base.everything()
    engine = create_engine(base.server.owner, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(FULL))
    try:
        with pytest.raises(ImportProblem, match="le disque de la base est plein"):
            base.run(rows(3, adresse="5 rue du Changement"))
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP FUNCTION full_disk CASCADE"))
        engine.dispose()

    assert base.everything() == before
    assert len(refusals(base)) == 1


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE UPDATE ON source_records EXECUTE FUNCTION full_disk();
"""
"""What PostgreSQL answers when it can write no more."""


def test_a_list_inside_a_list_is_there_when_its_column_is(base: Base) -> None:
    base.mapping(MAPPING + 'phone = { from = "contacts[type=tel].valeur" }\n')
    contacts = [
        {"type": "mel", "valeur": "04 50 00 00 09"},
        {"type": "tel", "valeur": "04 50 00 00 01"},
    ]

    base.run(rows(1, contacts=contacts))

    assert base.query("SELECT phone FROM places") == [("+33450000001",)]
    with pytest.raises(ImportProblem, match="contacts"):
        base.run(rows(1))


def test_an_import_without_the_list_of_communes_says_that_nothing_is_checked(base: Base) -> None:
    report = base.run(rows(1))

    assert "Le répertoire des communes n’est pas chargé" in report.warnings[0]
