"""The review of doubts: two places side by side, what they share, what sets them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geoservice.auth.current import Identity
from geoservice.places.fields import FIELDS

PARIS = ZoneInfo("Europe/Paris")
NOT_COMPARED = ("lon", "lat", "source", "updated_on")


@dataclass(frozen=True)
class Line:
    """One field of both places."""

    label: str
    one: str
    other: str
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
class ReviewPage:
    title: str
    token: str
    waiting: int
    """How many pairs wait, this one included."""
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

    @classmethod
    def of(cls, me: Identity, waiting: int, found: Row[Any] | None) -> "ReviewPage":
        """`found` is of `queries.next_pair`; None when nothing waits."""
        if found is None:
            return cls("Doublons", me.token, 0, "", "", 0, None, None, None, (), (), ())
        told = found.verdict_data
        return cls(
            title="Doublons : un lieu ou deux ?",
            token=me.token,
            waiting=waiting,
            pair=f"{found.a}-{found.b}",
            later=f"/doublons?apres={found.score}-{found.a}-{found.b}",
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
        Line(field.label, _text(one[field.column]), _text(other[field.column]), alike)
        for field in FIELDS
        if field.column not in NOT_COMPARED and (one[field.column] or other[field.column])
        for alike in [one[field.column] == other[field.column]]
    ]
    return sorted(lines, key=lambda line: line.alike)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - JSON


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
                    _day(row.decided_at),
                    row.reason,
                    row.one,
                    row.other,
                    row.one_id,
                    row.other_id,
                )
                for row in rows
            ),
        )


def _day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()
