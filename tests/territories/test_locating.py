"""«Où ?»: what people type, and where it is."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import create_async_engine

from geoservice.db.server import Server
from geoservice.settings import Settings
from geoservice.territories.address import Located, locate
from geoservice.web.problems import WrongQuestion

from .conftest import as_json, serving

Locate = Callable[..., Located]


def located(server: Server, text: str, **settings: object) -> Located:
    chosen = Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue] - pydantic-settings' own parameter
        **settings,  # pyright: ignore[reportArgumentType]
    )

    async def ask() -> Located:
        engine = create_async_engine(server.public, poolclass=NullPool)
        try:
            async with engine.connect() as db:
                return await locate(db, text, chosen)
        finally:
            await engine.dispose()

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "typed",
    [
        "Digne-les-Bains",
        "digne les bains",
        "DIGNE LES BAINS",
        "Digné  les-bains ",
        "04000",
        "04000 Digne-les-Bains",
        "Digne-les-Bains (04)",
        "Digne",
    ],
)
def test_a_commune_is_found_however_it_is_typed(gazetteer: Server, typed: str) -> None:
    assert located(gazetteer, typed).commune == "04070"


@pytest.mark.parametrize(
    "typed", ["St-Étienne-les-Orgues", "saint etienne les orgues", "ST ETIENNE LES ORGUES"]
)
def test_saint_may_be_shortened(gazetteer: Server, typed: str) -> None:
    assert located(gazetteer, typed).commune == "04178"


def test_homonyms_give_the_largest_and_name_the_others(gazetteer: Server) -> None:
    found = located(gazetteer, "Saint-Denis")

    assert found.label == "Saint-Denis (974)"


def test_a_departement_is_a_territory_not_a_point(gazetteer: Server) -> None:
    assert located(gazetteer, "creuse").territory == ("departement", "23")


def test_an_address_gives_its_commune_and_says_so(gazetteer: Server) -> None:
    found = located(gazetteer, "12 rue des Lilas, 57000 Metz")

    assert found.label == "Metz (57)"
    assert found.note is not None
    assert "autour de Metz" in found.note


def test_an_address_without_postal_code_gives_its_commune(gazetteer: Server) -> None:
    assert located(gazetteer, "3 place de l'église Guéret").commune == "23096"


def test_an_unknown_name_is_refused_with_what_looks_like_it(gazetteer: Server) -> None:
    with pytest.raises(WrongQuestion) as refused:
        located(gazetteer, "Dignne les Bains")

    assert "Digne-les-Bains (04)" in refused.value.faults[0].accepted


def test_a_postal_code_that_does_not_exist_is_refused(gazetteer: Server) -> None:
    with pytest.raises(WrongQuestion):
        located(gazetteer, "99999")


FEATURE = {
    "geometry": {"type": "Point", "coordinates": [6.1778, 49.1196]},
    "properties": {
        "label": "12 Rue des Lilas 57000 Metz",
        "type": "housenumber",
        "citycode": "57463",
    },
}


def test_the_address_service_gives_the_house(gazetteer: Server) -> None:
    with serving(lambda _: (200, as_json({"features": [FEATURE]}))) as address:
        found = located(gazetteer, "12 rue des lilas metz", address_service_url=f"{address}/search")

    assert (found.precision, found.point, found.note) == ("adresse", (6.1778, 49.1196), None)


def test_an_address_is_asked_once(gazetteer: Server) -> None:
    asked: list[str] = []

    def answers(path: str) -> tuple[int, bytes]:
        asked.append(path)
        return 200, as_json({"features": [FEATURE]})

    with serving(answers) as address:
        for _ in range(2):
            located(gazetteer, "14 rue des lilas metz", address_service_url=f"{address}/search")
    assert len(asked) == 1


@pytest.mark.parametrize(
    "broken",
    [
        (500, b""),
        (200, b"<html>"),
        (200, b'{"features": []}'),
        (200, b'{"features": [{"geometry": null}]}'),
        None,
    ],
)
def test_when_the_address_service_fails_the_commune_is_used_and_said_so(
    gazetteer: Server, broken: tuple[int, bytes] | None
) -> None:
    with serving(lambda _: broken) as address:
        found = located(
            gazetteer, "15 rue des Lilas, 57000 Metz", address_service_url=f"{address}/search"
        )

    assert found.commune == "57463"
    assert found.note is not None
    assert "n’a pas répondu" in found.note


def test_a_commune_is_never_asked_to_the_address_service(gazetteer: Server) -> None:
    asked: list[str] = []

    def answers(path: str) -> tuple[int, bytes]:
        asked.append(path)
        return 500, b""

    with serving(answers) as address:
        located(gazetteer, "Metz", address_service_url=f"{address}/search")
    assert asked == []


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Paris 11e", "Paris 11e Arrondissement (75)"),
        ("paris 1er", "Paris 1er Arrondissement (75)"),
        ("75011", "Paris 11e Arrondissement (75)"),
        ("Lyon 3ème", "Lyon 3e Arrondissement (69)"),
        ("Annecy-le-Vieux", "Annecy-le-Vieux (74)"),
    ],
)
def test_arrondissements_and_old_communes_of_france_are_found(
    france: Server, typed: str, label: str
) -> None:
    assert located(france, typed).label == label


@pytest.mark.parametrize(
    ("typed", "label", "other"),
    [
        ("Creuse", "Creuse", "Creuse (80)"),
        ("Paris", "Paris (75)", None),
        ("Vienne", "Vienne (38)", None),
    ],
)
def test_a_hamlet_does_not_hide_the_departement_of_its_name(
    france: Server, typed: str, label: str, other: str | None
) -> None:
    found = located(france, typed)

    assert found.label == label
    assert other is None or other in found.others
