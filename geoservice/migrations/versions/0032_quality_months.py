"""Keep how well the places of each commune are told, month after month.

Lock: none.
Time: instant.
Back: the months that were kept are lost.
"""

from alembic import op

revision = "0032"
down_revision = "0031"

UP = """
CREATE TABLE quality_months (
  month date NOT NULL,
  code_insee text NOT NULL,
  places integer NOT NULL,
  expected integer NOT NULL,
  told integer NOT NULL,
  complete integer NOT NULL,
  checked integer NOT NULL,
  CONSTRAINT pk_quality_months PRIMARY KEY (month, code_insee)
);
GRANT SELECT, INSERT, DELETE ON quality_months TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE quality_months")
