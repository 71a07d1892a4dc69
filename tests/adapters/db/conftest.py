"""Real SQLite files for the database's tests."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes import FakeClock
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database, migrate


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of this version's schema, to be copied: making one takes a while."""
    path = tmp_path_factory.mktemp("database") / "filled.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    """A file of this test's own."""
    return Path(shutil.copy(filled, tmp_path / "desk.db"))


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def open_database(url: str, clock: FakeClock) -> Iterator[Callable[..., Database]]:
    """`open_database(machine="desk-1")` opens the test's file; closed with the test."""
    with ExitStack() as stack:

        def open_one(machine: str = "desk-1") -> Database:
            database = Database.open(url, clock=clock, machine=machine)
            stack.callback(database.close)
            return database

        yield open_one


@pytest.fixture
def database(open_database: Callable[..., Database]) -> Database:
    return open_database()


@pytest.fixture
def connections(url: str) -> Iterator[Connections]:
    opened = Connections(url)
    yield opened
    opened.close()
