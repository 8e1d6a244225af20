"""Let people announce events and workshops, and see those that were accepted until they are over.

Lock: none on existing tables, but for the moment of their foreign keys.
Time: instant.
Back: what was announced is lost.
"""

from alembic import op

revision = "0029"
down_revision = "0028"

UP = """
CREATE TABLE news (
  id serial NOT NULL,
  public_id text NOT NULL,
  account_id integer,
  place_id integer NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  description text,
  expression text NOT NULL,
  first_day date NOT NULL,
  last_day date NOT NULL,
  publics text[] NOT NULL DEFAULT '{}',
  booking text NOT NULL,
  booking_url text,
  ends_at timestamptz NOT NULL,
  state text NOT NULL,
  decided_by integer,
  reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_news PRIMARY KEY (id),
  CONSTRAINT uq_news_public_id UNIQUE (public_id),
  CONSTRAINT fk_news_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
    ON DELETE SET NULL,
  CONSTRAINT fk_news_decided_by_accounts FOREIGN KEY (decided_by) REFERENCES accounts (id)
    ON DELETE SET NULL,
  CONSTRAINT fk_news_place_id_places FOREIGN KEY (place_id) REFERENCES places (id),
  CONSTRAINT ck_news_kind CHECK (kind IN ('workshop', 'event')),
  CONSTRAINT ck_news_state CHECK (state IN ('waiting', 'published', 'refused')),
  CONSTRAINT ck_news_booking CHECK (booking IN ('none', 'place', 'web')),
  CONSTRAINT ck_news_booking_url CHECK ((booking = 'web') = (booking_url IS NOT NULL)),
  CONSTRAINT ck_news_days CHECK (first_day <= last_day)
);
CREATE INDEX ix_news_place_id ON news (place_id);
CREATE INDEX ix_news_account_id ON news (account_id);
CREATE INDEX ix_news_ends_at ON news (ends_at);

-- Who announced it is told to nobody; what is over is seen by nobody.
CREATE VIEW public_view.news WITH (security_barrier) AS
  SELECT n.id, n.public_id, coalesce(place.merged_into, place.id) AS place_id, n.kind, n.title,
    n.description, n.expression, n.first_day, n.last_day, n.publics, n.booking, n.booking_url,
    n.ends_at, n.changed_at
  FROM news n JOIN places place ON place.id = n.place_id
  WHERE n.state = 'published' AND n.ends_at > now();

GRANT SELECT ON public_view.news TO geoservice_app, geoservice_public;
GRANT SELECT, INSERT, UPDATE, DELETE ON news TO geoservice_app;
GRANT USAGE ON SEQUENCE news_id_seq TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP VIEW public_view.news")
    op.execute("DROP TABLE news")
