"""Where «ou» is: a commune, a postal code or a territory of the gazetteer, else an address.

Addresses go to the French address service when the settings name one; when it is off, slow or
wrong, the commune of the address is used, and said so.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.geo import LonLat
from geoservice.settings import Settings
from geoservice.territories import queries
from geoservice.territories.names import ARTICLES, JOINING_WORDS, Typed, loose_pattern, words
from geoservice.web.problems import Fault, WrongQuestion

CACHE_MAX = 2_000
OTHERS_MAX = 8
LONGER_MAX = 4
"""How many towns whose name only begins so are named beside those that have the very name."""
TERRITORY_WORDS_MAX = 5
SURE = 0.6
"""Likeness of a name above which what was typed is taken for a mistake in it, not for an address."""


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
    """Labels of the other localities that the same words may mean, the largest first."""


def label_of(row: Row[Any]) -> str:
    """«Annecy (74)», «Lyon 3e Arrondissement (69)», «Haute-Savoie»."""
    return f"{row.name} ({row.departement})" if row.departement and row.commune else row.name


def _of(name: str) -> str:
    """«de Metz», «d’Annecy»."""
    vowel = unicodedata.normalize("NFD", name)[:1].upper() in "AEIOUY"
    return f"d’{name}" if vowel else f"de {name}"


@dataclass(frozen=True)
class _Found:
    rows: list[Row[Any]]
    """The most likely first."""
    left_out: str = ""
    """The words that nobody understood: the street, mostly."""
    note: str = ""
    """What was wrong, as a clause: «nous ne connaissons pas le code postal 99999»."""


async def locate(db: AsyncConnection, text: str, settings: Settings) -> Located:
    """Raises WrongQuestion, with suggestions, when no locality bears this name."""
    typed = Typed.read(text)
    rows, typed = await _understood(db, typed)
    if rows:
        return _located(_Found(rows), settings)
    if settings.address_service_url and (found := await _ask_service(text, settings)):
        return found
    if found := await _commune_of_address(db, typed):
        return _located(found, settings)
    raise WrongQuestion(await _unknown(db, typed))


def _located(found: _Found, settings: Settings) -> Located:
    first = found.rows[0]
    around = f"nous cherchons autour {_of(label_of(first))}."
    note = None
    if found.note:
        note = f"{found.note} : {around}"
    elif found.left_out:
        why = (
            "Le service d’adresses n’a pas répondu"
            if settings.address_service_url
            else "Cette carte ne connaît pas les rues"
        )
        note = f"{why} : {around}"
    return Located(
        label=label_of(first),
        point=LonLat(first.lon, first.lat),
        precision="commune" if first.commune else "territoire",
        territory=None if first.commune else (first.type, first.code),
        commune=first.commune,
        note=note,
        others=_others(found.rows),
    )


def _others(rows: Sequence[Row[Any]]) -> tuple[str, ...]:
    """A longer name is among them only when its commune is larger: nobody means Paris-l’Hôpital by «Paris»."""
    first = rows[0]
    kinds = (first.type, "commune", "ancienne-commune")
    exact = [row for row in rows[1:] if row.exact and row.type in kinds]
    named = max((row.population for row in rows if row.exact), default=-1)
    longer = [row for row in rows[1:] if not row.exact and row.population > named]
    shown = [*longer[: LONGER_MAX if exact else OTHERS_MAX], *exact][:OTHERS_MAX]
    shown.sort(key=lambda row: -row.population)
    return tuple(label for label in _labels(shown) if label != label_of(first))


def _labels(rows: Iterable[Row[Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label_of(row) for row in rows))


async def _understood(db: AsyncConnection, typed: Typed) -> tuple[list[Row[Any]], Typed]:
    """What every word of `typed` names: «74000», «Annecy», «Annecy (74)», «Saint-Denis, La Réunion».

    And `typed` again, its last words understood as a territory when they name one.
    """
    if typed.postal_code:
        return await _with_postal_code(db, typed), typed
    if typed.departements and not typed.name:
        return await _rows(db, queries.departement(typed.departements[0])), typed
    if rows := await _named(db, typed.name, departements=typed.departements):
        return rows, typed
    if not typed.departements:
        for name, departements in await _with_territory(db, typed.name):
            typed = replace(typed, name=name, departements=departements)
            if rows := await _named(db, name, departements=departements):
                return rows, typed
    return [], typed


async def _rows(db: AsyncConnection, statement: Any) -> list[Row[Any]]:
    return list((await db.execute(statement)).all())


async def _named(db: AsyncConnection, name: str, **within: Sequence[str]) -> list[Row[Any]]:
    """«Digne» means Digne-les-Bains; not «Saint», which begins too many names to mean one."""
    rows = await _rows(db, queries.named(name, longer=True, **within))
    if rows:
        too_many = len(rows) >= queries.SUGGESTIONS_MAX and not any(row.exact for row in rows)
        return [] if too_many else rows
    pattern = loose_pattern(words(name))
    return await _rows(db, queries.alike(pattern, **within)) if pattern else []


async def _with_postal_code(db: AsyncConnection, typed: Typed) -> list[Row[Any]]:
    """«74000 Annecy»; «69365 Lyon» too, whose code is not in the files: a CEDEX."""
    sharing = await _rows(db, queries.with_postal_code(typed.postal_code or ""))
    if not typed.name:
        return sharing
    return await _named_under(db, typed.name, typed, sharing)


async def _named_under(
    db: AsyncConnection, name: str, typed: Typed, sharing: Sequence[Row[Any]]
) -> list[Row[Any]]:
    """Among the communes that share the postal code; of its département when none does."""
    if not sharing:
        return await _named(db, name, departements=typed.departements_of_code)
    rows = await _named(db, name, communes=[row.commune for row in sharing])
    # «69003 Lyon» is the arrondissement
    finer = [row for row in sharing if row.type == "arrondissement"]
    return finer if rows and rows[0].type == "commune" and finer else rows


async def _with_territory(db: AsyncConnection, name: str) -> list[tuple[str, tuple[str, ...]]]:
    """«Saint-Denis, Réunion» as «saint denis» and the codes of départements; the longest territory first."""
    said = words(name).split()
    starts = range(max(1, len(said) - TERRITORY_WORDS_MAX), len(said))
    ends = {" ".join(said[start:]): " ".join(said[:start]) for start in starts}
    written = {f"{article} {end}": end for end in ends for article in ARTICLES}
    written |= {end: end for end in ends}
    codes: dict[str, set[str]] = {}
    for row in await db.execute(queries.departements_called(list(written))):
        codes.setdefault(written[row.norm], set()).add(row.code)
    return [(ends[end], tuple(sorted(codes[end]))) for end in ends if end in codes]


async def _commune_of_address(db: AsyncConnection, typed: Typed) -> _Found | None:
    """The commune that ends an address: «12 rue des Lilas, 74000 Annecy» or «place Hoche, Annecy»."""
    if not typed.name:
        return None
    if typed.postal_code and (found := await _under_postal_code(db, typed)):
        return found
    said = words(typed.name).split()
    ends = {
        " ".join(said[start:]): " ".join(said[:start])
        for start in range(1, len(said))
        if said[start - 1] not in JOINING_WORDS
    }
    within = typed.departements_of_code or typed.departements
    rows = await _rows(db, queries.called_one_of(list(ends), within))
    meant = [row for row in rows if row.norm == rows[0].norm]
    if not meant or await _is_a_mistake(db, typed.name, meant[0]):
        return None
    left_out = ends[meant[0].norm]
    # «Pringy, Annecy» and «Annecy, Pringy» are the former commune that joined Annecy
    if same := await _rows(db, queries.named(left_out, communes=[meant[0].commune])):
        return _Found(same if meant[0].type == "commune" else meant)
    return _Found(meant, left_out)


async def _is_a_mistake(db: AsyncConnection, name: str, meant: Row[Any]) -> bool:
    """«Chalon su Saone» is one in a longer name, not a street of Saône."""
    if name[:1].isdigit():
        return False
    nearest = (await db.execute(queries.like(name, 1))).first()
    return bool(nearest and nearest.similarity >= SURE and nearest.norm != meant.norm)


async def _under_postal_code(db: AsyncConnection, typed: Typed) -> _Found | None:
    code = typed.postal_code or ""
    sharing = await _rows(db, queries.with_postal_code(code))
    if typed.after and (rows := await _named_under(db, typed.after, typed, sharing)):
        return _Found(rows, typed.before)
    if not sharing:
        rows = await _named(db, typed.name)
        return _Found(rows, note=f"Nous ne connaissons pas le code postal {code}") if rows else None
    if elsewhere := await _rows(db, queries.named(typed.after or typed.before)):
        note = f"Le code postal {code} est celui {_of(label_of(sharing[0]))}"
        return _Found([*sharing, *elsewhere], note=note)
    return _Found(sharing, typed.name)


async def _unknown(db: AsyncConnection, typed: Typed) -> Fault:
    """What is not known, and what may be written instead."""
    if far := typed.far_territory:
        return Fault(
            "ou",
            f"Cette carte ne connaît pas encore les communes de ce territoire : {far}. "
            "Cherchez plutôt le nom du lieu.",
        )
    if not typed.name and typed.departements:
        return Fault("ou", f"Nous ne connaissons pas le département {typed.departements[0]}.")
    if typed.name:
        near = await _rows(db, queries.like(typed.name, OTHERS_MAX))
        return _fault(f"Nous ne connaissons pas de commune « {typed.text} ».", near)
    said = f"Nous ne connaissons pas le code postal {typed.postal_code}."
    towns = await _rows(db, queries.largest(typed.departements_of_code, OTHERS_MAX))
    if towns:
        said += " C’est peut-être un CEDEX, un code pour le courrier des entreprises."
    return _fault(said, towns)


def _fault(said: str, near: Sequence[Row[Any]]) -> Fault:
    suggested = _labels(near)
    hint = " Vouliez-vous dire : " + ", ".join(suggested[:3]) + " ?" if suggested else ""
    return Fault("ou", said + hint, suggested)


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
    rows, typed = await _understood(db, Typed.read(text))
    if not rows and (found := await _commune_of_address(db, typed)):
        rows = found.rows
    return [row for row in rows if row.exact and row.type in ("commune", "arrondissement")]


async def suggested(db: AsyncConnection, text: str, limit: int) -> list[Row[Any]]:
    """The localities that somebody typing `text` may mean; those that «Où ?» would find are among them."""
    near = await _rows(db, queries.like(text, limit))
    if any(row.begins for row in near):
        return near
    meant, _ = await _understood(db, Typed.read(text))
    codes = {(row.type, row.code) for row in meant}
    return [*meant, *(row for row in near if (row.type, row.code) not in codes)][:limit]
