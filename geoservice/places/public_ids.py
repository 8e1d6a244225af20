"""The names of places in addresses: ten letters and digits, drawn once, never reused."""

import secrets

from sqlalchemy import Connection, text

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o, u, so that an address can be read on the telephone."""
LENGTH = 10


def draw() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def draw_free(connection: Connection, count: int) -> list[str]:
    """`count` different names that no place has, nor will have: those of the temporary table `minted`."""
    drawn: set[str] = set()
    while len(drawn) < count:
        fresh = [draw() for _ in range(count - len(drawn))]
        # one array, however many: PostgreSQL takes 65,535 parameters at most
        drawn |= set(fresh) - set(connection.scalars(TAKEN, {"fresh": fresh}))
    return sorted(drawn, key=lambda _: secrets.randbits(32))


TAKEN = text(
    "SELECT public_id FROM places WHERE public_id = ANY(:fresh)"
    " UNION ALL SELECT public_id FROM minted WHERE public_id = ANY(:fresh)"
)
