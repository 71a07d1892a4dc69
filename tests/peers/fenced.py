"""A hub's database as IT makes it: an owner without superpowers, fences, and a login for each desk."""

from __future__ import annotations

from itertools import count
from typing import Any

import psycopg

from tests.peers.postgres import Postgres
from workstation.adapters.db.database import fence, migrate
from workstation.adapters.db.roles import role, serves

KOMMUNER = ("0510", "0860")
_NAMES = count(1)


class Fenced:
    """Its logins: `desk_0510`, `desk_0860`, `desk`, `ingest` and `reader` (of both), `nobody`."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        number = next(_NAMES)
        self.name = f"hub_{number}"
        self.owner = f"owner_{number}"
        server.run(f"CREATE ROLE {self.owner} LOGIN CREATEROLE")
        server.run(f"CREATE DATABASE {self.name} OWNER {self.owner}")
        # As from PostgreSQL 15 on; before, an administrator is asked to.
        server.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database=self.name)
        server.run(f"GRANT CREATE ON SCHEMA public TO {self.owner}", database=self.name)
        migrate(self.url(self.owner))
        for kommuner in (("0510",), ("0860",), KOMMUNER):
            made = fence(self.url(self.owner), kommuner)
            assert made is not None
            assert made.missing == (), made.missing
        self.logins = {
            "desk_0510": (role("desk"), serves(["0510"])),
            "desk_0860": (role("desk"), serves(["0860"])),
            "desk": (role("desk"), serves(KOMMUNER)),
            "ingest": (role("ingest"), role("purge"), serves(KOMMUNER)),
            "reader": (role("reader"), serves(KOMMUNER)),
            "nobody": (),
        }
        for login, roles in self.logins.items():
            member = f" IN ROLE {', '.join(roles)}" if roles else ""
            server.run(f"CREATE ROLE {self.login(login)} LOGIN{member}")

    def login(self, who: str) -> str:
        return who if who == self.owner else f"{who}_{self.name}"

    def url(self, who: str) -> str:
        return self.server.url(self.name, user=self.login(who))

    def connect(self, who: str, **how: Any) -> psycopg.Connection[Any]:
        return self.server.connect(self.name, user=self.login(who), **how)

    def ask(self, who: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement as that login, and return its rows."""
        with self.connect(who) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        self.server.drop(self.name)
        for login in self.logins:
            self.server.run(f"DROP ROLE {self.login(login)}")
        self.server.run(f"REASSIGN OWNED BY {self.owner} TO CURRENT_USER")
        self.server.run(f"DROP OWNED BY {self.owner}")
        self.server.run(f"DROP ROLE {self.owner}")
