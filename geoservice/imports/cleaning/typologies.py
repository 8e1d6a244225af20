"""What a place is, guessed from its name: only where its source does not say."""

import re

from geoservice.territories.names import words

# Words of the name, without accents, in lower case. All that match count: «Médiathèque – EPN» is both.
BY_NAME = (
    (r"mediatheque|bibliotheque|ludotheque|mediabib|bibliobus", "BIB"),
    (r"france services?|espace france service|maison france service", "RFS"),
    (r"maisons? de services? (?:au|aux) publics?|msap", "MSAP"),
    (r"espaces? publics? numeriques?|epn|cyber ?base|cyber ?espace|espace (?:multimedia|numerique)|point cyb", "EPN"),
    (r"centre communal d ?action sociale|ccas", "CCAS"),
    (r"centre intercommunal d ?action sociale|cias", "CIAS"),
    (r"centres? socio ?culturels?|csc", "CSC"),
    (r"centres? soci(?:al|aux)|maison sociale", "CS"),
    (r"espace de vie sociale|evs", "EVS"),
    (r"mission locale", "ML"),
    (r"maison des jeunes(?: et de la culture)?|mjc", "MJC"),
    (r"maisons? (?:de|du|des) quartiers?", "MQ"),
    (r"maison des habitants", "MDH"),
    (r"mairie|hotel de ville|^commune d[eu]?s?|^ville d[eu]?s?", "MUNI"),
    (r"communaute de communes", "CC"),
    (r"communaute d ?agglo\w*|communaute urbaine|metropole", "EPCI"),
    (r"conseil departemental|^departement d[eu]?s?", "CD"),
    (r"conseil regional|^region", "REG"),
    (r"(?:sous )?prefecture", "PREF"),
    (r"la poste|bureau de poste|agence postale", "LA_POSTE"),
    (r"pole emploi|france travail", "FT"),
    (r"caisse d ?allocations? familiales?|caf(?! ?e)", "CAF"),
    (r"caisse primaire d ?assurance maladie|cpam", "CPAM"),
    (r"mutualite sociale agricole|msa", "MSA"),
    (r"fab ?lab", "FABLAB"),
    (r"tiers ?lieux?|co ?working", "TIERS_LIEUX"),
    (r"pimms", "PIMMS"),
    (r"(?:point|bureau|centre) (?:d )?information jeunesse|pij|bij|crij|cij|info jeunes?", "PIJ_BIJ"),
    (r"point d ?acces aux? droits?|maison de (?:la )?justice(?: et du droit)?", "PAD"),
    (r"maisons? (?:departementales?|metropolitaines?) des? (?:la )?solidarites?|mds", "MDS"),
    (r"maison departementale des personnes handicapees|mdph", "MDPH"),
    (r"maison de l ?emploi et de la formation", "MDEF"),
    (r"maison de l ?emploi", "MDE"),
    (r"cap emploi", "CAP_EMPLOI"),
    (r"afpa", "AFPA"),
    (r"greta|organisme de formation|centre de formation", "OF"),
    (r"ecole de la (?:2e|2eme|deuxieme) chance|e2c", "E2C"),
    (r"epide", "EPIDE"),
    (r"esat", "ESAT"),
    (r"geiq", "GEIQ"),
    (r"cidff?", "CIDFF"),
    (r"udaf", "UDAF"),
    (r"ressourcerie|recyclerie", "RESSOURCERIE"),
    (r"epicerie (?:sociale|solidaire)", "ES"),
    (r"foyers? (?:de|des) jeunes travailleurs|fjt", "RS_FJT"),
    (r"relais lecture|point lecture", "RELAIS_LECTURE"),
    (r"centre des finances publiques|tresorerie", "CFP"),
    (r"chambre (?:de commerce|de metiers|d ?agriculture)", "CCONS"),
    (r"chrs", "CHRS"),
    (r"cada", "CADA"),
    (r"association|familles rurales|secours (?:populaire|catholique)|emmaus|croix rouge", "ASSO"),
)  # fmt: skip
PATTERNS = tuple(
    (re.compile(rf"(?:^|(?<= ))(?:{pattern})(?= |$)"), code) for pattern, code in BY_NAME
)
INITIALS = re.compile(r"\b(?:\w\.){2,}")
FINER = {"MDEF": "MDE", "CSC": "CS", "RFS": "MSAP"}
"""Code → the broader one that its words also match."""


def typologies_in(name: str) -> list[str]:
    """Codes of the national typologies that a name says, in no particular order; often none."""
    said = words(INITIALS.sub(lambda match: match[0].replace(".", ""), name))
    found = {code for pattern, code in PATTERNS if pattern.search(said)}
    broader = {FINER[code] for code in found if code in FINER}
    return sorted(found - broader)
