"""Which commune a row means, when its name, its codes and its position agree, and when they do not."""

import pytest

from geoservice.geo import Box, LonLat
from geoservice.imports.cleaning.communes import Where, locate
from geoservice.imports.gazetteer import KM_PER_DEGREE, Commune, Gazetteer, Name
from geoservice.territories.names import words

IN_ANNECY = LonLat(6.12, 45.9)
IN_PARIS = LonLat(2.35, 48.85)
IN_REUNION = LonLat(55.45, -20.88)


def commune(code: str, name: str, departement: str, postal_codes: str, box: Box) -> Commune:
    return Commune(code, name, departement, frozenset(postal_codes.split()), box)


COMMUNES = (
    commune("74010", "Annecy", "74", "74000 74940", Box(6.05, 45.83, 6.2, 45.98)),
    commune("75056", "Paris", "75", "75001 75012", Box(2.22, 48.81, 2.47, 48.91)),
    commune("97411", "Saint-Denis", "974", "97400", Box(55.39, -21.0, 55.52, -20.86)),
    commune("93066", "Saint-Denis", "93", "93200", Box(2.33, 48.9, 2.4, 48.96)),
    commune("73227", "Courchevel", "73", "73120", Box(6.57, 45.35, 6.75, 45.47)),
    commune("49331", "Segré", "49", "49500", Box(-1.0, 47.6, -0.7, 47.8)),
    commune("38053", "Le Bouchage", "38", "38510", Box(5.4, 45.6, 5.6, 45.7)),
    commune("38261", "Morestel", "38", "38510", Box(5.4, 45.6, 5.6, 45.7)),
)


def gazetteer(*communes: Commune) -> Gazetteer:
    names: dict[str, list[Name]] = {}

    def add(name: str, code: str, postal_codes: frozenset[str], *, former: bool) -> None:
        names.setdefault(words(name), []).append(Name(code, former, postal_codes))

    for each in communes:
        add(each.name, each.code, each.postal_codes, former=False)
    add("Annecy-le-Vieux", "74010", frozenset(), former=True)
    add("Paris 12e Arrondissement", "75056", frozenset({"75012"}), former=True)

    def commune_at(point: LonLat) -> str | None:
        return next((c.code for c in communes if c.distance_km(point) == 0), None)

    return Gazetteer({c.code: c for c in communes}, names, commune_at)


FRANCE = gazetteer(*COMMUNES)


def found(
    name: str = "", postal_code: str = "", code_insee: str = "", point: LonLat | None = None
) -> Where:
    return locate(Where(name, postal_code, code_insee, point), FRANCE)


@pytest.mark.parametrize(
    ("name", "postal_code", "code_insee", "code", "official"),
    [
        ("ANNECY", "74000", "", "74010", "Annecy"),
        ("Annecy Cedex 9", "74000", "", "74010", "Annecy"),
        ("74000 Annecy", "", "", "74010", "Annecy"),
        ("Annecy-le-Vieux", "74940", "", "74010", "Annecy"),
        ("Annecy", "", "74011", "74010", "Annecy"),  # the code of Annecy-le-Vieux
        ("PARIS 12EME", "75012", "", "75056", "Paris"),
        ("Paris 12e arrondissement", "", "", "75056", "Paris"),
        ("St Denis", "97400", "", "97411", "Saint-Denis"),
        ("St-Denis", "93200", "", "93066", "Saint-Denis"),
        ("Anecy", "74000", "", "74010", "Annecy"),
        ("Courchevel 1850", "73120", "", "73227", "Courchevel 1850"),
        ("Segré-en-Anjou Bleu", "49500", "", "49331", "Segré-en-Anjou Bleu"),
        ("", "73120", "", "73227", "Courchevel"),
        ("", "", "74010", "74010", "Annecy"),
        ("Morestel", "38510", "", "38261", "Morestel"),
        ("Bouchage", "38510", "", "38053", "Le Bouchage"),
        ("Hameau inconnu", "38510", "", "", "Hameau inconnu"),
        ("Saint-Denis", "", "", "", "Saint-Denis"),  # which one?
        ("Nulle part", "", "", "", "Nulle part"),
    ],
)
def test_the_code_of_a_commune_is_found(
    name: str, postal_code: str, code_insee: str, code: str, official: str
) -> None:
    where = found(name, postal_code, code_insee)

    assert (where.code_insee, where.name) == (code, official)


def test_a_homonym_is_chosen_by_the_position() -> None:
    assert found("Saint-Denis", point=IN_REUNION).code_insee == "97411"


def test_a_commune_is_found_by_the_position_alone() -> None:
    assert found(point=IN_ANNECY).name == "Annecy"


def test_the_name_that_people_still_use_is_kept() -> None:
    assert found("Annecy-le-Vieux", "74940").former_name == "Annecy-le-Vieux"


def test_an_arrondissement_is_not_an_old_name() -> None:
    assert found("Paris 12e", "75012").former_name == ""


def test_a_code_of_another_commune_is_refused() -> None:
    where = found("Annecy", "74000", "75056")

    assert where.code_insee == "74010"
    assert (
        "code_insee",
        "75056",
        None,
        "ce code est celui de Paris, pas de « Annecy »",
    ) in where.notes


def test_a_code_that_no_commune_has_is_refused() -> None:
    assert ("code_insee", "74999", None, "aucune commune n’a ce code INSEE") in found(
        "", "", "74999"
    ).notes


