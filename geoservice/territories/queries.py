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
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from geoservice.db.base import views
from geoservice.territories.model import Locality, Territory
from geoservice.territories.names import words

SUGGESTIONS_MAX = 20
HAMLET = 100
"""A commune this many times less peopled than a territory of its name is not what one means."""
TOWN = 15
"""A town this many times more peopled than a commune is what one means by the beginning of its name."""
FORMER_POPULATION = 500
"""Nobody counts the inhabitants of a former commune: as many as a usual commune."""
BEGINNING_MAX = 300
"""More names than begin with the first words of a name, but for «Saint»."""

localities = Table(
    "localities", views, *(Column(c.name, c.type) for c in Locality.__table__.columns)
)
territories = Table(
    "territories", views, *(Column(c.name, c.type) for c in Territory.__table__.columns)
)

KINDS_BY_IMPORTANCE = (
    "commune", "arrondissement", "ancienne-commune", "epci", "departement", "region",
)  # fmt: skip


def _columns(exact: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """`exact` tells whether the whole name was given."""
    here = localities.c
    return select(
        here.type,
        here.code,
        here.commune,
        here.name,
        here.norm,
        here.departement,
        func.coalesce(here.postal_codes, literal([], ARRAY(String))).label("postal_codes"),
        here.population,
        exact.label("exact"),
        func.ST_X(here.point, type_=Float).label("lon"),
        func.ST_Y(here.point, type_=Float).label("lat"),
    )


def _importance() -> ColumnElement[int]:
    order = {kind: rank for rank, kind in enumerate(KINDS_BY_IMPORTANCE)}
    return case(order, value=localities.c.type, else_=len(order))


def named(
    name: str,
    *,
    longer: bool = False,
    departements: Sequence[str] = (),
    communes: Sequence[str] = (),
) -> Select[*tuple[Any, ...]]:
    """The localities called `name`, whatever its accents, case and hyphens: the most likely first.

    A commune rather than a larger territory, unless it is so small beside it that few can mean it:
    Vienne is the town of Isère, Creuse is the département. With `longer`, the communes whose name
    begins with these whole words too, and `exact` tells them apart: «Chalon» is Chalon-sur-Saône
    rather than a village of Isère. Only in these départements or communes when some are given.
    """
    here = localities.c
    exact = here.norm == words(name)
    begins = here.norm.like(words(name) + " %") & (here.type == "commune")
    return (
        _within(_columns(exact), departements, communes)
        .where(or_(exact, begins) if longer else exact)
        .order_by(case((exact, _likely()), else_=here.population).desc(), _importance(), here.id)
        .limit(BEGINNING_MAX)
    )


def alike(
    pattern: str, *, departements: Sequence[str] = (), communes: Sequence[str] = ()
) -> Select[*tuple[Any, ...]]:
    """The localities whose normalised name matches `pattern`, the most likely first."""
    here = localities.c
    return (
        _within(_columns(true()), departements, communes)
        .where(here.norm.regexp_match(pattern))
        .order_by(_likely().desc(), _importance(), here.id)
        .limit(SUGGESTIONS_MAX)
    )


def _likely() -> ColumnElement[int]:
    """How likely a locality is what its name means, by its inhabitants, beside those of a town of a longer name."""
    here = localities.c
    return case(
        (here.type == "ancienne-commune", FORMER_POPULATION * TOWN),
        (here.commune.is_not(None), here.population * TOWN),
        else_=here.population * TOWN / HAMLET,
    )


def called_one_of(
    norms: Sequence[str], departements: Sequence[str] = ()
) -> Select[*tuple[Any, ...]]:
    """The communes of today and yesterday that have one of these normalised names: the longest name first."""
    here = localities.c
    return (
        _within(_columns(true()), departements, ())
        .where(here.norm.in_(norms), here.commune.is_not(None))
        .order_by(func.length(here.norm).desc(), _likely().desc(), _importance(), here.id)
        .limit(SUGGESTIONS_MAX)
    )


def _within(
    statement: Select[*tuple[Any, ...]], departements: Sequence[str], communes: Sequence[str]
) -> Select[*tuple[Any, ...]]:
    if departements:
        statement = statement.where(localities.c.departement.in_(departements))
    if communes:
        statement = statement.where(localities.c.commune.in_(communes))
    return statement


def departements_called(norms: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Codes of the départements that one of these normalised names means, alone or with its region; and the name."""
    here, inside = localities.c, territories.alias("inside")
    return select(inside.c.code, here.norm).where(
        here.norm.in_(norms),
        inside.c.type == "departement",
        or_(
            (here.type == "departement") & (here.code == inside.c.code),
            (here.type == "region") & (here.code == inside.c.region),
        ),
    )


def departement(code: str) -> Select[*tuple[Any, ...]]:
    here = localities.c
    return _columns(true()).where(here.type == "departement", here.code == code)


def largest(departements: Sequence[str], limit: int) -> Select[*tuple[Any, ...]]:
    """The communes of these départements that have the most inhabitants."""
    here = localities.c
    return (
        _columns(true())
        .where(here.departement.in_(departements), here.type == "commune")
        .order_by(here.population.desc(), here.id)
        .limit(limit)
    )


def with_postal_code(
    code: str,
) -> Select[*tuple[Any, ...]]:
    """The communes and arrondissements that share a postal code: the finest, then the largest first."""
    finest = case({"arrondissement": 0, "commune": 1}, value=localities.c.type, else_=2)
    return (
        _columns(true())
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
        _columns(norm == typed)
        .add_columns((rank < 3).label("begins"), func.similarity(norm, typed).label("similarity"))
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
