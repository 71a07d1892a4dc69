"""Which role of PostgreSQL serves which kommune, and what guards the users there.

Roles, grants and row-level security themselves are put up by `roles.fence`, which `main.py migrate`
runs behind every change: they follow the tables as those are, and not as they once were.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

# Whoever lists the users does not read the hashes of their passwords: one at a time is enough for
# somebody who signs in, and the server's log tells whose was read by which login.
_ONE_HASH = """
CREATE FUNCTION password_hash_of(of_name varchar) RETURNS varchar
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE found varchar;
BEGIN
    SELECT u.password_hash INTO found FROM user_account u
    WHERE u.name = of_name AND (
        u.kommuner = ''
        OR pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = u.tableoid), 'MEMBER')
        OR EXISTS (
            SELECT 1 FROM kommune_access a JOIN pg_roles r ON r.rolname = a.role
            WHERE a.kommune = ANY (string_to_array(u.kommuner, ','))
              AND pg_has_role(session_user, r.oid, 'MEMBER')));
    IF found IS NOT NULL THEN
        RAISE LOG 'the password hash of % was read', of_name;
    END IF;
    RETURN found;
END $$
"""

# A login that could change users behind the program's back would be everybody: no change of a user
# without its line in a history that nobody edits.
_TOLD = """
CREATE FUNCTION user_change_is_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM user_step s
                   WHERE s.name = NEW.name AND s.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'a user changes together with its history only'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER user_account_told AFTER INSERT OR UPDATE ON user_account
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION user_change_is_told();
"""


def upgrade() -> None:
    """Make the table that the fences ask, and on PostgreSQL the guards of the users."""
    op.create_table(
        "kommune_access",
        sa.Column("role", sa.String, primary_key=True),
        sa.Column("kommune", sa.String, primary_key=True),
    )
    if op.get_bind().dialect.name == "postgresql":
        for script in (_ONE_HASH, _TOLD):
            # The driver would take a percent sign for a place of a parameter's.
            op.get_bind().exec_driver_sql(script.replace("%", "%%"))
