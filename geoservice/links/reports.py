"""«Signaler une erreur»: what passers-by may say of a place, without an account."""

from dataclasses import dataclass
from enum import StrEnum

from geoservice.auth.forms import Form
from geoservice.mail.message import WrongAddress, read_address

BODY_MAX = 1000


class Category(StrEnum):
    """What is wrong: value of the form, then what people read."""

    label: str

    def __new__(cls, value: str, label: str) -> "Category":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    CLOSED = "ferme", "Ce lieu a fermé"
    HOURS = "horaires", "Les horaires sont faux"
    CONTACT = "contact", "Le téléphone, le courriel ou le site est faux"
    ADDRESS = "adresse", "L’adresse ou la position est fausse"
    SERVICES = "services", "On n’y trouve pas l’aide annoncée"
    DUPLICATE = "doublon", "Ce lieu est deux fois dans l’annuaire"
    OTHER = "autre", "Autre chose"


@dataclass(frozen=True)
class Report:
    category: str = ""
    body: str = ""
    contact: str = ""

    @classmethod
    def of(cls, form: Form) -> "Report":
        return cls(form.one("quoi"), form.one("texte"), form.one("mail"))

    def faults(self) -> dict[str, str]:
        """What must be corrected, by field."""
        found: dict[str, str] = {}
        if self.category not in [one.value for one in Category]:
            found["quoi"] = "Choisissez ce qui ne va pas."
        if not self.body:
            found["texte"] = "Dites en quelques mots ce qu’il faudrait écrire."
        elif len(self.body) > BODY_MAX:
            found["texte"] = f"Ce texte est trop long : {BODY_MAX} caractères au plus."
        if self.contact:
            try:
                read_address(self.contact)
            except WrongAddress:
                found["mail"] = "Cette adresse n’est pas complète. Par exemple : prenom@exemple.fr"
        return found
