"""People as La Coop tells them: the pages of `/api/v1/utilisateurs` and `/api/v1/structures` (JSON:API)."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import orjson

from geoservice.mediators.actions import Profile
from geoservice.mediators.profile import Corrections, Typed, read_profile
from geoservice.mediators.receiving import Person
from geoservice.mediators.vocabulary import Role
from geoservice.system import reason

SOURCE = "la-coop"
PLACE_SOURCE = "coop"
"""Under which name its places are imported: `import/coop`."""
TOKEN = "GEOSERVICE_TOKEN_COOP"  # noqa: S105 - the name of the variable
TIMEOUT_S = 60
OPTIONAL = {"mail": "mail", "telephone": "phone", "employeur": "employer"}
"""Field of the form → what is left out when the source tells it wrongly: the person is still known."""


class CoopProblem(Exception):
    """Why nothing was received, in French, with what to do."""


def rows(origin: str) -> Iterator[dict[str, Any]]:
    """The elements of all the pages, from a file or an address. Raises CoopProblem."""
    if not origin.startswith(("https://", "http://")):
        try:
            content = Path(origin).read_bytes()
        except OSError as error:
            raise CoopProblem(f"Le fichier {origin} ne se lit pas : {reason(error)}.") from None
        yield from _elements(_read(content, origin))
        return
    token = os.environ.get(TOKEN)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    following: str | None = origin
    with httpx.Client(headers=headers, timeout=TIMEOUT_S, follow_redirects=True) as client:
        while following:
            try:
                page = client.get(following)
            except httpx.HTTPError as error:
                raise CoopProblem(f"La Coop ne répond pas ({type(error).__name__}).") from None
            if page.status_code in (401, 403):
                raise CoopProblem(f"La Coop refuse l’accès : vérifiez {TOKEN}.")
            if page.is_error:
                raise CoopProblem(f"La Coop répond par une erreur {page.status_code}.")
            answer = _read(page.content, "La Coop")
            yield from _elements(answer)
            following = _next(answer)


def _elements(answer: dict[str, Any]) -> list[dict[str, Any]]:
    data = answer.get("data")
    if not isinstance(data, list):
        raise CoopProblem("Ces données ne sont pas celles de l’API de La Coop : « data » manque.")
    return cast("list[dict[str, Any]]", data)


def _read(content: bytes, origin: str) -> dict[str, Any]:
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise CoopProblem(f"Ce que donne {origin} n’est pas du JSON.") from None
    return cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}


def _next(answer: dict[str, Any]) -> str | None:
    """JSON:API gives an address, or an object that has one."""
    links: dict[str, Any] = answer.get("links") or {}
    link: Any = links.get("next")
    return link if link is None or isinstance(link, str) else str(link["href"])


def names(structures: Iterator[dict[str, Any]]) -> dict[str, str]:
    """Name of each structure, by id."""
    found: dict[str, str] = {}
    for structure in structures:
        told: dict[str, Any] = structure.get("attributes") or {}
        found[str(structure.get("id"))] = str(told.get("nom") or "")
    return found


def people(users: Iterator[dict[str, Any]], employers: dict[str, str]) -> Iterator[Person]:
    """Those who are mediators and have not left La Coop; `employers` are names by structure id."""
    for user in users:
        told: dict[str, Any] = user.get("attributes") or {}
        mediator: dict[str, Any] | None = told.get("mediateur")
        if not mediator or told.get("suppression"):
            continue
        profile = _profile(told, employers)
        if profile is None:
            continue
        yield Person(
            key=str(user["id"]),
            profile=profile,
            is_visible=mediator.get("is_visible") is True,
            places=tuple(_structures(mediator.get("en_activite"))),
        )


def _profile(told: dict[str, Any], employers: dict[str, str]) -> Profile | None:
    """None for somebody without a name."""
    employer = (employers.get(structure, "") for structure in _structures(told.get("emplois")))
    typed = Typed(
        given_name=str(told.get("prenom") or ""),
        family_name=str(told.get("nom") or ""),
        mail=str(told.get("email") or ""),
        phone=str(told.get("telephone") or ""),
        role=Role.CONSEILLER_NUMERIQUE if _is_counsellor(told) else Role.MEDIATEUR,
        employer=next(filter(None, employer), ""),
    )
    read = read_profile(typed)
    if isinstance(read, Corrections):
        wrong = {OPTIONAL[fault]: "" for fault in read.faults if fault in OPTIONAL}
        read = read_profile(replace(typed, **wrong))
    return None if isinstance(read, Corrections) else read


def _is_counsellor(told: dict[str, Any]) -> bool:
    return bool(told.get("is_conseiller_numerique") or told.get("conseiller_numerique"))


def _structures(links: list[dict[str, Any]] | None) -> list[str]:
    """Of the links that have not ended."""
    going_on = (one for one in links or [] if not one.get("suppression") and not one.get("fin"))
    return [str(one.get("structure_id")) for one in going_on]
