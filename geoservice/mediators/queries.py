"""What a mediator reads of themselves: everything, and what each audience sees."""

from sqlalchemy import Select, select, text

from geoservice.consent.model import Audience
from geoservice.mediators.model import Mediator

FOUND_MAX = 20


def own(account: int) -> Select[Mediator]:
    return select(Mediator.__table__).where(Mediator.account_id == account)  # pyright: ignore[reportReturnType]


_SEEN = (
    "SELECT given_name, family_name, mail, phone, booking_url, summary, role, employer"
    " FROM {view} WHERE id = :mediator"
)
SEEN = {
    Audience.PUBLIC: text(_SEEN.format(view="public_view.mediators")),
    Audience.PROFESSIONALS: text(_SEEN.format(view="mediators_for_professionals")),
    Audience.REUSERS: text(_SEEN.format(view="public_view.reusable_mediators")),
}
"""No row: this audience sees nothing at all of the person."""

OWN_PLACES = text(
    """
    SELECT place.public_id, place.name, place.commune, place.address, worked.source
    FROM mediator_places worked
    JOIN places there ON there.id = worked.place_id
    JOIN places place ON place.id = coalesce(there.merged_into, there.id)
    WHERE worked.mediator_id = :mediator
    ORDER BY place.norm, place.id
    """
)

PLACES_LIKE = text(
    r"""
    SELECT public_id, name, commune, address FROM public_view.places
    WHERE words @@ to_tsquery('simple',
        rtrim(regexp_replace(norm(:words), '(\S+)(\s|$)', '\1:* & ', 'g'), ' &'))
      OR norm %> norm(:words)
    ORDER BY norm <->> norm(:words), id
    LIMIT :limit
    """
)
"""Places whose name, address or commune say these words."""

PERMANENCES = text(
    """
    SELECT permanence.public_id, place.name AS place, permanence.expression, permanence.valid_from,
      permanence.valid_until, permanence.by_appointment, permanence.audience, permanence.services,
      permanence.note
    FROM permanences permanence JOIN places place ON place.id = permanence.place_id
    WHERE permanence.mediator_id = :mediator ORDER BY permanence.id
    """
)

ABSENCES = text(
    "SELECT first_day, last_day FROM absences WHERE mediator_id = :mediator"
    " OR permanence_id IN (SELECT id FROM permanences WHERE mediator_id = :mediator) ORDER BY id"
)

_AT_PLACE = """
    SELECT person.public_id, person.role, person.given_name, person.family_name, person.employer,
      person.mail, person.phone, person.booking_url, person.skills
    FROM public_view.mediator_places worked JOIN {view} person ON person.id = worked.mediator_id
    WHERE worked.place_id = :place
    ORDER BY person.norm NULLS LAST, person.id LIMIT 100
"""
AT_PLACE = text(_AT_PLACE.format(view="public_view.mediators"))
"""Who works in a place and agreed that anyone may read it on a page."""

AT_PLACE_AS_DATA = text(_AT_PLACE.format(view="public_view.reusable_mediators"))
"""Who works in a place and agreed that it be re-used."""
