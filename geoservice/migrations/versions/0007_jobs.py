"""Jobs to do later, in a schema of their own, and the mails that wait to be sent.

The queue is procrastinate's. Its functions name their tables without a schema; each is given the
schema to look in, so that any connection may queue a job in its own transaction.

Lock: none, everything is new.
Time: instant.
Back: what waits to be done or sent goes.
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0007"
down_revision = "0006"

LOOK_IN_OWN_SCHEMA = """
DO $$
DECLARE
  each regprocedure;
BEGIN
  FOR each IN SELECT oid FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_temp', each);
  END LOOP;
END $$;
GRANT USAGE ON SCHEMA jobs TO geoservice_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO geoservice_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO geoservice_app;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO geoservice_app;
"""

MAILS = """
CREATE TABLE outgoing_mails (
  id bigserial NOT NULL,
  recipient text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_outgoing_mails PRIMARY KEY (id)
);
GRANT SELECT, INSERT, DELETE ON outgoing_mails TO geoservice_app;
GRANT USAGE ON SEQUENCE outgoing_mails_id_seq TO geoservice_app;
"""


def upgrade() -> None:
    connection = op.get_bind()
    before = connection.exec_driver_sql("SHOW search_path").scalar_one()
    op.execute("CREATE SCHEMA jobs")
    op.execute("SET LOCAL search_path = jobs")
    connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute(f"SET LOCAL search_path = {before}")
    connection.exec_driver_sql(LOOK_IN_OWN_SCHEMA.replace("%", "%%"))
    op.execute(MAILS)


def downgrade() -> None:
    op.execute("DROP TABLE outgoing_mails")
    op.execute("DROP SCHEMA jobs CASCADE")
