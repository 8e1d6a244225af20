"""What changes links, and what their bearers say."""

import hashlib
from collections.abc import Mapping
from datetime import date
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.duplicates import queries as duplicates
from geoservice.duplicates.jobs import REGROUP
from geoservice.links import queries
from geoservice.links.edits import CONFIRMED, DUPLICATE, fingerprint
from geoservice.links.jobs import ADD_PLACE, APPLY, SEND_LETTER, SEND_LINK
from geoservice.links.model import (
    Link,
    LinkCampaign,
    LinkChange,
    LinkDraft,
    LinkLetter,
    LinkProposal,
    LinkReport,
    LinkSilence,
    State,
)
from geoservice.links.reports import Report
from geoservice.links.sheets import Sheet


async def ask_for_link(db: AsyncConnection, place_id: int, mail: str) -> None:
    """Does the same thing whether or not the address is known: the job will know."""
    asked = insert(Link).values(place_id=place_id, mail=mail).returning(Link.id)
    await db.execute(SEND_LINK.later(link=(await db.execute(asked)).scalar_one()))


async def revoke(db: AsyncConnection, link_id: int) -> None:
    await db.execute(update(Link).where(Link.id == link_id).values(revoked_at=func.now()))


async def keep_drafts(
    db: AsyncConnection,
    sheet: Sheet,
    answers: Mapping[str, Any],
    typed: Mapping[str, str] | None = None,
) -> None:
    """Prepare `answers` (column → value) to be sent; what the place says already is prepared no more."""
    for column, after in answers.items():
        now = sheet.values[column]
        if after == now:
            await forget_drafts(db, sheet.link.link_id, column)
            continue
        said = {
            "seen": fingerprint(now),
            "after": after,
            "typed": {name: text for name, text in (typed or {}).items() if name == column},
        }
        kept = upsert(LinkDraft).values(link_id=sheet.link.link_id, field=column, **said)
        key = (LinkDraft.link_id, LinkDraft.field)
        again = said | {"saved_at": func.now()}
        await db.execute(kept.on_conflict_do_update(index_elements=key, set_=again))


async def forget_drafts(db: AsyncConnection, link_id: int, field: str | None = None) -> None:
    """Of one field, or of all."""
    mine = delete(LinkDraft).where(LinkDraft.link_id == link_id)
    await db.execute(mine if field is None else mine.where(LinkDraft.field == field))


async def send(db: AsyncConnection, sheet: Sheet) -> None:
    """What may wait does, unless the link is trusted; the rest applies as soon as the job has run."""
    trusted = sheet.link.trusted
    rows: list[dict[str, Any]] = [
        {
            "place_id": sheet.link.origin_id,
            "link_id": sheet.link.link_id,
            "field": one.entry.column,
            "before": one.before,
            "after": one.after,
            "state": (
                State.WAITING if one.entry.looked_at(trusted=trusted) else State.IN_FORCE
            ).value,
        }
        for one in sheet.changes
    ]
    if rows:
        await db.execute(insert(LinkChange), rows)
        await db.execute(APPLY.later(place=sheet.link.origin_id))
        await note_answer(db, sheet.link.origin_id)
    await forget_drafts(db, sheet.link.link_id)


async def confirm(
    db: AsyncConnection, link_id: int, place_id: int, before: date | None, today: date
) -> None:
    said = insert(LinkChange).values(
        place_id=place_id,
        link_id=link_id,
        field=CONFIRMED,
        before=before.isoformat() if before else None,
        after=today.isoformat(),
        state=State.IN_FORCE.value,
    )
    await db.execute(said)
    await db.execute(APPLY.later(place=place_id))
    await note_answer(db, place_id)


async def decide(
    db: AsyncConnection, change: Row[Any], account_id: int, *, accepted: bool, reason: str
) -> bool:
    """Whether the change, a row of `queries.THEIR_CHANGE`, still waited."""
    state = State.IN_FORCE if accepted else State.REFUSED
    return await _settle(db, change, (State.WAITING,), state, account_id, reason)


async def undo_as_moderator(
    db: AsyncConnection, change: Row[Any], account_id: int, reason: str
) -> bool:
    """Whether the change was in force."""
    return await _settle(db, change, (State.IN_FORCE,), State.UNDONE, account_id, reason)


async def restore(db: AsyncConnection, change: Row[Any], account_id: int) -> bool:
    """Publish after all what was refused or undone; whether it was."""
    was = (State.REFUSED, State.UNDONE)
    return await _settle(db, change, was, State.IN_FORCE, account_id, "")


async def _settle(
    db: AsyncConnection,
    change: Row[Any],
    was: tuple[State, ...],
    state: State,
    account_id: int,
    reason: str,
) -> bool:
    decided = (
        update(LinkChange)
        .where(LinkChange.id == change.id, LinkChange.state.in_([one.value for one in was]))
        .values(
            state=state.value,
            decided_at=func.now(),
            account_id=account_id,
            reason=reason or None,
        )
        .returning(LinkChange.place_id)
    )
    place = (await db.execute(decided)).scalar_one_or_none()
    if place is None:
        return False
    if change.field == DUPLICATE:
        await _pair(db, change, state, account_id)
    else:
        await db.execute(APPLY.later(place=place))
    return True


