"""Territories and the names by which people look for them.

Lock: none, the tables are new.
Time: instant.
Back: the tables go; `geoservice territories load` fills them again.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
CREATE TABLE territories (
  type text NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  departement text,
  region text,
  epci text,
  population integer,
  postal_codes text[] NOT NULL DEFAULT '{}',
  point geometry(Point, 4326) NOT NULL,
  outline geometry(MultiPolygon, 4326) NOT NULL,
  successor text,
  CONSTRAINT pk_territories PRIMARY KEY (type, code),
  CONSTRAINT ck_territories_type CHECK (type IN ('commune', 'epci', 'departement', 'region'))
);
CREATE INDEX ix_territories_outline ON territories USING gist (outline);
CREATE INDEX ix_territories_departement ON territories (departement);
CREATE INDEX ix_territories_epci ON territories (epci);
CREATE INDEX ix_territories_region ON territories (region);

CREATE TABLE localities (
  id serial NOT NULL,
  type text NOT NULL,
  code text NOT NULL,
  commune text,
  name text NOT NULL,
  norm text NOT NULL GENERATED ALWAYS AS (norm(name)) STORED,
  departement text,
  postal_codes text[] NOT NULL DEFAULT '{}',
  population integer NOT NULL DEFAULT 0,
  point geometry(Point, 4326) NOT NULL,
  CONSTRAINT pk_localities PRIMARY KEY (id)
);
CREATE INDEX ix_localities_norm ON localities (norm text_pattern_ops);
CREATE INDEX ix_localities_norm_trigrams ON localities USING gin (norm gin_trgm_ops);
CREATE INDEX ix_localities_postal_codes ON localities USING gin (postal_codes);

CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON territories
  FOR EACH STATEMENT EXECUTE FUNCTION note_change('territories');

CREATE VIEW public_view.territories AS SELECT * FROM territories;
CREATE VIEW public_view.localities AS SELECT * FROM localities;
GRANT SELECT ON public_view.territories, public_view.localities TO geoservice_app, geoservice_public;
GRANT SELECT, INSERT, UPDATE, DELETE ON territories, localities TO geoservice_app;
GRANT USAGE ON SEQUENCE localities_id_seq TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP VIEW public_view.territories, public_view.localities")
    op.execute("DROP TABLE localities, territories")
