"""What changes teams. Each action takes the team's lock first, and writes its line of history."""

from typing import Any

from shapely import MultiPolygon
from sqlalchemy import Row, TextClause, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.auth.actions import account_for, allow, disallow
from geoservice.auth.model import Account
from geoservice.auth.model import Role as AccountRole
from geoservice.auth.secrets import digest
from geoservice.teams import codes, perimeters, queries
from geoservice.teams.history import Kind
from geoservice.teams.jobs import SEND_INVITATION
from geoservice.teams.model import (
    Perimeter,
    Role,
    Team,
    TeamEvent,
    TeamInvitation,
    TeamMember,
    TeamTerritory,
)
from geoservice.teams.naming import PERIMETER
from geoservice.teams.outlines import WrongOutline
from geoservice.teams.roles import Choice, choice_of, spoken
from geoservice.web.problems import NotFound, Problem


class LastOwner(Problem):
    status = 409
    title = (
        "Une équipe a toujours au moins une personne responsable. "
        "Passez d’abord la main à quelqu’un, ou nommez une autre personne responsable."
    )


class AlreadyMember(Problem):
    status = 409
    title = "Cette personne est déjà dans l’équipe. Changez son rôle si besoin."


class PerimeterHeld(Problem):
    status = 409
    title = "Ce périmètre est le territoire d’une équipe. Retirez-le d’abord des territoires de l’équipe."


class NoCommune(Problem):
    status = 422
    title = (
        "Ce périmètre ne contient le centre d’aucune commune : une équipe s’occupe de communes "
        "entières. Choisissez un territoire plus grand."
    )


async def create(
    db: AsyncConnection, account_id: int, name: str, *, in_programme: bool
) -> Row[int, str]:
    """The new team: `id` and `code`. Whoever made it coordinates it and is responsible for it."""
    made = insert(Team).values(code=codes.draw(), name=name).returning(Team.id, Team.code)
    team = (await db.execute(made)).one()
    await note(db, team.id, Kind.CREATED, account_id)
    await _put(db, team.id, account_id, Role.COORDINATOR, is_owner=True, in_programme=in_programme)
    return team


async def note(
    db: AsyncConnection,
    team_id: int,
    kind: Kind,
    account_id: int | None,
    *,
    subject_id: int | None = None,
    detail: str | None = None,
) -> None:
    """One line of the history."""
    await db.execute(
        insert(TeamEvent).values(
            team_id=team_id,
            kind=kind.value,
            account_id=account_id,
            subject_id=subject_id,
            detail=detail,
        )
    )


async def rename(db: AsyncConnection, team_id: int, account_id: int, name: str) -> None:
    await _lock(db, team_id)
    await db.execute(update(Team).where(Team.id == team_id).values(name=name))
    await note(db, team_id, Kind.RENAMED, account_id, detail=name)


async def close(db: AsyncConnection, team_id: int, account_id: int) -> None:
    """Its territories are nobody's any more; its perimeters stay where addresses use them."""
    await _lock(db, team_id)
    await db.execute(delete(TeamInvitation).where(TeamInvitation.team_id == team_id))
    await db.execute(update(Team).where(Team.id == team_id).values(closed_at=func.now()))
    await note(db, team_id, Kind.CLOSED, account_id)
    for one in await _coordinators(db, team_id):
        await _lose(db, one)


async def invite(
    db: AsyncConnection,
    team_id: int,
    account_id: int,
    mail: str,
    choice: Choice,
    *,
    is_owner: bool,
) -> None:
    """Asking again replaces the invitation, and the link that was sent before is dead."""
    await _lock(db, team_id)
    if await _member_with(db, team_id, mail):
        raise AlreadyMember
    await _ask(db, team_id, account_id, mail, choice, is_owner=is_owner)
    detail = spoken(choice.role, is_owner=is_owner, in_programme=choice.in_programme)
    await note(db, team_id, Kind.INVITED, account_id, detail=detail)


async def propose_succession(
    db: AsyncConnection, team_id: int, account_id: int, subject_id: int, mail: str
) -> None:
    """Whoever accepts takes the place of `subject_id`, who leaves; until then nothing changes."""
    await _lock(db, team_id)
    mine = await _membership(db, team_id, subject_id)
    choice = choice_of(mine.role, mine.in_programme)
    await _forget_succession(db, team_id, subject_id)
    await _ask(db, team_id, account_id, mail, choice, is_owner=mine.is_owner, succeeds=subject_id)
    await note(db, team_id, Kind.SUCCESSION_ASKED, account_id, subject_id=subject_id)


