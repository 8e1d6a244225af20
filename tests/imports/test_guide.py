"""The guide for those who write mappings says everything that they may write, and its examples work."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from geoservice.imports.conditions import Condition, Words
from geoservice.imports.mapping import Attach, Pages, Source, load
from geoservice.imports.rules import HoursRule, PointRule, Rule
from geoservice.paths import ROOT
from geoservice.places.fields import FIELDS
from tests.imports.conftest import MAPPING

GUIDE = (ROOT / "docs" / "ajouter-une-source.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^ *```toml\n(.*?)^ *```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("model", [Source, Pages, Attach, Rule, Condition, PointRule, HoursRule])
def test_every_word_of_the_grammar_is_in_the_guide(model: type[Words]) -> None:
    words = [field.alias or name for name, field in model.model_fields.items()]

    missing = [word for word in words if not re.search(rf"\b{word}\b", GUIDE)]

    assert missing == []


def test_every_field_is_in_the_guide() -> None:
    missing = [
        f.column for f in FIELDS if f"`{f.column}`" not in GUIDE and f.column not in ("lon", "lat")
    ]

    assert missing == []


def lines_of(example: str) -> list[dict[str, Any]]:
    """The example whole; or line by line, when it gives several ways to write one field."""
    try:
        return [tomllib.loads(example)]
    except tomllib.TOMLDecodeError:
        return [tomllib.loads(line) for line in example.splitlines()]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_guide_is_right(tmp_path: Path, example: str) -> None:
    for written in lines_of(example):
        path = tmp_path / "essai" / "mapping.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(_whole(example, written), encoding="utf-8")

        assert load("essai", tmp_path)


def _whole(example: str, written: dict[str, Any]) -> str:
    """A mapping that holds the example."""
    if "source" in written:
        return "\n".join(line.strip() for line in example.splitlines())
    if "trust" in written:
        return f"{MAPPING}\n{example}"
    [(field, _), *_] = written.items()
    own = example.splitlines()
    if len(lines_of(example)) > 1:
        own = [line for line in own if tomllib.loads(line) == written]
    body = "\n".join(own)
    kept = [line for line in MAPPING.splitlines() if line.split(" ")[0] not in written]
    where = "[source]" if field in ("skip", "only") else "[place]"
    return "\n".join(kept).replace(where, f"{where}\n{body}\n")


def test_the_guide_has_examples() -> None:
    assert len(EXAMPLES) >= 6
