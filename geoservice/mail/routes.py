"""The mails that did not leave, for whoever develops on this machine. Wired only when it may be shown."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import islice

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from geoservice.mail import outbox
from geoservice.mail.message import Paragraph, paragraphs
from geoservice.web.database import CurrentSettings
from geoservice.web.pages import render
from geoservice.web.problems import NotFound

SHOWN = 30

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class KeptMail:
    subject: str
    to: str
    at: str
    """«14:05:09», on the clock of the machine."""
    paragraphs: tuple[Paragraph, ...]

    @classmethod
    def of(cls, email: EmailMessage) -> "KeptMail":
        body = email.get_body(("plain",))
        return cls(
            subject=email["Subject"],
            to=email["To"],
            at=f"{parsedate_to_datetime(email['Date']):%H:%M:%S}",
            paragraphs=tuple(paragraphs(body.get_content())) if body else (),
        )


@dataclass(frozen=True)
class OutboxPage:
    mails: tuple[KeptMail, ...]
    folder: str
    title: str = "Courrier qui n’est pas parti"


@router.get(outbox.PATH)
def show_outbox(request: Request, settings: CurrentSettings) -> HTMLResponse:
    if not outbox.is_loopback(request.url.hostname or ""):  # a foreign name led to this machine
        raise NotFound
    mails = tuple(KeptMail.of(email) for email in islice(outbox.kept(settings), SHOWN))
    page = render(request, "mail/outbox.html", OutboxPage(mails, str(outbox.folder(settings))))
    page.headers["cache-control"] = "no-store"
    return page
