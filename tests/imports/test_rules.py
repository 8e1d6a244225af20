"""What a line of a mapping does to a row, in the words of the guide."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.imports.conditions import Condition, cut
from geoservice.imports.rows import Row, fold
from geoservice.imports.rules import PointRule, Rule

CELLS = {
    "nom": "Médiathèque",
    "rue": "3 rue du Pont",
    "ville": "Annecy",
    "vide": "",
    "tirets": "--",
    "type": "5,15",
    "liste": "Mairie ; Fablab|CCAS",
    "phrase": "Ateliers d’initiation, prêt d’ordinateurs",
    "étage": {"bas": "cave", "tous": [{"n": "un"}, {"n": "deux"}]},
    "contacts": [
        {"type": "tel", "valeur": "04"},
        {"type": "Mél.", "valeur": "a@b"},
        {"type": "mel", "valeur": "c@d"},
    ],
    "nombre": 12.0,
    "vrai": True,
}
ROW = Row(1, CELLS)


def rule(line: str) -> Rule:
    return Rule.model_validate(tomllib.loads(f"rule = {line}")["rule"])


def condition(line: str) -> Condition:
    return Condition.model_validate(tomllib.loads(f"when = {line}")["when"])


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('{ from = "nom" }', "Médiathèque"),
        ('{ from = ["vide", "tirets", "ville"] }', "Annecy"),
        ('{ from = "contacts[type=tel].valeur" }', "04"),
        ('{ from = "contacts[ type = MEL ].valeur" }', "a@b|c@d"),
        ('{ from = "contacts[type=fax].valeur" }', ""),
        ('{ from = "contacts[genre=tel].valeur" }', ""),
        ('{ from = "nom[type=tel].valeur" }', ""),
        ('{ join = ["rue", "vide", "ville"] }', "3 rue du Pont Annecy"),
        ('{ join = ["rue", "ville"], with = ", " }', "3 rue du Pont, Annecy"),
        ('{ value = "Angers" }', "Angers"),
        ('{ from = "type", split = ",", part = 1 }', "5"),
        ('{ from = "type", split = ",", part = -1 }', "15"),
        ('{ from = "type", split = ",", part = 3 }', ""),
        ("{ from = \"rue\", keep = '\\d+' }", "3"),
        ("{ from = \"rue\", keep = 'rue du (\\w+)' }", "Pont"),
        ("{ from = \"rue\", keep = 'impasse' }", ""),
        ("{ from = \"rue\", remove = '^\\d+ ' }", "rue du Pont"),
        ('{ from = "ville", values = { "ANNECY" = "74" } }', "74"),
        ('{ from = "ville", values = { "Lyon" = "69" } }', "Annecy"),
        ('{ from = "ville", values = { "annecy" = "" }, default = "x" }', "x"),
        ('{ from = "vide", default = "inconnu" }', "inconnu"),
        ('{ from = "vide", before = "Quartier " }', ""),
        ('{ from = "ville", before = "Ville d’", after = " (74)" }', "Ville d’Annecy (74)"),
        ('{ from = "étage.bas" }', "cave"),
        ('{ from = "étage.tous.1.n" }', "deux"),
        ('{ from = "nombre" }', "12"),
        ('{ from = "vrai" }', "true"),
        ('{ value = "oui", when = { column = "ville", is = "annecy" } }', "oui"),
        ('{ value = "oui", when = { column = "ville", is = "Lyon" } }', ""),
        ('{ value = "oui", when = [{ column = "ville" }, { column = "vide" }] }', ""),
    ],
)
def test_a_line_gives_a_text(line: str, text: str) -> None:
    assert rule(line).one(ROW) == text


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('{ from = "liste" }', [("Mairie", None), ("Fablab", None), ("CCAS", None)]),
        ('{ from = "type", split = "," }', [("5", None), ("15", None)]),
        ('{ from = "type", split = ",", values = { "5" = "BIB" } }', [("5", ("BIB",)), ("15", None)]),
        ('{ from = "type", split = ",", values = { "5" = ["A", "B"], "15" = "" } }', [("5", ("A", "B")), ("15", ())]),
        ('{ from = "phrase", search = "contains", values = { "prêt" = "P", "ateliers" = "A" } }',
         [("Ateliers d’initiation, prêt d’ordinateurs", ("P", "A"))]),
        ('{ from = "étage.tous.n" }', [("un", None), ("deux", None)]),
        ('{ value = ["A", "B"] }', [("A", ("A",)), ("B", ("B",))]),
        ('{ from = "vide", default = "A" }', [("A", ("A",))]),
        ('{ from = "vide" }', []),
    ],
)  # fmt: skip
def test_a_line_gives_a_list(line: str, found: list[Any]) -> None:
    assert list(rule(line).several(ROW, ("|", ";"))) == found


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ('{ column = "nom" }', True),
        ('{ column = "vide" }', False),
        ('{ column = "tirets" }', False),
        ('{ column = ["vide", "nom"] }', True),
        ('{ column = "vide", filled = false }', True),
        ('{ column = "absente", filled = false }', True),
        ('{ column = "ville", is = ["Lyon", "ANNECY"] }', True),
        ('{ column = "ville", is = "Ann" }', False),
        ('{ column = "ville", contains = "anne" }', True),
        ('{ column = "liste", has = "fablab" }', True),
        ('{ column = "liste", has = "fab" }', False),
        ('{ column = "type", has = "5", split = "," }', True),
        ('{ column = "type", has = "1", split = "," }', False),
        # one word present and another absent: «5» alone is a library, with «15» it is not
        ('{ column = "type", has = "5", except = "15", split = "," }', False),
        ('{ column = "type", has = "5", except = "1", split = "," }', True),
        ('{ column = "phrase", contains = "ateliers", except = "prêt" }', False),
        ("{ column = \"rue\", matches = '^\\d' }", True),
        ("{ column = \"ville\", matches = '^\\d' }", False),
    ],
)
def test_a_condition_holds_or_not(line: str, holds: bool) -> None:
    assert condition(line).holds(ROW) is holds


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ('{ lon = "x", lat = "y" }', ("6,1", "45.9")),
        ('{ from = "latlon", order = "lat,lon" }', ("6.1", "45.9")),
        ('{ from = "wkt", order = "lon,lat" }', ("6.1", "45.9")),
        ('{ from = "rien", order = "lon,lat" }', ("", "")),
    ],
)
def test_a_position_is_found_in_two_columns_or_in_one(line: str, pair: tuple[str, str]) -> None:
    row = Row(1, {"x": "6,1", "y": 45.9, "latlon": "45.9, 6.1", "wkt": "POINT (6.1 45.9)"})

    assert PointRule.model_validate(tomllib.loads(f"p = {line}")["p"]).pair(row) == pair


@given(st.text(), st.lists(st.sampled_from("|;,/ "), max_size=3))
def test_pieces_put_end_to_end_lose_only_separators_and_spaces(
    text: str, separators: list[str]
) -> None:
    def bare(words: str) -> str:
        return "".join(c for c in words if c not in separators and not c.isspace())

    assert bare("".join(cut(text, tuple(separators)))) == bare(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_cell_is_read_as_texts_that_a_database_can_hold(value: object) -> None:
    for text in Row(1, {"c": value}).texts("c"):
        assert "\x00" not in text
        assert text.encode()
