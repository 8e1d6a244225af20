"""What a mediator reads of themselves; what those who work on the same territories read of them."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    case,
    cast,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import SQLColumnExpression

from geoservice.consent.model import Audience, Consent, Contact
from geoservice.mediators.model import Mediator, MediatorPlace
from geoservice.places.model import UTC_MOMENT, Place

FOUND_MAX = 20
PROFESSIONALS_MAX = 5_000
"""More people than work in any région."""


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


seen_by_professionals = Table(
    "mediators_for_professionals",
    MetaData(),  # a view: not one of the tables that Alembic compares
    Column("id", Integer),
    *(Column(name, Text) for name in ("public_id", "role", "employer")),
    *(Column(name, ARRAY(Text)) for name in ("skills", "languages", "publics")),
    *(Column(name, Text) for name in ("given_name", "family_name", "norm", "summary")),
    *(Column(name, Text) for name in ("mail", "phone", "booking_url")),
    Column("changed_at", UTC_MOMENT),
)

HELD: dict[Contact, ColumnElement[bool]] = {
    Contact.NAME: Mediator.family_name.is_not(None),
    Contact.MAIL: Mediator.mail.is_not(None),
    Contact.PHONE: Mediator.phone.is_not(None),
    Contact.BOOKING_URL: Mediator.booking_url.is_not(None),
}


def for_professionals(communes: Select[str], besides: int | None = None) -> Select[Any]:
    """Those who work in one of these communes (INSEE codes), as their professionals may read them.

    The caller checks that the territory is that of whoever asks, a mediator with the id `besides`
    who is not in the answer. A contact is None unless it was
    agreed to show it to professionals; `reasons` then says why, contact by contact: «unasked»,
    «refused» (or withdrawn), «expired», «unknown» when nothing was written. Somebody who agreed to
    nothing is not in the answer: `hidden_from_professionals` counts them. Each of `places` has `id` (public), `name` and `commune`.
    At most PROFESSIONALS_MAX, by name; those without a name last.
    """
    seen = seen_by_professionals.c
    why = func.jsonb_strip_nulls(
        func.jsonb_build_object(
            *(
                part
                for contact, is_held in HELD.items()
                for part in (contact.value, _reason(contact, is_held))
            )
        ),
        type_=JSONB,
    )
    return (
        select(
            *(column for column in seen if column.name != "norm"),
            why.label("reasons"),
            _places_of(seen.id).label("places"),
        )
        .join(Mediator, Mediator.id == seen.id)
        .where(_works_in(seen.id, communes), seen.id.is_distinct_from(besides))
        .order_by(seen.norm.nulls_last(), seen.id)
        .limit(PROFESSIONALS_MAX)
    )


def hidden_from_professionals(communes: Select[str], besides: int | None = None) -> Select[int]:
    """How many people work there and agreed to show nothing to professionals: a number, no more."""
    # hashed once: NOT EXISTS went through the view for each person, 6 s for a thousand
    shown = Mediator.id.in_(select(seen_by_professionals.c.id))
    others = Mediator.id.is_distinct_from(besides)
    return select(func.count(Mediator.id)).where(_works_in(Mediator.id, communes), ~shown, others)


def _reason(contact: Contact, is_held: ColumnElement[bool]) -> ColumnElement[str | None]:
    """None for a contact that is shown."""
    word = (
        select(
            case(
                (~Consent.granted, "refused"),
                (Consent.expires_at <= func.now(), "expired"),
            )
        )
        .where(
            Consent.person == Mediator.person,
            Consent.audience == Audience.PROFESSIONALS,
            Consent.contact == contact,
        )
        .scalar_subquery()
    )
    asked = exists().where(
        Consent.person == Mediator.person,
        Consent.audience == Audience.PROFESSIONALS,
        Consent.contact == contact,
    )
    return case((~is_held, "unknown"), (~asked, "unasked"), else_=word)


def _works_in(mediator: SQLColumnExpression[int], communes: Select[str]) -> ColumnElement[bool]:
    """A place that was merged is where its heir is."""
    there, place = aliased(Place), aliased(Place)
    return exists(
        select(MediatorPlace.place_id)
        .join(there, there.id == MediatorPlace.place_id)
        .join(place, place.id == func.coalesce(there.merged_into, there.id))
        .where(
            MediatorPlace.mediator_id == mediator,
            place.withdrawn_at.is_(None),
            place.code_insee.in_(communes),
        )
    )


def _places_of(mediator: ColumnElement[int]) -> ColumnElement[list[dict[str, str | None]]]:
    there, place = aliased(Place), aliased(Place)
    told = func.jsonb_build_object(
        "id", place.public_id, "name", place.name, "commune", place.commune
    )
    return (
        select(func.coalesce(func.jsonb_agg(told.distinct(), type_=JSONB), cast([], JSONB)))
        .join_from(MediatorPlace, there, there.id == MediatorPlace.place_id)
        .join(place, place.id == func.coalesce(there.merged_into, there.id))
        .where(MediatorPlace.mediator_id == mediator, place.withdrawn_at.is_(None))
        .scalar_subquery()
    )


COORDINATORS = text(
    """
    SELECT team.code, team.name AS team, member.in_programme, person.given_name, person.family_name,
      person.mail, person.phone
    FROM teams team JOIN team_members member ON member.team_id = team.id
    JOIN accounts account ON account.id = member.account_id AND account.closed_at IS NULL
    LEFT JOIN mediators mediator ON mediator.account_id = account.id
    LEFT JOIN mediators_for_professionals person ON person.id = mediator.id
    WHERE member.role = 'coordinator' AND team.closed_at IS NULL AND team.id <> :team
      AND EXISTS (
        SELECT FROM team_territories held CROSS JOIN LATERAL communes_of(held.type, held.code) listed
        WHERE held.team_id = team.id AND held.accepted_at IS NOT NULL AND listed IN (
          SELECT communes_of(ours.type, ours.code) FROM team_territories ours
          WHERE ours.team_id = :team AND ours.accepted_at IS NOT NULL))
    ORDER BY team.name, team.id, member.in_programme DESC, person.norm, account.id LIMIT 200
    """
)
"""Who coordinates the other teams of these communes; named where they agreed that professionals see it."""


def communes_as_professional(account: int) -> Select[str]:
    """INSEE codes of the communes of which an account may read what is agreed for professionals.

    What the person says of themselves opens none: a source must say that they work there, or a team
    that was given the territory must have taken them in (migration 0031).
    """
    return select(func.communes_as_professional(account, type_=Text))
