"""What the pages of teams show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.teams.history import sentence
from geoservice.teams.naming import Named
from geoservice.teams.roles import CHOICES, Choice, choice_of, spoken


@dataclass(frozen=True)
class OneTeam:
    code: str
    name: str
    territories: str | None
    """Their names; None while it looks after nothing."""
    members: int
    role: str | None
    """Of whoever reads; None when they are not in it."""
    is_orphan: bool
    """Nobody is responsible for it any more."""

    @classmethod
    def of(cls, row: Row[Any], *, mine: bool) -> "OneTeam":
        role = (
            spoken(row.role, is_owner=row.is_owner, in_programme=row.in_programme) if mine else None
        )
        return cls(row.code, row.name, row.territories, row.members, role, row.owners == 0)


@dataclass(frozen=True)
class Asked:
    """A territory that a team asked for, and that whoever reads may give."""

    team_code: str
    team: str
    territory: Named
    asker: str | None
    day: date

    @classmethod
    def of(cls, row: Row[Any]) -> "Asked":
        named = Named(row.type, row.code, row.territory, row.territory_departement)
        return cls(row.team_code, row.team, named, row.asker, day_in_paris(row.asked_at))


@dataclass(frozen=True)
class TeamsPage:
    token: str
    mine: tuple[OneTeam, ...]
    others: tuple[OneTeam, ...]
    """Every other team, for administrators."""
    asked: tuple[Asked, ...]
    name: str = ""
    mistake: str | None = None
    title: str = "Équipes"


@dataclass(frozen=True)
class OneMember:
    id: int
    name: str
    mail: str
    role: str
    """In words."""
    choice: Choice
    is_owner: bool
    is_me: bool
    since: date

    @classmethod
    def of(cls, row: Row[Any], me: int) -> "OneMember":
        return cls(
            row.id,
            row.name,
            row.mail,
            spoken(row.role, is_owner=row.is_owner, in_programme=row.in_programme),
            choice_of(row.role, row.in_programme),
            row.is_owner,
            row.id == me,
            day_in_paris(row.joined_at),
        )


@dataclass(frozen=True)
class OneInvitation:
    id: int
    mail: str
    role: str
    is_succession: bool
    until: date | None

    @classmethod
    def of(cls, row: Row[Any]) -> "OneInvitation":
        return cls(
            row.id,
            row.mail,
            spoken(row.role, is_owner=row.is_owner, in_programme=row.in_programme),
            row.succeeds is not None,
            row.expires_at and day_in_paris(row.expires_at),
        )


@dataclass(frozen=True)
class OneTerritory:
    named: Named
    is_waiting: bool

    @classmethod
    def of(cls, row: Row[Any]) -> "OneTerritory":
        named = Named(row.type, row.code, row.territory, row.territory_departement)
        return cls(named, row.accepted_at is None)


@dataclass(frozen=True)
class Happened:
    day: date
    sentence: str

    @classmethod
    def of(cls, row: Row[Any]) -> "Happened":
        return cls(day_in_paris(row.at), sentence(row.kind, row.who, row.whom, row.detail))


@dataclass(frozen=True)
class TeamPage:
    token: str
    code: str
    name: str
    members: tuple[OneMember, ...]
    territories: tuple[OneTerritory, ...]
    invitations: tuple[OneInvitation, ...]
    """For those who may manage."""
    succession: OneInvitation | None
    """Whom the reader proposed to take over from them; None when they asked nobody."""
    history: tuple[Happened, ...]
    is_member: bool
    may_manage: bool
    may_decide: bool
    """On what waits for a coordinator."""
    choices: tuple[Choice, ...] = CHOICES
    mistakes: tuple[tuple[str, str], ...] = ()
    """Field → what must be corrected."""
    typed: str = ""
    """What was in that field."""
    candidates: tuple[Named, ...] = ()
    """The territories that the words may mean."""

    @property
    def title(self) -> str:
        return f"Équipe : {self.name}"

    def mistake(self, field: str) -> str | None:
        return dict(self.mistakes).get(field)

    @classmethod
    def of(
        cls,
        team: Row[Any],
        token: str,
        me: int,
        *,
        members: Sequence[Row[Any]],
        territories: Sequence[Row[Any]],
        invitations: Sequence[Row[Any]],
        history: Sequence[Row[Any]],
        may_manage: bool,
        may_decide: bool,
    ) -> "TeamPage":
        return cls(
            token,
            team.code,
            team.name,
            tuple(OneMember.of(row, me) for row in members),
            tuple(OneTerritory.of(row) for row in territories),
            tuple(OneInvitation.of(row) for row in invitations) if may_manage else (),
            next((OneInvitation.of(row) for row in invitations if row.succeeds == me), None),
            tuple(Happened.of(row) for row in history),
            any(row.id == me for row in members),
            may_manage,
            may_decide,
        )


@dataclass(frozen=True)
class InvitationPage:
    secret: str
    team: str
    host: str | None
    predecessor: str | None
    role: str
    mail: str
    asks_name: bool
    """There is no account at this address yet."""
    mistake: str | None = None
    title: str = "Invitation dans une équipe"

    @classmethod
    def of(cls, row: Row[Any], secret: str, mistake: str | None = None) -> "InvitationPage":
        return cls(
            secret,
            row.name,
            row.host,
            row.predecessor,
            spoken(row.role, is_owner=row.is_owner, in_programme=row.in_programme),
            row.mail,
            not row.is_known,
            mistake,
        )


@dataclass(frozen=True)
class AnsweredPage:
    team: str | None
    code: str | None
    """Of the team that was joined; None when the invitation was refused."""
    title: str = "Votre réponse est enregistrée"


@dataclass(frozen=True)
class OnePerimeter:
    code: str
    name: str
    is_listed: bool
    communes: int
    is_held: bool
    """It is the territory of a team."""

    @property
    def question(self) -> str:
        return f"territoire=perimetre:{self.code}"

    @classmethod
    def of(cls, row: Row[Any]) -> "OnePerimeter":
        return cls(row.code, row.name, row.is_listed, row.communes, row.is_held)


@dataclass(frozen=True)
class PerimetersPage:
    token: str
    team: str
    team_code: str
    perimeters: tuple[OnePerimeter, ...]
    may_save: bool
    may_remove: bool
    box: str
    """Of the team's territory, `west,south,east,north`; empty when it has none."""
    mistakes: tuple[tuple[str, str], ...] = ()
    """`liste` or `contour` → what must be corrected."""
    name: str = ""
    typed: str = ""

    @property
    def title(self) -> str:
        return f"Périmètres : {self.team}"

    def mistake(self, field: str) -> str | None:
        return dict(self.mistakes).get(field)
