"""What mediators are («rôle») and what they know («compétences»): published lists of our own.

Same rule as the lists of places: what is stored is the value, a new one goes at the end. The first
thirty skills are the themes by which La Coop de la médiation numérique tells activities apart.
"""

from geoservice.places.vocabulary import Vocabulary, read_value


class Role(Vocabulary):
    CONSEILLER_NUMERIQUE = (
        "Conseiller numérique",
        "Vous apprend à vous servir du numérique, dans le dispositif de l’État.",
    )
    MEDIATEUR = (
        "Médiateur numérique",
        "Vous apprend à vous servir du numérique.",
        "mediateur",
    )
    AIDANT_NUMERIQUE = (
        "Aidant numérique",
        "Fait vos démarches en ligne avec vous, parfois à votre place avec Aidants Connect.",
        "aidant",
    )
    AGENT_FRANCE_SERVICES = (
        "Agent France Services",
        "Vous aide pour vos démarches administratives.",
    )
    FORMATEUR = ("Formateur", "Donne des cours, en général à un groupe.")
    BENEVOLE = ("Bénévole", "Aide gratuitement, sur son temps libre.")
    COORDINATEUR = ("Coordinateur", "Organise le travail des médiateurs d’un territoire.")


def role_told(text: str) -> tuple[str, str]:
    """Label and definition of a role; what a source says and our list lacks is told as it is."""
    known = read_value(Role, text)
    return (known[0].label, known[0].definition) if known else (text, "")


class Skill(Vocabulary):
    """What somebody knows well enough to be asked for it («compétences»)."""

    PRENDRE_EN_MAIN_UN_ORDINATEUR = ("Prendre en main un ordinateur", "")
    PRENDRE_EN_MAIN_UN_SMARTPHONE_OU_UNE_TABLETTE = (
        "Prendre en main un smartphone ou une tablette",
        "",
    )
    NAVIGUER_SUR_INTERNET = ("Naviguer sur internet", "")
    ENVOYER_ET_RECEVOIR_DES_MAILS = ("Envoyer et recevoir des mails", "")
    BUREAUTIQUE = ("Bureautique", "")
    RESEAUX_SOCIAUX_ET_MESSAGERIES = ("Réseaux sociaux et messageries", "")
    SANTE_EN_LIGNE = ("Santé en ligne", "")
    BANQUE_ET_ACHATS_EN_LIGNE = ("Banque et achats en ligne", "")
    NUMERIQUE_POUR_UNE_ENTREPRISE = ("Numérique pour une entreprise", "")
    INSERTION_PROFESSIONNELLE = ("Insertion professionnelle", "")
    SECURITE_SUR_INTERNET = ("Sécurité sur internet", "")
    PARENTALITE_ET_NUMERIQUE = ("Parentalité et numérique", "")
    SCOLARITE_ET_NUMERIQUE = ("Scolarité et numérique", "")
    CREER_AVEC_LE_NUMERIQUE = ("Créer avec le numérique", "")
    CULTURE_NUMERIQUE = ("Culture numérique", "")
    INTELLIGENCE_ARTIFICIELLE = ("Intelligence artificielle", "")
    ENTRETIEN_ET_REPARATION_DU_MATERIEL = ("Entretien et réparation du matériel", "")
    RANGER_SES_FICHIERS_ET_SES_PHOTOS = ("Ranger ses fichiers et ses photos", "")
    DEMARCHES_ADMINISTRATIVES_EN_GENERAL = ("Démarches administratives en général", "")
    DEMARCHES_PAPIERS_ET_CITOYENNETE = ("Démarches : papiers et citoyenneté", "")
    DEMARCHES_FAMILLE_ET_SCOLARITE = ("Démarches : famille et scolarité", "")
    DEMARCHES_SOCIAL_ET_SANTE = ("Démarches : social et santé", "")
    DEMARCHES_TRAVAIL_ET_FORMATION = ("Démarches : travail et formation", "")
    DEMARCHES_LOGEMENT = ("Démarches : logement", "")
    DEMARCHES_TRANSPORTS_ET_MOBILITE = ("Démarches : transports et mobilité", "")
    DEMARCHES_ARGENT_ET_IMPOTS = ("Démarches : argent et impôts", "")
    DEMARCHES_JUSTICE = ("Démarches : justice", "")
    DEMARCHES_ETRANGERS_ET_EUROPE = ("Démarches : étrangers et Europe", "")
    DEMARCHES_LOISIRS_SPORT_ET_CULTURE = ("Démarches : loisirs, sport et culture", "")
    DEMARCHES_ASSOCIATIONS = ("Démarches : associations", "")
    DONNEES_PERSONNELLES_ET_RGPD = ("Données personnelles et RGPD", "")
    CYBERSECURITE = ("Cybersécurité", "")
    NUMERIQUE_ET_HANDICAP = ("Numérique et handicap", "")
    SOBRIETE_NUMERIQUE = ("Sobriété numérique", "")
    LOGICIELS_LIBRES = ("Logiciels libres", "")
    FABRICATION_NUMERIQUE = ("Fabrication numérique", "")
    PROGRAMMATION_ET_ROBOTS = ("Programmation et robots", "")
    AIDANTS_CONNECT = ("Aidants Connect", "")
    DIAGNOSTIC_DES_BESOINS_NUMERIQUES = ("Diagnostic des besoins numériques", "")
    FORMER_D_AUTRES_AIDANTS = ("Former d’autres aidants", "")
