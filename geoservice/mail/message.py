"""A mail: written once, as plain text; its HTML is the same words.

A template is a text whose first line is its subject («Objet : …»). Paragraphs are separated by an
empty line; one that ends with an address alone on its line is a link, named by the lines before.
"""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid
from functools import cache
from typing import Any, cast

from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from geoservice.paths import TEMPLATES
from geoservice.web.pages import SERVICE
from geoservice.web.typography import FILTERS, FrenchSpaces

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class WrongAddress(ValueError):
    """Not the address of a mailbox."""


def read_address(text: str) -> str:
    """The address in ASCII and lower case, as accounts keep it; raises WrongAddress."""
    try:
        return validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False
        ).ascii_email.lower()  # pyright: ignore[reportOptionalMemberAccess] - None only for non-ASCII names, refused here
    except EmailNotValidError as error:
        raise WrongAddress from error


@dataclass(frozen=True)
class Message:
    to: str
    subject: str
    text: str
    leave: str | None = None
    """Address of the page by which one asks for no more mails of this kind."""
    returns_to: str | None = None
    """Where mail servers send it back when they cannot deliver it; None for where it comes from."""

    def __post_init__(self) -> None:
        """Raises WrongAddress, or ValueError for a subject that is not one line."""
        read_address(self.to)
        if not self.subject.strip() or _CONTROL.search(self.subject):
            raise ValueError("a subject is one line")


@dataclass(frozen=True)
class Paragraph:
    lines: tuple[str, ...]
    link: str | None
    """Where the lines lead; None for an ordinary paragraph."""


def paragraphs(text: str) -> list[Paragraph]:
    found: list[Paragraph] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        *lines, last = block.strip().split("\n")
        if re.fullmatch(r"https?://\S+", last):
            label = tuple(line.rstrip(" \u00a0:") for line in lines) or (last,)
            found.append(Paragraph(label, last))
        else:
            found.append(Paragraph((*lines, last), None))
    return found


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_on_its_line,
        extensions=[FrenchSpaces],
    )
    cast("dict[str, Any]", made.filters).update(FILTERS)
    cast("dict[str, Any]", made.globals).update(service=SERVICE)
    return made


def _on_its_line(value: object) -> object:
    """A value never makes a new line: it can add neither a header nor a link of its own."""
    return " ".join(value.split()) if isinstance(value, str) else value


def compose(template: str, to: str, page: object) -> Message:
    """The mail that `template` says of `page`."""
    written = _templates().get_template(template).render(page=page).strip()
    first, _, text = written.partition("\n")
    subject = re.fullmatch(r"Objet\s*:\s*(.+)", first)
    if subject is None:
        raise ValueError(f"{template} does not begin with its subject")
    return Message(to, subject[1].strip(), text.strip() + "\n")


def as_email(message: Message, sender: str) -> EmailMessage:
    """Ready to leave, as text and as HTML. Header injection: the policy refuses line breaks."""
    email = EmailMessage(policy=SMTP)
    email["From"] = Address(SERVICE, addr_spec=sender)
    email["To"] = Address(addr_spec=message.to)
    email["Subject"] = message.subject
    email["Date"] = localtime()
    email["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    email["Auto-Submitted"] = "auto-generated"
    if message.leave:  # RFC 8058: mail programs offer a button of their own
        email["List-Unsubscribe"] = f"<{message.leave}>"
        email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    html = _templates().get_template("mail/_frame.html")
    email.set_content(message.text, cte="quoted-printable")
    email.add_alternative(
        html.render(page=message, paragraphs=paragraphs(message.text)),
        subtype="html",
        cte="quoted-printable",
    )
    return email
