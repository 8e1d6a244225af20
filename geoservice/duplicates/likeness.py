"""Whether two places are one: a score that can be explained, word by word, and three bands.

What is not known counts neither for nor against: weights are shared among what is known. Two
services of different kinds are never taken for one, even when they share a SIRET.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from geoservice.duplicates import addresses
from geoservice.duplicates.addresses import Address
from geoservice.duplicates.names import Name, bigrams, dice, unmatched

SAME, REVIEW, DISTINCT = "same", "review", "distinct"
SAME_FROM, SAME_FROM_WITHIN_A_SOURCE, REVIEW_FROM = 0.84, 0.88, 0.60
"""A source that lists two places had its reasons: more is asked before they are taken for one."""

NAME_FROM = 0.30
"""Under this likeness of names, places are two."""

WEIGHTS = {
    "nom": 0.35,
    "adresse": 0.25,
    "distance": 0.20,
    "siret": 0.15,
    "téléphone": 0.10,
    "courriel": 0.08,
    "site web": 0.05,
    "type de lieu": 0.05,
}
WEIGHT_OF_A_DIFFERENCE = 0.5
"""Two telephones or mails of one place are common: a difference weighs half of an agreement."""
NEAR_M, FAR_M = 50.0, 500.0
"""Where the likeness of positions is 1, and where it reaches 0."""
TOWN_HALL = frozenset({"mairie"})
ELSEWHERE_M = 1000.0
"""Farther than this, with other addresses, places are two whatever they have in common."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of a place. Contacts that a whole network shares are left out of it."""

    id: int
    sources: frozenset[str]
    name: Name
    address: Address | None
    commune: str | None
    """INSEE code."""
    lon: float | None
    lat: float | None
    siret: str | None
    phone: str | None
    emails: frozenset[str]
    websites: frozenset[str]
    typologies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    score: float
    """From 0 to 1."""
    band: str
    features: dict[str, float]
    """What is known of both places → how alike, from 0 to 1."""
    guards: tuple[str, ...]
    """Why they were not taken for one in spite of the score; in French, for people."""

    def as_data(self) -> dict[str, Any]:
        return {"features": self.features, "guards": list(self.guards)}


def compare(one: Profile, other: Profile) -> Verdict:
    """The same verdict whichever comes first."""
    name = name_likeness(one.name, other.name)
    if name < NAME_FROM or _different_services(one, other):
        # nine candidates in ten: the rest of them is not worth reading
        return Verdict(0.0, DISTINCT, {"nom": round(name, 3)}, tuple(_kinds_apart(one, other)))
    features = {"nom": name} | dict(_features(one, other))
    weights = {name: WEIGHTS[name] * _share(name, value) for name, value in features.items()}
    score = sum(weights[name] * value for name, value in features.items()) / sum(weights.values())
    guards = tuple(_guards(one, other, features))
    band = _band(one, other, score, features, guards)
    rounded = {name: round(value, 3) for name, value in features.items()}
    return Verdict(round(score, 4), band, rounded, guards)


def _share(name: str, value: float) -> float:
    contact = name in ("téléphone", "courriel", "site web", "type de lieu")
    return WEIGHT_OF_A_DIFFERENCE if contact and value == 0 else 1.0


def _features(one: Profile, other: Profile) -> Iterator[tuple[str, float]]:
    address = None
    if one.commune == other.commune or not one.commune or not other.commune:
        address = addresses.likeness(one.address, other.address)
    if address is not None:
        yield "adresse", address
    metres = distance_m(one, other)
    if metres is not None and not (address is not None and address >= 0.9):
        # one of two positions of the same address is wrong: it says nothing
        yield "distance", max(0.0, min(1.0, (FAR_M - metres) / (FAR_M - NEAR_M)))
    if one.siret and other.siret:
        yield "siret", 1.0 if one.siret == other.siret else 0.3 * (one.siret[:9] == other.siret[:9])
    if one.phone and other.phone:
        yield "téléphone", float(one.phone == other.phone)
    if one.emails and other.emails:
        yield "courriel", float(bool(one.emails & other.emails))
    if one.websites and other.websites:
        yield "site web", float(bool(one.websites & other.websites))
    if one.typologies and other.typologies:
        yield "type de lieu", float(bool(one.typologies & other.typologies))


