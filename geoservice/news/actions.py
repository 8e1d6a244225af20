"""What changes news. A statement about what somebody else announced changes nothing."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.news.model import News
from geoservice.places import public_ids


@dataclass(frozen=True)
class Draft:
    """What somebody announces, read and checked."""

    place_id: int
    kind: str
    title: str
    description: str | None
    expression: str
    first_day: date
    last_day: date
    publics: list[str]
    booking: str
    booking_url: str | None
    ends_at: datetime


def _state(account: int, in_charge: bool) -> dict[str, object]:
    """Whoever looks after the territory need not wait for themselves."""
    if in_charge:
        return {"state": "published", "decided_by": account, "reason": None}
    return {"state": "waiting", "decided_by": None, "reason": None}


async def announce(db: AsyncConnection, account: int, draft: Draft, *, in_charge: bool) -> str:
    """The public id of what is announced, or waits to be."""
    public_id = public_ids.draw()
    await db.execute(
        insert(News).values(
            public_id=public_id, account_id=account, **asdict(draft), **_state(account, in_charge)
        )
    )
    return public_id


async def change(
    db: AsyncConnection, account: int, public_id: str, draft: Draft, *, in_charge: bool
) -> bool:
    """False when this account announced no such thing. What was accepted waits again."""
    changed = await db.execute(
        update(News)
        .where(News.public_id == public_id, News.account_id == account)
        .values(changed_at=text("now()"), **asdict(draft), **_state(account, in_charge))
    )
    return changed.rowcount > 0


async def withdraw(db: AsyncConnection, account: int, public_id: str) -> bool:
    """False when this account announced no such thing."""
    gone = await db.execute(
        delete(News).where(News.public_id == public_id, News.account_id == account)
    )
    return gone.rowcount > 0


DECIDE = text(
    """
    UPDATE news item SET state = :state, reason = :reason, decided_by = :account, changed_at = now()
    FROM places there JOIN places place ON place.id = coalesce(there.merged_into, there.id)
    WHERE there.id = item.place_id AND item.public_id = :id AND item.state = 'waiting'
      AND (:everywhere OR place.code_insee IN (SELECT communes_looked_after(:account)))
    RETURNING item.public_id, item.title,
      (SELECT mail FROM accounts WHERE id = item.account_id AND closed_at IS NULL) AS mail
    """
)


async def decide(
    db: AsyncConnection,
    account: int,
    public_id: str,
    *,
    accepted: bool,
    reason: str | None,
    everywhere: bool,
) -> Row[Any] | None:
    """The item and the `mail` of its author, if there is one.

    None when it does not wait, or lies in a territory that this account does not look after.
    """
    decided = await db.execute(
        DECIDE,
        {
            "id": public_id,
            "account": account,
            "state": "published" if accepted else "refused",
            "reason": None if accepted else reason,
            "everywhere": everywhere,
        },
    )
    return decided.one_or_none()
