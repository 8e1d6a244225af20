"""The review of doubts: two places side by side, what they share, what sets them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from french_hours import InvalidHours, say
from sqlalchemy import Row

from geoservice.auth.current import Identity
from geoservice.clock import day_in_paris
from geoservice.places.fields import FIELDS, Field
from geoservice.web.typography import phone

NOT_COMPARED = ("lon", "lat", "source", "updated_on", "code_insee")
WEB = ("websites", "accessibility_url", "booking_url")


@dataclass(frozen=True)
class Said:
    """One value, as people read it; `href` leads to more about it."""

    text: str
    href: str | None = None


@dataclass(frozen=True)
class Line:
    """One field of both places; nothing where one does not say."""

    label: str
    one: Sequence[Said]
    other: Sequence[Said]
    alike: bool


@dataclass(frozen=True)
class Side:
    public_id: str
    name: str
    sources: str
    checked_on: date | None


@dataclass(frozen=True)
class Evidence:
    label: str
    percent: int


@dataclass(frozen=True)
class Area:
    """A département where pairs wait."""

    code: str
    label: str
    count: int
    href: str


@dataclass(frozen=True)
class ReviewPage:
    title: str
    token: str
    waiting: int
    """How many pairs wait, this one included, where one looks."""
    area: Area | None
    """The only département that is looked at."""
    areas: Sequence[Area]
    """Where else pairs wait."""
    pair: str
    """What the form sends back: «12-34»; empty when nothing waits."""
    later: str
    """Address of the next pair, for who cannot decide of this one."""
    percent: int
    metres: float | None
    one: Side | None
    other: Side | None
    evidence: Sequence[Evidence]
    guards: Sequence[str]
    lines: Sequence[Line]
    is_everywhere: bool = True
    """Whether whoever reads decides for the whole country, and not for a territory."""

    @classmethod
    def of(
        cls, me: Identity, waiting: Sequence[Row[Any]], code: str, found: Row[Any] | None
    ) -> "ReviewPage":
        """`waiting` is of `queries.WAITING`, `found` of `queries.NEXT_PAIR`: None when nothing waits.

        `code` is the département that is looked at, empty for all of them.
        """
        areas = [_area(row) for row in waiting if row.code]
        total = sum(row.pairs for row in waiting if code in ("", row.code))
        nowhere = Area(code, f"Département {code}", 0, address(code)) if code else None
        area = next((one for one in areas if one.code == code), nowhere)
        others = tuple(one for one in areas if one.code != code)
        if found is None:
            return cls(
                "Doublons", me.token, total, area, others, "", "", 0, None, None, None, (), (), ()
            )
        told = found.verdict_data
        return cls(
            title="Doublons : un lieu ou deux ?",
            token=me.token,
            waiting=total,
            area=area,
            areas=others if area or len(others) > 1 else (),
            pair=f"{found.a}-{found.b}",
            later=address(code, f"{found.score}-{found.a}-{found.b}"),
            percent=round(100 * found.score),
            metres=found.metres,
            one=_side(found.one, found.one_sources),
            other=_side(found.other, found.other_sources),
            evidence=tuple(
                Evidence(label, round(100 * value)) for label, value in told["features"].items()
            ),
            guards=tuple(told["guards"]),
            lines=tuple(_lines(found.one, found.other)),
        )


def address(code: str, after: str = "") -> str:
    """Of the first pair of a département, or of the one after a pair."""
    given = {"territoire": f"departement:{code}" if code else "", "apres": after}
    asked = urlencode({name: value for name, value in given.items() if value}, safe=":")
    return "/doublons" + (f"?{asked}" if asked else "")


def _area(row: Row[Any]) -> Area:
    label = f"{row.name} ({row.code})" if row.name else f"Département {row.code}"
    return Area(row.code, label, row.pairs, address(row.code))


def _side(place: dict[str, Any], sources: Sequence[str]) -> Side:
    checked = place["updated_on"]
    return Side(
        place["public_id"],
        place["name"],
        ", ".join(sources),
        date.fromisoformat(checked) if checked else None,
    )


def _lines(one: dict[str, Any], other: dict[str, Any]) -> list[Line]:
    """The fields that one of both knows, those that differ first."""
    lines = [
        Line(field.label, _said(field, one), _said(field, other), alike)
        for field in FIELDS
        if field.column not in NOT_COMPARED and (one[field.column] or other[field.column])
        for alike in [one[field.column] == other[field.column]]
    ]
    return sorted(lines, key=lambda line: line.alike)


def _said(field: Field, place: dict[str, Any]) -> tuple[Said, ...]:
    value = place[field.column]
    if not value:
        return ()
    values: list[str] = value if field.many else [value]
    if field.vocabulary:
        return tuple(Said(field.vocabulary(one).label) for one in values)
    if field.column in WEB:
        return tuple(Said(one, one) for one in values)
    if field.column == "phone":
        return (Said(phone(value), f"tel:{value}"),)
    if field.column == "opening_hours":
        return (Said(_hours(value)),)
    if field.column == "commune" and place["code_insee"]:
        return (Said(value, f"/lieux?territoire=commune:{place['code_insee']}"),)
    return tuple(Said(one) for one in values)


def _hours(expression: str) -> str:
    try:
        return say(expression)
    except InvalidHours:
        return f"Horaires que nous n’avons pas pu lire : {expression}"


@dataclass(frozen=True)
class DecisionLine:
    id: int
    same: bool
    by: str
    decided_on: date
    reason: str | None
    one: str
    other: str
    one_id: str
    other_id: str


@dataclass(frozen=True)
class DecisionsPage:
    title: str
    token: str
    decisions: Sequence[DecisionLine]

    @classmethod
    def of(cls, me: Identity, rows: Sequence[Row[Any]]) -> "DecisionsPage":
        return cls(
            "Décisions sur les doublons",
            me.token,
            tuple(
                DecisionLine(
                    row.id,
                    row.verdict == "same",
                    row.by or "les règles",
                    day_in_paris(row.decided_at),
                    row.reason,
                    row.one,
                    row.other,
                    row.one_id,
                    row.other_id,
                )
                for row in rows
            ),
        )
