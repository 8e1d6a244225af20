"""Refusals: what people are told when a request cannot be answered, as a page or as RFC 9457."""

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar


class Problem(Exception):
    """A refusal that knows its status; its title and detail are French sentences for people."""

    status: ClassVar[int]
    title: ClassVar[str]

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail

    @classmethod
    def code(cls) -> str:
        """The stable code of this kind of refusal: `place-not-found`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def body(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "type": f"/problems/{self.code()}",
            "title": self.title,
            "status": self.status,
        }
        return said | ({"detail": self.detail} if self.detail else {})


@dataclass(frozen=True)
class Fault:
    """One wrong parameter, and what would be right."""

    parameter: str
    message: str
    accepted: tuple[str, ...] = field(default=())
    labels: tuple[str, ...] = field(default=())
    """What people read for each of `accepted`; empty when it is said as it is written."""
    is_unknown: bool = False
    """The parameter itself does not exist: `accepted` are those that do."""

    def body(self) -> dict[str, Any]:
        said: dict[str, Any] = {"parametre": self.parameter, "message": self.message}
        return said | ({"valeurs_acceptees": list(self.accepted)} if self.accepted else {})


class WrongQuestion(Problem):
    status = 422
    title = "La question n’a pas été comprise."

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults

    def body(self) -> dict[str, Any]:
        return super().body() | {"erreurs": [fault.body() for fault in self.faults]}


class NotFound(Problem):
    status = 404
    title = "Cette page n’existe pas."


class TooSlow(Problem):
    status = 503
    title = (
        "La recherche est trop longue. Ajoutez un lieu ou un filtre, ou réessayez dans une minute."
    )


class NoDatabase(Problem):
    status = 503
    title = "Le service est momentanément indisponible. Réessayez dans une minute."


class NoRoomLeft(Problem):
    status = 507
    title = (
        "Le disque du service est plein : rien n’a été enregistré. Prévenez l’équipe du service."
    )
