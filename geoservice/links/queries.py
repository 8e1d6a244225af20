"""Which place a link opens, what was changed there, and what waits for somebody's eye."""

from sqlalchemy import text

_COLUMNS = ", ".join(
    f"place.{column}"
    for column in (
        "name", "address", "commune", "code_insee", "postal_code", "departement", "phone", "emails",
        "websites", "booking_url", "opening_hours", "services", "equipment", "publics", "special_care",
        "languages", "fees", "access_modes", "support_modes", "summary", "description",
    )
)  # fmt: skip

# A link goes on with the place into which its own was merged.
OPENED = text(
    f"""
    SELECT links.id AS link_id, links.mail, links.place_id AS origin_id, links.expires_at,
      links.trusted, links.fields, place.id, place.public_id, place.provenance, place.updated_on,
      place.withdrawn_at, ST_X(place.point) AS lon, ST_Y(place.point) AS lat, {_COLUMNS}
    FROM links JOIN places origin ON origin.id = links.place_id
    JOIN places place ON place.id = coalesce(origin.merged_into, origin.id)
    WHERE hash = :hash AND revoked_at IS NULL AND expires_at > now()
    """  # noqa: S608 - our own names
)
DRAFTS = text("SELECT field, seen, after, typed FROM link_drafts WHERE link_id = :link")
PERMANENCES = text(
    """
    SELECT after FROM link_changes
    WHERE place_id = :place AND field = 'permanences' AND state = 'in_force'
    ORDER BY id DESC LIMIT 1
    """
)
# Places that the bearer may mean when they say that theirs is there twice: near, or named alike.
LIKELY_TWINS = text(
    """
    SELECT other.public_id, other.name, other.commune, other.address,
      ST_Distance(other.on_earth, place.on_earth) AS metres
    FROM places place JOIN places other ON other.id <> place.id
      AND (ST_DWithin(other.on_earth, place.on_earth, 500)
        OR other.code_insee = place.code_insee AND similarity(other.norm, place.norm) > 0.4)
    WHERE place.id = :place AND other.published_at IS NOT NULL AND other.withdrawn_at IS NULL
      AND other.merged_into IS NULL
    ORDER BY similarity(other.norm, place.norm) DESC, other.id LIMIT 12
    """
)
TWIN = text(
    "SELECT public_id, name, commune FROM places WHERE public_id = :public_id AND id <> :place"
    " AND published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL"
)
COMMUNE_AT = text(
    """
    SELECT name FROM territories WHERE type = 'commune' AND successor IS NULL
      AND ST_Contains(outline, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) LIMIT 1
    """
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
