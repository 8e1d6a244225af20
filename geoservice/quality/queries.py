"""What is missing and old in a territory, what to do first, and how it was in the months before."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Subquery,
    Text,
    func,
    literal,
    or_,
    select,
)

from geoservice.places.quality import (
    EXPECTED,
    OLD_AFTER_MONTHS,
    expected_of,
    is_missing,
    is_unchecked,
    missing_of,
    urgency_of,
)
from geoservice.quality.model import QualityMonth
from geoservice.search import answers
from geoservice.search.answers import Resolved
from geoservice.search.queries import places, sources
from geoservice.teams.queries import communes_of_team

ROWS_PER_PAGE = 100
MONTHS_SHOWN = 12


def judged(team_id: int, resolved: Resolved, today: date) -> Subquery:
    """The places of the team's communes that answer the question, and what each lacks."""
    here = places.c
    return (
        answers.statement_for(resolved)
        .order_by(None)
        .with_only_columns(
            here.id,
            here.public_id,
            here.name,
            here.norm,
            here.commune,
            here.phone,
            here.updated_on,
            here.provenance["updated_on"]["source"].astext.label("source"),
            *(is_missing(one, places).label(one.name) for one in EXPECTED),
            expected_of(places).label("expected"),
            missing_of(places).label("missing"),
            is_unchecked(places, today, OLD_AFTER_MONTHS).label("is_old"),
            urgency_of(places, today).label("urgency"),
        )
        .where(here.code_insee.in_(communes_of_team(team_id)))
        .subquery("judged")
    )


def chosen(
    one: Subquery, lacking: Sequence[str], months: int | None, today: date
) -> list[ColumnElement[bool]]:
    """What the list is narrowed to: places that lack one of these, that nobody looked at for that long."""
    wanted: list[ColumnElement[bool]] = []
    if lacking:
        wanted.append(or_(*(one.c[name] for name in lacking)))
    if months:
        wanted.append(is_unchecked(one, today, months))
    return wanted


def summary(one: Subquery, wanted: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """One row: `places`, `chosen`, sums of `expected` and `missing`, `complete`, `checked`, and how many
    places lack each expected thing, under its name."""
    return select(
        func.count().label("places"),
        func.count().filter(*wanted, literal(True)).label("chosen"),
        func.coalesce(func.sum(one.c.expected), 0).label("expected"),
        func.coalesce(func.sum(one.c.missing), 0).label("missing"),
        func.count().filter(one.c.missing == 0).label("complete"),
        func.count().filter(~one.c.is_old).label("checked"),
        *(func.count().filter(one.c[each.name]).label(each.name) for each in EXPECTED),
    )


def listed(
    one: Subquery, wanted: Sequence[ColumnElement[bool]], sort: str
) -> Select[*tuple[Any, ...]]:
    """With `source_title`: who looked last."""
    orders: dict[str, tuple[Any, ...]] = {
        "urgence": (one.c.urgency.desc(), one.c.updated_on.nulls_first()),
        "anciennete": (one.c.updated_on.nulls_first(),),
        "nom": (one.c.norm,),
        "commune": (func.norm(one.c.commune, type_=Text), one.c.norm),
    }
    return (
        select(one, sources.c.title.label("source_title"))
        .outerjoin(sources, sources.c.name == one.c.source)
        .where(*wanted)
        .order_by(*orders[sort], one.c.id)
    )


def measured(today: date) -> Select[*tuple[Any, ...]]:
    """All places now, commune by commune: the columns of `quality_months`."""
    here = places.c
    expected, lacking = expected_of(places), missing_of(places)
    return (
        select(
            literal(today.replace(day=1), Date).label("month"),
            here.code_insee,
            func.count().label("places"),
            func.sum(expected).label("expected"),
            func.sum(expected - lacking).label("told"),
            func.count().filter(lacking == 0).label("complete"),
            func.count().filter(~is_unchecked(places, today, OLD_AFTER_MONTHS)).label("checked"),
        )
        .where(here.code_insee.is_not(None))
        .group_by(here.code_insee)
    )


def months(communes: Select[str], today: date) -> Select[*tuple[Any, ...]]:
    """These communes at the end of each month that was kept, this one apart; the latest last."""
    kept = QualityMonth
    return (
        select(
            kept.month,
            *(
                func.sum(column).label(column.key)
                for column in (kept.places, kept.expected, kept.told, kept.complete, kept.checked)
            ),
        )
        .where(
            kept.code_insee.in_(communes),
            kept.month >= literal(today.replace(day=1), Date) - func.make_interval(0, MONTHS_SHOWN),
            kept.month < today.replace(day=1),
        )
        .group_by(kept.month)
        .order_by(kept.month)
    )
