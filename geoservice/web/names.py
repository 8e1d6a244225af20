"""How people call the parameters of our addresses: as the fields of the forms that write them."""

import re

NAMES = {
    "ou": "Où",
    "lon": "Autour de moi",
    "lat": "Autour de moi",
    "rayon": "Distance",
    "q": "Un mot",
    "ouvert": "Quand",
    "permanence": "Un médiateur est là",
    "horaires_inconnus": "Horaires inconnus",
    "accessible": "Fiche d’accessibilité publiée",
    "rdv": "Rendez-vous en ligne",
    "tri": "Ordre",
    "page": "Page",
    "limite": "Nombre de lieux par page",
    "bbox": "Zone de la carte",
    "lieux": "Lieux choisis",
    "territoire": "Territoire",
    "services": "De quoi avez-vous besoin",
    "publics": "Un accueil pensé pour",
    "prise_en_charge": "Besoins particuliers",
    "frais": "Prix",
    "dispositifs": "Réseaux et programmes",
    "labels": "Formations et labels",
    "modalites_acces": "Comment venir",
    "modalites_accompagnement": "Façon d’aider",
    "itinerance": "Lieu fixe ou mobile",
    "equipements": "Matériel sur place",
    "typologies": "Type de lieu",
    "source": "Source",
    "role": "Métier",
    "competences": "Compétences",
    "langues": "Langues parlées",
}
"""Parameter → label. Programs read the parameter itself."""


def name_of(parameter: str) -> str:
    return NAMES.get(parameter, parameter)


def in_words(message: str) -> str:
    """A sentence about parameters, told to people: « rayon » becomes « Distance »."""
    return re.sub(r"« ([a-z_]+) »", lambda found: f"« {name_of(found[1])} »", message)
