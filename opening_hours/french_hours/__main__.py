"""`python -m french_hours`: JSON lines in, JSON lines out.

Each line in: {"text": …, "context": {"day": …, "days": […], "week": …}}; the context may be
absent, and "text" may be a week in columns: {"Mo": …, "Tu": […]}.
Each line out: {"text", "got", "confidence", "by_appointment", "reason"}.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any, TextIO, cast

from french_hours.reading import Context, Reading, UnreadableContext, read, read_week


def main(lines: TextIO = sys.stdin, answers: TextIO = sys.stdout) -> int:
    """Answer every line; the exit status is 1 where a line could not be taken."""
    status = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, reading = _read_row(row)
        except UnreadableContext as problem:
            _refuse(number, str(problem))
            status = 1
            continue
        except (ValueError, KeyError, TypeError, AttributeError):
            _refuse(number, 'il faut du JSON de la forme {"text": "lundi de 9h à 12h"}.')
            status = 1
            continue
        answer = {
            "text": text,
            "got": reading.osm,
            "confidence": reading.confidence,
            "by_appointment": reading.by_appointment,
            "reason": reading.reason,
        }
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return status


def _refuse(number: int, why: str) -> None:
    print(f"Ligne {number} illisible : {why}", file=sys.stderr)  # noqa: T201 - the command's own message


def _read_row(row: Mapping[str, Any]) -> tuple[object, Reading]:
    text = row["text"]
    context = Context.of(row.get("context") or {})
    if isinstance(text, dict):
        cells = cast("dict[str, str]", text)
        return cells, read_week(cells, week=context.week)
    return text, read(str(text), context)


if __name__ == "__main__":
    argparse.ArgumentParser(
        prog="python -m french_hours",
        description="Lit des horaires écrits en français : une ligne de JSON par texte sur l’entrée "
        'standard ({"text": …, "context": …}), une ligne de JSON par réponse.',
    ).parse_args()
    sys.exit(main())
