"""Keep nothing about people for ever; show no address of theirs that they have not confirmed.

An address that somebody wrote in their profile, and that is not that of their account, waits in
`mail_confirmations` until the link that it received is opened. Once it is that of the account, it
follows the account.

The journal of agreements stays append-only for every role: the function below alone takes away what
is older than the period told on /confidentialite, of people who are no longer here.

Lock: short, on small tables.
Time: instant.
Back: addresses that waited are forgotten, the journal is kept for ever again.
"""

from alembic import op

revision = "0026"
down_revision = "0025"

UP = """
CREATE TABLE mail_confirmations (
  mediator_id integer NOT NULL,
  mail text NOT NULL,
  hash bytea,
  asked_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_mail_confirmations PRIMARY KEY (mediator_id),
  CONSTRAINT uq_mail_confirmations_hash UNIQUE (hash),
  CONSTRAINT fk_mail_confirmations_mediator_id_mediators FOREIGN KEY (mediator_id)
    REFERENCES mediators (id) ON DELETE CASCADE
);
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_confirmations TO geoservice_app;

-- what was written before this was asked is asked now, when its owner opens their profile
INSERT INTO mail_confirmations (mediator_id, mail)
  SELECT mediators.id, mediators.mail
  FROM mediators JOIN accounts ON accounts.id = mediators.account_id
  WHERE mediators.source IS NULL AND lower(mediators.mail) <> accounts.mail;
UPDATE mediators SET mail = NULL, changed_at = now()
  WHERE id IN (SELECT mediator_id FROM mail_confirmations);

CREATE FUNCTION follow_account_mail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE mediators SET mail = NEW.mail, changed_at = now()
    WHERE account_id = NEW.id AND lower(mail) = OLD.mail;
  RETURN NULL;
END $$;
CREATE TRIGGER follow_account_mail AFTER UPDATE OF mail ON accounts
  FOR EACH ROW WHEN (NEW.mail <> OLD.mail AND NEW.mail <> '')
  EXECUTE FUNCTION follow_account_mail();

ALTER TABLE former_mediators ADD COLUMN told_at timestamptz NOT NULL DEFAULT now();
UPDATE former_mediators SET told_at = left_at;

CREATE FUNCTION forget_old_consents(years integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  forgotten bigint;
BEGIN
  IF years < 1 THEN
    RAISE EXCEPTION 'The journal of consents is kept for a year at least.';
  END IF;
  DELETE FROM consent_events WHERE person IN (
    SELECT person FROM consent_events journal
    WHERE NOT EXISTS (SELECT FROM mediators WHERE mediators.person = journal.person)
    GROUP BY person HAVING max(recorded_at) < now() - make_interval(years)
  );
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$;
REVOKE EXECUTE ON FUNCTION forget_old_consents FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_old_consents TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP FUNCTION forget_old_consents")
    op.execute("ALTER TABLE former_mediators DROP COLUMN told_at")
    op.execute("DROP TRIGGER follow_account_mail ON accounts")
    op.execute("DROP FUNCTION follow_account_mail")
    op.execute("DROP TABLE mail_confirmations")