async def _ask(
    db: AsyncConnection,
    team_id: int,
    account_id: int,
    mail: str,
    choice: Choice,
    *,
    is_owner: bool,
    succeeds: int | None = None,
) -> None:
    there = (TeamInvitation.team_id == team_id) & (TeamInvitation.mail == mail)
    await db.execute(delete(TeamInvitation).where(there))
    asked = insert(TeamInvitation).values(
        team_id=team_id,
        mail=mail,
        role=choice.role.value,
        is_owner=is_owner,
        in_programme=choice.in_programme,
        invited_by=account_id,
        succeeds=succeeds,
    )
    id_ = (await db.execute(asked.returning(TeamInvitation.id))).scalar_one()
    await db.execute(SEND_INVITATION.later(invitation=id_))


async def _forget_succession(db: AsyncConnection, team_id: int, subject_id: int) -> None:
    """One has one successor, who gets the role that one has now."""
    theirs = (TeamInvitation.team_id == team_id) & (TeamInvitation.succeeds == subject_id)
    await db.execute(delete(TeamInvitation).where(theirs))


async def withdraw_invitation(
    db: AsyncConnection, team_id: int, account_id: int, invitation_id: int, *, may_manage: bool
) -> None:
    """Those who may not manage the team withdraw the succession that they proposed."""
    mine = (TeamInvitation.id == invitation_id) & (TeamInvitation.team_id == team_id)
    if not may_manage:
        mine &= TeamInvitation.succeeds == account_id
    if (await db.execute(delete(TeamInvitation).where(mine))).rowcount == 0:
        raise NotFound("Cette invitation n’attend plus : la personne a répondu.")
    await note(db, team_id, Kind.INVITATION_WITHDRAWN, account_id)


async def accept(db: AsyncConnection, secret: str, name: str) -> Row[Any] | None:
    """The invitation as it was; None for a dead link. The account is made if there is none."""
    opened = (await db.execute(queries.OPENED, {"hash": digest(secret)})).one_or_none()
    if opened is None:
        return None
    await _lock(db, opened.team_id)
    gone = delete(TeamInvitation).where(TeamInvitation.id == opened.id)
    if (await db.execute(gone)).rowcount == 0:
        return None
    account_id = await db.run_sync(account_for, opened.mail, name)
    role, is_owner, in_programme = Role(opened.role), opened.is_owner, opened.in_programme
    there = {"team": opened.team_id, "account": account_id}
    if before := (await db.execute(queries.MEMBERSHIP, there)).one_or_none():
        # who takes over from a colleague loses nothing of what they had
        is_owner = is_owner or before.is_owner
        if before.role == Role.COORDINATOR or role is Role.READER:
            role, in_programme = Role(before.role), before.in_programme
    if opened.succeeds is not None and opened.succeeds != account_id:
        await _leave(db, opened.team_id, opened.succeeds)
    await _put(db, opened.team_id, account_id, role, is_owner=is_owner, in_programme=in_programme)
    if opened.succeeds is not None:
        await note(db, opened.team_id, Kind.SUCCEEDED, account_id, subject_id=opened.succeeds)
    else:
        said = spoken(role, is_owner=is_owner, in_programme=in_programme)
        await note(db, opened.team_id, Kind.JOINED, account_id, detail=said)
    return opened


async def decline(db: AsyncConnection, secret: str) -> bool:
    """Whether the link was good."""
    gone = delete(TeamInvitation).where(
        TeamInvitation.hash == digest(secret), TeamInvitation.expires_at > func.now()
    )
    team_id = (await db.execute(gone.returning(TeamInvitation.team_id))).scalar_one_or_none()
    if team_id is not None:
        await note(db, team_id, Kind.DECLINED, None)
    return team_id is not None


async def leave(db: AsyncConnection, team_id: int, account_id: int) -> None:
    """Raises LastOwner."""
    await _lock(db, team_id)
    await _keep_an_owner(db, team_id, account_id)
    await _leave(db, team_id, account_id)
    await note(db, team_id, Kind.LEFT, account_id)


async def remove(db: AsyncConnection, team_id: int, account_id: int, subject_id: int) -> None:
    """Raises LastOwner."""
    await _lock(db, team_id)
    await _membership(db, team_id, subject_id)
    await _keep_an_owner(db, team_id, subject_id)
    await _forget_succession(db, team_id, subject_id)
    await _leave(db, team_id, subject_id)
    await note(db, team_id, Kind.REMOVED, account_id, subject_id=subject_id)


async def change_role(
    db: AsyncConnection,
    team_id: int,
    account_id: int,
    subject_id: int,
    choice: Choice,
    *,
    is_owner: bool,
) -> None:
    """Raises LastOwner."""
    await _lock(db, team_id)
    before = await _membership(db, team_id, subject_id)
    if not is_owner:
        await _keep_an_owner(db, team_id, subject_id)
    await _put(
        db,
        team_id,
        subject_id,
        choice.role,
        is_owner=is_owner,
        in_programme=choice.in_programme,
    )
    await _forget_succession(db, team_id, subject_id)
    if before.role == Role.COORDINATOR.value and choice.role is not Role.COORDINATOR:
        await _lose(db, subject_id)
    said = spoken(choice.role, is_owner=is_owner, in_programme=choice.in_programme)
    await note(db, team_id, Kind.ROLE_CHANGED, account_id, subject_id=subject_id, detail=said)


