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
CONFIRMED_ON = text(
    """
    SELECT (max(made_at) AT TIME ZONE 'Europe/Paris')::date FROM link_changes
    WHERE place_id IN (SELECT id FROM places WHERE id = :place OR merged_into = :place)
      AND field = 'updated_on' AND state = 'in_force'
    """
)
"""When somebody who knows the place last said that all that is told is right."""
SOURCES = text("SELECT name, title FROM sources")

# What somebody may look at: the whole country, or the communes of their teams.
_THEIRS = """
  (:everywhere OR place.code_insee IN (SELECT communes_looked_after(:account)))
  AND (:departement = '' OR place.departement = :departement)
"""
# Two places are made one by who looks after both.
_CHANGES = f"""
    SELECT change.id, change.field, change.before, change.after, change.made_at, change.state,
      change.decided_at, change.reason, change.place_id AS origin_id, place.public_id, place.name,
      place.commune, links.id AS link_id, links.mail, links.trusted, links.why,
      coalesce(links.revoked_at IS NULL AND links.expires_at > now(), false) AS link_works,
      decider.name AS decider,
      CASE change.field
        WHEN 'point' THEN CASE WHEN place.point IS NOT NULL THEN jsonb_build_object(
          'lon', round(ST_X(place.point)::numeric, 6), 'lat', round(ST_Y(place.point)::numeric, 6)) END
        WHEN 'commune' THEN CASE WHEN place.commune IS NOT NULL THEN jsonb_build_object(
          'commune', place.commune, 'postal_code', place.postal_code, 'code_insee', place.code_insee) END
        WHEN 'closed' THEN to_jsonb(place.withdrawn_at IS NOT NULL)
        WHEN 'duplicate' THEN change.before
        WHEN 'permanences' THEN change.before
        ELSE to_jsonb(place) -> change.field
      END AS now,
      change.id >= coalesce((SELECT max(other.id) FROM link_changes other
        WHERE other.place_id = change.place_id AND other.field = change.field
          AND other.state = 'in_force'), 0) AS latest
    FROM link_changes change JOIN places origin ON origin.id = change.place_id
    JOIN places place ON place.id = coalesce(origin.merged_into, origin.id)
    LEFT JOIN links ON links.id = change.link_id
    LEFT JOIN accounts decider ON decider.id = change.account_id
    WHERE {_THEIRS}
      AND (:everywhere OR change.field <> 'duplicate' OR EXISTS (SELECT FROM places twin
        WHERE twin.public_id = change.after ->> 'public_id'
          AND twin.code_insee IN (SELECT communes_looked_after(:account))))
"""  # noqa: S608 - our own words
WAITING_CHANGES = text(f"{_CHANGES} AND change.state = 'waiting' ORDER BY change.id LIMIT 50")
DECIDED_CHANGES = text(
    f"{_CHANGES} AND change.state <> 'waiting' AND change.field <> 'updated_on'"
    " AND (:lieu = '' OR place.public_id = :lieu) AND change.id < :below"
    " ORDER BY change.id DESC LIMIT 51"
)
THEIR_CHANGE = text(f"{_CHANGES} AND change.id = :change")
_REPORTS = f"""
    SELECT report.id, category, body, contact, report.made_at, verdict, report.decided_at,
      place.public_id, place.name, place.commune, decider.name AS decider
    FROM link_reports report JOIN places origin ON origin.id = report.place_id
    JOIN places place ON place.id = coalesce(origin.merged_into, origin.id)
    LEFT JOIN accounts decider ON decider.id = report.account_id
    WHERE {_THEIRS}
"""  # noqa: S608 - our own words
WAITING_REPORTS = text(f"{_REPORTS} AND verdict IS NULL ORDER BY report.id LIMIT 50")
DECIDED_REPORTS = text(
    f"{_REPORTS} AND verdict IS NOT NULL AND (:lieu = '' OR place.public_id = :lieu)"
    " ORDER BY report.decided_at DESC, report.id DESC LIMIT 50"
)
THEIR_REPORT = text(f"{_REPORTS} AND report.id = :report")
LOOKS_AFTER = text("SELECT EXISTS (SELECT communes_looked_after(:account))")
PAIR_OF = text(
    """
    SELECT min(place.id) AS a, max(place.id) AS b FROM places place
    WHERE place.id IN (:place, (SELECT id FROM places WHERE public_id = :twin))
    HAVING count(*) = 2
    """
)

