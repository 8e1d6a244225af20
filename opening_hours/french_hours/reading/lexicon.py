r"""The words of opening hours: one line of `PHRASES` per way of saying something.

To teach the reader a new phrase, add a line: the kind, then a regular expression over cleaned
text (lower-case ASCII, see `spelling`). Where two lines fit at the same place the first wins.
The kinds are read by `times`, `days`, `periods` and `clauses`; every other word is a `WORD`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from french_hours.reading.spelling import nearly


class Token(NamedTuple):
    kind: str
    text: str
    value: Any = None


_DAY_WORDS = {
    "lundi": 0,
    "mardi": 1,
    "mercredi": 2,
    "jeudi": 3,
    "vendredi": 4,
    "samedi": 5,
    "dimanche": 6,
}
_SHORT_DAYS = {
    "lun": 0,
    "mar": 1,
    "mer": 2,
    "merc": 2,
    "mercr": 2,
    "jeu": 3,
    "ven": 4,
    "vend": 4,
    "vendr": 4,
    "sam": 5,
    "dim": 6,
}
_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?"
MONTHS = {
    "janvier": 1,
    "janv": 1,
    "fevrier": 2,
    "fevr": 2,
    "fev": 2,
    "mars": 3,
    "avril": 4,
    "avr": 4,
    "mai": 5,
    "juin": 6,
    "juillet": 7,
    "juil": 7,
    "aout": 8,
    "septembre": 9,
    "sept": 9,
    "octobre": 10,
    "oct": 10,
    "novembre": 11,
    "nov": 11,
    "decembre": 12,
    "dec": 12,
}
# the dot of an abbreviation is its own, that of a whole word ends a sentence
_MONTH = (
    r"\b(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b"
    r"(?:(?<=janv)\.|(?<=fevr)\.|(?<=fev)\.|(?<=avr)\.|(?<=juil)\.|(?<=sept)\.|(?<=oct)\.|(?<=nov)\.|(?<=dec)\.)?"
)
_YEAR = r"20[1-9]\d"
_DATE = rf"(?:(?:{_DAY}|lun|mar|mer|jeu|ven|sam|dim)\.? )?[0-3]?\d(?:er)? {_MONTH}(?: {_YEAR})?"
_NUMERIC_DATE = r"[0-3]?\d[/.][01]?\d(?:[/.](?:20)?\d\d)?"
_FULL_NUMERIC_DATE = (
    r"(?<!\d)(?:[0-3]?\d/[01]?\d/20\d\d|[0-3]\d/[01]\d/\d\d|[0-3]?\d\.[01]?\d\.20\d\d)(?![/.]?\d)"
)
_RDV = r"(?:rendez[- ]?vous|rdv|r\.d\.v\.?|rv\b)"
_HOLIDAYS = r"(?:(?:les |des )?(?:petites |grandes )?vacances?(?: scolaires?)?|conges scolaires)"
_COUNT = r"(?:2|3|4|deux|trois|quatre)"
_RARELY = "|".join(
    (
        rf"(?:une|1) ?semaines? ?(?:sur|/|tous les) ?{_COUNT}\b",
        rf"(?:un|1) {_DAY}(?: (?:matin|apres-midi))? ?(?:sur|/) ?{_COUNT}\b",
        rf"toutes? les {_COUNT} semaines",
        rf"tous les {_COUNT} {_DAY}",
        r"tous les (?:15|quinze) jours",
        r"(?:par|chaque) quinzaine|bi-?mensuel\w*",
        rf"(?:une|1|{_COUNT}) ?(?:fois|x) ?(?:par|/|dans le) ?(?:mois|trimestre|semestre|semaine|an)\b",
        rf"(?:un|1|{_COUNT}) {_DAY} ?(?:par|/|dans le) ?mois\b",
        r"en alternance|alternativement|en alternant|a tour de role",
        r"ponctuellement|occasionnellement|regulierement|exceptionnellement|parfois|quelquefois",
        r"a confirmer|sous reserve(?: de [a-z]+)?",
        rf"certains? (?={_DAY})|quelques (?={_DAY})|selon (?:les )?(?:disponibilites?|besoins?|affluence)",
    )
)

PHRASES: tuple[tuple[str, str], ...] = (
    # --- what is not hours, though it has figures in it
    ("NOISE", r"\[[a-z]+\]"),
    ("NOISE", r"https?://\S+|\bwww\.\S+|\S+@\S+|\b[a-z\d-]+\.(?:fr|com|org|net|re|nc|pf)\b\S*"),
    ("NOISE", r"(?<!\d)(?:\+33 ?|0)[1-9](?:[ .-]?\d\d){4}(?!\d)|(?<!\d)\d\d\.\d\d\.\d\d(?!\d)"),
    ("NOISE", r"\b\d{5,6}\b|\b3\d{3}\b(?! ?h)|(?<![-\d])(?<!- )1[6-9]\d\d\b(?! ?h)"),
    (
        "NOISE",
        r"\b\d{1,4} ?(?:bis|ter|quater)?,? (?=(?:grande )?(?:rue|avenue|av|all|allee|place|bd|boulevard|impasse|chemin|route|quai|cours|square|passage|faubourg|lotissement|lieu)\b)",
    ),
    ("NOISE", r"\b(?:a partir de |de |des )?\d+ (?:(?:a|et|-|/) \d+ )?ans\b"),
    (
        "NOISE",
        r"\d+(?:[.,]\d+)? ?(?:€|%|(?:euros?|personnes?|postes?|km|m2|enfants|ordinateurs|participants|pc|tablettes|adherents|ateliers?|cheques?|sites|minutes|min|mn|seances?|places|heures? d'\w+)\b)(?:/\w+)?",
    ),
    ("NOISE", r"\b\d+ ?h(?:eures?)? ?(?:/ ?|par )(?:semaine|mois|jour|an)\b"),
    (
        "NOISE",
        r"\b\d+ ?h(?:\d\d)? (?:d'|de )(?:ateliers?|cours|formation|accompagnement|presence|connexion)\b",
    ),
    (
        "NOISE",
        r"\b(?:duree|pendant|ateliers? de|seances? de|cours de|creneaux? de|maximum|minimum) ?:? ?\d+ ?h(?:\d\d)?(?! ?(?:-|a\b|/|\d))",
    ),
    ("NOISE", rf"(?:(?:en|de|depuis) )?{_MONTH} 19\d\d\b"),
    ("NOISE", r"\b(?:sous|en moins de|delai de) \d+ ?h(?:eures?)?\b"),
    ("BAD_TIME", r"\d{1,2}:\d\d:(?!00)\d\d(?:\.\d+)?"),
    ("NOISE", r"toute l'annee|ete comme hiver|hiver comme ete|hors et en vacances scolaires"),
    ("NOISE", r"pendant et hors vacances(?: scolaires)?|toute la journee|en continu|non[- ]stop"),
    ("NOISE", r"\bjournee continue\b"),
    ("NOISE", r"\bsans interruption\b"),
    ("NOISE", r"\bfermee? (?:le reste de la semaine|le reste du temps|les autres jours)\b"),
    ("MATTERS", r"\ble reste (?:de la semaine|du temps)\b"),
    # --- around the clock
    ("ALL_HOURS", r"\b24 ?h(?:eures?)?(?: ?(?:/|sur) ?|-)24 ?h?(?:eures)?\b|\b24/24 ?h?\b"),
    ("ALL_WEEK", r"\b24/7\b"),
    ("EVERY_DAY", r"\b7 ?j(?:ours?)? ?(?:/|sur) ?7 ?j?\b|\b7/7\b"),
    # --- rhythms
    ("PARITY", r"\(? ?\b(?:les |en |des )?(?:semaines?|sem\.?) (?:n )?(?:im)?paires?\b ?\)?"),
    ("PARITY", r"\( ?(?:im)?paires? ?\)"),
    ("RARELY", r"\b(?:" + _RARELY + ")"),
    # --- dates and months
    (
        "DATES",
        rf"\b(?:du|entre le|de) (?:{_DAY} )?[0-3]?\d(?:er)?(?: {_MONTH})?(?: {_YEAR})? ?(?:jusqu'au|au|et le|-) ?{_DATE}(?: inclus\w*)?",
    ),
    (
        "DATES",
        rf"\bdu (?:{_DAY} )?{_NUMERIC_DATE} (?:jusqu'au|au) (?:{_DAY} )?{_NUMERIC_DATE}(?: inclus\w*)?",
    ),
    (
        "SINCE",
        rf"\b(?:a (?:partir|compter) d[ue']|depuis(?: le)?|des le) ?(?:{_DATE}|{_FULL_NUMERIC_DATE}|{_MONTH} {_YEAR})",
    ),
    (
        "UNTIL",
        rf"\bjusqu'(?:au|en|a) ?(?:la )?(?:fin )?(?:{_DATE}|{_FULL_NUMERIC_DATE}|{_MONTH}(?: {_YEAR})?)",
    ),
    (
        "DATE",
        rf"\b(?:le |les |du )?[0-3]?\d(?:er)?(?:(?:, | et |-)[0-3]?\d)* {_MONTH}(?: {_YEAR})?",
    ),
    ("DATE", rf"\b(?:le |du )?{_FULL_NUMERIC_DATE}\b"),
    ("YEAR_END", r"\b(?:entre|de) noel (?:et|au) (?:le )?(?:jour de l'an|nouvel an|1er janvier)\b"),
    (
        "PART_OF_MONTH",
        rf"\b(?:(?:les |la )?(?:(?:{_COUNT}|1) )?(?:premieres?|dernieres?) semaines?|(?:la )?(?:1ere|premiere|2e|2eme|deuxieme|seconde) quinzaine|(?:debut|fin|mi)[- ]) ?(?:de |d'|du mois de |du mois d')?{_MONTH}",
    ),
    (
        "MONTHS",
        rf"\b(?:de |d'|en |du mois de |du mois d'|au mois de |au mois d'|mois de |mois d'|entre |pendant |tout le mois d'|les mois de )?{_MONTH}(?: ?(?:,|et|/|-|a|au|jusqu'a|jusqu'en|jusqu'au mois d[e']) ?(?:en |fin |a )?{_MONTH})*(?: {_YEAR})?",
    ),
    # --- holidays and seasons
    (
        "USUAL",
        r"\b(?:horaires? |jours |ouvertures? )(?:habituel\w*|norma\w+|classiques?)\b|\ble reste de l'annee\b",
    ),
    ("PH", r"\b(?:les |des )?(?:jours? )?feries?\b(?: inclus| compris)?"),
    (
        "NAMED_HOLIDAYS",
        r"\b(?:les |des )?(?:vacances?|conges) (?:scolaires )?(?:de |d'|du |de la )(?:noel|ete|toussaint|fevrier|hiver|printemps|paques|avril|fin d'annee|la toussaint)\b",
    ),
    ("LEAVE", r"\b(?:les )?conges annuels?\b|\bvacances annuelles\b|\bconges d'ete\b"),
    (
        "SCHOOL",
        rf"\b(?:(?:en |pendant (?:la |les )?|durant (?:la |les )?)?(?:periodes?|temps|semaines?|annee|jours) scolaires?|hors(?: des| les| periodes? de)? {_HOLIDAYS}|en dehors des {_HOLIDAYS})\b",
    ),
    (
        "SH",
        rf"\b(?:(?:pendant|durant|en periodes? de|lors d\w+|en|hors periodes? scolaires?) ?)?{_HOLIDAYS}\b|\bhors (?:periodes?|temps) scolaires?\b",
    ),
    (
        "SEASON",
        r"\b(?:(?:l'|en |horaires? d'|periode d'|saison d'|d')?(?:hiver|(?<!a )(?<!ont )(?<!deja )ete|estivale?s?|hivernale?s?)|(?:le |au )?printemps|(?:l'|en )?automne|(?:basse|haute|hors) saison)\b",
    ),
    # --- appointments
    (
        "ADVICE",
        rf"\b(?:(?:prise|prendre) d[eu]n? {_RDV} (?:conseill\w+|recommand\w+|souhait\w+|possible|preferable)|{_RDV} (?:conseill\w+|recommand\w+|souhait\w+|preferable))",
    ),
    ("WALK_IN", rf"\b(?:sans|pas de) {_RDV}"),
    (
        "WALK_IN",
        r"\b(?:en |d')?(?:acces|accueil|entree|usage|consultation) libre\b|\blibre[- ](?:acces|service)\b|\blibre d'acces\b|\ben autonomie\b",
    ),
    (
        "APPOINTMENT",
        rf"\b(?:(?:uniquement|seulement|exclusivement|egalement|aussi) )?(?:(?:sur|avec|apres|par|pour|sous|prise de|prendre(?: un)?|les|des|nos) )?(?:simples? )?{_RDV}(?: (?:uniquement|seulement|obligatoires?|prealables?|individuels?|de preference|exclusivement))*",
    ),
    (
        "APPOINTMENT",
        r"\b(?:uniquement |seulement )?(?:(?:sur|avec) (?:reservation|convocation)|(?:ouvert\w*|accueil|uniquement|visite) sur demande|a la demande)(?: uniquement)?\b",
    ),
    (
        "NOISE",
        r"\b(?:la|une|les) fermes?\b(?! (?:au|le|les|en|pendant|\d))|\bferme (?:de l'|de la |des )",
    ),
    # --- closed, except, and what says that all this does not hold
    (
        "GONE",
        r"\b(?:n'est plus|ne sont plus|n'accueille plus|plus (?:ouvert|de permanence)\w*|definitivement ferm\w+|ferm\w+ definitivement|ferm\w+ jusqu'a nouvel ordre|suspendue?s?|ferm\w+ pour travaux|ferm\w+ temporairement|actuellement ferm\w+)",
    ),
    (
        "EXCEPTIONAL",
        r"\b(?:fermetures? exceptionnelles?|exceptionnell?es?|exceptionnels?|heures? de fermetures?|provisoires?|temporaires?)\b",
    ),
    (
        "CLOSED",
        r"\b(?:(?:(?:est|sont|sera|seront|etablissement|structure|bureau|accueil|mairie|mediatheque|agence) )?fermee?s?|fermetures?|ferme|clos|closed|pas d'accueil|pas d'ouverture|pas de permanence|aucune permanence|non ouverte?|pas ouverte?|absente?)\b(?: au public)?(?: (?:pendant|durant|en|toute la journee)\b)?",
    ),
    ("CLOSED", r"\b(?:sera |est |la mairie est |le lieu est )?ferme au public"),
    ("ALSO", r"\b(?:y compris|meme|et aussi)\b(?: pendant| durant| les)?"),
    (
        "EXCEPT",
        r"\b(?:sauf|hormis|excepte\w*|a l'exception d\w+|hors|en dehors d\w+)\b(?: pendant| durant| le| les| en)?",
    ),
    # --- others' hours
    (
        "RESTRICTED",
        r"\b(?:reserve\w* aux?|accueil telephonique|permanences? telephoniques?|standard(?: telephonique)?|secretariat|comptabilite|pour les (?:coworkers?|adherents?|scolaires?|salaries|residents|professionnels|entreprises|groupes)|aux (?:coworkers?|adherents?|salaries|residents))\b",
    ),
    (
        "ELSEWHERE",
        r"\b(?:se referer|se reporter|voir(?: avec)?|consulte[rz]|planning|planification|calendrier|memes? (?:horaires?|jours)|idem|nous (?:contacter|consulter)|contacte[rz]|renseignements?|heures? d'ouverture d[eu]|(?:aux|sur les|pendant les) (?:horaires|heures) d'ouverture|horaires? (?:variables?|adaptables?|a definir|a venir))\b",
    ),
    # --- frequencies inside the month
    (
        "ORDINAL",
        r"\b(?:(?:les )?(?:2|3|deux|trois) (?:premi|derni)\w+|(?:1|2|3|4|5) ?(?:ers?|eres?|re|e|emes?|iemes?|me|nds?|ndes?)\b|premi[ee]re?s?\b|deuxiemes?\b|seconde?s?\b|troisiemes?\b|quatriemes?\b|cinquiemes?\b|avant[- ]derni[ee]re?s?\b|derni[ee]re?s?\b)",
    ),
    (
        "MONTHLY",
        r"\b(?:du|de chaque|de tous les|des|dans le|de|par|chaque|de mois en) mois?\b|\bmensuelle?s?\b",
    ),
    # --- days and parts of days
    (
        "EVERY_DAY",
        r"\b(?:tous les jours|chaque jour|quotidiennement|toute la semaine|tlj)\b(?! (?:de la semaine|ouvr|d'ouverture))",
    ),
    (
        "WORKDAYS",
        r"\b(?:tous les jours de la semaine|(?:en|la|les|jours de) semaines?|(?:tous )?(?:les )?jours ouvres)\b(?! (?:paires?|impaires?|sur|\d))",
    ),
    ("OPEN_DAYS", r"\b(?:tous )?(?:les )?jours ouvrables\b"),
    ("WEEKEND", r"\b(?:le |les )?week[- ]?ends?\b"),
    ("DAY", rf"\b{_DAY}\b"),
    (
        "DAY",
        r"\b(?:lun|mar|mer|mercr?|jeu|vendr?|ven|sam|dim)(?:\.|\b(?= ?(?:[:,/&()\n-]|et\b|au?\b|\d|matin|apres|soir|d[eu] |jusqu|sur |sans |$|(?:lun|mar|mer|jeu|ven|sam|dim)\b)))",
    ),
    (
        "HALF",
        r"\b(?:(?:le|les|l'|en|tous les|toutes les|des|du|chaque|dans l'|en fin de|fin d[e']) ?)?(?:matins?|matinees?|apres[- ]?midis?|apresmidis?|aprem|apm|soirs?|soirees?)\b",
    ),
    # --- times
    (
        "TIME",
        r"(?<!\d)(?:[01]?\d|2[0-4]) ?(?:heures?|hrs?|h)(?:[0-5]\d| [0-5][05])(?!\d| ?h(?:eures?|rs?)?(?:\d|\b)|:\d)",
    ),
    ("TIME", r"(?<!\d)(?:[01]?\d|2[0-4]) ?(?:heures?|hrs?|h)(?![a-z\d])"),
    ("TIME", r"(?<!\d)(?:[01]?\d|2[0-4]) ?: ?[0-5]\d(?::00)?(?!\d| ?h(?:\d|\b))"),
    ("TIME", r"(?<!\d)(?:[01]?\d|2[0-4]):(?= ?(?:-|a\b|/|et\b|;|,|\||\(|\n|$))"),
    ("TIME", r"(?<![\d.])(?:[01]?\d|2[0-4])\.[0-5]\d(?![\d.]| ?€)"),
    (
        "BAD_TIME",
        r"(?<![\dh])\bh ?[0-5]\d\b|\d{1,2}h\d\b|\b(?:2[5-9]|[3-9]\d) ?h\d{0,2}\b|\d{3,} ?h",
    ),
    ("TIME", r"(?<=- )(?:[01]\d|2[0-3])[0-5]\d(?!\d)|(?<=-)(?:[01]\d|2[0-3])[0-5]\d(?!\d)"),
    ("NOON", r"\b(?:midi|minuit)\b"),
    ("BAD_TIME", r"\d+h\d*"),
    ("NUMBER", r"\d+"),
    # --- little words that hold the rest together
    (
        "FROM",
        r"\b(?:a (?:partir|compter) d[e']|a partir|des|apres|depuis)(?: environ)?(?= ?\d{1,2} ?(?:h|:))",
    ),
    ("UP_TO", r"\bjusqu'?(?:a|au)\b"),
    ("BETWEEN", r"\bentre\b"),
    ("TO", r"\bau?\b"),
    ("AND", r"\b(?:et|puis|ainsi que|&|ou|ou bien)\b|[&+]"),
    ("OF", r"\bde\b|\bdu\b|\bd'"),
    ("THE", r"\b(?:le|la|les|tous les|tout|tous|chaque|des|ces|nos|un|une)\b|\bl'"),
    ("OPEN", r"\("),
    ("CLOSE", r"\)"),
    ("NEWLINE", r"[\n ]*\n[\n ]*"),
    ("STOP", r"\.(?!\d)|!"),
    ("SEMICOLON", r";"),
    ("COMMA", r","),
    ("DASH", r"-+|>|_|~|\*"),
    ("SLASH", r"/+|\|+|\\"),
    ("COLON", r":"),
    ("WORD", r"[a-z\d]+(?:'(?=[a-z]))?"),
)

_MASTER = re.compile(
    "|".join(f"(?P<k{number}>{pattern})" for number, (_, pattern) in enumerate(PHRASES))
)
_KIND_OF_GROUP = {f"k{number}": kind for number, (kind, _) in enumerate(PHRASES)}


def tokens(cleaned: str) -> list[Token]:
    """The words of a cleaned text, in order; blanks are dropped."""
    return [
        _token(_KIND_OF_GROUP[found.lastgroup or ""], found[0])
        for found in _MASTER.finditer(cleaned)
    ]


@lru_cache(20_000)
def _token(kind: str, text: str) -> Token:
    match kind:
        case "TIME":
            hour, minute = ([*map(int, _DIGITS.findall(text)), 0])[:2]
            if hour > 99:  # "1730"
                hour, minute = divmod(hour, 100)
            if hour * 60 + minute > 24 * 60:
                return Token("BAD_TIME", text)
            return Token(kind, text, hour * 60 + minute)
        case "NOON":
            return Token("TIME", text, 12 * 60 if text == "midi" else 24 * 60)
        case "NUMBER":
            return Token(kind, text, int(text[:6]))
        case "DAY":
            word = text.strip(". ").removesuffix("s") if len(text) > 4 else text.strip(". ")
            return Token(kind, text, _DAY_WORDS.get(word, _SHORT_DAYS.get(word, 0)))
        case "ORDINAL":
            return Token(kind, text, _ordinals(text))
        case "PARITY":
            return Token(kind, text, "odd" if "impair" in text else "even")
        case "HALF":
            half = "am" if "matin" in text else "evening" if "soir" in text else "pm"
            return Token(kind, text, half)
        case "WORD":
            day = _misspelt_day(text)
            return Token(kind, text) if day is None else Token("DAY", text, day)
        case _:
            return Token(kind, text)


_DIGITS = re.compile(r"\d+")
_ORDINAL_WORDS = (
    ("avant", -2),
    ("derni", -1),
    ("premi", 1),
    ("deuxi", 2),
    ("second", 2),
    ("troisi", 3),
    ("quatri", 4),
    ("cinqui", 5),
)


def _ordinals(text: str) -> tuple[int, ...]:
    text = text.removeprefix("les ")
    counted = {"2 ": 2, "deux ": 2, "3 ": 3, "trois ": 3}
    for start, count in counted.items():
        if text.startswith(start):
            if "premi" in text:
                return tuple(range(1, count + 1))
            if "derni" in text:
                return tuple(range(-count, 0))
    for start, nth in _ORDINAL_WORDS:
        if text.startswith(start):
            return (nth,)
    return (int(text[0]),)


# Words one slip away from a day that are words of their own.
_NOT_DAYS = frozenset({"mari", "maris", "hardi", "midi", "lunde", "dimanches", "vendre", "tardi"})


def _misspelt_day(word: str) -> int | None:
    """The day of which `word` is a slip of the finger ("mecredi", "eudi"), if there is one."""
    if len(word) < 4 or word in _NOT_DAYS or not word.isalpha():
        return None
    # a short word is close to too many others: it must at least end like a day
    if len(word) < 6 and not word.endswith(("di", "dis")):
        return None
    for day, index in _DAY_WORDS.items():
        if nearly(word, day) or nearly(word.removesuffix("s"), day):
            return index
    return None
