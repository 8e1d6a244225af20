"""What a place is, administratively: the 92 typologies, and the few groups that the public filters by.

Values are the published codes; labels are those of the national model, mistakes corrected.
The order is fixed for ever, as in `vocabulary`.
"""

from typing import Self

from geoservice.places.vocabulary import Vocabulary


class TypologieGroup(Vocabulary):
    """Kinds of places in everyday words. Ours: nobody chooses among 92 codes."""

    BIBLIOTHEQUES = (
        "Bibliothèques et médiathèques",
        "Bibliothèques, médiathèques et relais lecture.",
    )
    FRANCE_SERVICES = (
        "France Services et guichets de proximité",
        "Guichets où l’on est aidé pour plusieurs services publics, bureaux de poste, points d’accès au droit.",
    )
    ESPACES_NUMERIQUES = (
        "Espaces numériques et tiers-lieux",
        "Espaces publics numériques, espaces mobiles, fablabs, fabriques et tiers-lieux.",
    )
    COLLECTIVITES = (
        "Mairies et administrations",
        "Mairies, intercommunalités, préfectures, impôts, caisses d’assurance maladie ou familiale.",
    )
    QUARTIER = (
        "Centres sociaux et maisons de quartier",
        "Centres sociaux et socioculturels, espaces de vie sociale, maisons de quartier ou des jeunes.",
    )
    ACTION_SOCIALE = (
        "Action sociale, santé et hébergement",
        "Centres d’action sociale, maisons des solidarités, lieux de soins, d’accueil et d’hébergement.",
    )
    EMPLOI = (
        "Emploi, insertion et formation",
        "France Travail, missions locales, organismes de formation, entreprises d’insertion, ressourceries.",
    )
    ASSOCIATIONS = ("Associations", "Associations locales de toute sorte.")
    AUTRES = ("Autres lieux", "Lieux qui n’entrent dans aucune autre famille.")


G = TypologieGroup


