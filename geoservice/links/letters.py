"""What the pages of campaigns show."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.links.queries import ASK_AGAIN_DAYS, SELECTED_MAX

MONTHS = (6, 12, 18, 24)
REMIND_DAYS = (7, 14, 21)
MESSAGE_MAX = 600


@dataclass(frozen=True)
class Choice:
    """One place that may be asked."""

    id: int
    public_id: str
    name: str
    commune: str | None
    updated_on: date | None
    phone: str | None
    mail: str | None
    """None when there is no address to write to."""
    silent: bool
    """Whether its addresses asked for silence, or do not work."""
    chosen: bool

    @classmethod
    def of(cls, row: Row[Any], chosen: Collection[int] | None) -> "Choice":
        """`chosen` is None at first: then all are."""
        return cls(
            row.id,
            row.public_id,
            row.name,
            row.commune,
            row.updated_on,
            row.phone,
            row.mail,
            row.had_mail and row.mail is None,
            chosen is None or row.id in chosen,
        )


@dataclass(frozen=True)
class NewCampaignPage:
    months: int
    """How old what is told of the places is; 0 when they were chosen for something else."""
    departement: str
    reachable: tuple[Choice, ...]
    unreachable: tuple[Choice, ...]
    more: bool
    """Whether there are more places than the page shows."""
    message: str
    remind_days: int | None
    token: str
    mistake: str | None = None
    has_territory: bool = True
    passed_over: int = 0
    """How many of the chosen places are not asked again so soon."""
    back: str = ""
    """Where they were chosen; empty when it was here."""
    all_months: tuple[int, ...] = MONTHS
    all_remind_days: tuple[int, ...] = REMIND_DAYS
    most: int = SELECTED_MAX
    again_days: int = ASK_AGAIN_DAYS
    title: str = "Demander aux lieux de se relire"

    @classmethod
    def of(
        cls,
        rows: Sequence[Row[Any]],
        months: int,
        departement: str,
        token: str,
        *,
        has_territory: bool,
        chosen: Collection[int] | None = None,
        message: str = "",
        remind_days: int | None = 14,
        mistake: str | None = None,
    ) -> "NewCampaignPage":
        choices = [Choice.of(row, chosen) for row in rows[:SELECTED_MAX]]
        heading = "Demander aux lieux de se relire"
        return cls(
            months,
            departement,
            tuple(one for one in choices if one.mail),
            tuple(one for one in choices if not one.mail),
            len(rows) > SELECTED_MAX,
            message,
            remind_days,
            token,
            mistake,
            has_territory,
            title=f"À corriger – {heading}" if mistake else heading,
        )


@dataclass(frozen=True)
class Campaign:
    id: int
    day: date
    asker: str
    months: int
    message: str | None
    remind_days: int | None
    ended_on: date | None
    letters: int
    sent: int
    answered: int
    bounced: int
    departed: int

    @classmethod
    def of(cls, row: Row[Any]) -> "Campaign":
        return cls(
            row.id,
            day_in_paris(row.started_at),
            row.asker,
            row.months,
            row.message,
            row.remind_days,
            day_in_paris(row.ended_at) if row.ended_at else None,
            row.letters,
            row.sent,
            row.answered,
            row.bounced,
            row.departed,
        )


@dataclass(frozen=True)
class CampaignsPage:
    campaigns: tuple[Campaign, ...]
    title: str = "Campagnes de vérification"


@dataclass(frozen=True)
class Letter:
    public_id: str
    name: str
    commune: str | None
    phone: str | None
    mail: str
    state: str
    answered: bool

    @classmethod
    def of(cls, row: Row[Any]) -> "Letter":
        return cls(
            row.public_id,
            row.name,
            row.commune,
            row.phone,
            row.mail,
            _state(row),
            row.answered_at is not None,
        )


def _state(row: Row[Any]) -> str:
    """What happened last, in words."""
    for moment, word in (
        (row.answered_at, "a répondu le {}"),
        (row.left_at, "ne veut plus de message, depuis le {}"),
        (row.bounced_at, "message revenu le {}" + (f" (code {row.bounce})" if row.bounce else "")),
        (row.reminded_at, "rappel envoyé le {}"),
        (row.sent_at, "message envoyé le {}"),
    ):
        if moment:
            return word.format(f"{day_in_paris(moment):%d/%m/%Y}")
    return "message en partance"


@dataclass(frozen=True)
class CampaignPage:
    campaign: Campaign
    silent: tuple[Letter, ...]
    """Of places that did not answer."""
    answered: tuple[Letter, ...]
    token: str
    title: str

    @classmethod
    def of(cls, row: Row[Any], letters: Sequence[Row[Any]], token: str) -> "CampaignPage":
        campaign, told = Campaign.of(row), [Letter.of(one) for one in letters]
        return cls(
            campaign,
            tuple(one for one in told if not one.answered),
            tuple(one for one in told if one.answered),
            token,
            f"Campagne du {campaign.day:%d/%m/%Y}",
        )


@dataclass(frozen=True)
class LeavePage:
    key: str
    done: bool
    title: str = "Ne plus recevoir ces demandes"
