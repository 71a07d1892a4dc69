"""PostgreSQL's fences: whose rows a login sees, what it may do with them, and what it tries in vain."""

import psycopg
import pytest
from sqlalchemy import inspect

from tests.peers.fenced import Fenced
from tests.security.hub_rows import fill
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.fences import FENCES, FUNCTIONS, PARTS
from workstation.adapters.db.roles import fence, role, serves
from workstation.adapters.db.tables import METADATA

pytestmark = pytest.mark.peer

OF_NO_KOMMUNE = frozenset(name for name, one in FENCES.items() if one.rows is None)
SHARED = sorted(set(FENCES) - OF_NO_KOMMUNE - {"user_identity"})
"""Tables of which each login sees a part."""


@pytest.fixture(scope="module")
def hub(fenced: Fenced) -> Fenced:
    """One with something in every table, each kommune's written by its own desk."""
    fill(fenced.url("desk_0510"), "0510")
    fill(fenced.url("desk_0860"), "0860")
    return fenced


def seen(hub: Fenced, who: str, table: str) -> set[str]:
    columns = "*" if table != "user_account" else "name, kommuner"
    return {
        row[0] for row in hub.ask(who, f"SELECT t::text FROM (SELECT {columns} FROM {table}) t")
    }


def refused(hub: Fenced, who: str, statement: str) -> str:
    """The server's refusal; its log has the statement, and whose it was."""
    with pytest.raises(psycopg.Error) as refusal:
        hub.ask(who, statement)
    assert statement in hub.server.output
    return str(refusal.value)


def test_every_table_has_its_fence(fenced: Fenced) -> None:
    """Whoever makes a table says in `fences.py` who may do what with it."""
    found = fenced.ask(
        fenced.owner,
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm') AND relname !~ '^reading_[0-9]{8}$'",
    )
    assert {name for (name,) in found} == set(FENCES) | set(PARTS)
    assert set(METADATA.tables) <= set(FENCES)


def test_everything_that_runs_with_its_owner_s_rights_is_named(fenced: Fenced) -> None:
    found = fenced.ask(
        fenced.owner,
        "SELECT proname, prorettype = 'trigger'::regtype, proconfig::text FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace",
    )
    assert {name for name, is_trigger, _ in found if not is_trigger} <= set(FUNCTIONS)
    for name, _, config in found:
        # A session's temporary tables would come first where nothing is said.
        assert "pg_temp" in str(config), name


@pytest.mark.parametrize("table", SHARED)
def test_a_desk_sees_its_own_kommune_and_nothing_of_another(hub: Fenced, table: str) -> None:
    everything = seen(hub, hub.owner, table)
    one, other = seen(hub, "desk_0510", table), seen(hub, "desk_0860", table)
    assert one
    assert other
    assert one.isdisjoint(other)
    assert one | other == everything
    assert seen(hub, "desk", table) == seen(hub, "ingest", table) == everything


@pytest.mark.parametrize("table", sorted(OF_NO_KOMMUNE))
def test_what_everybody_sees_has_nothing_of_a_citizen(hub: Fenced, table: str) -> None:
    told = " ".join(seen(hub, hub.owner, table))
    for personal in ("Karen", "Ole", "010150", "+45", "citizen-", "SOS"):
        assert personal not in told


@pytest.mark.parametrize("table", sorted(FENCES))
def test_without_a_role_a_login_sees_nothing_at_all(hub: Fenced, table: str) -> None:
    assert "permission denied" in refused(hub, "nobody", f"SELECT count(*) FROM {table}")


@pytest.mark.parametrize("table", ["cpr", "user_account", "sign_in_attempt", "user_identity"])
def test_a_reader_sees_neither_numbers_nor_passwords(hub: Fenced, table: str) -> None:
    assert "permission denied" in refused(hub, "reader", f"SELECT * FROM {table}")


@pytest.mark.parametrize("table", sorted(set(FENCES) - {"kommune_access", "alembic_version"}))
def test_a_reader_writes_nothing(hub: Fenced, table: str) -> None:
    assert "permission denied" in refused(hub, "reader", f"DELETE FROM {table}")


HISTORY = ("alarm_step", "access_log", "visit_step", "user_step", "sign_in_attempt", "purge_log",
           "access_head", "access_checkpoint", "call_addition", "call_draw")  # fmt: skip


