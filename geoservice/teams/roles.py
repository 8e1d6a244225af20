"""Roles in a team: how they are said, and how forms name them."""

from dataclasses import dataclass

from geoservice.teams.model import Role


@dataclass(frozen=True)
class Choice:
    """A line of the forms."""

    slug: str
    role: Role
    in_programme: bool | None
    label: str
    hint: str


CHOICES = (
    Choice(
        "coordination-dispositif",
        Role.COORDINATOR,
        True,
        "coordination, dans le dispositif Conseiller numérique",
        "Tient à jour les lieux du territoire : vérifie, relance, corrige.",
    ),
    Choice(
        "coordination-hors-dispositif",
        Role.COORDINATOR,
        False,
        "coordination, hors dispositif",
        "Les mêmes droits, sans poste financé par le dispositif.",
    ),
    Choice(
        "membre",
        Role.MEMBER,
        None,
        "membre",
        "Voit ce que les collègues acceptent de montrer, enregistre des périmètres.",
    ),
    Choice("lecture", Role.READER, None, "lecture seule", "Voit les listes publiques de l’équipe."),
)
BY_SLUG = {choice.slug: choice for choice in CHOICES}


def choice_of(role: str, in_programme: bool | None) -> Choice:
    return next(one for one in CHOICES if (one.role, one.in_programme) == (role, in_programme))


def spoken(role: str, *, is_owner: bool, in_programme: bool | None) -> str:
    """«coordination, hors dispositif ; responsable de l’équipe»."""
    label = choice_of(role, in_programme).label
    return f"{label} ; responsable de l’équipe" if is_owner else label
