"""The territory that somebody means by its name."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.territories import queries

PERIMETER = "perimetre"
KINDS = {
    "commune": "commune",
    "epci": "intercommunalité",
    "departement": "département",
    "region": "région",
    PERIMETER: "périmètre",
}


@dataclass(frozen=True)
class Named:
    type: str
    code: str
    name: str
    departement: str | None = None

    @property
    def label(self) -> str:
        """«Creuse (département)», «Guéret (commune, 23)»."""
        where = f", {self.departement}" if self.type == "commune" and self.departement else ""
        return f"{self.name} ({KINDS[self.type]}{where})"

    def __str__(self) -> str:
        return f"{self.type}:{self.code}"


_PERIMETER = text("SELECT code, name FROM perimeters WHERE code = :code")


async def exactly(db: AsyncConnection, type_: str, code: str) -> Named | None:
    """The territory of this type and code, if there is one."""
    if type_ == PERIMETER:
        row = (await db.execute(_PERIMETER, {"code": code})).one_or_none()
        return Named(PERIMETER, row.code, row.name) if row else None
    if type_ not in KINDS:
        return None
    row = (await db.execute(queries.territory(type_, code))).first()
    return _of(row) if row else None


async def meant(db: AsyncConnection, words: str) -> list[Named]:
    """The territories that bear this name, or this type and code: one when there is no doubt."""
    type_, _, code = words.partition(":")
    if found := await exactly(db, type_.strip(), code.strip().upper()):
        return [found]
    rows = (await db.execute(queries.named(words))).all()
    return list(dict.fromkeys(_of(row) for row in rows if row.type in KINDS))


def _of(row: Row[Any]) -> Named:
    return Named(row.type, row.code, row.name, row.departement)