async def recover(
    db: AsyncConnection,
    team_id: int,
    subject_id: int,
    choice: Choice,
    reason: str,
    *,
    instead_of: int | None,
) -> None:
    """The administrator of the machine makes somebody responsible, whoever was before."""
    await _lock(db, team_id)
    if instead_of is not None and instead_of != subject_id:
        await _membership(db, team_id, instead_of)
        await _forget_succession(db, team_id, instead_of)
        await _leave(db, team_id, instead_of)
        await note(db, team_id, Kind.REMOVED, None, subject_id=instead_of)
    await _put(
        db, team_id, subject_id, choice.role, is_owner=True, in_programme=choice.in_programme
    )
    await note(db, team_id, Kind.RECOVERED, None, subject_id=subject_id, detail=reason)


async def ask_territory(
    db: AsyncConnection,
    team_id: int,
    account_id: int | None,
    type_: str,
    code: str,
    label: str,
    *,
    may_give: bool,
) -> None:
    """Theirs at once when whoever asks may give it; else it waits for somebody who may."""
    await _lock(db, team_id)
    communes = await db.scalar(queries.COMMUNES, {"type": type_, "code": code})
    if not communes:
        raise NoCommune
    asked = insert_or_update(TeamTerritory).values(
        team_id=team_id,
        type=type_,
        code=code,
        asked_by=account_id,
        accepted_at=func.now() if may_give else None,
    )
    made = await db.execute(asked.on_conflict_do_nothing().returning(TeamTerritory.team_id))
    if made.one_or_none() is None:
        return
    kind = Kind.TERRITORY_ACCEPTED if may_give else Kind.TERRITORY_ASKED
    await note(db, team_id, kind, account_id, detail=label)
    if may_give:
        for one in await _coordinators(db, team_id):
            await _gain(db, one)


async def decide_territory(
    db: AsyncConnection,
    team_id: int,
    account_id: int | None,
    type_: str,
    code: str,
    label: str,
    *,
    accepted: bool,
) -> None:
    await _lock(db, team_id)
    asked = _territory(team_id, type_, code) & TeamTerritory.accepted_at.is_(None)
    changed = (
        update(TeamTerritory).where(asked).values(accepted_at=func.now())
        if accepted
        else delete(TeamTerritory).where(asked)
    )
    if (await db.execute(changed)).rowcount == 0:
        raise NotFound("Cette demande n’attend plus : quelqu’un d’autre a décidé.")
    kind = Kind.TERRITORY_ACCEPTED if accepted else Kind.TERRITORY_REFUSED
    await note(db, team_id, kind, account_id, detail=label)
    for one in await _coordinators(db, team_id) if accepted else ():
        await _gain(db, one)


async def remove_territory(
    db: AsyncConnection, team_id: int, account_id: int, type_: str, code: str, label: str
) -> None:
    await _lock(db, team_id)
    gone = delete(TeamTerritory).where(_territory(team_id, type_, code))
    if (await db.execute(gone)).rowcount == 0:
        raise NotFound("Ce territoire n’est plus à l’équipe.")
    await note(db, team_id, Kind.TERRITORY_REMOVED, account_id, detail=label)
    for one in await _coordinators(db, team_id):
        await _lose(db, one)


def _territory(team_id: int, type_: str, code: str):
    return (
        (TeamTerritory.team_id == team_id)
        & (TeamTerritory.type == type_)
        & (TeamTerritory.code == code)
    )


async def save_listed(
    db: AsyncConnection, team_id: int, account_id: int, name: str, communes: list[str]
) -> str:
    """The code of the perimeter. `communes` are INSEE codes that exist."""
    values = {"communes": communes}
    return await _save(db, team_id, account_id, name, perimeters.SAVE_LISTED, values)


async def save_drawn(
    db: AsyncConnection, team_id: int, account_id: int, name: str, outline: MultiPolygon
) -> str:
    """The code of the perimeter. `outline` is in degrees, WGS 84. Raises WrongOutline."""
    values = {"outline": f"SRID=4326;{outline.wkt}"}
    if await db.scalar(perimeters.IS_SWAPPED, values):
        raise WrongOutline(
            "Ce contour n’est pas en France : latitudes et longitudes semblent échangées. "
            "Chaque point s’écrit [longitude, latitude]."
        )
    return await _save(db, team_id, account_id, name, perimeters.SAVE_DRAWN, values)


