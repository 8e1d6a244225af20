"""Mediators, what they agreed to show to whom, and when they are where.

Who sees what is decided here, by views: `public_view.mediators` for pages that anyone opens,
`public_view.reusable_mediators` for what leaves as data, `mediators_for_professionals` for
signed-in coordinators. A contact whose agreement is not in force is NULL in them; a person without
any agreement is not there at all.

Lock: none, the tables are new.
Time: instant.
Back: people, permanences and the journal of agreements go.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

# The journal says what was agreed and when; `consents` is its last word for each contact and
# audience, kept by a trigger so that a view reads one row where it would read a history.
# Neither names anybody: `person` means nothing once the mediator is erased.
CONSENT = """
CREATE TABLE consent_events (
  id bigserial NOT NULL,
  person uuid NOT NULL,
  contact text NOT NULL,
  audience text NOT NULL,
  granted boolean NOT NULL,
  wording text NOT NULL,
  recorded_by text NOT NULL,
  source text,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz,
  CONSTRAINT pk_consent_events PRIMARY KEY (id),
  CONSTRAINT ck_consent_events_contact CHECK (contact IN ('name', 'mail', 'phone', 'booking_url')),
  CONSTRAINT ck_consent_events_audience CHECK (audience IN ('public', 'professionals', 'reusers')),
  CONSTRAINT ck_consent_events_recorded_by CHECK (recorded_by IN ('person', 'source', 'service')),
  CONSTRAINT ck_consent_events_source CHECK ((source IS NOT NULL) = (recorded_by = 'source')),
  CONSTRAINT ck_consent_events_service CHECK (NOT (granted AND recorded_by = 'service')),
  CONSTRAINT ck_consent_events_expires_at CHECK (granted OR expires_at IS NULL)
);
CREATE INDEX ix_consent_events_person ON consent_events (person, contact, audience, id);

CREATE TABLE consents (
  person uuid NOT NULL,
  audience text NOT NULL,
  contact text NOT NULL,
  granted boolean NOT NULL,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL,
  expires_at timestamptz,
  CONSTRAINT pk_consents PRIMARY KEY (person, audience, contact)
);

CREATE FUNCTION keep_consent() RETURNS trigger
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
CREATE TRIGGER keep_consent BEFORE INSERT ON consent_events
  FOR EACH ROW EXECUTE FUNCTION keep_consent();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The journal of consents is only ever added to.';
END $$;
CREATE TRIGGER refuse_change BEFORE UPDATE ON consent_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

PEOPLE = """
CREATE TABLE mediators (
  id serial NOT NULL,
  public_id text NOT NULL,
  person uuid NOT NULL DEFAULT gen_random_uuid(),
  account_id integer,
  source text,
  source_key text,
  given_name text NOT NULL,
  family_name text NOT NULL,
  mail text,
  phone text,
  booking_url text,
  role text NOT NULL,
  employer text,
  skills text[] NOT NULL DEFAULT '{}',
  languages text[] NOT NULL DEFAULT '{}',
  publics text[] NOT NULL DEFAULT '{}',
  summary text,
  norm text COLLATE "C" NOT NULL
    GENERATED ALWAYS AS (norm(given_name || ' ' || family_name)) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_mediators PRIMARY KEY (id),
  CONSTRAINT uq_mediators_public_id UNIQUE (public_id),
  CONSTRAINT uq_mediators_person UNIQUE (person),
  CONSTRAINT uq_mediators_account_id UNIQUE (account_id),
  CONSTRAINT uq_mediators_source UNIQUE (source, source_key),
  CONSTRAINT fk_mediators_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id),
  CONSTRAINT ck_mediators_source CHECK ((source IS NULL) = (source_key IS NULL))
);

CREATE TABLE mediator_places (
  mediator_id integer NOT NULL,
  place_id integer NOT NULL,
  source text,
  CONSTRAINT pk_mediator_places PRIMARY KEY (mediator_id, place_id),
  CONSTRAINT fk_mediator_places_mediator_id_mediators FOREIGN KEY (mediator_id)
    REFERENCES mediators (id) ON DELETE CASCADE,
  CONSTRAINT fk_mediator_places_place_id_places FOREIGN KEY (place_id) REFERENCES places (id)
);
CREATE INDEX ix_mediator_places_place_id ON mediator_places (place_id);

CREATE TABLE former_mediators (
  public_id text NOT NULL,
  was_reusable boolean NOT NULL,
  left_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_former_mediators PRIMARY KEY (public_id)
);
"""

