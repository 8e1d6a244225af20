"""What is said of a place: each field once, with its name in the national schema.

The order is the national schema's (1.0.2), then our extension fields.
"""

from dataclasses import dataclass

from geoservice.places import typologies, vocabulary, vocabulary_extension
from geoservice.places.vocabulary import Vocabulary


@dataclass(frozen=True)
class Field:
    column: str
    """Of the table `places`, and key in a record's `statements`."""
    national: str
    """Name in the national schema, or ours in French for an extension."""
    label: str
    """As people read it."""
    many: bool = False
    vocabulary: type[Vocabulary] | None = None
    """The closed list of its values; None when the text is free."""
    extension: bool = False


FIELDS = (
    Field("pivot", "pivot", "Numéro SIRET, RNA ou RIDET"),
    Field("name", "nom", "Nom"),
    Field("commune", "commune", "Commune"),
    Field("postal_code", "code_postal", "Code postal"),
    Field("code_insee", "code_insee", "Code INSEE de la commune"),
    Field("address", "adresse", "Adresse"),
    Field("address_extra", "complement_adresse", "Complément d’adresse"),
    Field("lat", "latitude", "Latitude"),
    Field("lon", "longitude", "Longitude"),
    Field("typologies", "typologie", "Type de lieu", True, typologies.Typologie),
    Field("phone", "telephone", "Téléphone"),
    Field("emails", "courriels", "Courriels", True),
    Field("websites", "site_web", "Sites web", True),
    Field("opening_hours", "horaires", "Horaires"),
    Field("summary", "presentation_resume", "Présentation courte"),
    Field("description", "presentation_detail", "Présentation"),
    Field("source", "source", "Source"),
    Field("mobility", "itinerance", "Itinérance", True, vocabulary.Itinerance),
    Field("parent_structure", "structure_parente", "Structure parente"),
    Field("updated_on", "date_maj", "Date de mise à jour"),
    Field("services", "services", "Services", True, vocabulary.Service),
    Field(
        "publics",
        "publics_specifiquement_adresses",
        "Publics accueillis en particulier",
        True,
        vocabulary.Public,
    ),
    Field(
        "special_care",
        "prise_en_charge_specifique",
        "Prise en charge spécifique",
        True,
        vocabulary.PriseEnCharge,
    ),
    Field("fees", "frais_a_charge", "Prix", True, vocabulary.Frais),
    Field(
        "programmes",
        "dispositif_programmes_nationaux",
        "Dispositifs nationaux",
        True,
        vocabulary.Dispositif,
    ),
    Field("training_labels", "formations_labels", "Labels", True, vocabulary.FormationLabel),
    Field("other_labels", "autres_formations_labels", "Autres labels", True),
    Field("access_modes", "modalites_acces", "Comment venir", True, vocabulary.ModaliteAcces),
    Field(
        "support_modes",
        "modalites_accompagnement",
        "Accompagnement",
        True,
        vocabulary.ModaliteAccompagnement,
    ),
    Field("accessibility_url", "fiche_acces_libre", "Fiche d’accessibilité"),
    Field("booking_url", "prise_rdv", "Prise de rendez-vous en ligne"),
    Field(
        "equipment",
        "equipements",
        "Équipements",
        True,
        vocabulary_extension.Equipement,
        extension=True,
    ),
    Field(
        "languages",
        "langues",
        "Langues parlées",
        True,
        vocabulary_extension.Langue,
        extension=True,
    ),
)

BY_COLUMN = {field.column: field for field in FIELDS}
BY_NATIONAL_NAME = {field.national: field for field in FIELDS}
