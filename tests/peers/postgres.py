"""A real PostgreSQL server on a free loopback port, in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.peers.certificates import Pair
from tests.peers.process import free_port, program
from tests.waiting import until

OWNER = "owner"
"""The role that owns the databases; it may do everything and needs no password."""
PASSWORDS = "has_password"
"""Members of this group must say their password: `CREATE ROLE x LOGIN PASSWORD '…' IN ROLE …`."""

_CALLED = "postgres"
_MEMORY = Path("/dev/shm")
_MEMORY_NEEDED = 2**30
_DEBIAN = Path("/usr/lib/postgresql")
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_SMALL = {
    "shared_buffers": "32MB",
    "max_connections": "250",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "lc_messages": "C",
    "password_encryption": "scram-sha-256",
    "log_line_prefix": "%m [%p] ",
    "unix_socket_directories": "",
}


def installed() -> Path:
    """Return the folder of the newest server's programs that Debian installed; fails without one."""
    found = [bins for bins in _DEBIAN.glob("*/bin") if (bins / "initdb").exists()]
    if found:
        return max(found, key=lambda bins: int(bins.parent.name))
    return Path(program("initdb")).resolve().parent


class Postgres:
    """A server that can be stopped, killed and started again with what it had stored.

    `durable` keeps every commit through a kill, as a real one does; without it tests are quick.
    `settings` go into postgresql.conf. With `tls` it speaks TLS, and TCP without it as well.
    `bins` are the programs of another version than the machine's own.
    """

    def __init__(
        self,
        *,
        bins: Path | None = None,
        durable: bool = False,
        settings: Mapping[str, str] | None = None,
        tls: Pair | None = None,
    ) -> None:
        self.bins = bins or installed()
        self.port = free_port()
        home = None if durable else _in_memory()
        self.folder = Path(tempfile.mkdtemp(prefix="eteam-postgres-", dir=home))
        self._user = _nobody_special()
        self._process: subprocess.Popen[bytes] | None = None
        self._names = count(1)
        self._data = self.folder / "data"
        self._log = self.folder / "log"
        self._log.touch()
        self._give(self.folder)
        self._give(self._log)
        self._make()
        self._configure({**_SMALL, **({} if durable else _FAST), **(settings or {})}, tls)

    # --- its life ---

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def output(self) -> str:
        """What it has logged."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def start(self, *, wait: bool = True) -> None:
        """Start it; without `wait` it may still be starting up when this returns."""
        with self._log.open("ab") as log:
            # It ends with this process, however that ends.
            self._process = subprocess.Popen(
                [*self._as_user("--pdeathsig", "INT"), self.bins / "postgres", "-D", self._data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=_environment(),
            )
        if wait:
            until(lambda: self.answers() or not self.running, timeout=60, why=lambda: self.output)
            assert self.running, self.output

    def stop(self) -> None:
        """End it in order: whoever is connected is thrown out."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a power cut would end the machine's programs: all of its processes at once."""
        if self._process is None:
            return
        children = _children(self._process.pid)
        self._process.kill()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.wait()
        until(lambda: not any(_lives(child) for child in children))
        self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        """End it and remove everything it had."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def answers(self) -> bool:
        """Whether it lets somebody in."""
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def starting_up(self) -> None:
        """Start it in a state in which it answers everybody that it is not ready yet."""
        self.stop()
        (self._data / "standby.signal").touch()
        self._give(self._data / "standby.signal")
        self.configure(hot_standby="off", primary_conninfo="host=127.0.0.1 port=1")
        self.start(wait=False)
        until(self._refuses_for_now, timeout=30, why=lambda: self.output)

    def started_up(self) -> None:
        """End that state: from now on everybody is let in again."""
        self.stop()
        (self._data / "standby.signal").unlink()
        self.configure(hot_standby="on")
        self.start()

    def configure(self, **settings: str) -> None:
        """Add settings; they count from the next start."""
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    # --- its databases ---

    def url(self, database: str, *, user: str = OWNER, password: str = "", **query: str) -> str:
        """Return the address as it stands in the settings."""
        who = f"{user}:{password}" if password else user
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        address = f"postgresql://{who}@127.0.0.1:{self.port}/{database}"
        return f"{address}?{asked}" if asked else address

    def create(self, template: str = "template1") -> str:
        """Return the name of a new database, a copy of `template` (to which nobody is connected)."""
        name = f"db_{next(self._names)}"
        self.run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected to it."""
        name = sql.Identifier(database)
        self.run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def connect(self, database: str, *, user: str = OWNER, **how: Any) -> psycopg.Connection[Any]:
        """Return a connection past the product: `with postgres.connect(name) as connection`."""
        address = make_conninfo(
            "", host="127.0.0.1", port=self.port, user=user, dbname=database, connect_timeout=5
        )
        return psycopg.connect(address, autocommit=True, **how)

    def run(
        self, statement: str | sql.Composed, *values: object, database: str = "postgres"
    ) -> list[tuple[Any, ...]]:
        """Run one statement as the owner, and return its rows."""
        with self.connect(database) as connection:
            asked = sql.SQL(statement) if isinstance(statement, str) else statement
            cursor = connection.execute(asked, values or None)
            return cursor.fetchall() if cursor.description else []

    def throw_out(self, database: str) -> None:
        """End every connection to the database, as an administrator may."""
        self.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", database
        )

    # --- how it is made ---

    def _make(self) -> None:
        made = subprocess.run(
            [
                *self._as_user(),
                self.bins / "initdb",
                *("-D", self._data, "-U", OWNER, "-A", "trust", "-E", "UTF8"),
                *("--no-locale", "--no-sync"),
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=_environment(),
        )
        assert made.returncode == 0, made.stdout + made.stderr

    def _configure(self, settings: Mapping[str, str], tls: Pair | None) -> None:
        self.configure(listen_addresses="127.0.0.1", port=str(self.port), **settings)
        self._rules()
        if tls is not None:
            self.present(tls)
            self.configure(ssl="on", ssl_cert_file="server.pem", ssl_key_file="server.key")
        self.start()
        self.run(f"CREATE ROLE {PASSWORDS} NOLOGIN")
        self.stop()

    def let_in_only(self, *rules: str) -> None:
        """Put rules of pg_hba.conf before our own; they count at once."""
        self._rules(*rules)
        self.run("SELECT pg_reload_conf()")

    def _rules(self, *more: str) -> None:
        ours = (f"host all {OWNER} all trust", f"host all +{PASSWORDS} all scram-sha-256")
        rules = [ours[0], *more, ours[1], "host all all all trust"]
        (self._data / "pg_hba.conf").write_text("\n".join([*rules, ""]), encoding="utf-8")

    def present(self, tls: Pair) -> None:
        """Show this certificate from the next start on."""
        for found, name in ((tls.certificate, "server.pem"), (tls.key, "server.key")):
            kept = self._data / name
            shutil.copyfile(found, kept)
            kept.chmod(0o600)
            self._give(kept)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def _as_user(self, *how: str) -> Sequence[str]:
        """Return what runs a program as somebody whom PostgreSQL accepts: never as root."""
        if self._user is None:
            return [program("setpriv"), *how] if how else []
        changed = (f"--reuid={self._user}", f"--regid={self._user}", "--clear-groups")
        return [program("setpriv"), *changed, *how]

    def _give(self, path: Path) -> None:
        if self._user is not None:
            shutil.chown(path, self._user, self._user)

    def _refuses_for_now(self) -> bool:
        assert self.running, self.output
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError as error:
            return bool(re.search("not accepting connections|starting up", str(error)))
        return False


def _in_memory() -> Path | None:
    """Return a folder of the memory's, where a new database takes a tenth of the time; None for none."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _MEMORY_NEEDED:
        return _MEMORY
    return None


def _nobody_special() -> str | None:
    """Return the user to run it as; None for the one who runs the tests."""
    return _CALLED if os.geteuid() == 0 else None


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        return [int(child) for child in listed.split()]
    return []


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