PERMANENCES = """
CREATE TABLE permanences (
  id serial NOT NULL,
  public_id text NOT NULL,
  place_id integer NOT NULL,
  mediator_id integer,
  expression text NOT NULL,
  schedule_id integer NOT NULL,
  valid_from date,
  valid_until date,
  by_appointment boolean NOT NULL,
  audience text NOT NULL DEFAULT 'public',
  services text[] NOT NULL DEFAULT '{}',
  note text,
  source text,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_permanences PRIMARY KEY (id),
  CONSTRAINT uq_permanences_public_id UNIQUE (public_id),
  CONSTRAINT fk_permanences_place_id_places FOREIGN KEY (place_id) REFERENCES places (id),
  CONSTRAINT fk_permanences_mediator_id_mediators FOREIGN KEY (mediator_id)
    REFERENCES mediators (id) ON DELETE CASCADE,
  CONSTRAINT fk_permanences_schedule_id_schedules FOREIGN KEY (schedule_id) REFERENCES schedules (id),
  CONSTRAINT ck_permanences_valid CHECK (valid_from <= valid_until),
  CONSTRAINT ck_permanences_audience CHECK (audience IN ('public', 'professionals'))
);
CREATE INDEX ix_permanences_place_id ON permanences (place_id);
CREATE INDEX ix_permanences_mediator_id ON permanences (mediator_id);
CREATE INDEX ix_permanences_schedule_id ON permanences (schedule_id);

CREATE TABLE absences (
  id serial NOT NULL,
  mediator_id integer,
  permanence_id integer,
  first_day date NOT NULL,
  last_day date NOT NULL,
  CONSTRAINT pk_absences PRIMARY KEY (id),
  CONSTRAINT fk_absences_mediator_id_mediators FOREIGN KEY (mediator_id)
    REFERENCES mediators (id) ON DELETE CASCADE,
  CONSTRAINT fk_absences_permanence_id_permanences FOREIGN KEY (permanence_id)
    REFERENCES permanences (id) ON DELETE CASCADE,
  CONSTRAINT ck_absences_days CHECK (first_day <= last_day),
  CONSTRAINT ck_absences_of CHECK ((mediator_id IS NULL) <> (permanence_id IS NULL))
);
CREATE INDEX ix_absences_mediator_id ON absences (mediator_id);
CREATE INDEX ix_absences_permanence_id ON absences (permanence_id);
"""

# security_barrier: a condition that somebody else wrote never sees a row before the agreement does.
# A presentation often names its author, so it follows the name.
MEDIATORS_VIEW = """
CREATE VIEW {view} WITH (security_barrier) AS
  SELECT m.id, m.public_id, m.role, m.employer, m.skills, m.languages, m.publics,
    CASE WHEN agreed.name THEN m.given_name END AS given_name,
    CASE WHEN agreed.name THEN m.family_name END AS family_name,
    CASE WHEN agreed.name THEN m.norm END AS norm,
    CASE WHEN agreed.name THEN m.summary END AS summary,
    CASE WHEN agreed.mail THEN m.mail END AS mail,
    CASE WHEN agreed.phone THEN m.phone END AS phone,
    CASE WHEN agreed.booking_url THEN m.booking_url END AS booking_url,
    greatest(m.changed_at, agreed.changed_at) AS changed_at
  FROM mediators m
  CROSS JOIN LATERAL (
    SELECT bool_or(contact = 'name') AS name, bool_or(contact = 'mail') AS mail,
      bool_or(contact = 'phone') AS phone, bool_or(contact = 'booking_url') AS booking_url,
      max(recorded_at) AS changed_at
    FROM consents
    WHERE person = m.person AND audience = '{audience}' AND granted
      AND (expires_at IS NULL OR expires_at > now())
  ) agreed
  WHERE agreed.name OR (agreed.mail AND m.mail IS NOT NULL) OR (agreed.phone AND m.phone IS NOT NULL)
    OR (agreed.booking_url AND m.booking_url IS NOT NULL);
"""
AUDIENCES = {
    "public_view.mediators": "public",
    "public_view.reusable_mediators": "reusers",
    "mediators_for_professionals": "professionals",
}

