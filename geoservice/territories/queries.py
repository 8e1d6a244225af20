"""Looking up territories and the names of localities. Read by every role, through views."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    Select,
    String,
    Table,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from geoservice.db.base import views
from geoservice.territories.model import Locality, Territory

SUGGESTIONS_MAX = 20
HAMLET = 100
"""A commune this many times less peopled than a territory of its name is not what one means."""

localities = Table(
    "localities", views, *(Column(c.name, c.type) for c in Locality.__table__.columns)
)
territories = Table(
    "territories", views, *(Column(c.name, c.type) for c in Territory.__table__.columns)
)

KINDS_BY_IMPORTANCE = (
    "commune", "arrondissement", "ancienne-commune", "epci", "departement", "region",
)  # fmt: skip


def _columns() -> Select[*tuple[Any, ...]]:
    here = localities.c
    return select(
        here.type,
        here.code,
        here.commune,
        here.name,
        here.departement,
        func.coalesce(here.postal_codes, literal([], ARRAY(String))).label("postal_codes"),
        here.population,
        func.ST_X(here.point, type_=Float).label("lon"),
        func.ST_Y(here.point, type_=Float).label("lat"),
    )


def _importance() -> ColumnElement[int]:
    order = {kind: rank for rank, kind in enumerate(KINDS_BY_IMPORTANCE)}
    return case(order, value=localities.c.type, else_=len(order))


def named(
    text: str,
) -> Select[*tuple[Any, ...]]:
    """The localities called exactly `text`, whatever its accents, case and hyphens: the most likely first.

    A commune rather than a larger territory, unless it is so small beside it that few can mean it:
    Vienne is the town of Isère, Creuse is the département.
    """
    population = func.coalesce(localities.c.population, 0)
    weight = case((localities.c.commune.is_not(None), population * HAMLET), else_=population)
    return (
        _columns()
        .where(localities.c.norm == func.norm(text))
        .order_by(weight.desc(), _importance(), localities.c.id)
        .limit(SUGGESTIONS_MAX)
    )


def beginning_with(
    text: str,
) -> Select[*tuple[Any, ...]]:
    """The communes whose name begins with these whole words: «Digne», «Clermont»; the largest first."""
    return (
        _columns()
        .where(
            localities.c.norm.like(func.norm(text).op("||")(" %")), localities.c.type == "commune"
        )
        .order_by(localities.c.population.desc(), localities.c.id)
        .limit(SUGGESTIONS_MAX)
    )


def with_postal_code(
    code: str,
) -> Select[*tuple[Any, ...]]:
    """The communes and arrondissements that share a postal code: the finest, then the largest first."""
    finest = case({"arrondissement": 0, "commune": 1}, value=localities.c.type, else_=2)
    return (
        _columns()
        .where(localities.c.postal_codes.contains([code]))
        .order_by(finest, localities.c.population.desc(), localities.c.id)
        .limit(SUGGESTIONS_MAX)
    )


def like(text: str, limit: int = SUGGESTIONS_MAX) -> Select[*tuple[Any, ...]]:
    """The localities that somebody typing `text` may mean: same beginning first, then likeness."""
    norm = localities.c.norm
    typed = func.norm(text)
    begins = norm.like(typed.op("||")("%"))
    rank = case(
        (norm == typed, 0),
        (begins & localities.c.type.in_(("commune", "arrondissement")), 1),
        (begins, 2),
        else_=3,
    )
    return (
        _columns()
        .where(or_(begins, norm.op("%")(typed), localities.c.postal_codes.contains([text.strip()])))
        .order_by(
            rank,
            case((rank < 3, 0.0), else_=-func.similarity(norm, typed)),
            localities.c.population.desc(),
            localities.c.id,
        )
        .limit(limit)
    )


def territory(type_: str, code: str) -> Select[*tuple[Any, ...]]:
    here = territories.c
    return select(
        here.type,
        here.code,
        here.name,
        here.departement,
        here.population,
        func.ST_XMin(here.outline, type_=Float).label("west"),
        func.ST_YMin(here.outline, type_=Float).label("south"),
        func.ST_XMax(here.outline, type_=Float).label("east"),
        func.ST_YMax(here.outline, type_=Float).label("north"),
    ).where(here.type == type_, here.code == code)


def listed(
    type_: str, departement: str | None, region: str | None, epci: str | None, words: str | None
) -> Select[*tuple[Any, ...]]:
    """The territories of today of one type, by code: those of a département, a région, an EPCI, a name.

    A département is of a région; an EPCI is of every département and région of its communes.
    """
    here, commune = territories.c, territories.alias("commune").c
    statement = select(
        here.type,
        here.code,
        here.name,
        here.departement,
        here.region,
        here.epci,
        here.population,
        func.ST_X(here.point, type_=Float).label("lon"),
        func.ST_Y(here.point, type_=Float).label("lat"),
    ).where(here.type == type_, here.successor.is_(None))
    for name, value in (("departement", departement), ("region", region), ("epci", epci)):
        if not value:
            continue
        if type_ == "epci" and name != "epci":
            members = select(commune.epci).where(
                commune.type == "commune", commune.successor.is_(None), commune[name] == value
            )
            statement = statement.where(here.code.in_(members))
        else:
            own = here.code if type_ == name else here[name]
            statement = statement.where(own == value)
    if words:
        statement = statement.where(func.strpos(func.norm(here.name), func.norm(words)) > 0)
    return statement.order_by(here.code)


def communes_in(departements: Sequence[str]) -> Select[str]:
    """INSEE codes of the communes of these départements."""
    here = territories.c
    return select(here.code).where(here.type == "commune", here.departement.in_(departements))
