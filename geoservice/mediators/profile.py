"""The form in which a mediator says who they are: what was typed, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import phonenumbers
from sqlalchemy import Row

from geoservice.auth.forms import Form
from geoservice.mail.message import WrongAddress, read_address
from geoservice.mediators.actions import Profile
from geoservice.mediators.vocabulary import Role, Skill
from geoservice.places.vocabulary import Public, Vocabulary, read_value
from geoservice.places.vocabulary_extension import Langue
from geoservice.web.problems import Problem
from geoservice.web.typography import slug

NAME_MAX = 100
SUMMARY_MAX = 500
URL_MAX = 300


class NoProfileYet(Problem):
    status = 409
    title = "Remplissez d’abord votre fiche, à la page « Ma fiche »."


@dataclass(frozen=True)
class Typed:
    """The form as it was filled in; empty strings for what was not."""

    given_name: str = ""
    family_name: str = ""
    mail: str = ""
    phone: str = ""
    booking_url: str = ""
    role: str = ""
    employer: str = ""
    summary: str = ""
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    """Slugs."""

    @classmethod
    def of(cls, form: Form) -> "Typed":
        return cls(
            form.one("prenom"),
            form.one("nom"),
            form.one("mail"),
            form.one("telephone"),
            form.one("rdv"),
            form.one("role"),
            form.one("employeur"),
            form.one("presentation"),
            tuple(form.all("competences")),
            tuple(form.all("langues")),
            tuple(form.all("publics")),
        )

    @classmethod
    def kept(cls, row: Row[Any]) -> "Typed":
        return cls(
            row.given_name,
            row.family_name,
            row.mail or "",
            said_phone(row.phone) if row.phone else "",
            row.booking_url or "",
            slug(row.role),
            row.employer or "",
            row.summary or "",
            tuple(one.slug for one in Skill if one.value in row.skills),
            tuple(one.slug for one in Langue if one.value in row.languages),
            tuple(one.slug for one in Public if one.value in row.publics),
        )


@dataclass(frozen=True)
class Corrections:
    """What is wrong, by field of the form."""

    faults: Mapping[str, str] = field(default_factory=dict[str, str])


def said_phone(e164: str) -> str:
    """As it is dialled in France: «06 39 98 00 00»."""
    number = phonenumbers.parse(e164)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def read_profile(typed: Typed) -> Profile | Corrections:
    faults: dict[str, str] = {}
    for name, text in (("prenom", typed.given_name), ("nom", typed.family_name)):
        if not any(letter.isalpha() for letter in text):
            faults[name] = "Écrivez votre prénom." if name == "prenom" else "Écrivez votre nom."
    lengths = {
        "prenom": (typed.given_name, NAME_MAX),
        "nom": (typed.family_name, NAME_MAX),
        "employeur": (typed.employer, NAME_MAX),
        "rdv": (typed.booking_url, URL_MAX),
        "presentation": (typed.summary, SUMMARY_MAX),
    }
    for name, (text, most) in lengths.items():
        if len(text) > most:
            faults[name] = f"Ce texte est trop long : {most} caractères au plus."
        elif "\x00" in text:
            faults[name] = "Ce texte contient un caractère qui ne s’écrit pas."
    mail = None
    if typed.mail:
        try:
            mail = read_address(typed.mail)
        except WrongAddress:
            faults["mail"] = (
                "Cette adresse n’est pas complète. Elle doit ressembler à prenom.nom@exemple.fr."
            )
    phone = _phone(typed.phone, faults)
    if typed.booking_url and not typed.booking_url.startswith(("https://", "http://")):
        faults["rdv"] = "Collez l’adresse complète de la page. Elle commence par https://."
    role = read_value(Role, typed.role)
    if not role:
        faults["role"] = "Choisissez ce que vous êtes."
    skills = _values("competences", Skill, typed.skills, faults)
    languages = _values("langues", Langue, typed.languages, faults)
    publics = _values("publics", Public, typed.publics, faults)
    if faults or not role:
        return Corrections(faults)
    return Profile(
        typed.given_name,
        typed.family_name,
        mail,
        phone,
        typed.booking_url or None,
        role[0].value,
        typed.employer or None,
        skills,
        languages,
        publics,
        typed.summary or None,
    )


def _phone(text: str, faults: dict[str, str]) -> str | None:
    if not text:
        return None
    try:
        number = phonenumbers.parse(text, "FR")
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass
    faults["telephone"] = (
        "Ce numéro n’est pas complet. Écrivez dix chiffres, par exemple 06 39 98 01 02."
    )
    return None


def _values(
    name: str, listed: type[Vocabulary], slugs: tuple[str, ...], faults: dict[str, str]
) -> list[str]:
    found = [member.value for slug in slugs for member in read_value(listed, slug) or ()]
    if len(found) < len(slugs):
        faults[name] = "Une des cases n’existe pas : rechargez la page, puis recommencez."
    return list(dict.fromkeys(found))
