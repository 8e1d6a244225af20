"""Saved embeds: the one of a key, those of an owner, and their counts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, Row, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice import clock
from geoservice.embed.model import Embed, EmbedDay, EmbedLink
from geoservice.teams.model import Team, TeamMember
from geoservice.web.problems import NotFound

OF_KEY = text("SELECT id, key, question, hosts, counted FROM public_view.embeds WHERE key = :key")
DAYS_SHOWN = 31
OWN_MAX = 100


class UnknownKey(NotFound):
    title = "Cette carte n’existe pas, ou n’existe plus. La personne qui tient ce site peut en faire une autre."


@dataclass(frozen=True)
class Saved:
    """What the key of an embed stands for."""

    id: int
    key: str
    pairs: tuple[tuple[str, str], ...]
    """Question and appearance, as `/embed` takes them."""
    hosts: tuple[str, ...]
    counted: bool

    @classmethod
    def of(cls, row: Row[Any]) -> "Saved":
        return cls(row.id, row.key, tuple(parse_qsl(row.question)), tuple(row.hosts), row.counted)


async def of_key(db: AsyncConnection, key: str) -> Saved:
    """Raises UnknownKey."""
    row = (await db.execute(OF_KEY, {"key": key})).one_or_none() if "\x00" not in key else None
    if row is None:
        raise UnknownKey
    return Saved.of(row)


@dataclass(frozen=True)
class Owner:
    """Whose embeds are asked for, and where they are managed."""

    home: str
    """Address of the list of their embeds."""
    mail: str
    account_id: int | None = None
    token: str | None = None
    """What forms must repeat; None where the address of the form is a secret."""
    team_id: int | None = None
    """When they are those of a team."""
    team: str | None = None
    """Its name."""
    may_change: bool = True
    """Those who are not responsible for the team see its maps only."""

    @property
    def owns(self) -> ColumnElement[bool]:
        if self.team_id is not None:
            return Embed.team_id == self.team_id
        by_mail = Embed.mail == self.mail
        if self.account_id is None:
            return by_mail
        left_to_them = Embed.team_id.in_(
            select(TeamMember.team_id)
            .join(Team, Team.id == TeamMember.team_id)
            .where(
                TeamMember.account_id == self.account_id,
                TeamMember.is_owner,
                Team.closed_at.is_not(None),
            )
        )
        return or_(Embed.account_id == self.account_id, by_mail, left_to_them)


def managed_teams(account_id: int):
    """Code and name of the open teams that somebody is responsible for."""
    return (
        select(Team.code, Team.name)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.account_id == account_id, TeamMember.is_owner, Team.closed_at.is_(None))
        .order_by(Team.name, Team.id)
    )


def own(owner: Owner):
    """With what was counted in the last `DAYS_SHOWN` days; those that wait for an agreement first."""
    counts = (
        select(
            func.coalesce(func.sum(EmbedDay.displays), 0).label("displays"),
            func.coalesce(func.sum(EmbedDay.searches), 0).label("searches"),
        )
        .where(EmbedDay.embed_id == Embed.id, EmbedDay.day > clock.today() - timedelta(DAYS_SHOWN))
        .lateral()
    )
    return (
        select(
            Embed.id,
            Embed.key,
            Embed.name,
            Embed.question,
            Embed.hosts,
            Embed.counted,
            Embed.made_at,
            Embed.confirmed_at,
            counts.c.displays,
            counts.c.searches,
        )
        .join(counts, text("true"))
        .where(owner.owns)
        .order_by(Embed.confirmed_at.is_not(None), Embed.made_at.desc(), Embed.id.desc())
        .limit(OWN_MAX)
    )


def days(embed_id: int):
    """Day by day, the last one first."""
    return (
        select(EmbedDay.day, EmbedDay.displays, EmbedDay.searches)
        .where(EmbedDay.embed_id == embed_id)
        .order_by(EmbedDay.day.desc())
    )


def opened_link(hash_: bytes):
    """The mail whose embeds a link opens."""
    return select(EmbedLink.mail).where(EmbedLink.hash == hash_, EmbedLink.expires_at > func.now())
