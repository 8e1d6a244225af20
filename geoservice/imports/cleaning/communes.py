"""Which commune a row means, from its name, its codes and its position; and whether they agree."""

import difflib
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from geoservice.geo import Box, LonLat
from geoservice.imports.gazetteer import Commune, Gazetteer, Name
from geoservice.territories.departements import departement_of
from geoservice.territories.names import words

NEAR_KM = 5.0
"""From a commune's box, within which a point may tell it from others that have its name or its code."""
FAR_KM = 1.0
"""From the outline of its commune, beyond which a point is wrong. Of the 1 834 places of the eight real
files, the fifteen that lie between 1 and 5 km away are all in another village (town halls, mostly); those
that only stand at a limit, or at a simplified outline, are within 900 m."""
ALIKE = 0.82
"""Likeness of two names under one postal code from which they are one name mistyped."""
CEDEX = re.compile(r"\s*\bcedex\b.*$", re.IGNORECASE)
ARROUND = re.compile(r"^\s*(?:F-)?\d{5}\s+|\s*\(.*?\)\s*$|\s+\d{5}\s*$")
ARRONDISSEMENT = re.compile(
    r"(paris|lyon|marseille) 0?(\d{1,2})(?: ?(?:er|e|eme|nd|ieme))?(?: arr.*)?"
)
FRANCE = (
    Box(-5.6, 41.2, 9.8, 51.2),
    Box(-63.3, 14.2, -60.6, 18.3),  # Antilles
    Box(-54.7, 2.0, -51.5, 6.0),  # Guyane
    Box(44.9, -21.5, 56.0, -12.5),  # Mayotte, La Réunion
    Box(-56.6, 46.6, -56.0, 47.3),  # Saint-Pierre-et-Miquelon
    Box(158.0, -23.5, 168.5, -18.5),  # Nouvelle-Calédonie
    Box(-178.6, -14.7, -175.9, -12.9),  # Wallis-et-Futuna
    Box(-154.9, -28.0, -134.2, -7.5),  # Polynésie française
)
"""Around every inhabited territory."""


class Note(NamedTuple):
    column: str
    raw: str
    value: str | None
    """None when the raw value is refused."""
    why: str


@dataclass
class Where:
    """What a row says of where the place is, and what it became."""

    name: str = ""
    postal_code: str = ""
    code_insee: str = ""
    point: LonLat | None = None
    former_name: str = ""
    """The name that the row gives, when it is that of a commune which joined another one."""
    notes: list[Note] = field(default_factory=list[Note])

    def refuse(self, column: str, raw: str, why: str) -> None:
        self.notes.append(Note(column, raw, None, why))

    def correct(self, column: str, raw: str, value: str, why: str) -> None:
        if value != raw:
            self.notes.append(Note(column, raw, value, why))


def locate(said: Where, gazetteer: Gazetteer) -> Where:
    """Correct in place what can be, refuse what contradicts the rest; what is unknown stays so."""
    _repair_point(said)
    raw_name = said.name
    said.name = ARROUND.sub("", CEDEX.sub("", said.name)).strip(" -,")
    if said.name != raw_name and not gazetteer:
        said.correct("commune", raw_name, said.name, "« CEDEX » et codes retirés du nom")
    if not gazetteer:
        return said
    expected = departement_of(said.code_insee or None, said.postal_code or None)
    covered = expected is None or expected in gazetteer.departements
    commune = _find(said, gazetteer) if covered else None
    if commune is None:
        if raw_name != said.name:
            said.correct("commune", raw_name, said.name, "« CEDEX » et codes retirés du nom")
        return said
    _name(said, raw_name, commune, gazetteer)
    _postal_code(said, commune, gazetteer)
    said.correct("code_insee", said.code_insee, commune.code, "code INSEE trouvé par la commune")
    said.code_insee = commune.code
    _check_point(said, commune, gazetteer)
    return said


def _find(said: Where, gazetteer: Gazetteer) -> Commune | None:
    found = _by_code(said, gazetteer) or _by_name(said, gazetteer)
    if found is None and _contradicts_itself(said, gazetteer):
        return _settled(said, gazetteer)
    return found or _by_postal_code(said, gazetteer) or _by_point(said, gazetteer)


def _contradicts_itself(said: Where, gazetteer: Gazetteer) -> bool:
    """Whether the name is that of communes of other départements than the postal code's."""
    departement = departement_of(None, said.postal_code or None)
    under_code = gazetteer.by_postal_code.get(said.postal_code, [])
    return (
        departement is not None
        and _is_elsewhere(said.name, departement, gazetteer)
        and not any(_alike(said.name, gazetteer.communes[code].name) for code in under_code)
    )