@pytest.mark.parametrize("who", ["desk", "ingest"])
@pytest.mark.parametrize("table", HISTORY)
def test_nobody_edits_history(hub: Fenced, table: str, who: str) -> None:
    (column,) = hub.ask(
        hub.owner,
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s LIMIT 1",
        table,
    )[0]
    before = seen(hub, hub.owner, table)
    said = refused(hub, who, f'UPDATE {table} SET "{column}" = "{column}"')
    assert "permission denied" in said
    if who == "desk":
        assert "permission denied" in refused(hub, who, f"DELETE FROM {table}")
        assert "permission denied" in refused(hub, who, f"TRUNCATE {table} CASCADE")
    else:
        tried(hub, who, f"DELETE FROM {table}")
    assert seen(hub, hub.owner, table) == before


def tried(hub: Fenced, who: str, statement: str) -> None:
    try:
        hub.ask(who, statement)
    except psycopg.Error:
        return


@pytest.mark.parametrize("table", ["alarm", "visit", "call_log", "citizen", "message", "reading"])
def test_a_desk_deletes_nothing(hub: Fenced, table: str) -> None:
    assert "permission denied" in refused(hub, "desk", f"DELETE FROM {table}")


def test_a_day_s_partition_and_a_new_table_are_nobody_s_by_their_own_name(hub: Fenced) -> None:
    """A partition's own rights count when it is asked by its name: it has none of its table's fence."""
    hub.ask("desk_0510", "SELECT make_reading_day((extract(epoch FROM now()) * 1000000)::bigint)")
    days = hub.ask(
        hub.owner,
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'reading'::regclass",
    )
    names = [name for (name,) in days]
    assert {"reading_rest"} < set(names)
    hub.ask(hub.owner, "CREATE TABLE of_tomorrow (cpr text)")
    try:
        for table in (*names, "of_tomorrow"):
            for verb in ("SELECT count(*) FROM", "DELETE FROM", "TRUNCATE", "DROP TABLE"):
                for who in ("desk", "reader"):
                    said = refused(hub, who, f"{verb} {table}")
                    assert "permission denied" in said or "must be owner" in said
    finally:
        hub.ask(hub.owner, "DROP TABLE of_tomorrow")


def test_what_an_alarm_first_said_stands(hub: Fenced) -> None:
    for column in ("raw", "text", "received_at", "kommune", "kind", "id"):
        statement = f"UPDATE alarm SET {column} = {column}"
        assert "permission denied" in refused(hub, "desk", statement)


def test_a_call_of_no_known_kommune_is_seen_by_whoever_sees_its_alarm_or_its_citizen(
    hub: Fenced,
) -> None:
    """Written while the alarm itself could not be stored; nobody's is everybody's."""
    write = (
        "INSERT INTO call_log (id, operator, target, whom, sip_code, sip_reason, machine, started_at,"
        " alarm, citizen) VALUES (%s, 'x', '1', '', 0, '', 'x', now(), %s, %s)"
    )
    rows = (
        ("lost-1", "alarm-0510", None),
        ("lost-2", "alarm-0510", "citizen-0860"),
        ("lost-3", None, "citizen-0860"),
        ("lost-4", "alarm-of-nowhere", "citizen-0510"),
        ("lost-5", None, None),
    )
    seen_by = (
        "SELECT string_agg(right(id, 1), ' ' ORDER BY id) FROM call_log WHERE id LIKE 'lost-%'"
    )
    for row in rows:
        hub.ask(hub.owner, write, *row)
    try:
        assert hub.ask("desk_0510", seen_by) == [("1 2 5",)]
        assert hub.ask("desk_0860", seen_by) == [("3 5",)]
        assert hub.ask("reader", seen_by) == [("1 2 3 5",)]
        assert hub.ask("desk_0510", "SELECT call_is_served(NULL, 'citizen-0860')") == [(False,)]
    finally:
        hub.server.run(
            "SET session_replication_role = replica; DELETE FROM call_log WHERE id LIKE 'lost-%'",
            database=hub.name,
        )


def test_a_million_calls_are_read_by_more_than_one_processor(hub: Fenced) -> None:
    """A fence that asks within itself would leave them to one: figures took twice as long."""
    with hub.connect("desk_0510") as connection:
        for setting in (
            "parallel_setup_cost",
            "parallel_tuple_cost",
            "min_parallel_table_scan_size",
        ):
            connection.execute(f"SET {setting} = 0")
        plan = connection.execute("EXPLAIN SELECT count(*) FROM call_log").fetchall()
    assert "Parallel Seq Scan" in str(plan)


def test_a_call_is_completed_once(hub: Fenced) -> None:
    ended = "UPDATE call_log SET ended_at = now(), result = 'ended' WHERE id = 'call-0510'"
    hub.ask("desk_0510", ended)
    (first,) = hub.ask(hub.owner, "SELECT ended_at FROM call_log WHERE id = 'call-0510'")
    hub.ask("desk_0510", ended)
    assert hub.ask(hub.owner, "SELECT ended_at FROM call_log WHERE id = 'call-0510'") == [first]
    assert "permission denied" in refused(hub, "desk_0510", "UPDATE call_log SET target = '1'")


