"""What is announced: for everybody, for its author, for those who look after the territory."""

from sqlalchemy import TextClause, text

from geoservice.teams.naming import PERIMETER

LISTED_MAX = 200

_PLACE = """
    place.public_id AS place, place.name AS place_name, place.address, place.postal_code,
    place.commune, place.code_insee, place.departement
"""
_TOLD = """
    item.public_id, item.kind, item.title, item.description, item.expression, item.first_day,
    item.last_day, item.publics, item.booking, item.booking_url, item.ends_at, item.changed_at
"""
_PUBLISHED = f"""
    SELECT {_TOLD}, {_PLACE} FROM public_view.news item
    JOIN public_view.places place ON place.id = item.place_id
"""  # noqa: S608 - our own columns
_SOONEST = f" ORDER BY item.first_day, item.ends_at, item.id LIMIT {LISTED_MAX}"

EVERYWHERE = text(_PUBLISHED + _SOONEST)
AT_PLACE = text(f"{_PUBLISHED} WHERE place.public_id = :place {_SOONEST}")
ONE = text(f"{_PUBLISHED} WHERE item.public_id = :id")


def _inside(condition: str) -> TextClause:
    return text(f"{_PUBLISHED} WHERE {condition} {_SOONEST}")


INSIDE = {
    "commune": _inside("place.code_insee = :code"),
    "departement": _inside("place.departement = :code"),
    "epci": _inside(
        "place.code_insee IN (SELECT code FROM public_view.territories"
        " WHERE type = 'commune' AND epci = :code)"
    ),
    "region": _inside(
        "place.departement IN (SELECT code FROM public_view.territories"
        " WHERE type = 'departement' AND region = :code)"
    ),
    # as any list reads a perimeter: see teams.perimeters.contains
    PERIMETER: _inside(
        "EXISTS (SELECT FROM public_view.perimeters here WHERE here.code = :code"
        " AND ((is_listed OR place.point IS NULL) AND place.code_insee = ANY (communes)"
        " OR NOT is_listed AND ST_Intersects(place.point, here.outline)))"
    ),
}
"""Type of territory → what is announced in it."""

_FOR_THEMSELVES = f"SELECT {_TOLD}, item.state, item.reason, {_PLACE} FROM news item"  # noqa: S608
_STANDING = """
    JOIN places there ON there.id = item.place_id
    JOIN places place ON place.id = coalesce(there.merged_into, there.id)
"""

OWN = text(
    f"{_FOR_THEMSELVES} {_STANDING} WHERE item.account_id = :account"
    " ORDER BY item.ends_at DESC, item.id LIMIT 200"
)

WAITING = text(
    f"""
    {_FOR_THEMSELVES} {_STANDING}
    WHERE item.state = 'waiting' AND item.ends_at > now()
      AND (:everywhere OR place.code_insee IN (SELECT communes_looked_after(:account)))
    ORDER BY item.created_at, item.id LIMIT 200
    """
)
"""What this account may accept."""

PLACES = text(
    """
    SELECT DISTINCT place.id, place.public_id, place.name, place.commune, place.norm,
      place.code_insee, place.departement,
      :everywhere OR place.code_insee IN (SELECT communes_looked_after(:account)) AS in_charge
    FROM places place
    WHERE place.withdrawn_at IS NULL AND place.merged_into IS NULL AND (
      place.id IN (
        SELECT coalesce(there.merged_into, there.id) FROM mediator_places worked
        JOIN mediators person ON person.id = worked.mediator_id AND person.account_id = :account
        JOIN places there ON there.id = worked.place_id)
      OR place.public_id = :place
        AND (:everywhere OR place.code_insee IN (SELECT communes_looked_after(:account))))
    ORDER BY place.norm, place.id LIMIT 200
    """
)
"""Where this account may announce something: where they work, and `place` if they look after it."""
