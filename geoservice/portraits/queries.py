"""One territory, those around it, and what there is in it."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, select, true

from geoservice.exports.queries import a_year_ago
from geoservice.places.masks import BITS, bits_of
from geoservice.places.vocabulary import Dispositif, Frais
from geoservice.search.opening import OpenSchedules
from geoservice.search.queries import inside, open_then, places
from geoservice.search.question import TerritoryName
from geoservice.territories.queries import territories

CHILDREN_MAX = 2_000
"""More than the communes of any département, or the EPCI of any région."""

listed = territories.c


def one(name: TerritoryName) -> Select[*tuple[Any, ...]]:
    return select(
        listed.type, listed.code, listed.name, listed.departement, listed.region, listed.epci,
        listed.population, listed.successor,
    ).where(listed.type == name.type, listed.code == name.code)  # fmt: skip


def inside_territory(name: TerritoryName) -> ColumnElement[bool]:
    """The communes of today that are in it, itself if it is one."""
    column = {"commune": "code"}.get(name.type, name.type)
    return and_(listed.type == "commune", listed.successor.is_(None), listed[column] == name.code)


def parents(name: TerritoryName) -> Select[*tuple[Any, ...]]:
    """The territories that hold some of its communes and are larger: région first."""
    rank = case({"region": 0, "departement": 1, "epci": 2}, value=listed.type, else_=3)
    larger = {"commune": ("epci", "departement", "region"), "epci": ("departement", "region"), "departement": ("region",)}  # fmt: skip
    kinds = larger.get(name.type, ())
    here = territories.alias("here")
    column = {"commune": "code"}.get(name.type, name.type)
    holding = (
        select(here.c.region, here.c.departement, here.c.epci)
        .where(here.c.type == "commune", here.c[column] == name.code)
        .subquery("holding")
    )
    return (
        select(listed.type, listed.code, listed.name, listed.departement)
        .where(
            listed.type.in_(kinds),
            listed.code == case(
                (listed.type == "region", holding.c.region),
                (listed.type == "departement", holding.c.departement),
                else_=holding.c.epci,
            ),
        )
        .select_from(territories.join(holding, true()))
        .distinct()
        .add_columns(rank.label("rank"))
        .order_by("rank", listed.code)
    )  # fmt: skip


def children(name: TerritoryName) -> Select[*tuple[Any, ...]]:
    """The territories that are in it, with how many places each has in it, in the order of names.

    Of a région its départements; of a département its communes and the EPCI that have some there.
    """
    communes = (
        select(listed.code, listed.epci, listed.departement)
        .where(inside_territory(name))
        .subquery("communes")
    )
    counted = (
        select(places.c.code_insee, func.count().label("places"))
        .where(inside(name))
        .group_by(places.c.code_insee)
        .subquery("counted")
    )
    kinds = {"region": ("departement",), "departement": ("epci", "commune"), "epci": ("commune",)}
    key = case(
        (listed.type == "departement", communes.c.departement),
        (listed.type == "epci", communes.c.epci),
        else_=communes.c.code,
    )
    return (
        select(
            listed.type,
            listed.code,
            listed.name,
            func.coalesce(func.sum(counted.c.places), 0).label("places"),
        )
        .select_from(
            territories.join(communes, listed.code == key).outerjoin(
                counted, counted.c.code_insee == communes.c.code
            )
        )
        .where(listed.type.in_(kinds.get(name.type, ())), listed.successor.is_(None))
        .group_by(listed.type, listed.code, listed.name)
        .order_by(func.norm(listed.name), listed.code)
        .limit(CHILDREN_MAX)
    )


def figures(name: TerritoryName, saturday: OpenSchedules) -> Select[*tuple[Any, ...]]:
    """What there is in a territory: places, and those of them that…"""
    here = places.c

    def offering(column: str, *values: str) -> ColumnElement[bool]:
        return here[BITS[column].mask].op("&")(bits_of(column, values)) != 0

    def how_many(condition: ColumnElement[bool], label: str) -> Any:
        return func.count().filter(condition).label(label)

    return (
        select(
            func.count().label("places"),
            how_many(here.schedule_id.is_not(None), "hours_known"),
            how_many(open_then(saturday, include_unknown=False), "on_saturday"),
            how_many(offering("fees", Frais.GRATUIT.value), "free"),
            how_many(offering("programmes", Dispositif.FRANCE_SERVICES.value), "france_services"),
            how_many(here.updated_on > a_year_ago(), "looked_at"),
            func.count(distinct(here.code_insee)).label("communes"),
            func.max(here.changed_at).label("changed_at"),
        )
        .select_from(places)
        .where(inside(name))
    )


def ids(name: TerritoryName) -> Select[int]:
    """Of the places."""
    return select(places.c.id).where(inside(name))


def communes_without(name: TerritoryName) -> Select[int]:
    """How many communes of a territory have no place at all."""
    there = select(places.c.id).where(places.c.code_insee == listed.code)
    return select(func.count()).select_from(territories).where(
        inside_territory(name), ~there.exists()
    )  # fmt: skip


def communes(name: TerritoryName) -> Select[int]:
    return select(func.count()).select_from(territories).where(inside_territory(name))


def large() -> Select[*tuple[Any, ...]]:
    """Régions and départements, each département with its région."""
    return (
        select(listed.type, listed.code, listed.name, listed.region)
        .where(listed.type.in_(("region", "departement")))
        .order_by(func.norm(listed.name), listed.code)
    )
