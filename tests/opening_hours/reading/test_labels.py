"""Against texts that a person labelled, scored by meaning with the label set's own scorer."""

from __future__ import annotations

import importlib.util
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from french_hours.reading import Context, read

DATA = Path(
    os.environ.get("GEOSERVICE_DATA", Path(__file__).parents[3] / "../shared/data")
) / "opening_hours"  # fmt: skip

pytestmark = pytest.mark.skipif(
    not (DATA / "dev.jsonl").exists(),
    reason="the labelled texts are not here (GEOSERVICE_DATA/opening_hours/dev.jsonl)",
)


def _scorer() -> Any:
    spec = importlib.util.spec_from_file_location("score", DATA / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def verdicts() -> Counter[str]:
    judge = _scorer().judge
    rows = [json.loads(line) for line in (DATA / "dev.jsonl").read_text().splitlines() if line]
    answers = [read(row["text"], Context.of(row.get("context") or {})) for row in rows]
    return Counter(
        judge(reading.osm, row, use_context=True).split(":")[0]
        for row, reading in zip(rows, answers, strict=True)
    )


def test_at_least_95_labelled_texts_in_a_hundred_are_read_right(verdicts: Counter[str]) -> None:
    assert verdicts["exact"] >= 0.95 * verdicts.total()


def test_at_most_one_labelled_text_in_a_hundred_is_read_wrong(verdicts: Counter[str]) -> None:
    assert verdicts["wrong"] <= 0.01 * verdicts.total()
