"""PostgreSQL's own fences: which rows a desk's login sees, and what it may do with them.

A login sees a row when it is a member of a role that serves the row's kommune (`kommune_access`):
membership is given by an administrator, and nothing a session can set changes it. Roles belong to a
whole server, so that several databases of ours share them; whom they serve is said per database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from workstation.adapters.db.fences import CALL_IS_SERVED, FENCES, FUNCTIONS, PARTS, Fence
from workstation.adapters.db.role_tables import KOMMUNE_ACCESS
from workstation.adapters.db.statements import upsert
from workstation.adapters.db.tables import METADATA

PREFIX: Final = "workstation_"
GROUPS: Final = ("desk", "ingest", "reader", "purge")
_SERVES: Final = f"{PREFIX}serves_"
_LONGEST: Final = 63
_VERBS: Final = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}

_ASK: Final = """
CREATE OR REPLACE FUNCTION {schema}.served_kommuner() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT a.kommune::text), '{{}}')
    FROM {schema}.kommune_access a JOIN pg_catalog.pg_roles r ON r.rolname = a.role
    WHERE pg_has_role(r.oid, 'MEMBER')
$$"""
_MAKE: Final = """
DO $$ BEGIN CREATE ROLE {name} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fenced:
    """What stands now: the role that serves the kommuner, and what only an administrator can do."""

    serves: str | None
    missing: tuple[str, ...]
    """Statements, each ending with a semicolon, to be run by an administrator of the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What the fences let this login see."""

    login: str
    fenced: bool
    """False for the tables' owner and for administrators, who see every row."""
    served: frozenset[str]
    """The kommuner it serves."""


def role(group: str) -> str:
    """Return the name of a group's role."""
    return PREFIX + group


def serves(kommuner: Iterable[str]) -> str:
    """Return the name of the role that serves these kommuner."""
    codes = sorted(set(kommuner))
    name = _SERVES + "_".join(codes)
    if len(name) <= _LONGEST:
        return name
    mark = hashlib.sha256(",".join(codes).encode()).hexdigest()[:12]
    return f"{_SERVES}{len(codes)}_{mark}"


def fence(connection: Connection, kommuner: Sequence[str]) -> Fenced:
    """Put up every fence as this version has it, and the role that serves `kommuner`.

    To be called by the tables' owner, as often as wanted: what stands already is left or replaced.
    """
    schema = _quoted(connection, str(connection.scalar(text("SELECT current_schema()"))))
    serving = serves(kommuner) if kommuner else None
    wanted = [*map(role, GROUPS), *([serving] if serving else [])]
    absent = set(wanted) - _made(connection, wanted)
    groups = [group for group in GROUPS if role(group) not in absent]
    for statement in _statements(schema, groups):
        connection.exec_driver_sql(statement.replace("%", "%%"))
    _own_paths(connection, schema)
    if serving:
        _serve(connection, serving, kommuner)
    missing = [f"CREATE ROLE {name} NOLOGIN;" for name in wanted if name in absent]
    return Fenced(serves=serving, missing=(*missing, *_left_open(connection, schema, groups)))


def rights(connection: Connection) -> Rights:
    """Return what the login of this connection may see."""
    login = str(connection.scalar(text("SELECT current_user")))
    if not connection.scalar(text("SELECT row_security_active('alarm')")):
        return Rights(login=login, fenced=False, served=frozenset())
    served = connection.scalar(text("SELECT served_kommuner()"))
    return Rights(login=login, fenced=True, served=frozenset(served or ()))


