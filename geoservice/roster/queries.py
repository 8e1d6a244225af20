"""The places and people of a team's territory."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, func, or_, select, text

from geoservice.search import answers
from geoservice.search.answers import Resolved
from geoservice.search.queries import places
from geoservice.search.question import TerritoryName
from geoservice.teams.queries import communes_of_team
from geoservice.territories.queries import territories

PLACES_MAX = 10_000
"""More than are in any région."""


def communes(team_id: int, names: Sequence[TerritoryName]) -> Select[str]:
    """INSEE codes of the communes of the team; of those, only those in one of the territories."""
    here = territories.c
    statement = select(here.code).where(
        here.type == "commune", here.code.in_(communes_of_team(team_id))
    )
    if names:
        statement = statement.where(or_(*(_inside(name) for name in names)))
    return statement


def _inside(name: TerritoryName) -> ColumnElement[bool]:
    return territories.c.code.in_(select(func.communes_of(name.type, name.code, type_=Text)))


def places_of(team_id: int, resolved: Resolved, columns: Iterable[str] | None) -> Select[Any]:
    """The places of the team's communes that answer the question.

    `columns` are those that will be read, beside the ids; None for all: descriptions are heavy.
    """
    statement = answers.statement_for(resolved)
    if columns is not None:
        read = dict.fromkeys(("id", "public_id", *columns))
        statement = statement.with_only_columns(*(places.c[name] for name in read))
    return statement.where(places.c.code_insee.in_(communes_of_team(team_id))).limit(PLACES_MAX)


COMMUNES_OFFERED = 1_000
"""A list of choices that is longer is of no help; the words of the search find a commune too."""

PARTS = text(
    """
    WITH ours AS (
      SELECT DISTINCT commune FROM team_territories held
      CROSS JOIN LATERAL communes_of(held.type, held.code) commune
      WHERE held.team_id = :team AND held.accepted_at IS NOT NULL
    ), communes AS (
      SELECT code, name, departement, epci FROM territories JOIN ours ON ours.commune = code
      WHERE type = 'commune' AND successor IS NULL
    ), lived AS (
      SELECT code, name FROM communes
      WHERE EXISTS (SELECT FROM public_view.places WHERE code_insee = code)
    )
    SELECT 'perimetre' AS type, code, name FROM perimeters WHERE team_id = :team
    UNION ALL
    SELECT type, code, name FROM territories WHERE type = 'departement'
      AND code IN (SELECT departement FROM communes)
    UNION ALL
    SELECT type, code, name FROM territories WHERE type = 'epci'
      AND code IN (SELECT epci FROM communes)
    UNION ALL
    SELECT 'commune', code, name FROM lived WHERE (SELECT count(*) FROM lived) <= :communes
    ORDER BY 1, 3, 2
    """
).bindparams(communes=COMMUNES_OFFERED)
"""What the list may be narrowed to, kind by kind: of the communes, those where there is a place."""
