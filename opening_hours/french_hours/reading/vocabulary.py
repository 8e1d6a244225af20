"""Words outside the grammar: which ones are harmless, and which may change the hours."""

from __future__ import annotations

import re
from functools import lru_cache

_LINKING = """
    a au aux avec ce cet cette ces chez d dans de des du elle elles en est et etre eu ici il ils l la le
    les leur leurs lieu lors ne nos notre nous on ou par pas pour qu que qui sa se sera ses si soit son
    sont sous sur ta tous tout toute toutes tres un une vers via vos votre vous y il ya ya a lieu ont
    afin ainsi aussi c comme n no s t m
"""
_OF_OPENING = """
    accueil accueille accueillant accueillons antenne bureau creneau creneaux heure heures horaire
    horaires jour jours journee local ouvert ouverte ouvertes ouverts ouverture ouvertures public
    publique tout uniquement seulement lieu place present presente presence service services
    vous-accueille vous-recoit recoit recoivent possible disponible habitants
"""
_ACTIVITIES = """
    accompagnement accompagnements activite activites animateur animation animations animatrice atelier
    ateliers conseiller conseillere coworking cours cyber cyberbase epn espace fablab formation
    formations informatique internet mairie maison mediateur mediation mediatheque multimedia numerique
    numeriques permanence permanences salle seance seances bibliotheque centre social association
    services france agence poste
"""
_HARMLESS = frozenset((_LINKING + _OF_OPENING + _ACTIVITIES).split())
_NOT_A_LABEL = frozenset((_LINKING + _OF_OPENING).split())
_MATTERS = re.compile(
    r"semaines?|quinzaines?|fois|trimestres?|trimestrielle?s?|mois|mensuel\w*|hebdo\w*|vacances?|feries?|annul\w+|suspen\w+"
    r"|report\w*|travaux|variables?|environ|jusqu'?|ferm\w+|sauf|excep\w+|interromp\w+|interruption"
    r"|alternan\w+|paires?|impaires?|decale\w*|derogat\w+"
)


@lru_cache(5_000)
def is_harmless(word: str) -> bool:
    """Whether the word says nothing about when: it takes nothing from the confidence."""
    return word.rstrip("'") in _HARMLESS or len(word) < 2


@lru_cache(5_000)
def is_label(word: str) -> bool:
    """Whether the word may name an activity, whose hours are not those of the place."""
    return word.rstrip("'") not in _NOT_A_LABEL and len(word) > 1


@lru_cache(5_000)
def matters(word: str) -> bool:
    """Whether the word may change the hours, so that leaving it unread is a risk."""
    return _MATTERS.fullmatch(word) is not None