async def _pair(db: AsyncConnection, change: Row[Any], state: State, account_id: int) -> None:
    """Two places are one while the change is in force; nothing is decided of what is refused."""
    if change.after is None or state is State.REFUSED:
        return
    asked = {"place": change.origin_id, "twin": change.after["public_id"]}
    pair = (await db.execute(queries.PAIR_OF, asked)).one_or_none()
    if pair is None:
        return
    verdict = "same" if state is State.IN_FORCE else "not_same"
    ids = {"a": pair.a, "b": pair.b}
    said = {"verdict": verdict, "account_id": account_id, "reason": "Demandé par le lieu."}
    await db.execute(duplicates.DECIDE, ids | said)
    await db.execute(duplicates.FORGET_PAIR, ids)
    await db.execute(REGROUP.later())


async def trust(db: AsyncConnection, change: Row[Any]) -> None:
    """The link of a change need not wait any more."""
    mine = select(LinkChange.link_id).where(LinkChange.id == change.id)
    await db.execute(update(Link).where(Link.id == mine.scalar_subquery()).values(trusted=True))


async def report(db: AsyncConnection, place_id: int, said: Report) -> None:
    values = {"category": said.category, "body": said.body, "contact": said.contact or None}
    await db.execute(insert(LinkReport).values(place_id=place_id, **values))


async def propose(db: AsyncConnection, told: Mapping[str, Any], body: str, contact: str) -> None:
    """A place that is missing, for somebody to look at."""
    values = {"told": told, "code_insee": told["code_insee"]}
    said = {"body": body or None, "contact": contact or None}
    await db.execute(insert(LinkProposal).values(**values, **said))


async def decide_proposal(
    db: AsyncConnection, proposal_id: int, account_id: int, verdict: str
) -> bool:
    """Whether it waited; «done» makes it a place as soon as the job has run."""
    decided = (
        update(LinkProposal)
        .where(LinkProposal.id == proposal_id, LinkProposal.verdict.is_(None))
        .values(verdict=verdict, decided_at=func.now(), account_id=account_id, contact=None)
    )
    if (await db.execute(decided)).rowcount == 0:
        return False
    if verdict == "done":
        await db.execute(ADD_PLACE.later(proposal=proposal_id))
    return True


async def close_report(db: AsyncConnection, report_id: int, account_id: int, verdict: str) -> bool:
    """Whether it waited; the contact is of no use any more."""
    closed = (
        update(LinkReport)
        .where(LinkReport.id == report_id, LinkReport.verdict.is_(None))
        .values(verdict=verdict, decided_at=func.now(), account_id=account_id, contact=None)
    )
    return (await db.execute(closed)).rowcount == 1


async def undo(db: AsyncConnection, place_id: int, change_id: int) -> bool:
    """Whether this place had such a change, in force or waiting.

    Two places that somebody made one are parted by somebody too, not by the bearer.
    """
    merged = (LinkChange.field == DUPLICATE) & (LinkChange.state == State.IN_FORCE.value)
    mine = (
        (LinkChange.id == change_id)
        & (LinkChange.place_id == place_id)
        & ~merged
        & LinkChange.state.in_((State.IN_FORCE.value, State.WAITING.value))
    )
    undone = update(LinkChange).where(mine).values(state=State.UNDONE.value, decided_at=func.now())
    if (await db.execute(undone)).rowcount == 0:
        return False
    await db.execute(APPLY.later(place=place_id))
    return True


async def start_campaign(
    db: AsyncConnection,
    account_id: int,
    asked: Mapping[int, str],
    *,
    months: int,
    message: str,
    remind_days: int | None,
) -> int:
    """Ask places (id → address), one letter each, as soon as the jobs have run; its number."""
    started = insert(LinkCampaign).values(
        account_id=account_id, months=months, message=message or None, remind_days=remind_days
    )
    id_ = (await db.execute(started.returning(LinkCampaign.id))).scalar_one()
    for place_id, mail in asked.items():
        letter = insert(LinkLetter).values(
            campaign_id=id_, place_id=place_id, mail=mail, return_key=token_hex(12)
        )
        number = (await db.execute(letter.returning(LinkLetter.id))).scalar_one()
        await db.execute(SEND_LETTER.later(letter=number, again=0))
    return id_


async def end_campaign(db: AsyncConnection, campaign_id: int) -> None:
    ended = update(LinkCampaign).where(LinkCampaign.id == campaign_id)
    await db.execute(ended.values(ended_at=func.coalesce(LinkCampaign.ended_at, func.now())))


async def note_answer(db: AsyncConnection, place_id: int) -> None:
    """Whatever link it came by, the place answered those who asked.

    A letter has such a secret as soon as it is written, just before it is sent.
    """
    asked = (
        (LinkLetter.place_id == place_id)
        & (func.cardinality(LinkLetter.leave_hashes) > 0)
        & LinkLetter.answered_at.is_(None)
    )
    await db.execute(update(LinkLetter).where(asked).values(answered_at=func.now()))


async def leave(db: AsyncConnection, letter: Row[Any]) -> None:
    """No campaign writes to this address any more. Asked twice, it is done once."""
    hashed = hashlib.sha256(letter.mail.encode()).digest()
    await db.execute(upsert(LinkSilence).values(hash=hashed).on_conflict_do_nothing())
    left = update(LinkLetter).where(LinkLetter.mail == letter.mail, LinkLetter.left_at.is_(None))
    await db.execute(left.values(left_at=func.now()))


def note_bounce(db: Connection, return_key: str, status: str) -> bool:
    """Whether a letter has this key; the first return is kept."""
    found = update(LinkLetter).where(LinkLetter.return_key == return_key)
    told = {
        "bounced_at": func.coalesce(LinkLetter.bounced_at, func.now()),
        "bounce": func.coalesce(LinkLetter.bounce, status),
    }
    return db.execute(found.values(**told)).rowcount == 1
