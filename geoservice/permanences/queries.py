"""Permanences as each may read them: anyone, those who take the data, the mediator themselves."""

from sqlalchemy import ARRAY, Integer, Text, TextClause, bindparam, text

# What `presence` needs of a row: expression, code, valid_from, valid_until, absent.
_TOLD = """
  permanence.id, permanence.public_id, permanence.place_id, permanence.expression, schedule.code,
  permanence.valid_from, permanence.valid_until, permanence.by_appointment, permanence.services,
  permanence.note, permanence.absent, permanence.changed_at
"""

_ABSENT = """
  coalesce((
    SELECT range_agg(daterange(first_day, last_day, '[]')) FROM absences
    WHERE permanence_id = permanence.id OR mediator_id = permanence.mediator_id
  ), '{}'::datemultirange) AS absent
"""

_AT_PLACES = """
    SELECT {told}, mediator.public_id AS mediator, mediator.given_name, mediator.family_name
    FROM public_view.permanences permanence
    JOIN public_view.schedules schedule ON schedule.id = permanence.schedule_id
    LEFT JOIN {people} mediator ON mediator.id = permanence.{mediator}
    WHERE permanence.place_id = ANY (:places)
      AND (permanence.valid_until IS NULL OR permanence.valid_until >= :today)
    ORDER BY permanence.place_id, permanence.id
"""


def _at_places(people: str, mediator: str) -> TextClause:
    statement = text(_AT_PLACES.format(told=_TOLD, people=people, mediator=mediator))
    return statement.bindparams(bindparam("places", type_=ARRAY(Integer)))


AT_PLACES = _at_places("public_view.mediators", "mediator_id")
"""Those that are not over, for pages: who is there, if they agreed that anyone may read it."""

AT_PLACES_AS_DATA = _at_places("public_view.reusable_mediators", "reusable_mediator_id")
"""As `AT_PLACES`, for what leaves as data: who is there, if they agreed that it be re-used."""

_OF_MEDIATORS = """
    SELECT {told}, mediator.id AS mediator_id, place.public_id AS place, place.name AS place_name, place.commune,
      place.address, place.postal_code, mediator.public_id AS mediator, mediator.given_name,
      mediator.family_name
    FROM public_view.permanences permanence
    JOIN public_view.schedules schedule ON schedule.id = permanence.schedule_id
    JOIN public_view.places place ON place.id = permanence.place_id
    JOIN {people} mediator ON mediator.id = permanence.{mediator}
    WHERE mediator.public_id = ANY (:mediators)
      AND (permanence.valid_until IS NULL OR permanence.valid_until >= :today)
    ORDER BY permanence.id
"""


def _of_mediators(people: str, mediator: str) -> TextClause:
    statement = text(_OF_MEDIATORS.format(told=_TOLD, people=people, mediator=mediator))
    return statement.bindparams(bindparam("mediators", type_=ARRAY(Text)))


OF_MEDIATORS = _of_mediators("public_view.mediators", "mediator_id")
"""Of people whom anyone may see, by their public ids; those that are not over."""

OF_MEDIATORS_AS_DATA = _of_mediators("public_view.reusable_mediators", "reusable_mediator_id")
"""As `OF_MEDIATORS`, of people who agreed that it be re-used."""

OWN = text(
    f"""
    SELECT permanence.id, permanence.public_id, permanence.expression, schedule.code,
      permanence.valid_from, permanence.valid_until, permanence.by_appointment,
      permanence.audience, permanence.services, permanence.note,
      {_ABSENT},
      place.id AS place_id, place.public_id AS place, place.name AS place_name, place.commune,
      place.opening_hours, place.code_insee, place.departement
    FROM permanences permanence
    JOIN schedules schedule ON schedule.id = permanence.schedule_id
    JOIN places there ON there.id = permanence.place_id
    JOIN places place ON place.id = coalesce(there.merged_into, there.id)
    WHERE permanence.mediator_id = :mediator
    ORDER BY place.norm, permanence.id
    """  # noqa: S608 - our own columns
)
"""Everything that a mediator announced, for themselves alone."""

OWN_ABSENCES = text(
    """
    SELECT absence.id, absence.first_day, absence.last_day, place.name AS place_name
    FROM absences absence
    LEFT JOIN permanences permanence ON permanence.id = absence.permanence_id
    LEFT JOIN places place ON place.id = permanence.place_id
    WHERE (absence.mediator_id = :mediator OR permanence.mediator_id = :mediator)
      AND absence.last_day >= :today
    ORDER BY absence.first_day, absence.id
    """
)
"""Of a mediator, those that are not over; `place_name` is None when it is for all permanences."""

OWN_PLACES = text(
    """
    SELECT DISTINCT place.id, place.public_id, place.name, place.commune, place.norm,
      place.code_insee, place.departement
    FROM mediator_places worked
    JOIN places there ON there.id = worked.place_id
    JOIN places place ON place.id = coalesce(there.merged_into, there.id)
    WHERE worked.mediator_id = :mediator AND place.withdrawn_at IS NULL
    ORDER BY place.norm, place.id
    """
)
"""Where a mediator works."""

PLACE = text(
    "SELECT id, public_id AS place, name AS place_name, commune, address, postal_code"
    " FROM public_view.places WHERE public_id = :place"
)

FOR_PROFESSIONALS = text(
    f"""
    SELECT {_TOLD.replace("permanence.absent", _ABSENT)}, place.public_id AS place,
      place.name AS place_name, place.commune, NULL AS mediator,
      person.given_name, person.family_name
    FROM permanences permanence
    JOIN schedules schedule ON schedule.id = permanence.schedule_id
    JOIN places there ON there.id = permanence.place_id
    JOIN places place ON place.id = coalesce(there.merged_into, there.id)
    LEFT JOIN mediators_for_professionals person ON person.id = permanence.mediator_id
    WHERE permanence.audience = 'professionals' AND place.withdrawn_at IS NULL
      AND place.code_insee IN (SELECT communes_as_professional(:account))
      AND (permanence.valid_until IS NULL OR permanence.valid_until >= :today)
    ORDER BY place.norm, permanence.id LIMIT 500
    """  # noqa: S608 - our own columns
)
"""Those that only professionals may come to, on the territory of an account; who is there, if they agreed."""

SHOWN_TO_PROFESSIONALS = text(
    """
    SELECT permanence.mediator_id, permanence.expression, permanence.by_appointment,
      place.name AS place_name, place.public_id AS place
    FROM permanences permanence
    JOIN mediators_for_professionals person ON person.id = permanence.mediator_id
    JOIN places there ON there.id = permanence.place_id
    JOIN places place ON place.id = coalesce(there.merged_into, there.id)
    WHERE permanence.mediator_id = ANY (:mediators) AND place.withdrawn_at IS NULL
      AND (permanence.valid_until IS NULL OR permanence.valid_until >= :today)
    ORDER BY permanence.mediator_id, place.norm, permanence.id
    """
).bindparams(bindparam("mediators", type_=ARRAY(Integer)))
"""Every permanence, whoever it is for, of people who agreed that professionals see them."""