def name_likeness(one: Name, other: Name) -> float:
    if one.words == other.words and one.words:
        return 1.0
    written = dice(bigrams(one.words), bigrams(other.words))
    if not one.own and not other.own:
        # nothing but the kind and the commune: «Mairie de Certines»
        return max(written, 0.95) if one.kinds and one.kinds == other.kinds else written
    if not one.own or not other.own:
        return max(written, 0.6) if one.kinds & other.kinds else written
    alone = len(unmatched(one.own, other.own)), len(unmatched(other.own, one.own))
    if alone == (0, 0):
        return max(written, 0.95)
    if 0 in alone:
        return max(written, 0.8)
    shared = 1 - sum(alone) / (len(one.own) + len(other.own))
    return min(written, 0.4 + 0.5 * shared)


def distance_m(one: Profile, other: Profile) -> float | None:
    """Metres on a sphere; None when a position is not known."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    south, north = math.radians(one.lat), math.radians(other.lat)
    across = math.radians(other.lon - one.lon) * math.cos((south + north) / 2)
    return 6_371_000 * math.hypot(across, north - south)


def _guards(one: Profile, other: Profile, features: dict[str, float]) -> Iterator[str]:
    yield from _kinds_apart(one, other)
    mine = unmatched(one.name.own, other.name.own)
    theirs = unmatched(other.name.own, one.name.own)
    if mine and theirs:
        yield f"chacun a son nom : « {' '.join(mine)} », « {' '.join(theirs)} »"
    metres = distance_m(one, other)
    if one.commune != other.commune and one.commune and other.commune:
        yield "communes différentes"
    if metres is not None and metres > FAR_M:
        yield f"positions à {metres / 1000:.1f} km l’une de l’autre".replace(".", ",")
    if features.get("siret", 1.0) < 1.0:
        yield "SIRET différents"


def _different_services(one: Profile, other: Profile) -> bool:
    kinds, others = one.name.kinds, other.name.kinds
    return bool(kinds and others and not kinds & others)


def _kinds_apart(one: Profile, other: Profile) -> Iterator[str]:
    kinds, others = one.name.kinds, other.name.kinds
    if _different_services(one, other):
        yield f"services différents : {_listed(kinds)} d’un côté, {_listed(others)} de l’autre"
    elif kinds != others:
        yield f"{_listed(kinds ^ others)} d’un seul côté"


def _listed(kinds: frozenset[str]) -> str:
    return ", ".join(sorted(kinds))


def _certain(one: Profile, other: Profile, features: dict[str, float]) -> bool:
    """What leaves no doubt whatever the score, when nothing speaks against it."""
    said = [
        features[name]
        for name in ("siret", "téléphone", "courriel", "site web")
        if name in features
    ]
    if 0.0 in said:
        return False
    same_address = features.get("adresse", 0.0) >= 0.9
    if same_address and features["nom"] == 1.0:
        return True  # the same words on the same door, whatever the positions
    agreed = sum(value == 1.0 for value in said)
    if same_address and agreed >= 2 and features["nom"] >= 0.6:
        return (
            True  # «Médiathèque de Seyssel», «Médiathèque Victor Hugo», with one mail and one site
        )
    only_town_hall = all(p.name.kinds == TOWN_HALL and not p.name.own for p in (one, other))
    return only_town_hall and one.commune == other.commune is not None and agreed >= 1


def _band(
    one: Profile, other: Profile, score: float, features: dict[str, float], guards: tuple[str, ...]
) -> str:
    metres = distance_m(one, other)
    same_address = features.get("adresse", 0.0) >= 0.9
    same_commune = one.commune == other.commune or not one.commune or not other.commune
    somewhere_else = (
        (not same_commune) if metres is None else metres > ELSEWHERE_M and not same_address
    )
    if score < REVIEW_FROM or somewhere_else:
        return DISTINCT
    needed = SAME_FROM_WITHIN_A_SOURCE if one.sources & other.sources else SAME_FROM
    contact = max(features.get(name, 0.0) for name in ("siret", "téléphone", "courriel"))
    if guards:
        only_far = all(guard.startswith("positions à") for guard in guards)
        same_door = features["nom"] == 1.0 and same_address
        sure = _certain(one, other, features) or (contact == 1.0 and score >= needed)
        return SAME if only_far and same_door and sure else REVIEW
    if _certain(one, other, features):
        return SAME
    here = same_address or features.get("distance", 0.0) >= 0.8
    enough = contact == 1.0 or (same_address and (features["nom"] >= 0.9))
    return SAME if score >= needed and here and enough and features["nom"] >= 0.75 else REVIEW
