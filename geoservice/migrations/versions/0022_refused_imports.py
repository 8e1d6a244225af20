"""Keep the imports that were refused, with the reason: whoever looks after the data sees them too.

A source that was never imported may be refused: `import_runs.source` no longer needs to be known.
Lock: a moment on `import_runs`, a few hundred rows.
Time: instant.
Back: the refusals are lost.
"""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE import_runs ADD COLUMN refusal text,"
        " DROP CONSTRAINT fk_import_runs_source_sources"
    )


def downgrade() -> None:
    op.execute("DELETE FROM import_runs WHERE refusal IS NOT NULL")
    op.execute(
        "ALTER TABLE import_runs DROP COLUMN refusal, ADD CONSTRAINT fk_import_runs_source_sources"
        " FOREIGN KEY (source) REFERENCES sources (name)"
    )
