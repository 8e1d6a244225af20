"""The published words: every list of values of the national schema 1.0.2, and how to read them.

The values are the exact French strings that the schema publishes. The typologies are in
`typologies`, our own lists (equipment, languages) in `vocabulary_extension`.

**The order of the members is fixed for ever**: stored bit masks count on it. A new value goes at
the end; a value that the schema abandons stays in its rank.

Source: schema 1.0.2 of the «lieux de médiation numérique»; old names from version 0.1.1.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Self, TypeVar

from geoservice.web.typography import slug


class Vocabulary(StrEnum):
    """A closed list of published values: value, definition, then the names it had before."""

    label: str
    """The value as people read it, with typographic apostrophes."""
    definition: str
    """One plain French sentence for forms and pages; empty when the label says it all."""
    old_names: tuple[str, ...]
    """Labels and slugs met in older files, still accepted on reading."""

    def __new__(cls, value: str, definition: str, *old_names: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = value.replace("'", "’")
        member.definition = definition
        member.old_names = old_names
        return member

    @property
    def slug(self) -> str:
        """The value as it is written in addresses."""
        return slug(self.value)


class Service(Vocabulary):
    """What a place helps with («services»)."""

    AIDE_AUX_DEMARCHES_ADMINISTRATIVES = (
        "Aide aux démarches administratives",
        "Être accompagné pour faire une démarche en ligne : impôts, retraite, santé, logement, papiers d’identité.",
        "Devenir autonome dans les démarches administratives",
        "Réaliser des démarches administratives avec un accompagnement",
        "Accompagner les démarches de santé",
    )
    MAITRISE_DES_OUTILS_NUMERIQUES_DU_QUOTIDIEN = (
        "Maîtrise des outils numériques du quotidien",
        "Apprendre à se servir d’un ordinateur, d’un téléphone, d’une tablette, d’internet et de sa boîte mail.",
        "Prendre en main un smartphone ou une tablette",
        "Prendre en main un ordinateur",
        "Utiliser le numérique au quotidien",
    )
    INSERTION_PROFESSIONNELLE_VIA_LE_NUMERIQUE = (
        "Insertion professionnelle via le numérique",
        "Chercher un emploi ou une formation, faire un CV ou créer son entreprise à l’aide du numérique.",
        "Favoriser mon insertion professionnelle",
        "Créer et développer mon entreprise",
    )
    UTILISATION_SECURISEE_DU_NUMERIQUE = (
        "Utilisation sécurisée du numérique",
        "Éviter les arnaques, choisir de bons mots de passe et protéger ses données.",
    )
    PARENTALITE_ET_EDUCATION_AVEC_LE_NUMERIQUE = (
        "Parentalité et éducation avec le numérique",
        "Suivre en ligne la scolarité de ses enfants et les accompagner devant les écrans.",
        "Soutenir la parentalité et l'éducation avec le numérique",
    )
    LOISIRS_ET_CREATIONS_NUMERIQUES = (
        "Loisirs et créations numériques",
        "Créer et se divertir avec le numérique : photo, vidéo, musique, jeu, impression 3D.",
        "Créer avec le numérique",
    )
    COMPREHENSION_DU_MONDE_NUMERIQUE = (
        "Compréhension du monde numérique",
        "Comprendre internet, les réseaux sociaux et l’information en ligne pour s’en servir librement.",
        "Approfondir ma culture numérique",
        "Promouvoir la citoyenneté numérique",
    )
    ACCES_INTERNET_ET_MATERIEL_INFORMATIQUE = (
        "Accès internet et matériel informatique",
        "Utiliser sur place une connexion à internet, un ordinateur ou une imprimante.",
        "Accéder à une connexion internet",
        "Accéder à du matériel",
    )
    ACQUISITION_DE_MATERIEL_INFORMATIQUE_A_PRIX_SOLIDAIRE = (
        "Acquisition de matériel informatique à prix solidaire",
        "Acheter à petit prix un ordinateur ou un téléphone, souvent reconditionné.",
        "S'équiper en matériel informatique",
    )


class Public(Vocabulary):
    """Whom a place is especially meant for («publics spécifiquement adressés»)."""

    JEUNES = (
        "Jeunes",
        "Un accueil ou des ateliers pensés pour les jeunes, en général de 16 à 26 ans.",
        "Jeunes (16-26 ans)",
        "jeunes-16-26",
    )
    ETUDIANTS = ("Étudiants", "Un accueil ou des ateliers pensés pour les étudiants.")
    FAMILLES_ET_OU_ENFANTS = (
        "Familles et/ou enfants",
        "Un accueil ou des ateliers pensés pour les enfants et leurs parents.",
        "Familles/enfants",
    )
    SENIORS = (
        "Seniors",
        "Un accueil ou des ateliers pensés pour les personnes de plus de 65 ans.",
        "Seniors (+ 65 ans)",
        "seniors-65",
    )
    FEMMES = (
        "Femmes",
        "Un accueil ou des ateliers réservés aux femmes ou pensés pour elles.",
        "Uniquement femmes",
    )


class PriseEnCharge(Vocabulary):
    """The needs that a place knows how to meet («prise en charge spécifique»)."""

    SURDITE = ("Surdité", "Le lieu sait accueillir les personnes sourdes ou malentendantes.")
    HANDICAPS_MOTEURS = (
        "Handicaps moteurs",
        "Le lieu sait accueillir les personnes qui ont du mal à se déplacer ou à utiliser leurs mains.",
    )
    HANDICAPS_MENTAUX = (
        "Handicaps mentaux",
        "Le lieu sait accueillir les personnes en situation de handicap mental ou psychique.",
        "Handicaps mentaux : déficiences limitant les activités d'une personne",
        "Handicaps psychiques : troubles psychiatriques donnant lieu à des atteintes comportementales",
    )
    ILLETTRISME = (
        "Illettrisme",
        "Le lieu sait accueillir les personnes qui ont du mal à lire et à écrire.",
        "Personnes en situation d'illettrisme",
        "personnes-en-situation-illettrisme",
    )
    LANGUES_ETRANGERES_ANGLAIS = (
        "Langues étrangères (anglais)",
        "Une personne du lieu parle anglais.",
    )
    LANGUES_ETRANGERES_AUTRES = (
        "Langues étrangères (autres)",
        "Une personne du lieu parle une autre langue que le français et l’anglais.",
        "Public langues étrangères",
    )
    DEFICIENCE_VISUELLE = (
        "Déficience visuelle",
        "Le lieu sait accueillir les personnes aveugles ou malvoyantes.",
    )


class Frais(Vocabulary):
    """What it costs («frais à charge»)."""

    GRATUIT = (
        "Gratuit",
        "L’accès au lieu et à ses services ne coûte rien.",
        "Gratuit : Je peux accéder gratuitement au lieu et à ses services",
    )
    GRATUIT_SOUS_CONDITION = (
        "Gratuit sous condition",
        "C’est gratuit pour certaines personnes : selon la situation, ou avec un pass numérique.",
        "gratuit-sous-conditions",
        "Gratuit sous condition : La gratuité est conditionnée à des critères (situation familiale, convention avec un organisme social...)",
        "Accepte le Pass numérique",
        "pass-numerique",
        "Accepte le Pass numérique : Il est possible d'utiliser un Pass numérique pour accéder au lieu",
    )
    PAYANT = (
        "Payant",
        "Il faut payer ou adhérer pour profiter du lieu ou de certains de ses services.",
        "Payant : L'accès au lieu et/ou à ses services est payant",
        "Adhésion",
        "Adhésion : L'accès au lieu et/ou à ses services nécessite d'y adhérer",
    )


class Dispositif(Vocabulary):
    """The national programmes a place takes part in («dispositifs, programmes nationaux»)."""

    AIDANTS_CONNECT = (
        "Aidants Connect",
        "Un professionnel habilité peut faire une démarche en ligne à votre place, avec votre accord.",
    )
    BIBLIOTHEQUES_NUMERIQUE_DE_REFERENCE = (
        "Bibliothèques numérique de référence",
        "Une bibliothèque soutenue par l’État pour ses services numériques.",
    )
    CERTIFICATION_PIX = (
        "Certification PIX",
        "On peut y passer la certification Pix, qui atteste des compétences numériques.",
    )
    CONSEILLERS_NUMERIQUES = (
        "Conseillers numériques",
        "Un conseiller numérique y accompagne les habitants, seul à seul ou en atelier.",
        "CNFS",
        "conseiller-numerique",
    )
    EMMAUS_CONNECT = (
        "Emmaüs Connect",
        "L’association Emmaüs Connect y aide les personnes en difficulté à se connecter et à s’équiper.",
    )
    FRANCE_SERVICES = (
        "France Services",
        "Des agents y aident aux démarches du quotidien auprès de plusieurs services publics.",
        "france-service",
    )
    GRANDE_ECOLE_DU_NUMERIQUE = (
        "Grande école du numérique",
        "Un lieu de formation aux métiers du numérique, labellisé Grande École du Numérique.",
        "Grandes écoles du numérique",
    )
    LA_CROIX_ROUGE = (
        "La Croix Rouge",
        "La Croix-Rouge y propose un accompagnement au numérique.",
    )
    POINT_D_ACCES_NUMERIQUE_CAF = (
        "Point d'accès numérique CAF",
        "On peut y consulter le site de la CAF et être aidé dans ses démarches d’allocataire.",
        "Point relais CAF",
        "caf",
    )
    PROMENEURS_DU_NET = (
        "Promeneurs du net",
        "Des professionnels de la jeunesse y écoutent et conseillent les jeunes, aussi sur internet.",
    )
    RELAIS_NUMERIQUE_EMMAUS_CONNECT = (
        "Relais numérique (Emmaüs Connect)",
        "Un relais d’Emmaüs Connect qui propose connexion, matériel ou accompagnement solidaires.",
    )


class FormationLabel(Vocabulary):
    """Trainings followed and local labels held («formations et labels»)."""

    FORME_A_MON_ESPACE_SANTE = (
        "Formé à « Mon Espace Santé »",
        "L’équipe est formée à l’usage de « Mon espace santé », le carnet de santé en ligne.",
        "mon-espace-sante",
    )
    FORME_A_DUPLEX_ILLETTRISME = (
        "Formé à « DUPLEX » (illettrisme)",
        "L’équipe est formée à accompagner les personnes qui ont du mal à lire et à écrire.",
        "duplex",
    )
    ARNIA_MEDNUM_BFC_BOURGOGNE_FRANCHE_COMTE = (
        "Arnia/MedNum BFC (Bourgogne-Franche-Comté)",
        "Membre du réseau de médiation numérique de Bourgogne-Franche-Comté.",
        "arnia",
    )
    COLLECTIF_RESSOURCES_ET_ACTEURS_REEMPLOI_NORMANDIE = (
        "Collectif ressources et acteurs réemploi (Normandie)",
        "Membre du collectif normand des acteurs du réemploi.",
        "ressources-reemploi",
    )
    ETAPES_NUMERIQUES_LA_POSTE = (
        "Étapes numériques (La Poste)",
        "Un espace de La Poste où l’on est aidé à utiliser le numérique.",
        "etapes-numeriques",
    )
    FABRIQUES_DE_TERRITOIRE = (
        "Fabriques de Territoire",
        "Un tiers-lieu soutenu par l’État au titre des « Fabriques de territoire ».",
        "fabrique-de-territoire",
    )
    LES_ECLAIREURS_DU_NUMERIQUE_DROME = (
        "Les Éclaireurs du numérique (Drôme)",
        "Membre du réseau drômois « Les Éclaireurs du numérique ».",
        "les-eclaireurs",
    )
    MES_PAPIERS_METROPOLE_DE_LYON = (
        "Mes Papiers (Métropole de Lyon)",
        "Partenaire du dispositif « Mes Papiers » de la Métropole de Lyon.",
        "mes-papiers",
    )
    ORDI_3_0 = (
        "ORDI 3.0",
        "Membre de la filière ORDI 3.0, qui donne une seconde vie aux ordinateurs.",
        "ordi-3",
    )
    SUD_LABS_PACA = (
        "SUD LABS (PACA)",
        "Labellisé SUD LABS par la Région Provence-Alpes-Côte d’Azur.",
        "sud-labs",
    )


class ModaliteAcces(Vocabulary):
    """How to come or to get in touch («modalités d'accès»)."""

    SE_PRESENTER = ("Se présenter", "On peut venir sans prévenir, aux heures d’ouverture.")
    TELEPHONER = ("Téléphoner", "On appelle avant de venir.")
    CONTACTER_PAR_MAIL = (
        "Contacter par mail",
        "On écrit un mail avant de venir.",
        "envoyer-un-mail",
    )
    PRENDRE_UN_RDV_EN_LIGNE = (
        "Prendre un RDV en ligne",
        "On choisit un rendez-vous sur internet.",
    )
    CE_LIEU_N_ACCUEILLE_PAS_DE_PUBLIC = (
        "Ce lieu n'accueille pas de public",
        "On ne peut pas venir sur place : l’aide est donnée ailleurs ou à distance.",
    )
    ENVOYER_UN_MAIL_AVEC_UNE_FICHE_DE_PRESCRIPTION = (
        "Envoyer un mail avec une fiche de prescription",
        "Un professionnel oriente la personne en envoyant une fiche par mail.",
    )


class ModaliteAccompagnement(Vocabulary):
    """How help is given («modalités d'accompagnement»)."""

    EN_AUTONOMIE = (
        "En autonomie",
        "On utilise seul le matériel et la connexion du lieu.",
        "Seul : j'ai accès à du matériel et une connexion",
        "autonomie",
    )
    ACCOMPAGNEMENT_INDIVIDUEL = (
        "Accompagnement individuel",
        "Une personne vous aide, seul à seul.",
        "Avec de l'aide : je suis accompagné seul dans l'usage du numérique",
        "accompagnement",
        "A ma place : une personne habilitée fait les démarches à ma place",
        "delegation",
    )
    DANS_UN_ATELIER_COLLECTIF = (
        "Dans un atelier collectif",
        "On apprend à plusieurs, avec un animateur.",
        "Dans un atelier : j'apprends collectivement à utiliser le numérique",
        "atelier",
    )
    A_DISTANCE = ("À distance", "L’aide est donnée par téléphone ou par internet.")


class Itinerance(Vocabulary):
    """Whether the place moves («itinérance»)."""

    ITINERANT = ("Itinérant", "Le lieu se déplace : il va d’une commune à l’autre.")
    FIXE = ("Fixe", "Le lieu reste à la même adresse.")


WITHOUT_TARGET: Mapping[type[Vocabulary], tuple[str, ...]] = {
    Public: ("Adultes",),
    # they were national labels; a file may keep them as free labels
    Dispositif: ("APTIC", "French Tech", "Campus connecté"),
}
"""Old values that the schema abandoned without a successor: known, and dropped."""


V = TypeVar("V", bound=Vocabulary)


def read_value(vocabulary: type[V], text: str) -> tuple[V, ...] | None:
    """What one written value means: a label, a slug, or a name it had before.

    `(member,)` when it is known, `()` when it is an old value without a successor, None when it is
    unknown. The whole text must match: «Gratuit» is never found inside a longer sentence.
    """
    # data·inclusion v0 prefixed the services: `numerique--acceder-a-du-materiel`
    values = _meanings(vocabulary).get(slug(text.strip().removeprefix("numerique--")))
    return None if values is None else tuple(vocabulary(value) for value in values)


@cache
def _meanings(vocabulary: type[Vocabulary]) -> dict[str, tuple[str, ...]]:
    """The values that each accepted slug means. Raises ValueError if a slug means two things."""
    meanings: dict[str, tuple[str, ...]] = {
        slug(name): () for name in WITHOUT_TARGET.get(vocabulary, ())
    }
    for member in vocabulary:
        for name in (member.value, member.label, *member.old_names):
            if meanings.setdefault(slug(name), (member.value,)) != (member.value,):
                raise ValueError(f"{name!r} means two things in {vocabulary.__name__}")
    return meanings
