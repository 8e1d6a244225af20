"""`python -m french_hours`: JSON lines in, JSON lines out."""

from __future__ import annotations

import io
import json

from french_hours.__main__ import main


def answers(*lines: str) -> tuple[int, list[dict[str, object]]]:
    out = io.StringIO()
    status = main(io.StringIO("\n".join(lines)), out)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_is_answered() -> None:
    status, rows = answers(
        '{"text": "Mardi 9h-12h"}', '{"text": "9h-12h", "context": {"day": "We"}}'
    )

    assert status == 0
    assert [row["got"] for row in rows] == ["Tu 09:00-12:00", "We 09:00-12:00"]


def test_a_refusal_gives_its_reason() -> None:
    _, rows = answers('{"text": "9h-12h"}')

    assert rows[0] == {"text": "9h-12h", "got": None, "confidence": 0.8, "by_appointment": False, "reason": "no_day"}  # fmt: skip


def test_a_week_in_columns_is_answered() -> None:
    _, rows = answers('{"text": {"Mo": "9h-12h", "Tu": "9h-12h"}}')

    assert rows[0]["got"] == "Mo,Tu 09:00-12:00"


def test_a_bad_line_is_skipped_and_said() -> None:
    status, rows = answers("{not json", '{"context": {}}', '{"text": "Mardi 9h-12h"}')

    assert status == 1
    assert len(rows) == 1
