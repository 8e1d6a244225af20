"""Where «ou» is: a commune, a postal code or a territory of the gazetteer, else an address.

Addresses go to the French address service when the settings name one; when it is off, slow or
wrong, the commune of the address is used, and said so.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.geo import LonLat
from geoservice.settings import Settings
from geoservice.territories import queries
from geoservice.web.problems import Fault, WrongQuestion

POSTAL_CODE = re.compile(r"\b(\d{5}|2[AB]\d{3})\b", re.IGNORECASE)
CACHE_MAX = 2_000


@dataclass(frozen=True)
class Located:
    label: str
    """As people read it: «Annecy (74)»."""
    point: LonLat
    precision: str
    """`adresse`, `commune` or `territoire`."""
    territory: tuple[str, str] | None = None
    """Type and code, when the words name an EPCI, a département or a région."""
    commune: str | None = None
    """INSEE code of the commune."""
    note: str | None = None
    """What the reader must know, in French: the address was not found, its commune was used."""
    others: tuple[str, ...] = ()
    """Labels of the other localities of the same name."""


def label_of(row: Row[Any]) -> str:
    """«Annecy (74)», «Lyon 3e Arrondissement (69)», «Haute-Savoie»."""
    return f"{row.name} ({row.departement})" if row.departement and row.commune else row.name


def _around(name: str) -> str:
    """«autour de Metz», «autour d’Annecy»."""
    vowel = unicodedata.normalize("NFD", name)[:1].upper() in "AEIOUY"
    return f"autour d’{name}" if vowel else f"autour de {name}"


async def locate(db: AsyncConnection, text: str, settings: Settings) -> Located:
    """Raises WrongQuestion, with suggestions, when no locality bears this name."""
    rows = await _localities(db, text) or await _shortened(db, text)
    if rows:
        return _located(rows)
    if settings.address_service_url and (found := await _ask_service(text, settings)):
        return found
    if rows := await _commune_of_address(db, text):
        why = (
            "Le service d’adresses n’a pas répondu"
            if settings.address_service_url
            else "Cette carte ne connaît pas les rues"
        )
        return _located(rows, note=f"{why} : nous cherchons {_around(label_of(rows[0]))}.")
    near = (await db.execute(queries.like(text, limit=8))).all()
    suggested = tuple(dict.fromkeys(label_of(row) for row in near))
    hint = " Vouliez-vous dire : " + ", ".join(suggested[:3]) + " ?" if suggested else ""
    raise WrongQuestion(
        Fault("ou", f"Nous ne connaissons pas de commune « {text} ».{hint}", suggested)
    )


def _located(rows: list[Row[Any]], note: str | None = None) -> Located:
    first = rows[0]
    others = [row for row in rows[1:] if row.type in (first.type, "commune")]
    return Located(
        label=label_of(first),
        point=LonLat(first.lon, first.lat),
        precision="commune" if first.commune else "territoire",
        territory=None if first.commune else (first.type, first.code),
        commune=first.commune,
        note=note,
        others=tuple(label_of(row) for row in others[:8]),
    )


async def _localities(db: AsyncConnection, text: str) -> list[Row[Any]]:
    """Exactly named: «74000», «Annecy», «Annecy (74)», «74000 Annecy», «Paris 11e»."""
    text = text.strip()
    if POSTAL_CODE.fullmatch(text):
        return list((await db.execute(queries.with_postal_code(text))).all())
    code = POSTAL_CODE.search(text)
    departement = re.search(r"\((\w{2,3})\)\s*$", text)
    name = POSTAL_CODE.sub(" ", text)
    if departement:
        name = name[: departement.start()] if not code else re.sub(r"\(\w{2,3}\)", " ", name)
    rows = list((await db.execute(queries.named(_arrondissement(name)))).all())
    if code:
        wanted = code[1].upper()
        return [row for row in rows if wanted in row.postal_codes]
    if departement:
        wanted = departement[1].upper()
        return [row for row in rows if row.departement == wanted]
    return rows


async def _shortened(db: AsyncConnection, text: str) -> list[Row[Any]]:
    """«Digne» for Digne-les-Bains; not «Saint», which begins too many names to mean one."""
    rows = list((await db.execute(queries.beginning_with(text))).all())
    return rows if len(rows) < queries.SUGGESTIONS_MAX else []


def _arrondissement(name: str) -> str:
    """«Paris 11», «Lyon 3ème», «Marseille 1er» as the gazetteer names them."""
    found = re.fullmatch(
        r"\s*(paris|lyon|marseille)\s+(\d{1,2})\s*(?:er|e|eme|ème|è|ᵉ)?(?:\s+arr\w*\.?)?\s*",
        name,
        re.IGNORECASE,
    )
    if not found:
        return name
    rank = "1er" if found[2].lstrip("0") == "1" else f"{found[2].lstrip('0')}e"
    return f"{found[1]} {rank} arrondissement"


async def _commune_of_address(db: AsyncConnection, text: str) -> list[Row[Any]]:
    """The commune that ends an address: «12 rue des Lilas, 74000 Annecy» or «place Hoche, Annecy»."""
    if code := POSTAL_CODE.search(text):
        after = text[code.end() :].strip(" ,")
        sharing = list((await db.execute(queries.with_postal_code(code[1].upper()))).all())
        named = list((await db.execute(queries.named(after))).all()) if after else []
        codes = {row.code for row in named}
        return [row for row in sharing if row.code in codes] or sharing
    words = re.split(r"[\s,]+", text.strip())
    for start in range(1, len(words)):
        rows = list((await db.execute(queries.named(" ".join(words[start:])))).all())
        if communes := [row for row in rows if row.commune]:
            return communes
    return []


_answers: dict[tuple[str, str], Located] = {}


async def _ask_service(text: str, settings: Settings) -> Located | None:
    """The best address that the service knows, or None; GeoJSON in the format of BAN and Géoplateforme."""
    url = settings.address_service_url or ""
    key = (url, text.casefold())
    if key in _answers:
        return _answers[key]
    try:
        async with httpx.AsyncClient(timeout=settings.address_timeout_s) as client:
            answer = await client.get(url, params={"q": text, "limit": 1})
            answer.raise_for_status()
            feature = answer.json()["features"][0]
            lon, lat = feature["geometry"]["coordinates"][:2]
            told = feature["properties"]
            found = Located(
                label=str(told["label"]),
                point=LonLat.checked(float(lon), float(lat)),
                precision="commune" if told.get("type") == "municipality" else "adresse",
                commune=told.get("citycode"),
            )
    except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError):
        return None
    if len(_answers) >= CACHE_MAX:
        _answers.clear()
    _answers[key] = found
    return found


async def communes_called(db: AsyncConnection, text: str) -> list[Row[Any]]:
    """The communes and arrondissements that «23000 Guéret», «Guéret» or «23000» may mean, the likeliest first."""
    rows = await _localities(db, text) or await _commune_of_address(db, text)
    return [row for row in rows if row.type in ("commune", "arrondissement")]
