"""Which places are in a priority district («QPV») or a commune of rural revitalisation («FRR»).

Known only where somebody put the official lists, `qpv.geojson` (outlines) and `frr.csv` (a column
`code_insee`), in the folder `reference` of the data. Without them, what the sources say is kept.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely import STRtree
from shapely.errors import ShapelyError
from shapely.geometry import Point, shape

from geoservice.geo import LonLat
from geoservice.imports.problems import ImportProblem

QPV = "QPV"
FRR = "FRR"
ZRR = "ZRR"
"""What the FRR replaced on 1 July 2024."""


@dataclass(frozen=True)
class PriorityZones:
    qpv: STRtree | None = None
    """None when the list is not loaded, as for `frr`."""
    frr: frozenset[str] | None = None

    def corrected(
        self, labels: list[str], code_insee: str | None, point: LonLat | None
    ) -> list[str]:
        """The labels of a place, those of a list that is loaded being what the list says.

        A label is left as the source wrote it when the place has no position, or no commune.
        """
        if self.qpv is not None and point:
            labels = [label for label in labels if label != QPV]
            if len(self.qpv.query(Point(point), predicate="within")):
                labels.append(QPV)
        if self.frr is not None and code_insee:
            labels = [label for label in labels if label not in (FRR, ZRR)]
            if code_insee in self.frr:
                labels.append(FRR)
        return labels


def load(folder: Path) -> PriorityZones:
    """Raises ImportProblem when a file is there and cannot be read."""
    outlines, communes = folder / "qpv.geojson", folder / "frr.csv"
    return PriorityZones(
        qpv=_outlines(outlines) if outlines.exists() else None,
        frr=_communes(communes) if communes.exists() else None,
    )


def _outlines(path: Path) -> STRtree:
    try:
        features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
        return STRtree([shape(feature["geometry"]) for feature in features])
    except (OSError, ValueError, KeyError, TypeError, ShapelyError):
        raise ImportProblem(f"{path} n’est pas un GeoJSON de contours.") from None


def _communes(path: Path) -> frozenset[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if "code_insee" not in (rows.fieldnames or ()):
                raise KeyError("code_insee")
            return frozenset(row["code_insee"].strip() for row in rows)
    except (OSError, ValueError, KeyError, AttributeError):
        raise ImportProblem(f"{path} n’est pas un CSV avec une colonne « code_insee ».") from None