def test_nothing_is_written_for_a_foreign_kommune(hub: Fenced) -> None:
    for statement in (
        "INSERT INTO citizen SELECT 'x', '0510', '', NULL, '', '', '', '', ''",
        "INSERT INTO device SELECT '0510', 'x', 'pendant', NULL, '', '', NULL",
        "INSERT INTO alarm_step SELECT 99, 'alarm-0510', 'noted', now(), 'x', '{}'",
        "INSERT INTO level VALUES ('hub/0510/x/offline', true, now())",
        "INSERT INTO series (id, kommune, device, channel) VALUES (999, '0510', 'x', 'pulse')",
        "INSERT INTO call_addition SELECT 99, 'call-0510', now(), 'x', 'review', ''",
        "INSERT INTO call_draw VALUES ('2026-04', 'x', 0, 'call-0510', now(), 'x')",
        "UPDATE citizen SET kommune = '0510'",
        "UPDATE visit SET kommune = '0510'",
    ):
        assert "row-level security" in refused(hub, "desk_0860", statement)
    hub.ask("desk_0860", "UPDATE alarm SET state = 'resolved' WHERE kommune = '0510'")
    hub.ask("desk_0860", "UPDATE citizen SET name = 'x' WHERE id = 'citizen-0510'")
    standing = hub.ask(hub.owner, "SELECT state FROM alarm WHERE id = 'alarm-0510'")
    assert standing == [("taken",)]


def test_a_desk_reads_one_password_s_hash_at_a_time_and_the_log_has_whose(hub: Fenced) -> None:
    assert "permission denied" in refused(
        hub, "desk_0510", "SELECT password_hash FROM user_account"
    )
    assert "permission denied" in refused(hub, "desk_0510", "SELECT * FROM user_account")
    ((mine,),) = hub.ask("desk_0510", "SELECT password_hash_of('anna0510')")
    assert str(mine).startswith("$argon2id$")
    assert "the password hash of anna0510 was read" in hub.server.output
    assert hub.ask("desk_0510", "SELECT password_hash_of('anna0860')") == [(None,)]
    assert "permission denied" in refused(hub, "reader", "SELECT password_hash_of('anna0510')")


def test_no_user_changes_without_a_line_in_the_history(hub: Fenced) -> None:
    """Who has a desk's login and would be a supervisor leaves a mark that nobody can remove."""
    make_me_one = "UPDATE user_account SET role = 'supervisor' WHERE name = 'anna0510'"
    assert "together with its history" in refused(hub, "desk_0510", make_me_one)
    new_one = (
        "INSERT INTO user_account SELECT 'eve', display, role, kommuner, 'x', NULL, created_at,"
        " created_by, changed_at, changed_by, 0 FROM (SELECT name, display, role, kommuner,"
        " created_at, created_by, changed_at, changed_by FROM user_account"
        " WHERE name = 'anna0510') AS anna"
    )
    assert "together with its history" in refused(hub, "desk_0510", new_one)
    assert hub.ask(hub.owner, "SELECT role FROM user_account WHERE name = 'anna0510'") == [
        ("operator",)
    ]


TRICKS = (
    "SET ROLE workstation_serves_0510",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}",
    "SET session_replication_role = replica",
    "ALTER TABLE alarm_step DISABLE TRIGGER ALL",
    "ALTER TABLE alarm DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE alarm NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY served ON alarm",
    "CREATE POLICY mine ON alarm USING (true)",
    "ALTER POLICY served ON alarm USING (true)",
    "DROP TRIGGER alarm_step_no_delete ON alarm_step",
    "DROP TABLE alarm_step",
    "INSERT INTO kommune_access VALUES ('{login}', '0510')",
    "UPDATE kommune_access SET kommune = '0510'",
    "GRANT workstation_serves_0510 TO {login}",
    "GRANT {owner} TO {login}",
    "ALTER ROLE {login} BYPASSRLS",
    "ALTER ROLE {login} SUPERUSER",
    "CREATE ROLE mine",
    "CREATE OR REPLACE FUNCTION served_kommuner() RETURNS text[] LANGUAGE sql AS 'SELECT array[''0510'']'",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TABLE mine (x int)",
    "CREATE TEMPORARY TABLE kommune_access (role text, kommune text)",
    "CREATE TEMPORARY TABLE purge_log (kind text, before timestamptz, seq int)",
    "SELECT * FROM drop_reading_days(9223372036854775807)",
    "SELECT setval('alarm_step_seq_seq', 1)",
    "COPY alarm TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT rolpassword FROM pg_authid",
    "BEGIN; LOCK TABLE alarm_step IN ACCESS EXCLUSIVE MODE",
    "SET row_security = off; SELECT * FROM alarm",
)