def _is_elsewhere(name: str, departement: str | None, gazetteer: Gazetteer) -> bool:
    called = {gazetteer.communes[one.code].departement for one in _called(name, gazetteer)}
    return bool(called) and departement not in called


def _settled(said: Where, gazetteer: Gazetteer) -> Commune | None:
    """The commune where the point is, of those that the name and the postal code mean.

    Without a point that tells, the name is believed, as if there were no postal code: a digit is
    mistyped more easily than a word.
    """
    of_name = {one.code for one in _called(said.name, gazetteer)}
    of_code = set(gazetteer.by_postal_code.get(said.postal_code, ()))
    if said.point:
        inside = gazetteer.commune_at(said.point)
        near = [
            code for code in sorted(of_name | of_code)
            if gazetteer.communes[code].distance_km(said.point) <= NEAR_KM
        ]  # fmt: skip
        if inside in near or len(near) == 1:
            return gazetteer.communes[inside if inside in near else near[0]]
    names = ", ".join(sorted(gazetteer.communes[code].name for code in of_code)[:3])
    whose = f"celui de {names}, pas de « {said.name} »" if names else "celui d’aucune commune"
    said.refuse(
        "postal_code", said.postal_code,
        f"commune et code postal se contredisent : ce code est {whose}",
    )  # fmt: skip
    said.postal_code = ""
    return _by_name(said, gazetteer) or _by_point(said, gazetteer)


def _in_france(point: LonLat) -> bool:
    return any(
        box.west <= point.lon <= box.east and box.south <= point.lat <= box.north for box in FRANCE
    )


def _swapped(point: LonLat) -> LonLat | None:
    return LonLat(point.lat, point.lon) if abs(point.lon) <= 90 else None


def _repair_point(said: Where) -> None:
    if said.point is None or _in_france(said.point):
        return
    other = _swapped(said.point)
    raw = _written(said.point)
    if other and _in_france(other):
        said.correct("point", raw, _written(other), "longitude et latitude échangées")
        said.point = other
    else:
        said.refuse("point", raw, "position hors de France")
        said.point = None


def _check_point(said: Where, commune: Commune, gazetteer: Gazetteer) -> None:
    def away_km(point: LonLat) -> float:
        box_km = commune.distance_km(point)  # most mistakes need no more
        return box_km if box_km > FAR_KM else gazetteer.outline_km(commune.code, point)

    if said.point is None or (distance_km := away_km(said.point)) <= FAR_KM:
        return
    raw = _written(said.point)
    other = _swapped(said.point)
    if other and away_km(other) <= FAR_KM:
        said.correct("point", raw, _written(other), "longitude et latitude échangées")
        said.point = other
        return
    far = f"position à {round(distance_km)} km de {commune.name} : non retenue"
    said.refuse("point", raw, far)
    said.point = None


def _written(point: LonLat) -> str:
    return f"{point.lon}, {point.lat}"


def _by_code(said: Where, gazetteer: Gazetteer) -> Commune | None:
    if not said.code_insee:
        return None
    commune = gazetteer.today(said.code_insee)
    raw = said.code_insee
    if commune is None:
        said.refuse("code_insee", raw, "aucune commune n’a ce code INSEE")
        said.code_insee = ""
        return None
    called = any(name.code == commune.code for name in gazetteer.called(said.name))
    known = called or _alike(said.name, commune.name)
    # a name that we do not know may be that of a commune newer than our gazetteer
    unknown = not gazetteer.called(said.name) and not said.postal_code
    if said.name and not (known or unknown) and said.postal_code not in commune.postal_codes:
        said.refuse(
            "code_insee", raw, f"ce code est celui de {commune.name}, pas de « {said.name} »"
        )
        said.code_insee = ""
        return None
    said.correct("code_insee", raw, commune.code, "ancienne commune : code de celle d’aujourd’hui")
    said.code_insee = commune.code
    return commune


