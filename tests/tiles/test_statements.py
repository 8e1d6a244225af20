"""SQL files become what PostgreSQL prepares."""

from importlib import resources

import pytest

from tiles import statements

NAMES = [
    path.name.removesuffix(".sql")
    for path in resources.files("tiles").joinpath("sql").iterdir()
    if path.name.endswith(".sql")
]


def test_a_value_named_twice_has_one_number() -> None:
    prepared = statements.numbered("SELECT :z::integer + :x, :z, 'a'::text")

    assert prepared.text == "SELECT $1::integer + $2, $1, 'a'::text"
    assert prepared.names == ("z", "x")


@pytest.mark.parametrize("name", NAMES)
def test_every_statement_opens_with_its_contract(name: str) -> None:
    text = resources.files("tiles").joinpath("sql", f"{name}.sql").read_text("utf-8")
    contract = text[
        : min(text.find(start) for start in ("\n, ", "\nWITH ", "\nSELECT ") if start in text)
    ]

    for value in statements.numbered(statements.read(name)).names:
        assert f":{value}" in contract, f"{value} is not in the contract of {name}.sql"
