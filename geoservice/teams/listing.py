"""The communes that somebody lists, by code or by name."""

import re
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.teams import perimeters

COMMUNES_MAX = 2_000
CODE = re.compile(r"\d{5}|2[ABab]\d{3}")
IN_DEPARTEMENT = re.compile(r"(.+?)\s*\((\d{2,3}|2[ABab])\)")


class WrongList(ValueError):
    """Why, in French, line by line, with what to do."""


async def read_communes(db: AsyncConnection, team_id: int, typed: str) -> list[str]:
    """INSEE codes. A name that several communes bear is that of the team's territory, if one is.

    Raises WrongList, with every line that was not understood.
    """
    words = list(dict.fromkeys(w.strip() for w in re.split(r"[\n,;]+", typed) if w.strip()))
    if not words:
        raise WrongList("Écrivez au moins une commune : son nom, ou son code INSEE.")
    if len(words) > COMMUNES_MAX:
        raise WrongList(f"{COMMUNES_MAX} communes au plus.")
    codes = [word.upper() for word in words if CODE.fullmatch(word)]
    names = [word for word in words if not CODE.fullmatch(word)]
    known = set((await db.execute(perimeters.BY_CODE, {"codes": codes})).scalars())
    faults = [await _about_code(db, code) for code in codes if code not in known]
    found = [code for code in codes if code in known]
    if names:
        named, wrong = await _by_name(db, team_id, names)
        found += named
        faults += wrong
    if faults:
        more = f" Et {len(faults) - 10} autres." if len(faults) > 10 else ""
        raise WrongList(" ".join(faults[:10]) + more)
    return list(dict.fromkeys(found))


async def _about_code(db: AsyncConnection, code: str) -> str:
    sharing = (await db.execute(perimeters.SHARING, {"code": code})).all()
    if not sharing:
        return f"Nous ne connaissons pas de commune de code INSEE {code}."
    listed = ", ".join(f"{row.name} ({row.code})" for row in sharing)
    return f"{code} est un code postal, pas un code INSEE : {listed}."


async def _by_name(
    db: AsyncConnection, team_id: int, words: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Codes, and what must be corrected."""
    asked = {word: IN_DEPARTEMENT.fullmatch(word) for word in words}
    names = {word: match[1] if match else word for word, match in asked.items()}
    rows = (await db.execute(perimeters.BY_NAME, {"names": list(set(names.values()))})).all()
    held = set((await db.execute(perimeters.HELD, {"team": team_id})).scalars())
    found: list[str] = []
    faults: list[str] = []
    for word, match in asked.items():
        there = [row for row in rows if row.typed == names[word]]
        if match:
            there = [row for row in there if row.departement == match[2].upper()]
        here = [row for row in there if row.code in held]
        if len(there) == 1 or len(here) == 1:
            found.append((here or there)[0].code)
        elif there:
            listed = ", ".join(f"{row.name} ({row.departement}) : {row.code}" for row in there[:6])
            faults.append(f"Plusieurs communes s’appellent « {word[:60]} » : {listed}.")
        else:
            faults.append(f"Nous ne connaissons pas de commune « {word[:60]} ».")
    return found, faults
