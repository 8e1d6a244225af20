"""Let a saved embed belong to a team: who leaves the team takes no map away.

Lock: the table of embeds, a few rows, for the time of reading them once.
Time: instant.
Back: the embeds of teams are lost, and the sites that show them show the link that they hold.
"""

from alembic import op

revision = "0030"
down_revision = "0029"

UP = """
ALTER TABLE embeds ADD COLUMN team_id integer;
ALTER TABLE embeds ADD CONSTRAINT fk_embeds_team_id_teams FOREIGN KEY (team_id) REFERENCES teams (id);
ALTER TABLE embeds DROP CONSTRAINT ck_embeds_owner;
ALTER TABLE embeds ADD CONSTRAINT ck_embeds_owner
  CHECK (num_nonnulls(account_id, mail, team_id) = 1);
CREATE INDEX ix_embeds_team_id ON embeds (team_id);
"""

DOWN = """
DELETE FROM embeds WHERE team_id IS NOT NULL;
ALTER TABLE embeds DROP CONSTRAINT ck_embeds_owner;
ALTER TABLE embeds DROP COLUMN team_id;
ALTER TABLE embeds ADD CONSTRAINT ck_embeds_owner CHECK (num_nonnulls(account_id, mail) = 1);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
