"""Extensions, the three roles, what every search compares, and the counters that caches follow.

Lock: none, the base is empty.
Time: 1 s, for PostGIS.
Back: everything goes; the roles stay, because other databases of the server may use them.
"""

from alembic import op

revision = "0001"
down_revision = None

EXTENSIONS = ("postgis", "pg_trgm", "unaccent")

ROLES = """
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geoservice_app') THEN
    CREATE ROLE geoservice_app LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geoservice_public') THEN
    CREATE ROLE geoservice_public LOGIN;
  END IF;
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT geoservice_app, geoservice_public TO %I', current_user);
  END IF;
END $$;
CREATE SCHEMA public_view;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO geoservice_app, geoservice_public;
GRANT USAGE ON SCHEMA public_view TO geoservice_app, geoservice_public;
"""

# «Saint-Étienne», «ST ETIENNE» and «st. étienne» are one name. unaccent() is only STABLE, because a
# dictionary may be edited; ours is the one that PostgreSQL ships.
NORM = r"""
CREATE FUNCTION norm(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
  regexp_replace(lower(unaccent('unaccent'::regdictionary, words)), '[^a-z0-9]+', ' ', 'g'),
  '\mst(e?)\M', 'saint\1', 'g'))
"""

# One counter per dataset, raised when the transaction commits: taken earlier, its row would make
# every writer wait for the longest import.
VERSIONS = """
CREATE TABLE data_versions (
  dataset text PRIMARY KEY,
  version bigint NOT NULL DEFAULT 1
);
CREATE TABLE changed_datasets (
  dataset text NOT NULL,
  transaction xid8 NOT NULL,
  PRIMARY KEY (dataset, transaction)
);
COMMENT ON TABLE changed_datasets IS 'Empty outside transactions: what note_change() leaves for announce_change().';

CREATE FUNCTION note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO changed_datasets VALUES (TG_ARGV[0], pg_current_xact_id()) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION announce_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO data_versions (dataset) VALUES (NEW.dataset)
    ON CONFLICT (dataset) DO UPDATE SET version = data_versions.version + 1;
  DELETE FROM changed_datasets WHERE dataset = NEW.dataset AND transaction = NEW.transaction;
  PERFORM pg_notify('data_versions', NEW.dataset);
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER announce_change AFTER INSERT ON changed_datasets
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION announce_change();

CREATE VIEW public_view.data_versions AS SELECT dataset, version FROM data_versions;
GRANT SELECT ON public_view.data_versions TO geoservice_app, geoservice_public;
"""


def upgrade() -> None:
    for extension in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.execute(ROLES)
    op.execute(NORM)
    op.execute(VERSIONS)


def downgrade() -> None:
    op.execute("DROP SCHEMA public_view CASCADE")
    op.execute("DROP TABLE changed_datasets, data_versions")
    op.execute("DROP FUNCTION note_change, announce_change, norm")
    for extension in reversed(EXTENSIONS):
        op.execute(f"DROP EXTENSION {extension}")
