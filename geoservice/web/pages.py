"""Pages for people: the templates' environment, the pages that belong to no slice, and refusals."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from geoservice.paths import TEMPLATES
from geoservice.web.database import CurrentSettings
from geoservice.web.names import in_words, name_of
from geoservice.web.problems import Fault, Problem, WrongQuestion
from geoservice.web.reference import Reference
from geoservice.web.static import assets
from geoservice.web.typography import FILTERS, FrenchSpaces

SERVICE = "La carte de la médiation numérique"
ACCEPTED_SHOWN_MAX = 16
WHERE = {"ou", "lon", "lat"}


class Page(Protocol):
    @property
    def title(self) -> str:
        """Of the browser's tab; says which page this is before which service."""
        ...


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[FrenchSpaces],
    )
    cast("dict[str, Any]", made.filters).update(FILTERS)
    cast("dict[str, Any]", made.globals).update(asset=assets(), service=SERVICE)
    return made


def render(request: Request, template: str, page: Page) -> HTMLResponse:
    """The page as HTML. Templates receive `page` and nothing of the request."""
    return HTMLResponse(environment().get_template(template).render(page=page))


@dataclass(frozen=True)
class Statement:
    """A page of plain text."""

    title: str


@dataclass(frozen=True)
class PrivacyPage:
    unused_account_months: int
    consent_journal_years: int
    fingerprint_years: int
    title: str = "Vie privée"


router = APIRouter(include_in_schema=False)


@router.get("/accessibilite")
async def show_accessibility(request: Request) -> HTMLResponse:
    return render(request, "web/accessibility.html", Statement("Accessibilité"))


@router.get("/confidentialite")
async def show_privacy(request: Request, settings: CurrentSettings) -> HTMLResponse:
    page = PrivacyPage(
        settings.unused_account_months, settings.consent_journal_years, settings.fingerprint_years
    )
    return render(request, "web/privacy.html", page)


@router.get("/api/docs")
async def show_api(request: Request) -> HTMLResponse:
    return render(request, "web/api.html", Reference.of(request.app.openapi()))


@dataclass(frozen=True)
class Way:
    """One way out of an error."""

    label: str
    href: str


@dataclass(frozen=True)
class Mistake:
    """One wrong parameter: what was wrong, and the same question with something else in its place."""

    parameter: str
    name: str
    """How people call the parameter."""
    message: str
    given: str
    without: str
    """Address of the question without this parameter."""
    instead: tuple[Way, ...]
    more_accepted: int
    """How many accepted values are not shown."""


@dataclass(frozen=True)
class ErrorPage:
    title: str
    status: int
    detail: str | None
    mistakes: tuple[Mistake, ...]
    where: Mistake | None
    """The mistake about «où», which the page lets people correct on the spot."""
    kept: tuple[tuple[str, str], ...]
    """The rest of the question, to be sent again with another «où»."""

    @classmethod
    def of(cls, problem: Problem, asked: Sequence[tuple[str, str]], path: str) -> "ErrorPage":
        """`asked` is the query string, parameter by parameter; `path` the address that was asked."""
        mistakes = (
            tuple(
                Mistake(
                    fault.parameter,
                    name_of(fault.parameter),
                    in_words(fault.message),
                    next((value for name, value in asked if name == fault.parameter), ""),
                    _address(path, asked, fault.parameter),
                    tuple(
                        Way(label, _address(path, asked, fault.parameter, value))
                        for value, label in _choices(fault)[:ACCEPTED_SHOWN_MAX]
                    ),
                    max(0, len(_choices(fault)) - ACCEPTED_SHOWN_MAX),
                )
                for fault in problem.faults
            )
            if isinstance(problem, WrongQuestion)
            else ()
        )
        return cls(
            title=problem.title,
            status=problem.status,
            detail=None if mistakes else problem.detail,
            mistakes=mistakes,
            where=next((mistake for mistake in mistakes if mistake.parameter == "ou"), None),
            kept=tuple(pair for pair in asked if pair[0] not in ("ou", "page", "bbox")),
        )


def _choices(fault: Fault) -> list[tuple[str, str]]:
    """What may be written instead, and how people read it; a name of a parameter is no value."""
    if fault.is_unknown:
        return []
    return list(zip(fault.accepted, fault.labels or fault.accepted, strict=True))


def _address(
    path: str, asked: Sequence[tuple[str, str]], name: str, value: str | None = None
) -> str:
    gone = {name, "page"}
    if name in WHERE and value is None:
        gone |= {*WHERE, "rayon"}  # a distance from nowhere would be the next mistake
    kept = [pair for pair in asked if pair[0] not in gone and pair[1].strip()]
    if gone >= WHERE:
        kept = [pair for pair in kept if pair != ("tri", "distance")]
    kept += [] if value is None else [(name, value)]
    return path + ("?" + urlencode(kept) if kept else "")
