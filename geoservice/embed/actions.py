"""What changes saved embeds."""

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.embed.jobs import SEND_LINK
from geoservice.embed.model import Embed, EmbedDay, EmbedLink
from geoservice.embed.queries import OWN_MAX, Owner
from geoservice.places.public_ids import draw
from geoservice.web.problems import Problem


class TooManyEmbeds(Problem):
    status = 409
    title = f"Vous avez déjà {OWN_MAX} cartes enregistrées. Supprimez celles qui ne servent plus."


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
    held = await db.scalar(select(func.count()).select_from(Embed).where(owner.owns))
    if (held or 0) >= OWN_MAX:
        raise TooManyEmbeds
    signed_in = owner.account_id is not None
    saved = insert(Embed).values(
        key=draw(),
        name=name,
        question=question,
        hosts=list(hosts),
        counted=counted,
        account_id=owner.account_id,
        mail=None if signed_in else owner.mail,
        confirmed_at=func.now() if signed_in else None,
    )
    return (await db.execute(saved.returning(Embed.key))).scalar_one()


async def ask_for_link(db: AsyncConnection, mail: str) -> None:
    """Does the same thing whether or not the address has embeds: the job will know."""
    asked = insert(EmbedLink).values(mail=mail).returning(EmbedLink.id)
    await db.execute(SEND_LINK.later(link=(await db.execute(asked)).scalar_one()))


async def confirm(db: AsyncConnection, embed_id: int) -> None:
    mine = (Embed.id == embed_id) & Embed.confirmed_at.is_(None)
    await db.execute(update(Embed).where(mine).values(confirmed_at=func.now()))


async def ask_again(db: AsyncConnection, embed_id: int, question: str) -> None:
    """The same key shows something else from the next request on."""
    await db.execute(update(Embed).where(Embed.id == embed_id).values(question=question))


async def settle(
    db: AsyncConnection, embed_id: int, name: str, hosts: tuple[str, ...], *, counted: bool
) -> None:
    """What was counted goes when counting is refused."""
    values = {"name": name, "hosts": list(hosts), "counted": counted}
    await db.execute(update(Embed).where(Embed.id == embed_id).values(values))
    if not counted:
        await db.execute(delete(EmbedDay).where(EmbedDay.embed_id == embed_id))


async def remove(db: AsyncConnection, embed_id: int) -> None:
    await db.execute(delete(Embed).where(Embed.id == embed_id))