async def _save(
    db: AsyncConnection,
    team_id: int,
    account_id: int,
    name: str,
    statement: TextClause,
    values: dict[str, Any],
) -> str:
    await _lock(db, team_id)
    code = codes.draw()
    await db.execute(statement, values | {"code": code, "team": team_id, "name": name})
    await note(db, team_id, Kind.PERIMETER_SAVED, account_id, detail=f"{name} ({code})")
    return code


async def rename_perimeter(
    db: AsyncConnection, team_id: int, account_id: int, code: str, name: str
) -> None:
    """Its code, which addresses use, stays; its outline too, which may be somebody's territory."""
    await _lock(db, team_id)
    mine = (Perimeter.team_id == team_id) & (Perimeter.code == code)
    named = update(Perimeter).where(mine).values(name=name, changed_at=func.now())
    if (await db.execute(named)).rowcount == 0:
        raise NotFound("Ce périmètre n’est plus à l’équipe.")
    await note(db, team_id, Kind.PERIMETER_SAVED, account_id, detail=f"{name} ({code})")


async def remove_perimeter(db: AsyncConnection, team_id: int, account_id: int, code: str) -> None:
    """Raises PerimeterHeld."""
    await _lock(db, team_id)
    held = select(TeamTerritory.team_id).where(
        TeamTerritory.type == PERIMETER, TeamTerritory.code == code
    )
    if (await db.execute(held)).first() is not None:
        raise PerimeterHeld
    mine = (Perimeter.team_id == team_id) & (Perimeter.code == code)
    name = (await db.execute(delete(Perimeter).where(mine).returning(Perimeter.name))).scalar()
    if name is None:
        raise NotFound("Ce périmètre n’est plus à l’équipe.")
    await note(db, team_id, Kind.PERIMETER_REMOVED, account_id, detail=f"{name} ({code})")


async def _lock(db: AsyncConnection, team_id: int) -> None:
    """One change at a time: of two owners who leave at once, the second is told that they are the last."""
    if (await db.execute(queries.LOCKED, {"team": team_id})).one_or_none() is None:
        raise NotFound("Cette équipe est fermée.")


async def _membership(db: AsyncConnection, team_id: int, account_id: int) -> Row[Any]:
    row = (
        await db.execute(queries.MEMBERSHIP, {"team": team_id, "account": account_id})
    ).one_or_none()
    if row is None:
        raise NotFound("Cette personne n’est plus dans l’équipe.")
    return row


async def _member_with(db: AsyncConnection, team_id: int, mail: str) -> bool:
    there = (
        select(Account.id)
        .join(TeamMember, TeamMember.account_id == Account.id)
        .where(TeamMember.team_id == team_id, Account.mail == mail, Account.closed_at.is_(None))
    )
    return (await db.execute(there)).first() is not None


async def _keep_an_owner(db: AsyncConnection, team_id: int, account_id: int) -> None:
    mine = await _membership(db, team_id, account_id)
    others = await db.scalar(queries.OTHER_OWNERS, {"team": team_id, "account": account_id})
    if mine.is_owner and not others:
        raise LastOwner


async def _put(
    db: AsyncConnection,
    team_id: int,
    account_id: int,
    role: Role,
    *,
    is_owner: bool,
    in_programme: bool | None,
) -> None:
    values = {"role": role.value, "is_owner": is_owner, "in_programme": in_programme}
    put = insert_or_update(TeamMember).values(team_id=team_id, account_id=account_id, **values)
    await db.execute(
        put.on_conflict_do_update(
            index_elements=[TeamMember.team_id, TeamMember.account_id], set_=values
        )
    )
    if role is Role.COORDINATOR:
        await _gain(db, account_id)


async def _leave(db: AsyncConnection, team_id: int, account_id: int) -> None:
    mine = (TeamMember.team_id == team_id) & (TeamMember.account_id == account_id)
    gone = delete(TeamMember).where(mine).returning(TeamMember.role)
    if (await db.execute(gone)).scalar_one_or_none() == Role.COORDINATOR.value:
        await _lose(db, account_id)


async def _gain(db: AsyncConnection, account_id: int) -> None:
    """An account that looks after a territory has the role of a coordinator."""
    if await db.scalar(queries.COORDINATES, {"account": account_id}):
        await allow(db, account_id, AccountRole.COORDINATOR)


async def _lose(db: AsyncConnection, account_id: int) -> None:
    """Unless another team has them look after some territory."""
    if not await db.scalar(queries.COORDINATES, {"account": account_id}):
        await disallow(db, account_id, AccountRole.COORDINATOR)


async def _coordinators(db: AsyncConnection, team_id: int) -> list[int]:
    there = select(TeamMember.account_id).where(
        TeamMember.team_id == team_id, TeamMember.role == Role.COORDINATOR.value
    )
    return list((await db.execute(there)).scalars())
