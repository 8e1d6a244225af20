"""«Un lieu manque»: what anyone may say of a place that the directory does not know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geoservice.auth.forms import Form
from geoservice.clock import day_in_paris
from geoservice.imports.cleaning import Refused
from geoservice.imports.cleaning.phones import read_phone
from geoservice.links.edits import shown
from geoservice.links.steps import read_commune, read_hours, tidied
from geoservice.mail.message import WrongAddress, read_address
from geoservice.places.fields import BY_COLUMN

_TOLD = ("address", "postal_code", "commune", "phone", "opening_hours")
"""Columns, as one reads them after the name."""
TEXT_MAX = 200
BODY_MAX = 1000


@dataclass(frozen=True)
class Proposed:
    """The form as it was typed."""

    name: str = ""
    address: str = ""
    commune: str = ""
    phone: str = ""
    hours: str = ""
    body: str = ""
    contact: str = ""

    @classmethod
    def of(cls, form: Form) -> "Proposed":
        names = ("nom", "adresse", "commune", "telephone", "horaires", "texte", "mail")
        return cls(*(form.one(name) for name in names))

    def read(
        self, communes: Sequence[Row[Any]], today: date
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Column → value, and what must be corrected by field of the form."""
        told: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for field, text, most in (
            ("nom", self.name, TEXT_MAX),
            ("adresse", self.address, TEXT_MAX),
            ("commune", self.commune, TEXT_MAX),
            ("horaires", self.hours, BODY_MAX),
            ("texte", self.body, BODY_MAX),
        ):
            if len(text) > most:
                faults[field] = f"Ce texte est trop long : {most} caractères au plus."
        for field, text in (
            ("nom", self.name),
            ("adresse", self.address),
            ("commune", self.commune),
        ):
            if not text:
                faults[field] = "Remplissez cette case."
        if self.contact:
            try:
                read_address(self.contact)
            except WrongAddress:
                faults["mail"] = "Cette adresse n’est pas complète. Par exemple : prenom@exemple.fr"
        for field in ("nom", "adresse", "commune", "telephone", "horaires"):
            if field not in faults:
                try:
                    told |= self._read(field, communes, today)
                except Refused as refusal:
                    faults[field] = str(refusal)
        return told, faults

    def _read(self, field: str, communes: Sequence[Row[Any]], today: date) -> dict[str, Any]:
        if field == "nom":
            return {"name": tidied(self.name, lines=False)}
        if field == "adresse":
            return {"address": tidied(self.address, lines=False)}
        if field == "commune":
            return read_commune(self.commune, communes)
        if field == "horaires":
            return {"opening_hours": read_hours(self.hours, today)} if self.hours else {}
        if not self.phone:
            return {}
        try:
            return {"phone": read_phone(self.phone, None).value}
        except Refused:
            raise Refused(
                "Ce numéro n’est pas complet. Écrivez-le comme ceci : 05 55 00 00 00."
            ) from None


@dataclass(frozen=True)
class ProposePage:
    proposed: Proposed
    faults: Mapping[str, str]
    title: str = "Un lieu manque ?"


@dataclass(frozen=True)
class ProposedPage:
    title: str = "Merci, votre message est arrivé"


@dataclass(frozen=True)
class WaitingProposal:
    id: int
    name: str
    lines: tuple[tuple[str, str], ...]
    """Label, value."""
    body: str | None
    contact: str | None
    alike: str | None
    """Names of places that look like it."""
    day: date

    @classmethod
    def of(cls, row: Row[Any]) -> "WaitingProposal":
        lines = tuple(
            (BY_COLUMN[column].label, shown(column, value) if column != "commune" else str(value))
            for column in _TOLD
            if (value := row.told.get(column))
        )
        day = day_in_paris(row.made_at)
        return cls(row.id, row.told["name"], lines, row.body, row.contact, row.alike, day)
