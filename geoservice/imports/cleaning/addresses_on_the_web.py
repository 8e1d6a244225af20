"""Mail and web addresses."""

import re
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from geoservice.imports.cleaning import Cleaned, Refused

SCHEME = re.compile(
    r"^(?:https?|http|htpps?|htttps?|hhtps?|hhttps?)\s*:?\s*/{1,3}\s*", re.IGNORECASE
)
HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}")
NOT_IN_MAIL = re.compile(r"^(?:mailto|mail|e-mail|courriel)\s*:\s*", re.IGNORECASE)
AT_IN_WORDS = re.compile(
    r"\s*(?:\[\s*(?:at|a|arobase|@)\s*\]|\(\s*(?:at|a|arobase|@)\s*\))\s*", re.I
)


def read_email(raw: str) -> Cleaned[str]:
    """Lower case, as every mail server in use compares it. No network: the domain is not asked."""
    text = AT_IN_WORDS.sub("@", NOT_IN_MAIL.sub("", raw.strip().strip("<>.,;:\"'")))
    text = re.sub(r"\s*([@.])\s*", r"\1", text)
    if "@" not in text:
        raise Refused("n’est pas une adresse de courriel")
    try:
        checked = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise Refused("n’est pas une adresse de courriel") from None
    value = checked.normalized.lower()
    return Cleaned(value, () if value == raw else ("courriel mis au propre",))


def read_url(raw: str) -> Cleaned[str]:
    """An `http` or `https` address with a host that could exist; `https` when none is written."""
    text = raw.strip().strip("<>\"'").rstrip(",;.")
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    scheme = SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    if not scheme and re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", text, re.IGNORECASE):
        raise Refused("n’est pas une adresse de site web")
    secure = not scheme or not scheme[0].lower().replace(" ", "").startswith(("http:", "http/"))
    rest = re.sub(r"^https?:/*", "", rest, flags=re.IGNORECASE)  # «http://https://…»
    value = f"{'https' if secure else 'http'}://{rest}"
    try:
        host = urlsplit(value).hostname or ""
    except ValueError:
        host = ""
    if " " in rest or not HOST.fullmatch(host) or "@" in value.split("/")[2]:
        raise Refused("n’est pas une adresse de site web")
    return Cleaned(value, () if value == raw else ("adresse web complétée ou corrigée",))
