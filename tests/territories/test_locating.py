"""«Où ?»: what people type, and where it is."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import NullPool, create_engine, select
from sqlalchemy.ext.asyncio import create_async_engine

from geoservice.db.server import Server
from geoservice.settings import Settings
from geoservice.territories.address import Located, label_of, locate, suggested
from geoservice.territories.names import words
from geoservice.territories.queries import localities
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


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Saint-Denis (La Réunion)", "Saint-Denis (974)"),
        ("saint denis 974", "Saint-Denis (974)"),
        ("Saint-Denis, Réunion", "Saint-Denis (974)"),
        ("Guéret (Creuse)", "Guéret (23)"),
        ("gueret 23", "Guéret (23)"),
        ("Metz, Grand Est", "Metz (57)"),
        ("Metz, France", "Metz (57)"),
        ("Metz cedex 3", "Metz (57)"),
        ("57036 Metz cedex 01", "Metz (57)"),
        ("57036 Metz", "Metz (57)"),
        ("57 000 Metz", "Metz (57)"),
        ("à Metz", "Metz (57)"),
        ("Digne bains", "Digne-les-Bains (04)"),
        ("Digne lez Bains", "Digne-les-Bains (04)"),
        ("DIGNE S/ BAINS", "Digne-les-Bains (04)"),
        ("974", "La Réunion"),
        ("23", "Creuse"),
    ],
)
def test_a_town_is_found_with_its_territory_its_cedex_or_its_abbreviations(
    gazetteer: Server, typed: str, label: str
) -> None:
    found = located(gazetteer, typed)

    assert (found.label, found.note) == (label, None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("57036", "Nous ne connaissons pas le code postal 57036. C’est peut-être un CEDEX"),
        ("98800", "ne connaît pas encore les communes de ce territoire : Nouvelle-Calédonie"),
        ("Nouméa", "ne connaît pas encore les communes de ce territoire : Nouvelle-Calédonie"),
        ("988", "ne connaît pas encore les communes de ce territoire : Nouvelle-Calédonie"),
    ],
)
def test_what_is_not_known_is_said_plainly(gazetteer: Server, typed: str, said: str) -> None:
    with pytest.raises(WrongQuestion) as refused:
        located(gazetteer, typed)

    assert said in refused.value.faults[0].message


def test_an_unknown_postal_code_leads_to_the_towns_of_its_departement(gazetteer: Server) -> None:
    with pytest.raises(WrongQuestion) as refused:
        located(gazetteer, "57036")

    assert refused.value.faults[0].accepted[0] == "Metz (57)"


@pytest.mark.parametrize(
    ("typed", "label", "said"),
    [
        ("12 rue des Lilas, 57000 Metz", "Metz (57)", "ne connaît pas les rues"),
        ("99999 Metz", "Metz (57)", "Nous ne connaissons pas le code postal 99999"),
        ("57000 Guéret", "Metz (57)", "Le code postal 57000 est celui de Metz (57)"),
    ],
)
def test_what_is_left_out_is_said(gazetteer: Server, typed: str, label: str, said: str) -> None:
    found = located(gazetteer, typed)

    assert found.label == label
    assert found.note is not None
    assert said in found.note


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


FRANCE = {
    # abbreviations, and little words that are left out
    "Villefranche s/ Saône": "Villefranche-sur-Saône (69)",
    "Villefranche s/Saône": "Villefranche-sur-Saône (69)",
    "villefranche/saone": "Villefranche-sur-Saône (69)",
    "Villefranche Saône": "Villefranche-sur-Saône (69)",
    "Chalon s Saône": "Chalon-sur-Saône (71)",
    "Romans/Isère": "Romans-sur-Isère (26)",
    "Romans Isère": "Romans-sur-Isère (26)",
    "26100 Romans s/ Isère": "Romans-sur-Isère (26)",
    "Aulnay s/s bois": "Aulnay-sous-Bois (93)",
    "Aulnay ss Bois": "Aulnay-sous-Bois (93)",
    "Bourg lez Valence": "Bourg-lès-Valence (26)",
    "Villeneuve lez Avignon": "Villeneuve-lès-Avignon (30)",
    "Saint André les Lille": "Saint-André-lez-Lille (59)",
    "Ste Foy les Lyon": "Sainte-Foy-lès-Lyon (69)",
    "puy en velay": "Le Puy-en-Velay (43)",
    "Havre": "Le Havre (76)",
    "lisle d abeau": "L'Isle-d'Abeau (38)",
    "Lhay les roses": "L'Haÿ-les-Roses (94)",
    "Pont de l'Isère": "Pont-de-l'Isère (26)",
    # a town and its territory
    "Saint-Denis (La Réunion)": "Saint-Denis (974)",
    "Saint-Denis Réunion": "Saint-Denis (974)",
    "saint denis la reunion": "Saint-Denis (974)",
    "Saint Denis Seine Saint Denis": "Saint-Denis (93)",
    "Saint-Pierre (Réunion)": "Saint-Pierre (974)",
    "annecy 74": "Annecy (74)",
    "Annecy, Haute-Savoie": "Annecy (74)",
    "Annecy, Auvergne-Rhône-Alpes": "Annecy (74)",
    "Annecy, France": "Annecy (74)",
    "saint etienne 42": "Saint-Étienne (42)",
    "Ajaccio 2A": "Ajaccio (2A)",
    "Ajaccio, Corse": "Ajaccio (2A)",
    "Pringy (74)": "Pringy (74)",
    "Pringy Haute-Savoie": "Pringy (74)",
    "Pringy, Annecy": "Pringy (74)",
    "Epagny (74)": "Epagny Metz-Tessy (74)",
    "Aix (73)": "Aix-les-Bains (73)",
    "Bourg Ain": "Bourg-en-Bresse (01)",
    "Châlons-en-Champagne Marne": "Châlons-en-Champagne (51)",
    "Paris 75": "Paris (75)",
    "Fort de France": "Fort-de-France (972)",
    "ile de france": "Île-de-France",
    # postal codes, cedex
    "Grenoble cedex": "Grenoble (38)",
    "GRENOBLE CEDEX 9": "Grenoble (38)",
    "69365 Lyon cedex 07": "Lyon (69)",
    "74008 Annecy": "Annecy (74)",
    "74 000": "Annecy (74)",
    "Annecy 74000": "Annecy (74)",
    "F-74000 Annecy": "Annecy (74)",
    "74600 Seynod": "Seynod (74)",
    "69003 Lyon": "Lyon 3e Arrondissement (69)",
    "Lyon II": "Lyon 2e Arrondissement (69)",
    "Paris XIe": "Paris 11e Arrondissement (75)",
    "Marseille 13": "Marseille 13e Arrondissement (13)",
    # a large town rather than a village
    "Chalon": "Chalon-sur-Saône (71)",
    "Le Puy": "Le Puy-en-Velay (43)",
    "Villefranche": "Villefranche-sur-Saône (69)",
    "Bourg": "Bourg-en-Bresse (01)",
    "Aix": "Aix-en-Provence (13)",
    "Romans": "Romans-sur-Isère (26)",
    "Clermont": "Clermont (60)",
    "Pringy": "Pringy (77)",
    "Lyon": "Lyon (69)",
    # territories
    "74": "Haute-Savoie",
    "974": "La Réunion",
    "2a": "Corse-du-Sud",
    "Haute-Savoie": "Haute-Savoie",
    "Réunion": "La Réunion",
}
"""What people typed, and where it is; nothing of it is left out, so nothing is remarked."""


@pytest.mark.parametrize(("typed", "label"), FRANCE.items())
def test_awkward_words_are_understood_in_all_of_france(
    france: Server, typed: str, label: str
) -> None:
    found = located(france, typed)

    assert (found.label, found.note) == (label, None)


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("Pringy", {"Pringy (51)", "Pringy (74)"}),
        ("Epagny", {"Épagny (02)", "Épagny (21)"}),
        ("Chalon", {"Chalon (38)"}),
        ("Le Puy", {"Le Puy (33)", "Le Puy (25)"}),
        ("Bourg", {"Bourg (33)", "Bourg-lès-Valence (26)"}),
        ("Aix", {"Aix-les-Bains (73)", "Aix (19)"}),
        ("St Gervais", {"Saint-Gervais-les-Bains (74)", "Saint-Gervais (38)"}),
        ("Saint-Martin", {"Saint-Martin (32)"}),
        ("Clermont", {"Clermont-Ferrand (63)"}),
        ("74000 Lyon", {"Lyon (69)"}),
    ],
)
def test_the_other_towns_that_the_words_may_mean_are_named(
    france: Server, typed: str, others: set[str]
) -> None:
    assert others <= set(located(france, typed).others)


@pytest.mark.parametrize("typed", ["Paris", "Metz", "Lyon", "Annecy"])
def test_a_large_town_is_not_confused_with_villages_whose_names_begin_so(
    france: Server, typed: str
) -> None:
    assert located(france, typed).others == ()


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("anecy", "Annecy (74)"),
        ("Grenobe", "Grenoble (38)"),
        ("Clermont Ferand", "Clermont-Ferrand (63)"),
        ("Villfranche sur Saone", "Villefranche-sur-Saône (69)"),
        ("Chalon su Saone", "Chalon-sur-Saône (71)"),
        ("Epagny (75)", "Épagny (02)"),
        ("69365", "Lyon (69)"),
        ("74008", "Annecy (74)"),
        ("Saint", "Saint-Étienne (42)"),
    ],
)
def test_what_is_not_sure_is_never_guessed_but_suggested(
    france: Server, typed: str, label: str
) -> None:
    with pytest.raises(WrongQuestion) as refused:
        located(france, typed)

    assert label in refused.value.faults[0].accepted


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("12 rue des Lilas, 74000 Annecy", "Annecy (74)"),
        ("12 rue des Lilas Annecy 74", "Annecy (74)"),
        ("5 place Hoche 74940 Annecy-le-Vieux", "Annecy-le-Vieux (74)"),
        ("3 rue de la Paix 69003 Lyon", "Lyon 3e Arrondissement (69)"),
        ("12 rue des Lilas 69365 Lyon cedex 07", "Lyon (69)"),
        ("1 place de la mairie 26100 Romans/Isère", "Romans-sur-Isère (26)"),
        ("mairie d'Annecy", "Annecy (74)"),
    ],
)
def test_an_address_of_france_gives_its_commune_and_says_that_the_street_is_left_out(
    france: Server, typed: str, label: str
) -> None:
    found = located(france, typed)

    assert found.label == label
    assert found.note is not None
    assert "ne connaît pas les rues" in found.note


@pytest.mark.parametrize(
    "typed", ["Pringy", "Bourg", "Le Puy", "St Gervais", "Saint-Martin", "Villefranche"]
)
def test_the_link_to_another_town_leads_there(france: Server, typed: str) -> None:
    for label in located(france, typed).others:
        assert located(france, label).label == label


def test_names_are_read_in_python_as_in_the_database(france: Server) -> None:
    engine = create_engine(france.public, poolclass=NullPool)
    with engine.connect() as db:
        names = db.execute(select(localities.c.name, localities.c.norm)).all()
    engine.dispose()

    assert [name for name, norm in names if words(name) != norm] == []


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("annecy 74", "Annecy (74)"),
        ("saint denis reunion", "Saint-Denis (974)"),
        ("Villefranche s/ Saône", "Villefranche-sur-Saône (69)"),
        ("grenoble cedex", "Grenoble (38)"),
        ("lisle d abeau", "L'Isle-d'Abeau (38)"),
        ("74", "Haute-Savoie"),
    ],
)
def test_suggestions_begin_with_what_the_search_finds(
    france: Server, typed: str, label: str
) -> None:
    async def ask() -> str:
        engine = create_async_engine(france.public, poolclass=NullPool)
        try:
            async with engine.connect() as db:
                return label_of((await suggested(db, typed, 8))[0])
        finally:
            await engine.dispose()

    assert asyncio.run(ask()) == label == located(france, typed).label
