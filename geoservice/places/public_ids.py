"""The names of places in addresses: ten letters and digits, drawn once, never reused."""

import secrets

from sqlalchemy import Connection, Text, any_, cast, select
from sqlalchemy.dialects.postgresql import ARRAY

from geoservice.places.model import Place

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o, u, so that an address can be read on the telephone."""
LENGTH = 10


def draw() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def draw_free(connection: Connection, count: int) -> list[str]:
    """`count` different names that no place has."""
    drawn: set[str] = set()
    while len(drawn) < count:
        fresh = [draw() for _ in range(count - len(drawn))]
        # one array, however many: PostgreSQL takes 65,535 parameters at most
        taken = select(Place.public_id).where(Place.public_id == any_(cast(fresh, ARRAY(Text))))
        drawn |= set(fresh) - set(connection.scalars(taken))
    return sorted(drawn, key=lambda _: secrets.randbits(32))
