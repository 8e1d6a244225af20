"""Which place a link opens, what was changed there, and what waits for somebody's eye."""

from sqlalchemy import text

from geoservice.links.edits import CLOSED, ENTRIES

_COLUMNS = ", ".join(f"place.{entry.column}" for entry in ENTRIES if entry.column != CLOSED)

# A link goes on with the place into which its own was merged.
OPENED = text(
    f"""
    SELECT links.id AS link_id, links.mail, links.place_id AS origin_id, links.expires_at,
      place.id AS place_id, place.public_id, place.commune, place.code_insee, place.departement,
      place.provenance, place.updated_on, place.withdrawn_at, {_COLUMNS}
    FROM links JOIN places origin ON origin.id = links.place_id
    JOIN places place ON place.id = coalesce(origin.merged_into, origin.id)
    WHERE hash = :hash AND revoked_at IS NULL AND expires_at > now()
    """  # noqa: S608 - our own names
)
ASKED_PLACE = text(
    "SELECT id, public_id, name, commune FROM places"
    " WHERE public_id = :public_id AND withdrawn_at IS NULL AND merged_into IS NULL"
)
HISTORY = text(
    """
    SELECT change.id, field, before, after, state, made_at, reason,
      id = max(id) FILTER (WHERE state = 'in_force') OVER (PARTITION BY field) AS latest
    FROM link_changes change WHERE place_id = :place ORDER BY id DESC LIMIT 100
    """
)
WAITING_FIELDS = text(
    "SELECT field FROM link_changes WHERE place_id = :place AND state = 'waiting'"
)
WORD = text(
    """
    SELECT DISTINCT ON (field) field, after, (made_at AT TIME ZONE 'Europe/Paris')::date AS day
    FROM link_changes WHERE place_id = :place AND state = 'in_force' ORDER BY field, id DESC
    """
)
SOURCES = text("SELECT name, title FROM sources")

WAITING_CHANGES = text(
    """
    SELECT change.id, change.field, change.before, change.after, change.made_at,
      place.public_id, place.name, place.commune
    FROM link_changes change JOIN places origin ON origin.id = change.place_id
    JOIN places place ON place.id = coalesce(origin.merged_into, origin.id)
    WHERE state = 'waiting' AND (:departement = '' OR place.departement = :departement)
    ORDER BY change.id LIMIT 50
    """
)
WAITING_REPORTS = text(
    """
    SELECT report.id, category, body, contact, report.made_at,
      place.public_id, place.name, place.commune
    FROM link_reports report JOIN places origin ON origin.id = report.place_id
    JOIN places place ON place.id = coalesce(origin.merged_into, origin.id)
    WHERE verdict IS NULL AND (:departement = '' OR place.departement = :departement)
    ORDER BY report.id LIMIT 50
    """
)
DECIDED = text(
    """
    SELECT change.field, place.public_id, place.name, links.mail
    FROM link_changes change JOIN places origin ON origin.id = change.place_id
    JOIN places place ON place.id = coalesce(origin.merged_into, origin.id)
    LEFT JOIN links ON links.id = change.link_id WHERE change.id = :change
    """
)
