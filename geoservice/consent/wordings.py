"""The sentences that people agree to, by version. A version that was shown is never changed."""

from geoservice.consent.model import Audience, Contact

CONTACTS = {
    Contact.NAME: "mon prénom et mon nom",
    Contact.MAIL: "mon mail",
    Contact.PHONE: "mon téléphone",
    Contact.BOOKING_URL: "mon lien de prise de rendez-vous",
}
WORDINGS: dict[str, dict[Audience, str]] = {
    "2026-11": {
        Audience.PUBLIC: (
            "J’accepte que ce site montre {contact} à toute personne qui ouvre la carte ou l’annuaire, "
            "ici ou sur un site où la carte est affichée."
        ),
        Audience.PROFESSIONALS: (
            "J’accepte que ce site montre {contact} aux coordinateurs et aux collègues connectés "
            "des territoires où je travaille."
        ),
        Audience.REUSERS: (
            "J’accepte que {contact} soit dans les données ouvertes : d’autres services peuvent "
            "alors le copier et le montrer."
        ),
    },
    "la-coop-2026": {
        Audience.PUBLIC: (
            "La Coop de la médiation numérique nous dit que cette personne accepte de montrer "
            "{contact} sur la cartographie nationale."
        ),
    },
}
CURRENT = "2026-11"
LA_COOP = "la-coop-2026"
"""La Coop asks once for name, mail and phone, and only for the public map."""


def sentence(version: str, contact: Contact, audience: Audience) -> str:
    return WORDINGS[version][audience].format(contact=CONTACTS[contact])