def test_a_territory_that_the_gazetteer_lacks_is_left_alone() -> None:
    where = found("Le Mont-Dore", "98809", "98817", LonLat(166.56, -22.26))

    assert (where.code_insee, where.name, where.notes) == ("98817", "Le Mont-Dore", [])


def test_a_cedex_becomes_the_only_postal_code_of_the_commune() -> None:
    assert found("Courchevel", "73129").postal_code == "73120"


def test_a_postal_code_of_another_departement_is_refused() -> None:
    where = found("Courchevel", "93200", "73227")

    assert where.postal_code == "73120"
    assert any(note.value is None for note in where.notes)


def test_a_postal_code_of_another_departement_than_the_name_is_flagged_and_not_trusted() -> None:
    where = found("Annecy", "75012")

    assert (where.name, where.code_insee) == ("Annecy", "74010")
    assert where.postal_code in ("", "74000")
    assert where.notes[:1] == [
        (
            "postal_code", "75012", None,
            "commune et code postal se contredisent : ce code est celui de Paris, pas de « Annecy »",
        )
    ]  # fmt: skip


def test_a_postal_code_that_no_commune_has_does_not_hide_the_commune() -> None:
    where = found("Annecy", "75999")

    assert (where.name, where.code_insee) == ("Annecy", "74010")
    assert where.notes[0].why == (
        "commune et code postal se contredisent : ce code est celui d’aucune commune"
    )


@pytest.mark.parametrize(
    ("point", "name", "postal_code", "column"),
    [(IN_ANNECY, "Annecy", "", "postal_code"), (IN_PARIS, "Paris", "75012", "commune")],
)
def test_the_position_says_which_of_the_name_and_the_postal_code_is_wrong(
    point: LonLat, name: str, postal_code: str, column: str
) -> None:
    where = found("Annecy", "75012", point=point)

    assert (where.name, where.postal_code, where.point) == (name, postal_code, point)
    assert [(note.column, note.value) for note in where.notes if note.value is None] == [
        (column, None)
    ]


def test_the_postal_code_of_a_neighbour_is_flagged() -> None:
    where = found("Courchevel", "73999")
    assert where.notes[0].why == "code CEDEX ou ancien : code postal de la commune"

    where = found("Morestel", "38999")
    assert where.postal_code == "38510"


def test_a_commune_of_today_goes_with_the_code_of_the_one_we_know() -> None:
    where = found("Segré-en-Anjou Bleu", "49999", "49331")

    assert where.code_insee == "49331"


def test_a_commune_located_once_is_located_the_same_again() -> None:
    for name, postal_code, point in (
        ("Annecy", "75012", None),
        ("Annecy", "75012", IN_PARIS),
        ("Courchevel", "93200", None),
        ("Segré-en-Anjou Bleu", "49999", None),
        ("PARIS 12EME", "75012", IN_PARIS),
    ):
        once = found(name, postal_code, "", point)
        again = found(once.name, once.postal_code, once.code_insee, once.point)

        assert (again.name, again.postal_code, again.code_insee) == (
            once.name,
            once.postal_code,
            once.code_insee,
        )
        assert again.notes == []


def test_a_position_far_from_its_commune_is_not_trusted() -> None:
    where = found("Annecy", "74000", point=IN_PARIS)

    assert where.point is None
    assert where.notes[-1].why.startswith("position à ")
    assert where.notes[-1].why.endswith(" km de Annecy : non retenue")


def test_a_position_in_the_next_village_is_not_trusted() -> None:
    annecy = FRANCE.communes["74010"].box
    assert annecy
    three_km_north = LonLat(IN_ANNECY.lon, annecy.north + 3 / KM_PER_DEGREE)

    where = found("Annecy", "74000", point=three_km_north)

    assert where.point is None
    assert where.notes[-1].why == "position à 3 km de Annecy : non retenue"


def test_a_position_just_outside_its_commune_is_kept() -> None:
    near = LonLat(6.21, 45.9)

    assert found("Annecy", "74000", point=near).point == near


@pytest.mark.parametrize("point", [IN_ANNECY, IN_REUNION])
def test_swapped_coordinates_are_put_back(point: LonLat) -> None:
    name, postal_code = ("Annecy", "74000") if point is IN_ANNECY else ("Saint-Denis", "97400")

    where = found(name, postal_code, point=LonLat(point.lat, point.lon))

    assert where.point == point
    assert "longitude et latitude échangées" in [note.why for note in where.notes]


def test_a_position_out_of_france_is_refused() -> None:
    where = locate(Where(point=LonLat(-74.0, 40.7)), Gazetteer())

    assert where.point is None
    assert where.notes[0].why == "position hors de France"


def test_without_a_gazetteer_what_is_unknown_stays_unknown() -> None:
    where = locate(Where("ANNECY CEDEX", "74000", "", IN_ANNECY), Gazetteer())

    assert (where.name, where.code_insee, where.point) == ("ANNECY", "", IN_ANNECY)


def test_a_town_hall_placed_in_the_next_village_is_not_trusted_even_inside_the_box() -> None:
    inside = LonLat(6.1, 45.9)
    shaped = Gazetteer(FRANCE.communes, FRANCE.names, outline_km=lambda code, point: 1.4)

    assert locate(Where("Annecy", "74000", "", inside), shaped).point is None
    assert locate(Where("Annecy", "74000", "", inside), FRANCE).point == inside