# A place that was merged hands its people and permanences to its heir, and takes them back.
VIEWS = """
CREATE VIEW public_view.mediator_places WITH (security_barrier) AS
  SELECT DISTINCT worked.mediator_id, coalesce(place.merged_into, place.id) AS place_id
  FROM mediator_places worked JOIN places place ON place.id = worked.place_id
  WHERE EXISTS (SELECT FROM public_view.mediators shown WHERE shown.id = worked.mediator_id)
    OR EXISTS (SELECT FROM public_view.reusable_mediators shown WHERE shown.id = worked.mediator_id);

-- Somebody is present, whoever it is; who, only if they agreed.
CREATE VIEW public_view.permanences WITH (security_barrier) AS
  SELECT p.id, p.public_id, coalesce(place.merged_into, place.id) AS place_id,
    (SELECT shown.id FROM public_view.mediators shown WHERE shown.id = p.mediator_id) AS mediator_id,
    (SELECT shown.id FROM public_view.reusable_mediators shown WHERE shown.id = p.mediator_id)
      AS reusable_mediator_id,
    p.expression, p.schedule_id, p.valid_from, p.valid_until, p.by_appointment, p.services, p.note,
    coalesce((
      SELECT range_agg(daterange(first_day, last_day, '[]')) FROM absences
      WHERE absences.permanence_id = p.id OR absences.mediator_id = p.mediator_id
    ), '{}'::datemultirange) AS absent,
    p.changed_at
  FROM permanences p JOIN places place ON place.id = p.place_id
  WHERE p.audience = 'public';

-- Whoever keeps a copy is told that a person has gone: of those who were once in it, nobody else.
CREATE VIEW public_view.mediator_changes WITH (security_barrier) AS
  SELECT m.public_id, greatest(m.changed_at, told.changed_at) AS changed_at,
    EXISTS (SELECT FROM public_view.reusable_mediators shown WHERE shown.id = m.id) AS is_visible
  FROM mediators m
  CROSS JOIN LATERAL (
    SELECT greatest(max(recorded_at), max(expires_at) FILTER (WHERE expires_at <= now())) AS changed_at
    FROM consents WHERE person = m.person AND audience = 'reusers'
  ) told
  WHERE EXISTS (SELECT FROM consent_events WHERE person = m.person AND audience = 'reusers' AND granted)
  UNION ALL
  SELECT public_id, left_at, false FROM former_mediators WHERE was_reusable;

CREATE VIEW public_view.former_mediators AS SELECT public_id FROM former_mediators;

GRANT SELECT ON public_view.mediators, public_view.reusable_mediators, public_view.mediator_places,
  public_view.permanences, public_view.mediator_changes, public_view.former_mediators
  TO geoservice_app, geoservice_public;
GRANT SELECT ON mediators_for_professionals, consents TO geoservice_app;
GRANT SELECT, INSERT ON consent_events TO geoservice_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON mediators, mediator_places, permanences, absences,
  former_mediators TO geoservice_app;
GRANT DELETE ON consents TO geoservice_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO geoservice_app;
"""

NOTED = ("consents", "mediators", "mediator_places", "permanences", "absences", "former_mediators")


def upgrade() -> None:
    for statements in (CONSENT, PEOPLE, PERMANENCES):
        op.execute(statements)
    for view, audience in AUDIENCES.items():
        op.execute(MEDIATORS_VIEW.format(view=view, audience=audience))
    op.execute(VIEWS)
    for table in NOTED:
        op.execute(
            f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION note_change('people')"
        )
    op.execute("INSERT INTO data_versions (dataset) VALUES ('people') ON CONFLICT DO NOTHING")


def downgrade() -> None:
    op.execute("DELETE FROM data_versions WHERE dataset = 'people'")
    op.execute(
        "DROP VIEW public_view.former_mediators, public_view.mediator_changes,"
        " public_view.permanences, public_view.mediator_places"
    )
    op.execute(f"DROP VIEW {', '.join(AUDIENCES)}")
    op.execute("DROP TABLE absences, permanences, former_mediators, mediator_places, mediators")
    op.execute("DROP TABLE consents, consent_events")
    op.execute("DROP FUNCTION keep_consent, refuse_change")
