"""What visitors of other sites pay in bytes."""

import re
from pathlib import Path

import pytest

from geoservice.paths import ROOT
from geoservice.search.question import MANY, SINGLE
from geoservice.web.static import DIST

KIB = 1024


def weight(*patterns: str) -> float:
    """KiB of the files as they are sent, in brotli."""
    if not DIST.is_dir():
        pytest.skip("le front n’est pas construit : bin/front")
    files: list[Path] = [path for pattern in patterns for path in DIST.glob(pattern)]
    assert files
    return sum(path.stat().st_size for path in files) / KIB


def with_imports(file: Path) -> set[Path]:
    """A module and all that it needs before it runs."""
    found, waiting = set[Path](), [file]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            names = re.findall(r'(?:from|import)"\./([\w-]+\.js)"', one.read_text())
            waiting += [one.with_name(name) for name in names]
    return found


def test_the_element_is_small() -> None:
    assert weight("carte-*.js.br") <= 15


def test_the_element_is_one_file_without_the_map() -> None:
    weight("carte-*.js.br")  # skips without a build
    [carte] = DIST.glob("carte-*.js")

    assert with_imports(carte) == {carte}
    assert "maplibre-gl" not in carte.read_text()


def test_the_script_of_the_frame_is_tiny() -> None:
    assert weight("hauteur-*.js.br") <= 0.3


def test_a_framed_page_is_dressed_for_little() -> None:
    assert weight("embed-*.js.br", "embed-*.css.br") <= 15


def test_the_map_comes_on_demand_and_within_its_budget() -> None:
    weight("map-*.js.br")  # skips without a build
    [first] = DIST.glob("map-*.js")
    modules = [f"{one.name}.br" for one in with_imports(first)]

    assert len(modules) > 1
    assert weight("maplibre/*/*.mjs.br", "map-*.css.br", *modules) <= 380


def test_the_element_knows_which_parameters_are_several() -> None:
    source = (ROOT / "embed" / "src" / "widget" / "asked.ts").read_text()
    [pattern] = re.findall(r"const MANY =\s+/(.*)/;", source)

    assert [name for name in MANY if not re.search(pattern, name)] == []
    assert [name for name in SINGLE if re.search(pattern, name)] == []
