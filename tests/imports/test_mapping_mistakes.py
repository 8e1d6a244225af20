"""A mistake in a mapping is said in French, with its place and what was perhaps meant."""

from pathlib import Path

import pytest

from geoservice.imports.mapping import MappingProblem, load
from tests.imports.conftest import MAPPING


def mistake(folder: Path, toml: str) -> str:
    path = folder / "essai" / "mapping.toml"
    path.parent.mkdir()
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(MappingProblem) as refusal:
        load("essai", folder)
    return str(refusal.value).replace(str(folder), "")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('name = { from = "nom" }', 'nom = { from = "nom" }', "à « place » : « nom » s’écrit ici « name »"),
        ('name = { from = "nom" }', 'naem = { from = "nom" }', "à « place » : mot inconnu « naem » ; vouliez-vous dire « name » ?"),
        ('name = { from = "nom" }', "", "à « place » : il manque « name »"),
        ('name = { from = "nom" }', 'name = { form = "nom" }', "à « place.name » : mot inconnu « form » ; vouliez-vous dire « from » ?"),
        ('name = { from = "nom" }', "name = { }", "à « place.name » : il faut un de ces mots, et un seul : from, join ou value"),
        ('name = { from = "nom" }', 'name = { from = "nom", value = "x" }', "un seul : from, join ou value"),
        ('name = { from = "nom" }', "name = { from = \"nom\", keep = '(' }", "à « place.name.keep » : expression régulière incorrecte"),
        ('name = { from = "nom" }', 'name = { from = "nom", when = { colum = "x" } }', "à « place.name.when » : mot inconnu « colum » ; vouliez-vous dire « column » ?"),
        ('name = { from = "nom" }', 'name = { from = "nom", when = { column = "x", is = "a", has = "b" } }', "une seule façon de chercher"),
        ('services = { from = "services" }', 'services = { value = "Aide aux démarches" }', "à « place.services » : « Aide aux démarches » n’est pas dans notre liste ; vouliez-vous dire « Aide aux démarches administratives » ?"),
        ('services = { from = "services" }', 'services = { from = "services", search = "partout" }', "à « place.services.search » : il faut : exact ou contains"),
        ('lat = "latitude"', 'latt = "latitude"', "à « place.point » : mot inconnu « latt » ; vouliez-vous dire « lat » ?"),
        ('point = { lon = "longitude", lat = "latitude" }', 'point = { from = "position" }', "« order »"),
        ('title = "Essai"', "", "à « source.title » : cette ligne manque"),
        ('key = "id"', 'key = "id"\nlike = "rien"', "Aucune source « rien »"),
        ('key = "id"', 'key = "id"\n[trust]\nname = 200\n[autre]', "mot inconnu « autre »"),
        ("[place]", "[place", "n’est pas un fichier TOML correct"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    assert right in MAPPING

    assert said in mistake(tmp_path, MAPPING.replace(right, wrong))


def test_a_trust_out_of_bounds_is_refused(tmp_path: Path) -> None:
    assert "à « trust.name » : il faut un nombre de 0 à 99" in mistake(
        tmp_path, MAPPING + "\n[trust]\nname = 200\n"
    )


def test_a_source_that_does_not_exist_is_said_with_the_nearest() -> None:
    with pytest.raises(MappingProblem, match="Vouliez-vous dire « hinaura » \\?"):
        load("hinora")


def test_a_source_outside_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingProblem):
        load("../secrets", tmp_path)


def test_our_words_may_be_written_without_accents(tmp_path: Path) -> None:
    path = tmp_path / "essai" / "mapping.toml"
    path.parent.mkdir()
    toml = MAPPING.replace(
        '{ from = "services" }', '{ value = "aide-aux-demarches-administratives" }'
    )
    path.write_text(toml, encoding="utf-8")

    [rule] = load("essai", tmp_path).places[0].fields["services"]

    assert rule.value == ("Aide aux démarches administratives",)
