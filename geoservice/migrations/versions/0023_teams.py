"""Teams: who looks after which territories, what was decided there, and the perimeters that they save.

`communes_looked_after` says it in one word to whatever statement must refuse what is elsewhere.

Lock: none, the tables are new.
Time: instant.
Back: teams, their history and their perimeters go.
"""

from alembic import op

revision = "0023"
down_revision = "0022"

TABLES = """
CREATE TABLE teams (
  id serial NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz,
  CONSTRAINT pk_teams PRIMARY KEY (id),
  CONSTRAINT uq_teams_code UNIQUE (code)
);

CREATE TABLE team_members (
  team_id integer NOT NULL,
  account_id integer NOT NULL,
  role text NOT NULL,
  is_owner boolean NOT NULL,
  in_programme boolean,
  joined_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_team_members PRIMARY KEY (team_id, account_id),
  CONSTRAINT ck_team_members_role CHECK (role IN ('coordinator', 'member', 'reader')),
  CONSTRAINT ck_team_members_in_programme CHECK ((in_programme IS NOT NULL) = (role = 'coordinator')),
  CONSTRAINT fk_team_members_team_id_teams FOREIGN KEY (team_id) REFERENCES teams (id),
  CONSTRAINT fk_team_members_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_team_members_account_id ON team_members (account_id);

CREATE TABLE team_territories (
  team_id integer NOT NULL,
  type text NOT NULL,
  code text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  asked_by integer,
  accepted_at timestamptz,
  CONSTRAINT pk_team_territories PRIMARY KEY (team_id, type, code),
  CONSTRAINT ck_team_territories_type CHECK (
    type IN ('commune', 'epci', 'departement', 'region', 'perimetre')),
  CONSTRAINT fk_team_territories_team_id_teams FOREIGN KEY (team_id) REFERENCES teams (id),
  CONSTRAINT fk_team_territories_asked_by_accounts FOREIGN KEY (asked_by) REFERENCES accounts (id)
);
CREATE INDEX ix_team_territories_code ON team_territories (code);

CREATE TABLE team_invitations (
  id bigserial NOT NULL,
  team_id integer NOT NULL,
  mail text NOT NULL,
  role text NOT NULL,
  is_owner boolean NOT NULL,
  in_programme boolean,
  invited_by integer,
  succeeds integer,
  hash bytea,
  asked_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  CONSTRAINT pk_team_invitations PRIMARY KEY (id),
  CONSTRAINT uq_team_invitations_hash UNIQUE (hash),
  CONSTRAINT uq_team_invitations_team_id UNIQUE (team_id, mail),
  CONSTRAINT ck_team_invitations_role CHECK (role IN ('coordinator', 'member', 'reader')),
  CONSTRAINT ck_team_invitations_in_programme CHECK (
    (in_programme IS NOT NULL) = (role = 'coordinator')),
  CONSTRAINT ck_team_invitations_sent CHECK ((hash IS NULL) = (expires_at IS NULL)),
  CONSTRAINT fk_team_invitations_team_id_teams FOREIGN KEY (team_id) REFERENCES teams (id),
  CONSTRAINT fk_team_invitations_invited_by_accounts FOREIGN KEY (invited_by) REFERENCES accounts (id),
  CONSTRAINT fk_team_invitations_succeeds_accounts FOREIGN KEY (succeeds) REFERENCES accounts (id)
);

CREATE TABLE team_events (
  id bigserial NOT NULL,
  team_id integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  kind text NOT NULL,
  account_id integer,
  subject_id integer,
  detail text,
  CONSTRAINT pk_team_events PRIMARY KEY (id),
  CONSTRAINT fk_team_events_team_id_teams FOREIGN KEY (team_id) REFERENCES teams (id),
  CONSTRAINT fk_team_events_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id),
  CONSTRAINT fk_team_events_subject_id_accounts FOREIGN KEY (subject_id) REFERENCES accounts (id)
);
CREATE INDEX ix_team_events_team_id ON team_events (team_id, id);

CREATE TABLE perimeters (
  id serial NOT NULL,
  code text NOT NULL,
  team_id integer NOT NULL,
  name text NOT NULL,
  is_listed boolean NOT NULL,
  communes text[] NOT NULL,
  outline geometry(MultiPolygon, 4326) NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_perimeters PRIMARY KEY (id),
  CONSTRAINT uq_perimeters_code UNIQUE (code),
  CONSTRAINT fk_perimeters_team_id_teams FOREIGN KEY (team_id) REFERENCES teams (id)
);
CREATE INDEX ix_perimeters_team_id ON perimeters (team_id);
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON perimeters
  FOR EACH STATEMENT EXECUTE FUNCTION note_change('territories');
CREATE VIEW public_view.perimeters AS
  SELECT code, name, is_listed, communes, outline, changed_at FROM perimeters;
GRANT SELECT ON public_view.perimeters TO geoservice_app, geoservice_public;

GRANT SELECT, INSERT, UPDATE, DELETE
  ON teams, team_members, team_territories, team_invitations, perimeters TO geoservice_app;
-- a history is written, never rewritten
GRANT SELECT, INSERT ON team_events TO geoservice_app;
GRANT USAGE ON SEQUENCE teams_id_seq, team_invitations_id_seq, team_events_id_seq,
  perimeters_id_seq TO geoservice_app;
"""

FUNCTIONS = """
-- The INSEE codes of the communes of a territory.
CREATE FUNCTION communes_of(kind text, named text) RETURNS SETOF text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT code FROM territories WHERE kind = 'commune' AND type = 'commune' AND code = named
  UNION ALL
  SELECT code FROM territories WHERE kind = 'epci' AND type = 'commune' AND epci = named
  UNION ALL
  SELECT code FROM territories
    WHERE kind = 'departement' AND type = 'commune' AND departement = named
  UNION ALL
  SELECT code FROM territories WHERE kind = 'region' AND type = 'commune' AND region = named
  UNION ALL
  SELECT unnest(communes) FROM perimeters WHERE kind = 'perimetre' AND code = named
$$;

-- The INSEE codes of the communes where an account may act as a coordinator.
CREATE FUNCTION communes_looked_after(account integer) RETURNS SETOF text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT DISTINCT commune FROM team_members member
  JOIN teams ON teams.id = member.team_id AND teams.closed_at IS NULL
  JOIN team_territories held ON held.team_id = member.team_id AND held.accepted_at IS NOT NULL
  CROSS JOIN LATERAL communes_of(held.type, held.code) commune
  WHERE member.account_id = account AND member.role = 'coordinator'
$$;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)


def downgrade() -> None:
    op.execute("DROP FUNCTION communes_looked_after, communes_of")
    op.execute("DROP VIEW public_view.perimeters")
    op.execute(
        "DROP TABLE perimeters, team_events, team_invitations, team_territories, team_members, teams"
    )
