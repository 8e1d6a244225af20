"""How many links may be asked for in an hour: per address, and per network.

What is counted is a hash, in a table that is neither journalled nor kept more than an hour or two.
"""

import hashlib
from ipaddress import IPv4Address, ip_address, ip_network

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.web.problems import Problem

PER_MAIL = 5
PER_NETWORK = 60
"""A training room, or a whole town hall, shares one address."""

COUNT = text(
    "INSERT INTO sign_in_counts AS counted VALUES (:subject, date_trunc('hour', now()), 1)"
    " ON CONFLICT (subject, hour) DO UPDATE SET asked = counted.asked + 1 RETURNING asked"
)


class TooManyLinks(Problem):
    status = 429
    title = "Trop de liens de connexion ont été demandés. Réessayez dans une heure."


async def count(db: AsyncConnection, mail: str, address: str) -> None:
    """Raises TooManyLinks, whether or not the account exists."""
    if not await within(
        db, (f"network {network(address)}", PER_NETWORK), (f"mail {mail}", PER_MAIL)
    ):
        raise TooManyLinks


async def within(db: AsyncConnection, *limits: tuple[str, int]) -> bool:
    """Count once for each subject; False as soon as one was counted more than its limit this hour."""
    for subject, most in limits:
        hashed = hashlib.sha256(subject.encode()).digest()
        asked = await db.scalar(COUNT, {"subject": hashed})
        if asked > most:
            return False
    return True


async def count_network(db: AsyncConnection, address: str) -> None:
    """For those who have not said their mail. Raises TooManyLinks."""
    if not await within(db, (f"network {network(address)}", PER_NETWORK)):
        raise TooManyLinks


def network(address: str) -> str:
    """The /24 or /48 that an address belongs to: what one subscriber may change at will."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if mapped := getattr(parsed, "ipv4_mapped", None):
        parsed = mapped
    prefix = 24 if isinstance(parsed, IPv4Address) else 48
    return str(ip_network((parsed, prefix), strict=False))
