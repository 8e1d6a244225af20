"""The names of teams and perimeters in addresses: drawn once, never reused."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that an address can be read on the telephone."""
LENGTH = 8
"""A million million codes: two draws are never the same."""


def draw() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
