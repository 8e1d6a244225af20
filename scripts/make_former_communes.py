"""Write the old communes and the arrondissements that people still search for, with what they are now.

    npm pack @etalab/decoupage-administratif@6.0.0      # and older versions, for the older names
    python scripts/make_former_communes.py OUT.csv.gz communes.json [OLDER_communes.json | OLDER.csv …]

The first file is the `data/communes.json` of the current year; the others only give a name to codes
that the current one still lists without naming. Run by hand, once a year.
"""

import csv
import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

COLUMNS = ("code", "nom", "type", "code_actuel", "codes_postaux")


def names_in(path: Path) -> dict[str, str]:
    """The name of each commune code in an older file, JSON of the package or CSV of ours."""
    text = path.read_text(encoding="utf-8")
    rows = json.loads(text) if path.suffix == ".json" else csv.DictReader(io.StringIO(text))
    return {row["code"]: row["nom"] for row in rows}


def rows(communes: list[dict[str, Any]], older_names: dict[str, str]) -> list[tuple[str, ...]]:
    """The rows of the result, sorted, without those that repeat a current name and code."""
    current = {c["code"]: c for c in communes if c["type"] == "commune-actuelle"}
    result = set[tuple[str, ...]]()
    listed = set[str]()
    for commune in communes:
        code, name, kind = commune["code"], commune["nom"], commune["type"]
        if kind == "commune-actuelle":
            continue
        listed.add(code)
        now = commune.get("chefLieu") or commune["commune"]
        # the seat of a new commune keeps its code, and sometimes its very name
        if code == now and name == current[now]["nom"]:
            continue
        result.add((code, name, kind, now, "|".join(commune.get("codesPostaux", ()))))
    for commune in current.values():
        for code in set(commune.get("anciensCodes", ())) - listed:
            name = older_names.get(code, "")
            result.add((code, name, "ancienne-commune", commune["code"], ""))
    return sorted(result)


def main(out: Path, this_year: Path, *older: Path) -> None:
    older_names: dict[str, str] = {}
    for path in older:
        older_names = names_in(path) | older_names
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(json.loads(this_year.read_text(encoding="utf-8")), older_names))
    # no date inside: the same data give the same bytes
    out.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
