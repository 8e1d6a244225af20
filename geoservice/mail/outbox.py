"""Without a mail server, mails are kept in a folder; on a developer's machine, a page shows them."""

import os
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from geoservice import clock
from geoservice.settings import Settings

KEPT = 100
PATH = "/courrier"


def folder(settings: Settings) -> Path:
    return settings.data_dir / "courrier"


def keep(settings: Settings, email: EmailMessage) -> None:
    """For the owner of the files only: mails hold links that open doors."""
    here = folder(settings)
    here.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%d-%H%M%S-%f}-{os.getpid()}.eml"
    written = here / f"{name}.part"
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(bytes(email))
    written.rename(here / name)
    for old in sorted(here.glob("*.eml"))[:-KEPT]:
        old.unlink(missing_ok=True)


def kept(settings: Settings) -> Iterator[EmailMessage]:
    """The newest first."""
    for file in sorted(folder(settings).glob("*.eml"), reverse=True):
        email = message_from_bytes(file.read_bytes(), policy=default)
        assert isinstance(email, EmailMessage)  # noqa: S101 - the policy's own class
        yield email


def is_shown(settings: Settings) -> bool:
    """Only without a mail server, and only to the machine that runs the service.

    Its public address counts too: behind a proxy, a public site also listens on the loopback.
    """
    public_host = urlsplit(settings.site).hostname or ""
    return settings.smtp_url is None and is_loopback(settings.host) and is_loopback(public_host)


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def notice(settings: Settings) -> str | None:
    """What to say at the start about mails that do not leave; None when they do."""
    if settings.smtp_url is not None:
        return None
    where = f"{settings.site}{PATH}" if is_shown(settings) else f"le dossier {folder(settings)}"
    return (
        "Aucun serveur de courrier n’est réglé (GEOSERVICE_SMTP_URL) : les messages ne partent pas, "
        f"on les lit dans {where}"
    )