@pytest.mark.parametrize("trick", TRICKS)
def test_tricks_of_a_session_with_a_desk_s_own_login(hub: Fenced, trick: str) -> None:
    statement = trick.format(owner=hub.owner, login=hub.login("desk_0860"))
    before = {table: seen(hub, "desk_0860", table) for table in ("alarm", "citizen", "alarm_step")}
    said = refused(hub, "desk_0860", statement)
    assert "permission denied" in said or "must " in said or "row-level security" in said, said
    after = {table: seen(hub, "desk_0860", table) for table in ("alarm", "citizen", "alarm_step")}
    assert after == before


@pytest.mark.parametrize(
    "setting",
    ["search_path = pg_temp, public", "role = workstation_desk", "app.kommune = '0510'",
     "app.served_kommuner = '{0510}'", "row_security = on"],
)  # fmt: skip
def test_no_variable_of_a_session_widens_what_it_sees(hub: Fenced, setting: str) -> None:
    with hub.connect("desk_0860") as connection:
        connection.execute(f"SET {setting}")
        rows = connection.execute("SELECT id FROM public.citizen").fetchall()
    assert set(rows) <= {("citizen-0860",)}


def test_membership_counts_from_the_next_statement_on(hub: Fenced) -> None:
    login = hub.login("desk_0860")
    with hub.connect("desk_0860") as connection:
        count = "SELECT count(*) FROM citizen"
        assert connection.execute(count).fetchone() == (1,)
        hub.server.run(f"GRANT {serves(['0510'])} TO {login}")
        try:
            assert connection.execute(count).fetchone() == (2,)
        finally:
            hub.server.run(f"REVOKE {serves(['0510'])} FROM {login}")
        assert connection.execute(count).fetchone() == (1,)


def test_notifications_reach_all_and_carry_a_number_only(hub: Fenced) -> None:
    with hub.connect("desk_0860") as listener:
        listener.execute("LISTEN workstation")
        hub.ask(
            "desk_0510",
            "INSERT INTO alarm_step (alarm_id, kind, at, by, body)"
            " VALUES ('alarm-0510', 'noted', now(), 'Anna', '{\"text\": \"\"}')",
        )
        (word,) = listener.notifies(timeout=10, stop_after=1)
    assert word.payload.isdigit()


@pytest.mark.parametrize(
    ("codes", "name"),
    [
        (["0860", "0510"], "workstation_serves_0510_0860"),
        (["0510"], "workstation_serves_0510"),
        (["0510", "0510"], "workstation_serves_0510"),
    ],
)
def test_the_name_of_a_set_of_kommuner(codes: list[str], name: str) -> None:
    assert serves(codes) == name


def test_a_hub_of_all_98_has_a_name_that_fits() -> None:
    all_of_them = [f"{number:04}" for number in range(98)]
    name = serves(all_of_them)
    assert len(name) <= 63
    assert name != serves(all_of_them[:-1])
    assert name == serves(reversed(all_of_them))


def test_an_owner_who_may_not_make_roles_says_what_an_administrator_must_do(
    hub: Fenced,
) -> None:
    server = hub.server
    server.run(f"ALTER ROLE {hub.owner} NOCREATEROLE")
    connections = Connections(hub.url(hub.owner))
    try:
        with connections.changing() as connection:
            made = fence(connection, ["0999"])
    finally:
        connections.close()
        server.run(f"ALTER ROLE {hub.owner} CREATEROLE")
    assert made.missing == ("CREATE ROLE workstation_serves_0999 NOLOGIN;",)
    # What there is still works.
    assert seen(hub, "desk_0510", "citizen")


def test_it_may_be_done_again_and_again_and_in_several_databases(
    hub: Fenced, postgres_url: str
) -> None:
    before = hub.ask(hub.owner, "SELECT * FROM pg_policies ORDER BY 1, 2, 3")
    for url in (hub.url(hub.owner), postgres_url, postgres_url):
        connections = Connections(url)
        with connections.changing() as connection:
            inspect(connection)
            assert fence(connection, ["0510"]).missing == ()
        connections.close()
    assert hub.ask(hub.owner, "SELECT * FROM pg_policies ORDER BY 1, 2, 3") == before
    assert role("desk") == "workstation_desk"
