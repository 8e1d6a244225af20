"""What visitors of other sites pay in bytes."""

from pathlib import Path

import pytest

from geoservice.web.static import DIST

KIB = 1024


def weight(*patterns: str) -> float:
    """KiB of the files as they are sent, in brotli."""
    if not DIST.is_dir():
        pytest.skip("le front n’est pas construit : bin/front")
    files: list[Path] = [path for pattern in patterns for path in DIST.glob(pattern)]
    assert files
    return sum(path.stat().st_size for path in files) / KIB


def test_the_element_is_small() -> None:
    assert weight("carte-*.js.br") <= 15


def test_the_script_of_the_frame_is_tiny() -> None:
    assert weight("hauteur-*.js.br") <= 0.3


def test_a_framed_page_is_dressed_for_little() -> None:
    assert weight("embed-*.js.br", "embed-*.css.br") <= 15


def test_the_map_comes_on_demand_and_within_its_budget() -> None:
    assert weight("maplibre/*/*.mjs.br", "map-*.js.br") <= 380
