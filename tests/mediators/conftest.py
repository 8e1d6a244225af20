"""Awa has an account and no profile yet; two places are on the map."""

import re
from dataclasses import dataclass

import pytest

from tests.auth.conftest import Site, Visitor, build, service
from tests.permanences.conftest import add_places

__all__ = ["build", "service"]

MAIL = "awa@exemple.fr"
PROFILE = {
    "prenom": "Awa",
    "nom": "Canari",
    "role": "mediateur-numerique",
    "mail": "canari@exemple.fr",
    "telephone": "06 39 98 76 54",
    "rdv": "https://rdv.exemple.fr/canari",
    "presentation": "Canari vous aide.",
    "competences": "cybersecurite",
}
CANARIES = ("anari", "39 98 76 54", "639987654")
"""What must be read nowhere until she agrees."""


@dataclass
class Awa:
    service: Site
    visitor: Visitor
    library: str
    hall: str

    def fill(self, **changed: str) -> None:
        answer = self.visitor.send(
            "/moi/fiche/modifier", "/moi/fiche/modifier", **PROFILE | changed
        )
        assert answer.status_code == 303, answer.text
        self.answer()

    def answer(self, answer: str = "oui") -> None:
        """Open the mail that asks whether the address is theirs, if there is one."""
        self.service.work()
        if links := self.links():
            secret = links[-1].rpartition("=")[2]
            self.service.visitor("192.0.2.8").post(
                "/moi/fiche/adresse", {"lien": secret, "reponse": answer}
            )

    def links(self) -> list[str]:
        """Paths of those that addresses received, the latest last."""
        bodies = (mail.get_body(("plain",)) for mail in self.service.mailbox.received)
        found = re.compile(r"(/moi/fiche/adresse\?cle=[\w-]{43})\s")
        return [one for body in bodies if body for one in found.findall(body.get_content())]

    def work_at(self, place: str) -> None:
        answer = self.visitor.send("/moi/fiche", "/moi/fiche/lieux", lieu=place)
        assert answer.status_code == 303, answer.text

    def agree(self, *boxes: str) -> None:
        """Tick these boxes, as «name-public», and no other."""
        ticked = dict.fromkeys(boxes, "oui")
        answer = self.visitor.send("/moi/fiche", "/moi/fiche/accords", **ticked)
        assert answer.status_code == 303, answer.text

    @property
    def id(self) -> str:
        [row] = self.service.sql("SELECT public_id FROM mediators")
        return row.public_id


@pytest.fixture
def awa(service: Site) -> Awa:
    # no key leads from an account to these: they name nobody
    service.sql("TRUNCATE consent_events, consents, former_mediators")
    library, hall = add_places(service)
    service.account(MAIL)
    return Awa(service, service.sign_in(MAIL), library, hall)
