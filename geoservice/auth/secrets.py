"""Secrets that only their bearer holds."""

import hashlib
import secrets

BITS = 256


def new() -> str:
    """43 characters that may stand in an address, a cookie or a form."""
    return secrets.token_urlsafe(BITS // 8)


def digest(secret: str) -> bytes:
    """What a table keeps. 256 random bits cannot be guessed, so no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def form_token(cookie: str) -> str:
    """Proves that a form was written for the browser that holds this cookie."""
    return hashlib.sha256(b"form:" + cookie.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
