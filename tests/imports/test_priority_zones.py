"""QPV and FRR, said by the official lists where they are loaded."""

import json
from pathlib import Path

import pytest

from geoservice.geo import LonLat
from geoservice.imports import priority_zones
from geoservice.imports.priority_zones import PriorityZones
from geoservice.imports.problems import ImportProblem
from tests.imports.conftest import MAPPING, Base, rows

INSIDE, OUTSIDE = LonLat(6.12, 45.9), LonLat(6.3, 45.9)
SQUARE = [[6.1, 45.8], [6.2, 45.8], [6.2, 46.0], [6.1, 46.0], [6.1, 45.8]]


def lists(folder: Path) -> PriorityZones:
    folder.mkdir(parents=True, exist_ok=True)
    geometry = {"type": "Polygon", "coordinates": [SQUARE]}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    features = {"type": "FeatureCollection", "features": [feature]}
    (folder / "qpv.geojson").write_text(json.dumps(features), encoding="utf-8")
    (folder / "frr.csv").write_text("code_insee,nom\n74010,Annecy\n", encoding="utf-8")
    return priority_zones.load(folder)


@pytest.mark.parametrize(
    ("labels", "code_insee", "point", "corrected"),
    [
        ([], "74010", INSIDE, ["QPV", "FRR"]),
        (["QPV", "ZRR", "Label"], "74999", OUTSIDE, ["Label"]),
        (["QPV", "FRR"], None, None, ["QPV", "FRR"]),
    ],
)
def test_the_lists_correct_what_the_source_says(
    tmp_path: Path,
    labels: list[str],
    code_insee: str | None,
    point: LonLat | None,
    corrected: list[str],
) -> None:
    assert lists(tmp_path).corrected(labels, code_insee, point) == corrected


def test_without_lists_the_source_is_believed(tmp_path: Path) -> None:
    zones = priority_zones.load(tmp_path)

    assert zones.corrected(["QPV", "ZRR"], "74010", OUTSIDE) == ["QPV", "ZRR"]


@pytest.mark.parametrize("name", ["qpv.geojson", "frr.csv"])
def test_a_list_that_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("rien", encoding="utf-8")

    with pytest.raises(ImportProblem, match=name):
        priority_zones.load(tmp_path)


def test_an_import_labels_its_places(base: Base) -> None:
    lists(base.folder / "data" / "reference")
    base.mapping(MAPPING)

    report = base.run(rows(1))

    assert base.query("SELECT other_labels FROM places") == [(["QPV"],)]
    assert report.notes.cleaned["QPV et FRR d’après les listes officielles"] == 1
