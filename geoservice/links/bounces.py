"""Mails that came back: from what a mail server returns to the letter that it could not deliver.

Source: RFC 3464 (delivery status notifications), RFC 3463 (their codes).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

_KEY = re.compile(r"\+([0-9a-f]{24})@")
_RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "To")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Bounce:
    key: str
    """Of the letter."""
    status: str
    """«5.1.1»."""


def read_bounce(raw: bytes) -> Bounce | None:
    """None when it is no notification of a failure, or of no letter of ours."""
    mail = message_from_bytes(raw, policy=compat32)
    key = _key(mail)
    if key is None or mail.get_content_type() != "multipart/report":
        return None
    for block in _statuses(mail):
        if str(block.get("Action", "")).strip().lower() != "failed":
            continue
        found = _STATUS.search(str(block.get("Status", "")))
        if found is None or found[0].startswith("5"):
            return Bounce(key, found[0] if found else "5.0.0")
    return None


def _key(mail: "Message[str, str]") -> str | None:
    """Of the address that it was returned to."""
    for name in _RECIPIENT_HEADERS:
        for value in mail.get_all(name, []):
            if found := _KEY.search(str(value)):
                return found[1]
    return None


def _statuses(mail: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """One block for each recipient: the body of a message/delivery-status is a list of headers."""
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        # its payload is a list of messages without a body, which `walk` goes through
        yield from (block for block in part.walk() if block is not part)
