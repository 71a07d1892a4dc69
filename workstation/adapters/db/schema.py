"""The version of a database's tables: told, checked, and brought up to this program's."""

import os
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from workstation.adapters.db.address import shown
from workstation.adapters.db.connections import Connections
from workstation.application.errors import SchemaMismatch

REVISIONS: Final = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
)
"""Every version there has been, oldest first; the last is this program's."""

_EMPTY: Final = ""


def ensure_schema(connections: Connections) -> None:
    """Check that the database is of this version; an empty SQLite file is filled.

    Raises SchemaMismatch (`older` or `empty`: only `migrate` changes it, `newer`, `foreign`) with
    `have`, `want` and `url`, or StoreUnavailable.
    """
    _keep_private(connections)
    with connections.reading() as connection:
        have = _revision(connection, shown(connections.url))
    if have == _EMPTY and connections.url.get_backend_name() == "sqlite":
        migrate(connections)
    elif have != REVISIONS[-1]:
        raise _mismatch(have, shown(connections.url))


def migrate(connections: Connections) -> tuple[str, str]:
    """Bring the database to this version; returns the version before ("" for none) and after.

    Raises SchemaMismatch (`newer`, `foreign`) or StoreUnavailable; then nothing was changed.
    """
    _keep_private(connections)
    with connections.changing() as connection:
        # Read again inside: another program may have been faster.
        have = _revision(connection, shown(connections.url))
        if have not in (_EMPTY, *REVISIONS):
            raise _mismatch(have, shown(connections.url))
        if have != REVISIONS[-1]:
            _upgrade(connection)
    return have, REVISIONS[-1]


def _revision(connection: Connection, url: str) -> str:
    """Return the version of what stands in the database, "" for nothing at all."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return _EMPTY
    if not {"alembic_version", "alarm"} <= tables:
        raise SchemaMismatch("foreign", url=url)
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or _EMPTY


def _mismatch(have: str, url: str) -> SchemaMismatch:
    reason = "empty" if have == _EMPTY else "older" if have in REVISIONS else "newer"
    return SchemaMismatch(reason, have=have, want=REVISIONS[-1], url=url)


def _upgrade(connection: Connection) -> None:
    # Takes 0.2 s to load, and only a new or an older database needs it.
    from alembic.command import upgrade  # noqa: PLC0415 - as said above
    from alembic.config import Config  # noqa: PLC0415 - as said above

    config = Config(attributes={"connection": connection})
    with as_file(files("workstation.adapters.db") / "migrations") as folder:
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        upgrade(config, "head")


def _keep_private(connections: Connections) -> None:
    """Create a missing SQLite file so that only its owner can read it: it holds CPR numbers."""
    url = connections.url
    if url.get_backend_name() == "sqlite" and url.database:
        # What is wrong with the place is told when SQLite opens it.
        with suppress(OSError):
            os.close(os.open(Path(url.database), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
