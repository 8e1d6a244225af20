"""Let nobody become a professional of a territory by saying so.

Whoever fills in a profile says where they work, anywhere in France: that opens what colleagues agreed
to show to the professionals of their territory only where somebody else says it too, a source or a
team that looks after the territory. A source's word is therefore kept beside the person's own, where
one replaced the other.

A source that speaks at the same moment as the person no longer has the last word: the row is looked
at once it is locked.

Lock: short, on small tables.
Time: instant.
Back: where both said so, only the person does; whoever says that they work somewhere reads their
colleagues' contacts there again.
"""

from alembic import op

revision = "0031"
down_revision = "0030"

UP = """
ALTER TABLE mediator_places ADD COLUMN is_declared boolean NOT NULL DEFAULT true;
UPDATE mediator_places SET is_declared = false WHERE source IS NOT NULL;
ALTER TABLE mediator_places
  ADD CONSTRAINT ck_mediator_places_said CHECK (is_declared OR source IS NOT NULL);

-- The INSEE codes of the communes of which an account is one of the professionals: those of its teams,
-- and those of the départements where a source says that they work.
CREATE FUNCTION communes_as_professional(account integer) RETURNS SETOF text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT commune FROM team_members member
  JOIN teams ON teams.id = member.team_id AND teams.closed_at IS NULL
  JOIN team_territories held ON held.team_id = member.team_id AND held.accepted_at IS NOT NULL
  CROSS JOIN LATERAL communes_of(held.type, held.code) commune
  WHERE member.account_id = account AND (member.is_owner OR member.role IN ('coordinator', 'member'))
  UNION
  SELECT code FROM territories WHERE type = 'commune' AND departement IN (
    SELECT place.departement FROM mediators
    JOIN mediator_places worked ON worked.mediator_id = mediators.id AND worked.source IS NOT NULL
    JOIN places there ON there.id = worked.place_id
    JOIN places place ON place.id = coalesce(there.merged_into, there.id)
    WHERE mediators.account_id = account AND place.withdrawn_at IS NULL)
$$;

CREATE OR REPLACE FUNCTION keep_consent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO consents AS kept
    VALUES (NEW.person, NEW.audience, NEW.contact, NEW.granted, NEW.recorded_by, NEW.recorded_at, NEW.expires_at)
    ON CONFLICT (person, audience, contact) DO UPDATE SET granted = EXCLUDED.granted,
      recorded_by = EXCLUDED.recorded_by, recorded_at = EXCLUDED.recorded_at,
      expires_at = EXCLUDED.expires_at
    -- a source never speaks over the person
    WHERE EXCLUDED.recorded_by <> 'source' OR kept.recorded_by = 'source';
  IF FOUND THEN
    RETURN NEW;
  END IF;
  RETURN NULL;
END $$;
"""

DOWN = """
CREATE OR REPLACE FUNCTION keep_consent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- a source never speaks over the person
  IF NEW.recorded_by = 'source' AND EXISTS (
    SELECT FROM consent_events WHERE (person, contact, audience) = (NEW.person, NEW.contact, NEW.audience)
      AND recorded_by <> 'source')
  THEN
    RETURN NULL;
  END IF;
  INSERT INTO consents AS kept
    VALUES (NEW.person, NEW.audience, NEW.contact, NEW.granted, NEW.recorded_by, NEW.recorded_at, NEW.expires_at)
    ON CONFLICT (person, audience, contact) DO UPDATE SET granted = EXCLUDED.granted,
      recorded_by = EXCLUDED.recorded_by, recorded_at = EXCLUDED.recorded_at,
      expires_at = EXCLUDED.expires_at;
  RETURN NEW;
END $$;
DROP FUNCTION communes_as_professional;
UPDATE mediator_places SET source = NULL WHERE is_declared;
ALTER TABLE mediator_places DROP COLUMN is_declared;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
