"""What the words of «Où ?» say before anybody looks them up: a name, a postal code, a département."""

import re
from dataclasses import dataclass
from functools import lru_cache

from geoservice.territories.departements import departement_of
from geoservice.web.typography import slug

POSTAL_CODE = re.compile(r"(?:\bF ?- ?)?\b(\d{5}|2[AB]\d{3})\b", re.IGNORECASE)
_SPACED_CODE = re.compile(r"\b(\d{2}) (\d{3})\b(?=\D*$)")
_SLASH = re.compile(r" ?(?<=[^\W\d])/(?=[^\W\d])")
_CEDEX = re.compile(r"\bcedex\b(?: ?\d{1,2}\b)?", re.IGNORECASE)
_COUNTRY = re.compile(r"(?<!\bde)(?<!\ben)[ ,(]+france\W*$", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:à|vers|près d[e’']|autour d[e’']|(?:la )?(?:ville|commune) d[e’']) ?(?=\w)", re.IGNORECASE
)
_DEPARTEMENT = re.compile(
    r"(?:^|[ ,(-]+)(0[1-9]|[1-8]\d|9[0-5]|2[AB]|97\d|98[6-8])\W*$", re.IGNORECASE
)
_ARRONDISSEMENT = re.compile(
    r"(paris|lyon|marseille)[ ,-]+(\d{1,2}|[XVI]+) ?(?:er|e|eme|ème|è|ᵉ)?(?: arr\w*\.?)?",
    re.IGNORECASE,
)
_ARRONDISSEMENTS = {"paris": 20, "lyon": 9, "marseille": 16}
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV",
          "XV", "XVI", "XVII", "XVIII", "XIX", "XX")  # fmt: skip

ARTICLES = ("le", "la", "les", "l")
LITTLE_WORDS = (
    *ARTICLES, "lez", "de", "du", "des", "d", "sur", "sous", "s", "ss", "en", "et", "a", "au", "aux", "pres",
)  # fmt: skip
"""What people leave out or shorten inside the name of a commune: «Villefranche s/ Saône»."""
JOINING_WORDS = ("sur", "sous", "en", "les", "lez", "s", "ss")
"""A name goes on after them: «Saône» alone is not what «Villefranche sur Saône» means."""

FAR_TERRITORIES = {
    "975": "Saint-Pierre-et-Miquelon",
    "977": "Saint-Barthélemy",
    "978": "Saint-Martin",
    "986": "Wallis-et-Futuna",
    "987": "Polynésie française",
    "988": "Nouvelle-Calédonie",
}
"""The State's files of territories leave them out: a service knows their communes only when its own files do."""
FAR_TOWNS = {"noumea": "988", "papeete": "987", "tahiti": "987", "mata utu": "986"}
"""As words() writes them."""


@dataclass(frozen=True)
class Typed:
    text: str
    """As it was typed, but for its spaces."""
    name: str
    """What is left of it without its codes and abbreviations: «Villefranche sur Saône»."""
    before: str = ""
    """What comes before the postal code: the street, mostly."""
    after: str = ""
    postal_code: str | None = None
    departements: tuple[str, ...] = ()
    """Codes of those that the words name; empty when they name none."""

    @classmethod
    def read(cls, text: str) -> "Typed":
        text = " ".join(text.split())
        words = _SPACED_CODE.sub(r"\1\2", _LEADING.sub("", written_out(text)))
        words = _SLASH.sub(" sur ", _COUNTRY.sub("", _CEDEX.sub(" ", words)))
        if code := POSTAL_CODE.search(words):
            before, after = _trimmed(words[: code.start()]), _trimmed(words[code.end() :])
            name = arrondissement(_without_departement(_trimmed(f"{before} {after}")))
            return cls(text, name, before, _without_departement(after), code[1].upper())
        name = arrondissement(_trimmed(words))
        if found := _DEPARTEMENT.search(name):
            before = arrondissement(_trimmed(name[: found.start()]))
            return cls(text, before, departements=(found[1].upper(),))
        return cls(text, name or text)

    @property
    def departements_of_code(self) -> tuple[str, ...]:
        """Code of the département of the postal code, when there is one."""
        code = departement_of(None, self.postal_code)
        return (code,) if code else ()

    @property
    def far_territory(self) -> str | None:
        """Name of the overseas territory that the words are about, among those that no file has."""
        if codes := self.departements_of_code or self.departements:
            return FAR_TERRITORIES.get(codes[0])
        name = words(self.name)
        return FAR_TERRITORIES.get(FAR_TOWNS.get(name, "")) or next(
            (far for far in FAR_TERRITORIES.values() if words(far) == name), None
        )


@lru_cache(maxsize=100_000)
def words(name: str) -> str:
    """What two spellings of a commune's name have in common; as `norm` in the database."""
    return re.sub(r"\bst(e?)\b", r"saint\1", slug(written_out(name)).replace("-", " "))


def written_out(name: str) -> str:
    """«Aulnay s/s bois», «Chalon s/ Saône» with their little word."""
    name = re.sub(r"\bs ?/ ?s\b|\bss\b", "sous", name, flags=re.IGNORECASE)
    return re.sub(r"\bs ?/ ?", "sur ", name, flags=re.IGNORECASE)


def _trimmed(words: str) -> str:
    return " ".join(words.split()).strip(" ,;-–")


def _without_departement(words: str) -> str:
    return re.sub(r"\(\w{2,3}\)", " ", words).strip()


def arrondissement(name: str) -> str:
    """«Paris 11», «Lyon 3ème», «Marseille 1er», «Lyon II» as the gazetteer names them."""
    found = _ARRONDISSEMENT.fullmatch(name.strip(" ()"))
    if not found:
        return name
    city, said = found[1], found[2].upper()
    rank = int(said) if said.isdigit() else _ROMAN.index(said) + 1 if said in _ROMAN else 0
    if not 1 <= rank <= _ARRONDISSEMENTS[city.casefold()]:
        return name
    return f"{city} {rank}{'er' if rank == 1 else 'e'} arrondissement"


def loose_pattern(said: str) -> str | None:
    """A regular expression for the names that have the same words, little ones aside; `said` are words().

    «puy en velay» for Le Puy-en-Velay, «lisle d abeau» for L’Isle-d’Abeau. None when only little
    words are left.
    """
    kept = [word for word in said.split() if word not in LITTLE_WORDS]
    if not kept:
        return None
    little = f"({'|'.join(LITTLE_WORDS)})"
    # an apostrophe that was not typed: «lisle»; what norm() leaves is letters and digits
    elided = [re.sub(r"^([ld])(?=[aeiouyh])", r"(\1 ?)?", word) for word in kept]
    return f"^({little} )*" + f"( {little})* ".join(elided) + "$"
