"""What is shown of news: to everybody, to their author, to those who accept them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from geoservice.news.model import BOOKINGS, KINDS
from geoservice.news.reading import Corrections, Typed
from geoservice.news.timing import coming, sentence, told
from geoservice.places.vocabulary import Public
from geoservice.web.boxes import Box, boxes

STATES = {
    "waiting": "attend d’être acceptée par une personne qui coordonne le territoire",
    "published": "publiée",
    "refused": "refusée",
}


@dataclass(frozen=True)
class Announced:
    """One event or workshop."""

    id: str
    kind: str
    title: str
    description: str | None
    sentence: str
    next_time: str | None
    """None when it is over."""
    starts: datetime | None
    place: str
    place_name: str
    commune: str | None
    publics: tuple[str, ...]
    booking: str
    booking_url: str | None

    @classmethod
    def of(cls, row: Row[Any], moment: datetime) -> "Announced":
        span = coming(row, moment)
        return cls(
            row.public_id,
            KINDS[row.kind],
            row.title,
            row.description,
            sentence(row),
            told(span, row) if span else None,
            span.start if span else None,
            row.place,
            row.place_name,
            row.commune,
            tuple(one.label for one in Public if one.value in row.publics),
            BOOKINGS[row.booking],
            row.booking_url,
        )


def soonest(rows: Sequence[Row[Any]], moment: datetime) -> tuple[Announced, ...]:
    """Those that are not over, the next first."""
    those = [one for row in rows if (one := Announced.of(row, moment)).starts]
    return tuple(sorted(those, key=lambda one: (one.starts or moment, one.id)))


@dataclass(frozen=True)
class ListPage:
    title: str
    news: tuple[Announced, ...]
    atom: str
    calendar: str
    back: tuple[str, str] | None
    """Label and address of the place or territory; None for the whole country."""


@dataclass(frozen=True)
class OnePage:
    title: str
    one: Announced


@dataclass(frozen=True)
class Own:
    one: Announced
    state: str
    reason: str | None


@dataclass(frozen=True)
class OwnPage:
    news: tuple[Own, ...]
    may_decide: int
    """How many of others wait for this account."""
    token: str
    title: str = "Mes annonces"

    @classmethod
    def of(cls, rows: Sequence[Row[Any]], waiting: int, token: str, moment: datetime) -> "OwnPage":
        return cls(
            tuple(Own(Announced.of(row, moment), STATES[row.state], row.reason) for row in rows),
            waiting,
            token,
        )


@dataclass(frozen=True)
class WaitingPage:
    news: tuple[Announced, ...]
    token: str
    mistake: str | None = None
    title: str = "Annonces à accepter"


@dataclass(frozen=True)
class FormPage:
    title: str
    action: str
    typed: Typed
    corrections: Corrections
    places: tuple[Box, ...]
    publics: tuple[Box, ...]
    kinds: tuple[tuple[str, str], ...]
    bookings: tuple[tuple[str, str], ...]
    published_at_once: bool
    token: str

    @classmethod
    def of(
        cls,
        action: str,
        typed: Typed,
        places: Sequence[Row[Any]],
        token: str,
        corrections: Corrections | None = None,
    ) -> "FormPage":
        new = action.endswith("/nouvelle")
        heading = "Annoncer un atelier ou un événement" if new else "Changer une annonce"
        only = places[0].public_id if len(places) == 1 else None
        return cls(
            f"À corriger – {heading}" if corrections else heading,
            action,
            typed,
            corrections or Corrections(),
            tuple(
                Box(row.public_id, row.name, row.commune or "", row.public_id in (typed.place, only))
                for row in places
            ),
            boxes(Public, typed.publics),
            tuple(KINDS.items()),
            tuple(BOOKINGS.items()),
            bool(places) and all(row.in_charge for row in places),
            token,
        )  # fmt: skip
