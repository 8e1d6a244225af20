"""Which pairs of places are worth comparing, and what is decided of them already.

Candidates are found from what two places share, never from the commune's code alone: a position
nearby, a SIRET, a telephone, a mail, a rare word of the name or a rare kind of service in the
commune, or the same name in the département. What more than a few places share is a network's, and finds nobody.
"""

from sqlalchemy import text

NEAR_M = 300
SHARED_BY_MAX = 4
"""A telephone, mail or site that more places give is a network's: it tells nothing of a place."""
FOUND_BY_MAX = 20
"""A SIRET, word or name that more places have is too common to look for pairs in."""

VISIBLE = "published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL"

PLACES = text(
    f"""
    SELECT id, name, commune, code_insee, departement, address, ST_X(point), ST_Y(point), pivot, phone,
      emails, websites, typologies,
      (SELECT array_agg(DISTINCT source) FROM source_records JOIN sources ON sources.name = source
        WHERE place_id = places.id AND withdrawn_at IS NULL AND holds_days IS NULL)
    FROM places WHERE {VISIBLE}
    """  # noqa: S608 - our own condition
)

# What the names say, by place; filled from Python, which reads them.
CREATE_WORDS = """
CREATE TEMP TABLE likeness_words (place_id integer, area text, word text) ON COMMIT DROP
"""
WORD_COLUMNS = ("place_id", "area", "word")

# Values that several places share, few enough to compare them two by two.
SHARED = f"""
CREATE TEMP TABLE shared ON COMMIT DROP AS
  WITH value AS (
    SELECT 'p' || phone AS value, id, {SHARED_BY_MAX} AS most FROM places
      WHERE {VISIBLE} AND phone IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'm' || mail, id, {SHARED_BY_MAX} FROM places, unnest(emails) AS mail WHERE {VISIBLE}
    UNION ALL
    SELECT 's' || pivot, id, {FOUND_BY_MAX} FROM places WHERE {VISIBLE} AND pivot IS NOT NULL
    UNION ALL
    SELECT 'w' || area || word, place_id, {FOUND_BY_MAX} FROM likeness_words
  )
  SELECT value, array_agg(id ORDER BY id) AS ids FROM value
  GROUP BY value, most HAVING count(*) BETWEEN 2 AND most
"""  # noqa: S608 - our own condition and constants

CANDIDATES = f"""
WITH shown AS NOT MATERIALIZED (SELECT id, on_earth FROM places WHERE {VISIBLE})
SELECT DISTINCT a, b FROM (
  SELECT one.id AS a, other.id AS b FROM shown one
  JOIN shown other ON ST_DWithin(one.on_earth, other.on_earth, {NEAR_M}, false) AND one.id < other.id
  UNION ALL
  SELECT one, other FROM shared, unnest(ids) AS one, unnest(ids) AS other WHERE one < other
) pair
"""  # noqa: S608 - our own condition and constants

DECIDED = text(
    """
    SELECT DISTINCT ON (a, b) a, b, verdict, account_id IS NOT NULL AS by_somebody, id
    FROM likeness_decisions ORDER BY a, b, id DESC
    """
)

MERGED = text("SELECT id, merged_into FROM places WHERE merged_into IS NOT NULL")
"""Which places are merged now, and into which."""

# Somebody decides of two places when both are in the territory that they look after; :everywhere for
# those of the whole country.
_MINE = """(:everywhere OR one.code_insee IN (SELECT communes_looked_after(:account))
        AND other.code_insee IN (SELECT communes_looked_after(:account)))"""

# The surest doubt first; with :score, :a and :b, the one after that. :departement is NULL for all.
NEXT_PAIR = text(
    f"""
    SELECT pair.a, pair.b, pair.score, pair.verdict_data, to_jsonb(one) AS one, to_jsonb(other) AS other,
      ST_Distance(one.on_earth, other.on_earth) AS metres,
      ARRAY(SELECT DISTINCT title FROM source_records JOIN sources ON name = source
        WHERE place_id = pair.a AND withdrawn_at IS NULL ORDER BY title) AS one_sources,
      ARRAY(SELECT DISTINCT title FROM source_records JOIN sources ON name = source
        WHERE place_id = pair.b AND withdrawn_at IS NULL ORDER BY title) AS other_sources
    FROM likeness_pairs pair JOIN places one ON one.id = pair.a JOIN places other ON other.id = pair.b
    WHERE (pair.score, pair.a, pair.b) < (:score, :a, :b)
      AND (cast(:departement AS text) IS NULL OR :departement IN (one.departement, other.departement))
      AND one.merged_into IS NULL AND other.merged_into IS NULL AND {_MINE}
    ORDER BY pair.score DESC, pair.a DESC, pair.b DESC LIMIT 1
    """  # noqa: S608 - our own condition
)
# How many pairs wait in each département: that of the older place when there are two.
WAITING = text(
    f"""
    SELECT one.departement AS code, territories.name, count(*) AS pairs
    FROM likeness_pairs JOIN places one ON one.id = a JOIN places other ON other.id = b
    LEFT JOIN territories ON (type, code) = ('departement', one.departement)
    WHERE one.merged_into IS NULL AND other.merged_into IS NULL AND {_MINE}
    GROUP BY 1, 2 ORDER BY 1
    """  # noqa: S608 - our own condition
)
# A pair, however it is merged by now, and whether it is theirs to decide; nothing when one of the
# places does not exist.
PAIR = text(
    f"""
    SELECT one.id AS a, other.id AS b, {_MINE} AS mine FROM places one, places other
    WHERE one.id = least(:a, :b) AND other.id = greatest(:a, :b) AND one.id <> other.id
    """  # noqa: S608 - our own condition
)
DECISIONS_SHOWN = 200


def _first_name(place: str) -> str:
    """What a place was called on its own: merged, both have one name."""
    return f"""coalesce((SELECT statements->>'name' FROM source_records WHERE origin_id = {place}.id
      AND statements->>'name' IS NOT NULL ORDER BY source_records.id LIMIT 1), {place}.name)"""  # noqa: S608


LATEST_DECISIONS = text(
    f"""
    SELECT id, verdict, decided_at, reason, by, one, other, one_id, other_id FROM (
      SELECT DISTINCT ON (decision.a, decision.b) decision.*, accounts.name AS by,
        {_first_name("one")} AS one, {_first_name("other")} AS other, one.public_id AS one_id, other.public_id AS other_id,
        {_MINE} AS mine
      FROM likeness_decisions decision JOIN places one ON one.id = a JOIN places other ON other.id = b
      LEFT JOIN accounts ON accounts.id = account_id
      ORDER BY decision.a, decision.b, decision.id DESC
    ) latest WHERE mine ORDER BY id DESC LIMIT {DECISIONS_SHOWN}
    """  # noqa: S608 - our own constant
)
DECISION = text("SELECT a, b, verdict FROM likeness_decisions WHERE id = :id")
DECIDE = text(
    """
    INSERT INTO likeness_decisions (a, b, verdict, account_id, reason, verdict_data)
    VALUES (:a, :b, :verdict, :account_id, :reason,
      (SELECT verdict_data FROM likeness_pairs WHERE (a, b) = (:a, :b)))
    """
)
FORGET_PAIR = text("DELETE FROM likeness_pairs WHERE (a, b) = (:a, :b)")
