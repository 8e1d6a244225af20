"""Somebody in front of a team: what their role lets them do there."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy import Row

from geoservice.auth.current import CurrentAccount, Identity, NotAllowed
from geoservice.teams import queries
from geoservice.teams.model import Role
from geoservice.web.database import AppDb
from geoservice.web.problems import NotFound


@dataclass(frozen=True)
class Access:
    """Somebody in front of a team."""

    team: Row[Any]
    me: Identity
    membership: Row[Any] | None

    @property
    def may_manage(self) -> bool:
        return self.me.may() or bool(self.membership and self.membership.is_owner)

    @property
    def may_save(self) -> bool:
        """Perimeters: all but those who only read."""
        role = self.membership.role if self.membership else None
        return self.may_manage or role in (Role.COORDINATOR, Role.MEMBER)

    @property
    def may_remove(self) -> bool:
        role = self.membership.role if self.membership else None
        return self.may_manage or role == Role.COORDINATOR

    @property
    def may_see_colleagues(self) -> bool:
        """What people agreed to show to the professionals of the territory."""
        return self.may_save

    @property
    def address(self) -> str:
        return f"/equipes/{self.team.code}"


async def entered(me: CurrentAccount, db: AppDb, team_code: str) -> Access:
    """Raises NotFound, or NotAllowed for those who are not in the team."""
    team = (await db.execute(queries.TEAM, {"code": team_code.upper()})).one_or_none()
    if team is None:
        raise NotFound("Cette équipe n’existe pas, ou n’existe plus.")
    asked = {"team": team.id, "account": me.account_id}
    membership = (await db.execute(queries.MEMBERSHIP, asked)).one_or_none()
    if membership is None and not me.may():
        raise NotAllowed(
            "Seules les personnes de l’équipe ouvrent cette page. Demandez-lui une invitation."
        )
    return Access(team, me, membership)


async def managed(access: Annotated[Access, Depends(entered)]) -> Access:
    if not access.may_manage:
        raise NotAllowed("Seules les personnes responsables de l’équipe peuvent faire cela.")
    return access


Entered = Annotated[Access, Depends(entered)]
Managed = Annotated[Access, Depends(managed)]
