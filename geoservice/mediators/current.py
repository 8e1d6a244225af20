"""The profile of whoever is signed in: a dependency of their own pages."""

from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy import Row

from geoservice.auth.current import CurrentAccount
from geoservice.mediators import actions, queries
from geoservice.mediators.profile import NoProfileYet
from geoservice.web.database import AppDb


async def find_profile(me: CurrentAccount, db: AppDb) -> Row[Any] | None:
    """None for somebody who has none, here or in a source that knows their address."""
    own = queries.own(me.account_id)
    row = (await db.execute(own)).one_or_none()
    if row is None and await actions.claim(db, me.account_id, me.mail):
        row = (await db.execute(own)).one()
    return row


MaybeProfile = Annotated[Row[Any] | None, Depends(find_profile)]


async def own_profile(found: MaybeProfile) -> Row[Any]:
    if found is None:
        raise NoProfileYet
    return found


OwnProfile = Annotated[Row[Any], Depends(own_profile)]
