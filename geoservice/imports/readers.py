"""The rows of a file, one by one, whatever its format."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geoservice.imports.mapping import Source
from geoservice.imports.problems import ImportProblem
from geoservice.imports.rows import EMPTY, Row


class ReadingProblem(ImportProblem):
    """Why a file cannot be read, in French."""


def read(path: Path, source: Source) -> Iterator[Row]:
    empty = EMPTY | {text.casefold() for text in source.empty}
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    for number, cells in enumerate(rows, start=1):
        yield Row(number, cells, empty)
