"""One place as schema.org says it, for search engines; only what is known."""

from datetime import datetime, timedelta
from typing import Any

from french_hours import Hours, State
from sqlalchemy import Row

from geoservice.places.typologies import Typologie, TypologieGroup
from geoservice.places.vocabulary import Frais

TYPES = {
    TypologieGroup.BIBLIOTHEQUES: "Library",
    TypologieGroup.COLLECTIVITES: "GovernmentOffice",
    TypologieGroup.FRANCE_SERVICES: "GovernmentOffice",
}
"""All are kinds of LocalBusiness, which has an address, hours, a phone and mails."""


def linked_data(row: Row[Any], hours: Hours | None, moment: datetime, site: str) -> dict[str, Any]:
    groups = [Typologie(code).group for code in row.typologies if code in set(Typologie)]
    kinds = [TYPES[group] for group in groups if group in TYPES]
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kinds[0] if kinds else "LocalBusiness",
        "@id": f"{site}/lieux/{row.public_id}",
        "name": row.name,
        "description": row.summary,
        "address": _known(
            {
                "@type": "PostalAddress",
                "streetAddress": row.address,
                "postalCode": row.postal_code,
                "addressLocality": row.commune,
                "addressCountry": "FR",
            }
        ),
        "telephone": row.phone,
        "email": row.emails,
        "url": row.websites,
        "isAccessibleForFree": True if row.fees == [Frais.GRATUIT.value] else None,
        "amenityFeature": [
            {"@type": "LocationFeatureSpecification", "name": name, "value": True}
            for name in row.equipment
        ],
    }
    if hours is not None:
        said["openingHoursSpecification"] = _week(hours, moment)
    if row.lon is not None:
        said["geo"] = {"@type": "GeoCoordinates", "longitude": row.lon, "latitude": row.lat}
    if row.parent_structure:
        said["parentOrganization"] = {"@type": "Organization", "name": row.parent_structure}
    return _known(said)


def _week(hours: Hours, moment: datetime) -> list[dict[str, str]]:
    """When it is open in the seven days to come, by date: schema.org knows no odd weeks."""
    zone = hours.calendar.zone
    stretches = [
        (span.start.astimezone(zone), span.end.astimezone(zone))
        for span in hours.spans(moment, moment + timedelta(days=7))
        if span.state is State.OPEN
    ]
    return [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": f"{start:%Y-%m-%d}",
            "validThrough": f"{start:%Y-%m-%d}",
            "opens": f"{start:%H:%M}",
            "closes": f"{end:%H:%M}",
        }
        for start, end in stretches
    ]


def _known(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in (None, [], "")}
