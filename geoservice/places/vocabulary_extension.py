"""Our own lists, which the national schema lacks: equipment and languages.

Same rule as `vocabulary`: the order of the members is fixed for ever, new ones go at the end.
"""

from typing import Self

from geoservice.places.vocabulary import Vocabulary


class Equipement(Vocabulary):
    """What can be used on the spot («équipements»)."""

    ORDINATEURS_EN_LIBRE_ACCES = (
        "Ordinateurs en libre accès",
        "Des ordinateurs reliés à internet que chacun peut utiliser.",
        "Ordinateur",
        "Ordinateurs",
        "Ordinateur fixe",
        "Ordinateur portable",
        "Postes informatiques",
        "Postes informatiques avec internet",
    )
    TABLETTES = ("Tablettes", "Des tablettes à utiliser sur place.", "Tablette")
    WIFI = (
        "Wifi",
        "Une connexion sans fil pour votre téléphone ou votre ordinateur.",
        "Wi-Fi",
        "Accès wifi",
        "Wifi gratuit",
    )
    IMPRIMANTE = (
        "Imprimante",
        "On peut imprimer un document.",
        "Imprimantes",
        "Impression de documents",
    )
    SCANNER = (
        "Scanner",
        "On peut numériser un document papier pour l’envoyer.",
        "Scanners",
        "Scan de documents",
    )
    PHOTOCOPIEUSE = (
        "Photocopieuse",
        "On peut faire une photocopie.",
        "Photocopieur",
        "Copie de document",
        "Copie de documents",
    )
    WEBCAM = ("Webcam", "Une caméra et un micro pour un rendez-vous en visioconférence.")
    CASQUE_AUDIO = (
        "Casque audio",
        "Un casque pour écouter sans gêner les autres.",
        "Casques audio",
    )
    VIDEOPROJECTEUR = (
        "Vidéoprojecteur",
        "Un écran ou un vidéoprojecteur pour les ateliers.",
        "Vidéo-projecteur",
        "Rétroprojecteur",
        "Rétro-projecteur",
    )
    MATERIEL_ADAPTE = (
        "Matériel adapté au handicap",
        "Clavier à grosses touches, loupe, lecteur d’écran ou boucle magnétique.",
        "Matériel adapté",
    )
    TELEPHONE = (
        "Téléphone à disposition",
        "Un téléphone pour appeler une administration.",
        "Téléphone",
        "Smartphone",
    )
    ESPACE_CONFIDENTIEL = (
        "Espace confidentiel",
        "Un bureau fermé pour parler d’une démarche personnelle.",
    )
    IMPRIMANTE_3D = ("Imprimante 3D", "Une machine pour fabriquer de petits objets.")


class Langue(Vocabulary):
    """A language in which people are helped («langues»).

    Values are ISO 639-1 codes, or ISO 639-3 where there is none in two letters.
    """

    def __new__(cls, code: str, label: str, *old_names: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.definition = ""
        member.old_names = old_names
        return member

    FRANCAIS = ("fr", "Français")
    LANGUE_DES_SIGNES_FRANCAISE = (
        "fsl",
        "Langue des signes française (LSF)",
        "LSF",
        "Langue des signes française",
        "Langue des signes",
    )
    ANGLAIS = ("en", "Anglais")
    ARABE = ("ar", "Arabe")
    ESPAGNOL = ("es", "Espagnol")
    PORTUGAIS = ("pt", "Portugais")
    ITALIEN = ("it", "Italien")
    ALLEMAND = ("de", "Allemand")
    TURC = ("tr", "Turc")
    KABYLE = ("kab", "Kabyle")
    RUSSE = ("ru", "Russe")
    UKRAINIEN = ("uk", "Ukrainien")
    ROUMAIN = ("ro", "Roumain")
    POLONAIS = ("pl", "Polonais")
    BULGARE = ("bg", "Bulgare")
    ALBANAIS = ("sq", "Albanais")
    ARMENIEN = ("hy", "Arménien")
    GEORGIEN = ("ka", "Géorgien")
    PERSAN = ("fa", "Persan (farsi)", "Persan", "Farsi")
    DARI = ("prs", "Dari")
    PACHTO = ("ps", "Pachto", "Pachtou")
    OURDOU = ("ur", "Ourdou")
    TAMOUL = ("ta", "Tamoul")
    BENGALI = ("bn", "Bengali")
    CHINOIS = ("zh", "Chinois", "Mandarin")
    VIETNAMIEN = ("vi", "Vietnamien")
    WOLOF = ("wo", "Wolof")
    BAMBARA = ("bm", "Bambara")
    PEUL = ("ff", "Peul")
    SONINKE = ("snk", "Soninké")
    LINGALA = ("ln", "Lingala")
    SOMALI = ("so", "Somali")
    TIGRIGNA = ("ti", "Tigrigna", "Tigrinya")
    MALGACHE = ("mg", "Malgache")
    CREOLE_REUNIONNAIS = ("rcf", "Créole réunionnais")
    CREOLE_ANTILLAIS = (
        "gcf",
        "Créole antillais",
        "Créole guadeloupéen",
        "Créole martiniquais",
    )
    SHIMAORE = ("swb", "Shimaoré", "Mahorais")
    ALSACIEN = ("gsw", "Alsacien")
    BRETON = ("br", "Breton")
