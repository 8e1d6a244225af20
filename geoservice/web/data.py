"""What answers that are data are made of: JSON, lines of CSV."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import orjson
from starlette.responses import Response


class Json(Response):
    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)


def csv_lines(rows: Iterable[Iterable[object]]) -> bytes:
    """As RFC 4180 wants them, in UTF-8."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
