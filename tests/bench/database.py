"""A PostgreSQL server whose commits are durable, with a database of this version's schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.peers.postgres import Postgres
from workstation.adapters.db.database import migrate


@contextmanager
def server(**settings: str) -> Iterator[Postgres]:
    """Run one on a free loopback port; `settings` go into postgresql.conf."""
    one = Postgres(durable=True, settings=settings)
    try:
        one.start()
        yield one
    finally:
        one.close()


def fresh(one: Postgres) -> str:
    """Return the URL of a new database of this version's schema."""
    url = one.url(one.create())
    migrate(url)
    return url