def _by_name(said: Where, gazetteer: Gazetteer) -> Commune | None:
    candidates = _called(said.name, gazetteer)
    if not candidates:
        return None
    if said.postal_code:
        communes = gazetteer.communes
        exact = [
            c for c in candidates
            if said.postal_code in c.postal_codes | communes[c.code].postal_codes
        ]  # fmt: skip
        departement = departement_of(None, said.postal_code)
        near = [c for c in candidates if communes[c.code].departement == departement]
        candidates = exact or near
    codes = list(dict.fromkeys(candidate.code for candidate in candidates))
    if said.point and (len(codes) > 1 or not said.postal_code):
        point = said.point
        codes = [c for c in codes if gazetteer.communes[c].distance_km(point) <= NEAR_KM]
    return gazetteer.communes[codes[0]] if len(codes) == 1 else None


def _called(name: str, gazetteer: Gazetteer) -> list[Name]:
    if not name:
        return []
    if match := ARRONDISSEMENT.fullmatch(words(name)):
        rank = int(match[2])
        ordinal = "1er" if rank == 1 else f"{rank}e"
        return gazetteer.called(f"{match[1]} {ordinal} arrondissement")
    return gazetteer.called(name)


def _by_postal_code(said: Where, gazetteer: Gazetteer) -> Commune | None:
    codes = gazetteer.by_postal_code.get(said.postal_code, [])
    communes = [gazetteer.communes[code] for code in codes]
    if said.name:
        alike = [commune for commune in communes if _alike(said.name, commune.name)]
        if len(alike) == 1:
            return alike[0]
    point = said.point
    if point:
        communes = [commune for commune in communes if commune.distance_km(point) <= FAR_KM]
    return communes[0] if len(communes) == 1 else None


def _alike(one: str, other: str) -> bool:
    """Whether two names under one postal code are one name, shortened or mistyped."""
    a, b = (re.sub(r"^(?:l|la|le|les) ", "", words(name)) for name in (one, other))
    if a == b or f"{a} ".startswith(f"{b} ") or f"{b} ".startswith(f"{a} "):
        return True
    return difflib.SequenceMatcher(None, a, b).ratio() >= ALIKE


def _by_point(said: Where, gazetteer: Gazetteer) -> Commune | None:
    if said.point is None:
        return None
    commune = gazetteer.communes.get(gazetteer.commune_at(said.point) or "")
    if commune is None:
        return None
    expected = departement_of(None, said.postal_code or None)
    return commune if expected in (None, commune.departement) else None


def _name(said: Where, raw: str, commune: Commune, gazetteer: Gazetteer) -> None:
    mine = [name for name in _called(said.name, gazetteer) if name.code == commune.code]
    if not said.name:
        why = "nom de la commune trouvé par son code"
    elif mine and all(name.former for name in mine):
        why = "ancienne commune ou arrondissement : nom de la commune d’aujourd’hui"
        if not ARRONDISSEMENT.fullmatch(words(said.name)):
            said.former_name = said.name
    elif mine:
        why = "nom officiel de la commune"
    elif _alike(said.name, commune.name) and not _longer(said.name, commune.name):
        why = "nom de commune rapproché par le code postal"
    elif _is_elsewhere(said.name, commune.departement, gazetteer):
        said.refuse("commune", raw, f"les codes ou la position disent {commune.name}")
        said.name = commune.name
        return
    else:
        # a commune newer than our gazetteer («Segré-en-Anjou-Bleu» for «Segré»), or a hamlet: the
        # source knows better what it is called
        said.correct("commune", raw, said.name, "« CEDEX » et codes retirés du nom")
        return
    said.correct("commune", raw, commune.name, why)
    said.name = commune.name


def _longer(name: str, other: str) -> bool:
    """Whether `name` is `other` and more words."""
    return words(name).startswith(f"{words(other)} ")


def _postal_code(said: Where, commune: Commune, gazetteer: Gazetteer) -> None:
    raw = said.postal_code
    if raw in commune.postal_codes or not commune.postal_codes:
        return
    only = next(iter(commune.postal_codes)) if len(commune.postal_codes) == 1 else ""
    others = gazetteer.by_postal_code.get(raw, [])
    if not raw:
        said.correct("postal_code", raw, only, "code postal trouvé par la commune")
    elif others:
        names = ", ".join(sorted(gazetteer.communes[code].name for code in others)[:3])
        kept = f" : {only} à la place" if only else ""
        why = f"est le code postal de {names}, pas de {commune.name}{kept}"
        said.refuse("postal_code", raw, why)
    elif departement_of(None, raw) != commune.departement or raw == commune.code:
        said.refuse("postal_code", raw, f"n’est pas un code postal de {commune.name}")
    elif only:  # a CEDEX, or a code that exists no more
        said.correct("postal_code", raw, only, "code CEDEX ou ancien : code postal de la commune")
    else:
        return
    said.postal_code = only