def _made(connection: Connection, wanted: Sequence[str]) -> set[str]:
    """Make the roles that are not there, if the owner may; return those that are."""
    may = connection.scalar(
        text("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
    )
    for name in wanted if may else ():
        connection.exec_driver_sql(_MAKE.format(name=name))
    found = connection.execute(
        text("SELECT rolname FROM pg_roles WHERE rolname = ANY (:names)"), {"names": list(wanted)}
    )
    return {str(row.rolname) for row in found}


def _statements(schema: str, groups: Sequence[str]) -> Iterator[str]:
    """Return what makes everything as the table of fences has it, for those groups that there are."""
    yield _ASK.format(schema=schema)
    yield CALL_IS_SERVED.format(schema=schema)
    everybody = ", ".join(map(role, groups))
    for table, one in {**FENCES, **PARTS}.items():
        name = f"{schema}.{table}"
        if everybody:
            yield f"REVOKE ALL ON {name} FROM {everybody}"
        for group in groups:
            yield from _grants(name, group, one, _shown(table, one))
        yield from _policies(schema, table, one, groups)
    for function, callers in FUNCTIONS.items():
        yield f"REVOKE ALL ON FUNCTION {schema}.{function} FROM PUBLIC"
        for group in set(callers) & set(groups):
            yield f"GRANT EXECUTE ON FUNCTION {schema}.{function} TO {role(group)}"


def _shown(table: str, one: Fence) -> tuple[str, ...]:
    """Return the columns that may be read, () for all of them."""
    if not one.hidden:
        return ()
    names = [column.name for column in METADATA.tables[table].columns]
    return tuple(name for name in names if name not in one.hidden)


def _grants(name: str, group: str, one: Fence, shown: tuple[str, ...]) -> Iterator[str]:
    ingest = one.desk if one.ingest is None else one.ingest
    rights = {"desk": one.desk, "ingest": ingest, "reader": one.reader, "purge": one.purge}[group]
    for letter in rights:
        columns = {"U": one.columns, "S": shown}.get(letter, ())
        if letter == "S" and group == "purge":
            columns = one.purge_reads
        some = f" ({', '.join(columns)})" if columns else ""
        yield f"GRANT {_VERBS[letter]}{some} ON {name} TO {role(group)}"
    if "I" in rights:
        yield _numbering(name, role(group))


def _numbering(name: str, whom: str) -> str:
    """Return what lets somebody draw the numbers of a table's rows, where it numbers them."""
    return f"""DO $$ DECLARE numbers text; BEGIN
        FOR numbers IN SELECT pg_get_serial_sequence('{name}', attname) FROM pg_attribute
            WHERE attrelid = '{name}'::regclass AND attnum > 0 AND NOT attisdropped
        LOOP IF numbers IS NOT NULL THEN
            EXECUTE 'GRANT USAGE ON SEQUENCE ' || numbers || ' TO {whom}';
        END IF; END LOOP; END $$"""  # noqa: S608 - our own names


def _policies(schema: str, table: str, one: Fence, groups: Sequence[str]) -> Iterator[str]:
    name = f"{schema}.{table}"
    if one.rows is None:
        return
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    for policy in ("served", "unfinished", "purged"):
        yield f"DROP POLICY IF EXISTS {policy} ON {name}"
    people = ", ".join(role(group) for group in groups if group != "purge")
    if people:
        rows = one.rows.format(schema=schema)
        yield f"CREATE POLICY served ON {name} TO {people} USING ({rows})"
    if one.open_rows:
        yield (
            f"CREATE POLICY unfinished ON {name} AS RESTRICTIVE FOR UPDATE"
            f" USING ({one.open_rows}) WITH CHECK (true)"
        )
    if one.purge and "purge" in groups:
        # Only for as long as somebody has taken the role on: its members alone see no more by it.
        yield (
            f"CREATE POLICY purged ON {name} TO {role('purge')}"
            f" USING (current_user = '{role('purge')}')"
        )


def _own_paths(connection: Connection, schema: str) -> None:
    """Have functions with their owner's rights look nowhere but in our schema.

    A session's temporary tables come before all others otherwise, and could be made to look like ours.
    """
    found = connection.execute(
        text(
            "SELECT p.oid::regprocedure AS called FROM pg_proc p"
            " WHERE p.prosecdef AND p.pronamespace = current_schema()::regnamespace"
            " AND p.proowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        )
    )
    for row in found.all():
        connection.exec_driver_sql(
            f"ALTER FUNCTION {row.called} SET search_path = {schema}, pg_catalog, pg_temp"
        )


def _serve(connection: Connection, serving: str, kommuner: Sequence[str]) -> None:
    rows = [{"role": serving, "kommune": kommune} for kommune in kommuner]
    connection.execute(upsert(connection.dialect, KOMMUNE_ACCESS).on_conflict_do_nothing(), rows)


def _left_open(connection: Connection, schema: str, groups: Sequence[str]) -> Iterator[str]:
    """Close what every login may do by default; return what the owner may not close."""
    database = _quoted(connection, str(connection.scalar(text("SELECT current_database()"))))
    connection.exec_driver_sql(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")
    connection.exec_driver_sql(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC")
    if not groups:
        return
    somebody = {"who": role(groups[0])}
    if connection.scalar(
        text("SELECT has_database_privilege(:who, current_database(), 'TEMPORARY')"), somebody
    ):
        yield f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC;"
    if connection.scalar(
        text("SELECT has_schema_privilege(:who, current_schema(), 'CREATE')"), somebody
    ):
        yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC;"
    if not connection.scalar(
        text("SELECT has_schema_privilege(:who, current_schema(), 'USAGE')"), somebody
    ):
        everybody = ", ".join(map(role, groups))
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {everybody}")


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
