"""How long one text takes to read: median, 95th percentile and worst, by kind of text.

    python benchmarks/hours_reading.py [ROWS.jsonl]

Rows are {"text", "kind"?, "ctx"?}; the default is opening_hours/corpus_train.jsonl in
GEOSERVICE_DATA, and a few texts of our own where it is absent.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from french_hours.reading import Context, read

DATA = Path(os.environ.get("GEOSERVICE_DATA", Path(__file__).parents[1] / "../shared/data"))
OUR_OWN = (
    "Du lundi au vendredi de 9h à 12h30 et de 13h30 à 17h",
    "Lundi : 9h-12h / 14h-17h\nMardi : 9h-12h\nMercredi : fermé\nSamedi (1er du mois) : 10h-12h",
    "Ateliers le lundi de 9h30 à 12h30, par le bus de services (semaines paires).",
    "9h-12h / 14h-17h",
    "Mo-Fr 09:00-12:00,13:30-17:00; PH off",
)
ROUNDS = 3


def main() -> None:
    rows = _rows()
    taken_us: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        context = Context.of(row.get("ctx") or {})
        best = min(_time_us(row["text"], context) for _ in range(ROUNDS))
        taken_us[row.get("kind", "texts")].append(best)
        taken_us["all"].append(best)
    print(f"{'kind':14} {'texts':>6} {'median µs':>10} {'p95 µs':>8} {'worst µs':>9}")
    for kind, values in sorted(taken_us.items(), key=lambda pair: len(pair[1])):
        values.sort()
        p95 = values[int(0.95 * (len(values) - 1))]
        print(
            f"{kind:14} {len(values):6} {statistics.median(values):10.0f} {p95:8.0f} {values[-1]:9.0f}"
        )


def _rows() -> list[dict[str, Any]]:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "opening_hours/corpus_train.jsonl"
    if not path.exists():
        return [{"text": text} for text in OUR_OWN]
    rows = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return [row for row in rows if row.get("kind") != "week_columns"]


def _time_us(text: str, context: Context) -> float:
    start = time.perf_counter()
    read(text, context)
    return (time.perf_counter() - start) * 1e6


if __name__ == "__main__":
    main()