ASK_AGAIN_DAYS = 30
"""A place that was asked is not asked by another campaign before that."""
SELECTED_MAX = 150
# The first address of a place that neither asked for silence nor ever sent a mail back.
_MAIL = """
  (SELECT lower(known) FROM unnest(place.emails) WITH ORDINALITY AS given (known, rank)
    WHERE NOT EXISTS (SELECT FROM link_silences
        WHERE hash = sha256(convert_to(lower(known), 'UTF8')))
      AND NOT EXISTS (SELECT FROM link_letters WHERE mail = lower(known) AND bounced_at IS NOT NULL)
    ORDER BY rank LIMIT 1)
"""
TO_ASK = text(
    f"""
    SELECT place.id, place.public_id, place.name, place.commune, place.updated_on, place.phone,
      cardinality(place.emails) > 0 AS had_mail, {_MAIL} AS mail
    FROM places place
    WHERE place.published_at IS NOT NULL AND place.withdrawn_at IS NULL AND place.merged_into IS NULL
      AND {_THEIRS}
      AND (cast(:among AS integer[]) IS NULL OR place.id = ANY(cast(:among AS integer[])))
      AND (:months = 0 OR place.updated_on IS NULL
        OR place.updated_on < cast(:today AS date) - make_interval(months => :months))
      AND NOT EXISTS (
        SELECT FROM link_letters letter JOIN places origin ON origin.id = letter.place_id
        WHERE coalesce(origin.merged_into, origin.id) = place.id
          AND letter.made_at > now() - interval '{ASK_AGAIN_DAYS} days')
    ORDER BY ({_MAIL} IS NULL), place.updated_on NULLS FIRST, place.id LIMIT {SELECTED_MAX + 1}
    """  # noqa: S608 - our own words
)
# Campaigns that touch what somebody looks after, or that they began.
_CAMPAIGNS = """
    SELECT campaign.id, campaign.started_at, campaign.ended_at, campaign.months, campaign.message,
      campaign.remind_days, asker.name AS asker, count(*) AS letters,
      count(letter.sent_at) AS sent, count(letter.answered_at) AS answered,
      count(letter.bounced_at) AS bounced, count(letter.left_at) AS departed
    FROM link_campaigns campaign JOIN accounts asker ON asker.id = campaign.account_id
    JOIN link_letters letter ON letter.campaign_id = campaign.id
    JOIN places origin ON origin.id = letter.place_id
    JOIN places place ON place.id = coalesce(origin.merged_into, origin.id)
    WHERE (:everywhere OR campaign.account_id = :account
      OR place.code_insee IN (SELECT communes_looked_after(:account)))
"""
CAMPAIGNS = text(
    f"{_CAMPAIGNS} GROUP BY campaign.id, asker.name ORDER BY campaign.id DESC LIMIT 100"
)
CAMPAIGN = text(f"{_CAMPAIGNS} AND campaign.id = :campaign GROUP BY campaign.id, asker.name")
LETTERS = text(
    """
    SELECT letter.id, letter.mail, letter.sent_at, letter.reminded_at, letter.bounced_at,
      letter.bounce, letter.answered_at, letter.left_at, place.public_id, place.name, place.commune,
      place.phone
    FROM link_letters letter JOIN link_campaigns campaign ON campaign.id = letter.campaign_id
    JOIN places origin ON origin.id = letter.place_id
    JOIN places place ON place.id = coalesce(origin.merged_into, origin.id)
    WHERE letter.campaign_id = :campaign AND (:everywhere OR campaign.account_id = :account
      OR place.code_insee IN (SELECT communes_looked_after(:account)))
    ORDER BY place.norm, letter.id LIMIT 500
    """
)
LETTER_LEFT = text(
    "SELECT id, mail, left_at FROM link_letters WHERE leave_hashes @> ARRAY[cast(:hash AS bytea)]"
)
TO_REMIND = text(
    """
    SELECT letter.id FROM link_letters letter
    JOIN link_campaigns campaign ON campaign.id = letter.campaign_id
    WHERE campaign.ended_at IS NULL AND letter.reminded_at IS NULL AND letter.answered_at IS NULL
      AND letter.bounced_at IS NULL AND letter.left_at IS NULL
      AND letter.sent_at < now() - make_interval(days => campaign.remind_days)
    ORDER BY letter.id LIMIT 2000
    """
)
# Until the connection closes: between the two transactions of one sending, too.
ONE_LETTER_AT_A_TIME = text(
    "SELECT pg_advisory_lock(hashtext('link_letters'), CAST(:letter AS int))"
)
LETTER_TO_SEND = text(
    """
    SELECT letter.id, letter.mail, letter.return_key, letter.place_id, place.name, place.commune,
      asker.name AS asker, asker.id AS account_id, campaign.message,
      letter.sent_at IS NOT NULL AS again
    FROM link_letters letter JOIN link_campaigns campaign ON campaign.id = letter.campaign_id
    JOIN accounts asker ON asker.id = campaign.account_id
    JOIN places origin ON origin.id = letter.place_id
    JOIN places place ON place.id = coalesce(origin.merged_into, origin.id)
    WHERE letter.id = :letter AND campaign.ended_at IS NULL AND asker.closed_at IS NULL
      AND letter.answered_at IS NULL AND letter.bounced_at IS NULL AND letter.left_at IS NULL
      AND letter.reminded_at IS NULL AND place.withdrawn_at IS NULL
      AND (letter.sent_at IS NULL OR :again)
      AND NOT EXISTS (SELECT FROM link_silences
        WHERE hash = sha256(convert_to(letter.mail, 'UTF8')))
    FOR UPDATE OF letter
    """
)

# With the places of the commune that look like it: it may be there already.
WAITING_PROPOSALS = text(
    """
    SELECT proposal.id, told, body, contact, made_at,
      (SELECT string_agg(place.name, ' ; ' ORDER BY place.id) FROM places place
        WHERE place.code_insee = proposal.code_insee AND place.published_at IS NOT NULL
          AND place.withdrawn_at IS NULL AND place.merged_into IS NULL
          AND similarity(norm(place.name), norm(told ->> 'name')) > 0.3) AS alike
    FROM link_proposals proposal
    WHERE verdict IS NULL
      AND (:everywhere OR code_insee IN (SELECT communes_looked_after(:account)))
      AND (:departement = '' OR code_insee LIKE :departement || '%')
    ORDER BY proposal.id LIMIT 50
    """
)
ACCEPTED_PROPOSAL = text(
    "SELECT told, made_at FROM link_proposals WHERE id = :proposal AND verdict = 'done'"
)
THEIR_PROPOSAL = text(
    "SELECT id FROM link_proposals WHERE id = :proposal"
    " AND (:everywhere OR code_insee IN (SELECT communes_looked_after(:account)))"
)