class Typologie(Vocabulary):
    """The code of what a place is («typologie»)."""

    group: TypologieGroup

    def __new__(cls, code: str, label: str, group: TypologieGroup, *old_names: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.definition = ""
        member.old_names = old_names
        member.group = group
        return member

    ACI = ("ACI", "Structures porteuses d’ateliers et chantiers d’insertion", G.EMPLOI)
    ACIPHC = (
        "ACIPHC",
        "SIAE — Atelier chantier d’insertion premières heures en chantier",
        G.EMPLOI,
    )
    AFPA = ("AFPA", "Agence nationale pour la formation professionnelle des adultes", G.EMPLOI)
    AI = ("AI", "Associations intermédiaires", G.EMPLOI)
    ASE = ("ASE", "Aide sociale à l’enfance", G.ACTION_SOCIALE)
    ASSO = ("ASSO", "Associations", G.ASSOCIATIONS)
    ASSO_CHOMEUR = ("ASSO_CHOMEUR", "Associations de chômeurs", G.EMPLOI)
    AUTRE = ("Autre", "Autre", G.AUTRES)
    AVIP = ("AVIP", "Crèche à vocation d’insertion professionnelle", G.EMPLOI)
    BIB = ("BIB", "Bibliothèque / Médiathèque", G.BIBLIOTHEQUES)
    CAARUD = (
        "CAARUD",
        "Centre d’accueil et d’accompagnement à la réduction de risques pour usagers de drogues",
        G.ACTION_SOCIALE,
    )
    CADA = ("CADA", "Centres d’accueil de demandeurs d’asile", G.ACTION_SOCIALE)
    CAF = (
        "CAF",
        "Caisses d’allocations familiales",
        G.COLLECTIVITES,
        "Caisses d’allocation familiale",
    )
    CAP_EMPLOI = ("CAP_EMPLOI", "Cap Emploi", G.EMPLOI)
    CAVA = ("CAVA", "Centres d’adaptation à la vie active", G.EMPLOI)
    CC = ("CC", "Communautés de communes", G.COLLECTIVITES, "Communautés de Commune")
    CCAS = ("CCAS", "Centres communaux d’action sociale", G.ACTION_SOCIALE)
    CCONS = ("CCONS", "Chambres consulaires", G.EMPLOI)
    CD = ("CD", "Conseils Départementaux", G.COLLECTIVITES)
    CDAS = ("CDAS", "Centre départemental d’action sociale", G.ACTION_SOCIALE)
    CFP = ("CFP", "Centre des finances publiques", G.COLLECTIVITES)
    CHRS = ("CHRS", "Centres d’hébergement et de réinsertion sociale", G.ACTION_SOCIALE)
    CHU = ("CHU", "Centres d’hébergement d’urgence", G.ACTION_SOCIALE)
    CIAS = ("CIAS", "Centres intercommunaux d’action sociale", G.ACTION_SOCIALE)
    CIDFF = (
        "CIDFF",
        "Centres d’information sur les droits des femmes et des familles",
        G.ACTION_SOCIALE,
    )
    CITMET = ("CITMET", "Cité des métiers", G.EMPLOI)
    CMP = ("CMP", "Centre Médico Psychologique", G.ACTION_SOCIALE)
    CMS = ("CMS", "Centre médico-social", G.ACTION_SOCIALE)
    CPAM = ("CPAM", "Caisse primaire d’assurance maladie", G.COLLECTIVITES)
    CPH = ("CPH", "Centres provisoires d’hébergement", G.ACTION_SOCIALE)
    CS = ("CS", "Centre social", G.QUARTIER)
    CSAPA = (
        "CSAPA",
        "Centre de soins, d’accompagnement et de prévention en addictologie",
        G.ACTION_SOCIALE,
    )
    CSC = ("CSC", "Centre socioculturel", G.QUARTIER)
    DEETS = (
        "DEETS",
        "Directions de l’Economie, de l’Emploi, du Travail et des Solidarités",
        G.COLLECTIVITES,
    )
    DEPT = ("DEPT", "Services sociaux du Conseil départemental", G.ACTION_SOCIALE)
    DIPLP = (
        "DIPLP",
        "Délégation interministérielle à la prévention et à la lutte contre la pauvreté",
        G.COLLECTIVITES,
    )
    E2C = ("E2C", "École de la deuxième chance", G.EMPLOI)
    EA = ("EA", "Entreprise adaptée", G.EMPLOI)
    EATT = ("EATT", "Entreprise adaptée de travail temporaire", G.EMPLOI)
    EI = ("EI", "Entreprises d’insertion", G.EMPLOI)
    EITI = ("EITI", "Entreprises d’insertion par le travail indépendant", G.EMPLOI)
    ENM = ("ENM", "Espace Numérique Mobile", G.ESPACES_NUMERIQUES)
    EPCI = ("EPCI", "Intercommunalité", G.COLLECTIVITES)
    EPI = ("EPI", "Espace Public Internet", G.ESPACES_NUMERIQUES)
    EPIDE = ("EPIDE", "Établissement pour l’insertion dans l’emploi", G.EMPLOI)
    EPN = ("EPN", "Espace public numérique", G.ESPACES_NUMERIQUES, "Espace publique numérique")
    ES = ("ES", "Épicerie solidaire", G.ACTION_SOCIALE)
    ESAT = ("ESAT", "Établissements ou services d’aide par le travail", G.ACTION_SOCIALE)
    ESS = (
        "ESS",
        "Entreprise de l’Économie Sociale et Solidaire",
        G.EMPLOI,
        "Entreprise def l’Économie Sociale et Solidaire",
    )
    ETTI = ("ETTI", "Entreprises de travail temporaire d’insertion", G.EMPLOI)
    EVS = ("EVS", "Espace de vie sociale", G.QUARTIER)
    FABLAB = ("FABLAB", "Fablab", G.ESPACES_NUMERIQUES)
    FABRIQUE = ("FABRIQUE", "Fabrique", G.ESPACES_NUMERIQUES)
    FAIS = ("FAIS", "Fédérations d’acteurs de l’insertion et de la solidarité", G.EMPLOI)
    FT = ("FT", "France travail", G.EMPLOI, "PE")
    GEIQ = ("GEIQ", "Groupements d’employeurs pour l’insertion et la qualification", G.EMPLOI)
    HUDA = ("HUDA", "Hébergement d’urgence pour demandeurs d’asile", G.ACTION_SOCIALE)
    LA_POSTE = ("LA_POSTE", "La Poste", G.FRANCE_SERVICES)
    MDE = ("MDE", "Maison de l’emploi", G.EMPLOI)
    MDH = ("MDH", "Maison des Habitants", G.QUARTIER)
    MDEF = ("MDEF", "Maison de l’emploi et de la formation", G.EMPLOI)
    MDPH = ("MDPH", "Maison Départementale des Personnes Handicapées", G.ACTION_SOCIALE)
    MDS = ("MDS", "Maison Départementale des Solidarités", G.ACTION_SOCIALE)
    MJC = ("MJC", "Maison des jeunes et de la culture", G.QUARTIER)
    ML = ("ML", "Mission Locale", G.EMPLOI)
    MQ = ("MQ", "Maison de quartier", G.QUARTIER)
    MSA = ("MSA", "Mutualité Sociale Agricole", G.COLLECTIVITES)
    MSAP = ("MSAP", "Maison de Services Au Public", G.FRANCE_SERVICES)
    MUNI = ("MUNI", "Municipalités", G.COLLECTIVITES)
    OACAS = (
        "OACAS",
        "Structures agréées Organisme d’accueil communautaire et d’activité solidaire",
        G.EMPLOI,
    )
    ODC = ("ODC", "Organisation délégataire d’un CD", G.ACTION_SOCIALE)
    OF = ("OF", "Organisme de formations", G.EMPLOI)
    OIL = ("OIL", "Opérateur d’intermédiation locative", G.ACTION_SOCIALE)
    OPCS = ("OPCS", "Organisation porteuse de la clause sociale", G.EMPLOI)
    PAD = ("PAD", "Point d’Accès au Droit", G.FRANCE_SERVICES)
    PENSION = ("PENSION", "Pension de famille", G.ACTION_SOCIALE)
    PI = ("PI", "Point info", G.FRANCE_SERVICES)
    PIJ_BIJ = ("PIJ_BIJ", "Points et bureaux information jeunesse", G.EMPLOI)
    PIMMS = ("PIMMS", "Point Information Médiation Multi Services", G.FRANCE_SERVICES)
    PJJ = ("PJJ", "Protection judiciaire de la jeunesse", G.ACTION_SOCIALE)
    PLIE = ("PLIE", "Plans locaux pour l’insertion et l’emploi", G.EMPLOI)
    PREF = ("PREF", "Préfecture, Sous-Préfecture", G.COLLECTIVITES)
    PREVENTION = ("PREVENTION", "Service ou club de prévention", G.ACTION_SOCIALE)
    REG = ("REG", "Région", G.COLLECTIVITES)
    RELAIS_LECTURE = ("RELAIS_LECTURE", "Relais lecture", G.BIBLIOTHEQUES)
    RESSOURCERIE = ("RESSOURCERIE", "Ressourcerie", G.EMPLOI)
    RFS = ("RFS", "Réseau France Services", G.FRANCE_SERVICES)
    RS_FJT = ("RS_FJT", "Résidence sociale - Foyer de Jeunes Travailleurs", G.ACTION_SOCIALE)
    SCP = ("SCP", "Services et clubs de prévention", G.ACTION_SOCIALE)
    SPIP = ("SPIP", "Services pénitentiaires d’insertion et de probation", G.ACTION_SOCIALE)
    TIERS_LIEUX = ("TIERS_LIEUX", "Tiers lieu & coworking", G.ESPACES_NUMERIQUES)
    UDAF = ("UDAF", "Union Départementale d’Aide aux Familles", G.ACTION_SOCIALE)


def in_group(group: TypologieGroup) -> tuple[Typologie, ...]:
    """The typologies of one group, in the order of the codes."""
    return tuple(typologie for typologie in Typologie if typologie.group is group)
