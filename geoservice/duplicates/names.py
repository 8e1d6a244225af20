"""What a name says: which kind of service it is, and which words tell this place from its neighbours."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from geoservice.web.typography import slug

KINDS: dict[str, tuple[str, ...]] = {
    "mairie": ("mairie", "hotel de ville", "municipalite", "commune", "ville"),
    "action sociale": (
        "ccas", "cias", "centre communal d action sociale", "centre communal d action social",
        "centre intercommunal d action sociale",
    ),
    "bibliothèque": (
        "mediatheque", "bibliotheque", "ludotheque", "bu", "mediatheques",
        "bibliotheques", "biblio", "relais lecture",
    ),
    "france services": (
        "france services", "france service", "msap", "maison de services au public", "mfs",
        "maison des services publics", "maison de service au public", "rfs",
    ),
    "centre social": (
        "centre social", "csc", "socioculturel", "socio culturel", "espace de vie sociale",
        "evs", "centres sociaux",
    ),
    "maison de quartier": ("maison de quartier", "maison des habitants", "mdh"),
    "mjc": ("mjc", "maison des jeunes", "foyer des jeunes"),
    "information jeunesse": (
        "pij", "bij", "prij", "rij", "info jeunes", "information jeunesse", "point info jeunes",
        "point information", "info jeune", "crij", "service jeunesse",
    ),
    "espace numérique": (
        "epn", "espace public numerique", "cyberbase", "cyber base", "cyber espace", "cyberespace",
        "cyber centre", "cybercentre", "espace multimedia", "espace numerique",
    ),
    "mission locale": ("mission locale", "missions locales"),
    "emploi": ("pole emploi", "france travail", "cap emploi", "maison de l emploi"),
    "poste": ("la poste", "bureau de poste", "agence postale", "agence postale communale"),
    "caf": ("caf", "caisse d allocations familiales", "caisse allocations familiales"),
    "cpam": ("cpam", "caisse primaire d assurance maladie"),
    "msa": ("msa", "mutualite sociale agricole"),
    "carsat": ("carsat",),
    "département": (
        "maison departementale", "mds", "mdm", "maison de la metropole", "conseil departemental",
        "maison des solidarites", "maison de la solidarite departementale", "pms",
        "pole de la solidarite departementale",
    ),
    "intercommunalité": (
        "communaute de communes", "communaute d agglomeration", "communaute urbaine", "metropole",
    ),
    "fabrique": ("fablab", "fab lab"),
    "tiers-lieu": ("tiers lieu", "tiers lieux", "coworking"),
    "préfecture": ("prefecture", "sous prefecture"),
    "mairie annexe": ("mairie deleguee", "mairie annexe", "relais mairie", "mairie nouvelle"),
    "foyer": ("foyer jeunes travailleurs", "fjt", "residence autonomie"),
    "enseignement": ("universite", "ecole", "college", "lycee", "bibliotheque universitaire"),
    "permanence": ("permanence", "antenne"),
    "itinérance": ("itinerance", "itinerant", "bus", "mobile"),
}  # fmt: skip
"""Kind of service → how names say it. Two services of different kinds may share an address, a
telephone, even a SIRET, and are still two places."""

SMALL = frozenset((
    "a", "au", "aux", "avec", "chez", "d", "dans", "de", "del", "des", "du", "en", "et", "l", "la",
    "le", "les", "ou", "par", "pour", "s", "sous", "sur", "un", "une",
))  # fmt: skip
GENERIC = frozenset((
    "accueil", "agence", "aide", "antenne", "association", "associations", "atelier", "ateliers",
    "boutique", "bureau", "centre", "commune", "conseil", "conseiller", "conseillere", "culturel",
    "espace", "france", "info", "information", "jeunes", "jeunesse", "lieu", "lieux", "maison",
    "mediation", "municipal", "municipale", "numerique", "numeriques", "pays", "permanence",
    "point", "pole", "poste", "public", "publique", "publics", "relais", "reseau", "salle",
    "service", "services", "site", "social", "sociale", "structure", "ville",
))  # fmt: skip
"""Words that half of the names have."""

_PHRASES = sorted(
    ((phrase, kind) for kind, phrases in KINDS.items() for phrase in phrases),
    key=lambda pair: -len(pair[0]),
)
_PATTERN = re.compile(
    r"(?<!\S)(" + "|".join(re.escape(phrase) for phrase, _ in _PHRASES) + r")(?!\S)"
)
_KIND_OF = dict(_PHRASES)
_SAINT = re.compile(r"(?<!\S)st(e?)(?!\S)")


def plain(text: str) -> str:
    """Lower-case words without accents or punctuation, one space between; «St» is «saint»."""
    return _SAINT.sub(r"saint\1", slug(text).replace("-", " "))


@dataclass(frozen=True, slots=True)
class Name:
    words: str
    """All of it, plain, without the small words and the name of the commune."""
    kinds: frozenset[str]
    """What it says of the service."""
    own: tuple[str, ...]
    """The words that are neither small, generic, of a kind, nor of the commune; in their order."""


@lru_cache(maxsize=50_000)
def read_name(name: str, commune: str | None) -> Name:
    text = plain(name)
    kinds: set[str] = set()

    def keep(match: re.Match[str]) -> str:
        kinds.add(_KIND_OF[match[1]])
        return " "

    rest = _PATTERN.sub(keep, text)
    of_commune = {word for word in plain(commune or "").split() if word not in SMALL}
    words = [word for word in text.split() if word not in SMALL and word not in of_commune]
    own = [
        word
        for word in rest.split()
        if word not in SMALL and word not in GENERIC and word not in of_commune
    ]
    return Name(" ".join(words), frozenset(kinds), tuple(dict.fromkeys(own)))


@lru_cache(maxsize=100_000)
def bigrams(text: str) -> frozenset[str]:
    """Letters two by two, spaces apart."""
    text = text.replace(" ", "")
    return frozenset(text[at : at + 2] for at in range(max(1, len(text) - 1))) - {""}


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of what two sets have in common, from 0 to 1; 1 when both are empty."""
    if not one and not other:
        return 1.0
    return 2 * len(one & other) / (len(one) + len(other))


@lru_cache(maxsize=100_000)
def alike(one: str, other: str) -> bool:
    """One word, but for a typing mistake, a plural, or an abbreviation of at least four letters."""
    if one == other:
        return True
    if one.isdigit() or other.isdigit() or min(len(one), len(other)) < 4:
        return False
    if one.startswith(other) or other.startswith(one):
        return abs(len(one) - len(other)) <= 2
    return dice(bigrams(one), bigrams(other)) >= 0.75


def unmatched(words: Iterable[str], others: Iterable[str]) -> list[str]:
    """The `words` that have no like among the `others`."""
    others = tuple(others)
    return [word for word in words if not any(alike(word, other) for other in others)]
