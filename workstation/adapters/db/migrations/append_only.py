"""Tables whose rows, once written, stand for ever: the database itself refuses to edit history."""

from alembic import op

_POSTGRESQL_REFUSAL = """
CREATE OR REPLACE FUNCTION refuse_to_edit_history() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'history is never edited' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def make_append_only(table: str) -> None:
    """Have UPDATE and DELETE on `table` refused."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.execute(_POSTGRESQL_REFUSAL)
    for verb in ("UPDATE", "DELETE"):
        refusal = (
            "BEGIN SELECT RAISE(ABORT, 'history is never edited'); END"
            if on_sqlite
            else "FOR EACH ROW EXECUTE FUNCTION refuse_to_edit_history()"
        )
        op.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refusal}")
