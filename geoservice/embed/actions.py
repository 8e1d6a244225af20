"""What changes saved embeds."""

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.embed.jobs import SEND_LINK
from geoservice.embed.model import Embed, EmbedDay, EmbedLink
from geoservice.embed.queries import OWN_MAX, Owner
from geoservice.places.public_ids import draw
from geoservice.teams.actions import note
from geoservice.teams.history import Kind
from geoservice.web.problems import Problem


class TooManyEmbeds(Problem):
    status = 409
    title = f"Il y a déjà {OWN_MAX} cartes enregistrées ici. Supprimez celles qui ne servent plus."


async def save(
    db: AsyncConnection,
    owner: Owner,
    name: str,
    question: str,
    hosts: tuple[str, ...],
    *,
    counted: bool,
) -> str:
    """The key. Without an account, nobody sees it until the owner of the mail has agreed.

    Raises TooManyEmbeds.
    """
    await _leave_room(db, owner)
    by_mail = owner.account_id is None
    mine = owner.account_id if owner.team_id is None else None
    saved = insert(Embed).values(
        key=draw(),
        name=name,
        question=question,
        hosts=list(hosts),
        counted=counted,
        account_id=mine,
        mail=owner.mail if by_mail else None,
        team_id=owner.team_id,
        confirmed_at=None if by_mail else func.now(),
    )
    key = (await db.execute(saved.returning(Embed.key))).scalar_one()
    await _tell_team(db, owner, Kind.EMBED_SAVED, name)
    return key


async def _leave_room(db: AsyncConnection, owner: Owner) -> None:
    held = await db.scalar(select(func.count()).select_from(Embed).where(owner.owns))
    if (held or 0) >= OWN_MAX:
        raise TooManyEmbeds


async def _tell_team(db: AsyncConnection, owner: Owner, kind: Kind, name: str) -> None:
    if owner.team_id is not None:
        await note(db, owner.team_id, kind, owner.account_id, detail=name)


async def ask_for_link(db: AsyncConnection, mail: str) -> None:
    """Does the same thing whether or not the address has embeds: the job will know."""
    asked = insert(EmbedLink).values(mail=mail).returning(EmbedLink.id)
    await db.execute(SEND_LINK.later(link=(await db.execute(asked)).scalar_one()))


async def confirm(db: AsyncConnection, embed_id: int) -> None:
    mine = (Embed.id == embed_id) & Embed.confirmed_at.is_(None)
    await db.execute(update(Embed).where(mine).values(confirmed_at=func.now()))


async def ask_again(
    db: AsyncConnection, owner: Owner, embed_id: int, name: str, question: str
) -> None:
    """The same key shows something else from the next request on."""
    await db.execute(update(Embed).where(Embed.id == embed_id).values(question=question))
    await _tell_team(db, owner, Kind.EMBED_CHANGED, name)


async def settle(
    db: AsyncConnection,
    owner: Owner,
    embed_id: int,
    name: str,
    hosts: tuple[str, ...],
    *,
    counted: bool,
) -> None:
    """What was counted goes when counting is refused."""
    values = {"name": name, "hosts": list(hosts), "counted": counted}
    await db.execute(update(Embed).where(Embed.id == embed_id).values(values))
    if not counted:
        await db.execute(delete(EmbedDay).where(EmbedDay.embed_id == embed_id))
    await _tell_team(db, owner, Kind.EMBED_CHANGED, name)


async def entrust(db: AsyncConnection, team: Owner, embed_id: int, name: str) -> None:
    """To a team: from then on, those who are responsible for it change the map, whoever they are.

    Raises TooManyEmbeds.
    """
    await _leave_room(db, team)
    theirs = {"team_id": team.team_id, "account_id": None, "mail": None}
    confirmed = func.coalesce(Embed.confirmed_at, func.now())
    given = update(Embed).where(Embed.id == embed_id).values(**theirs, confirmed_at=confirmed)
    await db.execute(given)
    await _tell_team(db, team, Kind.EMBED_SAVED, name)


async def remove(db: AsyncConnection, owner: Owner, embed_id: int, name: str) -> None:
    await db.execute(delete(Embed).where(Embed.id == embed_id))
    await _tell_team(db, owner, Kind.EMBED_REMOVED, name)
