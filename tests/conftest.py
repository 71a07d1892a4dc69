"""What every test may ask for, and what every test must leave behind: nothing."""

import gc
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.fakes import FakeClock
from tests.peers.mosquitto import Mosquitto
from tests.peers.postgres import Postgres
from tests.peers.postgres_versions import VERSIONS, NotToBeHadError, of_version
from tests.peers.process import free_port as find_free_port
from tests.waiting import until

if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A test never opens the key store of the person who runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

# No deadline and no "too slow": nothing is timed in tests, and CI's cores are shared.
settings.register_profile(
    "project",
    deadline=None,
    max_examples=100,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("project"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "project"))

LASTING_THREADS = (
    "pytest_timeout",  # pytest-timeout's own watch
)
"""Beginnings of the names of threads that may outlive a test."""


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The user's folders for data, settings and cache are the test run's own."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CONFIG", "CACHE", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        for name in [name for name in os.environ if name.startswith("WORKSTATION_")]:
            patch.delenv(name)
        yield home


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fails a test whose threads outlive it."""
    before = set(threading.enumerate())
    yield

    def left() -> list[str]:
        return [
            thread.name
            for thread in threading.enumerate()
            if thread not in before
            and not isinstance(thread, threading._DummyThread)  # a foreign library's own
            and not thread.name.startswith(LASTING_THREADS)
        ]

    until(lambda: not left(), timeout=3, why=lambda: f"threads left behind: {left()}")


@pytest.fixture(autouse=True)
def no_task_forgotten() -> Iterator[None]:
    """Fails a test in which asyncio complains: a task destroyed, a failure nobody looked at."""
    complaints: list[str] = []
    listener = logging.Handler(logging.ERROR)
    listener.emit = lambda record: complaints.append(record.getMessage())  # type: ignore[method-assign]  # it hears for us
    logger = logging.getLogger("asyncio")
    logger.addHandler(listener)
    yield
    logger.removeHandler(listener)
    assert complaints == []


@pytest.fixture(autouse=True)
def no_timer_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test with a window whose timers outlive it."""
    if "qapp" not in request.fixturenames:
        yield
        return
    from PySide6.QtCore import QTimer  # noqa: PLC0415 - headless tests run without Qt
    from shiboken6 import isValid  # noqa: PLC0415 - as above

    def running() -> dict[int, QTimer]:
        return {
            id(item): item
            for item in gc.get_objects()
            if type(item) is QTimer and isValid(item) and item.isActive()
        }

    before = running()
    yield
    left = [str(timer.parent()) for key, timer in running().items() if key not in before]
    assert left == [], f"timers left running: {left}"


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still at 2026-03-14 18:00 UTC."""
    return FakeClock()


@pytest.fixture
def free_port() -> Callable[..., int]:
    """`free_port()` is a free TCP port, `free_port(socket.SOCK_DGRAM)` a UDP one."""
    return find_free_port


@pytest.fixture
def no_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No process finds a sound device, whatever this machine and the telephone's library have."""
    nothing = tmp_path / "asound.conf"
    nothing.touch()
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Callable[..., Mosquitto]]:
    """`mosquitto(settings="", passwords=None)` is a started broker; each call starts another."""
    with ExitStack() as stack:

        def start(**wanted: object) -> Mosquitto:
            folder = tmp_path / f"mosquitto-{find_free_port()}"
            broker = Mosquitto(folder, **wanted)
            stack.callback(broker.close)
            broker.start()
            return broker

        yield start


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--postgres 13` runs every test with PostgreSQL on that version instead of the machine's own."""
    parser.addoption("--postgres", choices=sorted(VERSIONS), help="PostgreSQL of another version")


@pytest.fixture(scope="session")
def postgres_bins(request: pytest.FixtureRequest) -> Path | None:
    """Where the server's programs are; None for the machine's own."""
    wanted = request.config.getoption("postgres")
    try:
        return of_version(wanted) if wanted else None
    except NotToBeHadError as why:
        pytest.skip(f"PostgreSQL {wanted} cannot be had: {why}")


@pytest.fixture(scope="session")
def postgres_server(postgres_bins: Path | None) -> Iterator[Postgres]:
    """One running server for the whole run, quick and not durable; nobody stops it but the end."""
    server = Postgres(bins=postgres_bins)
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Postgres) -> str:
    """The name of a database of this version's schema, to be copied."""
    from workstation.adapters.db.database import migrate  # noqa: PLC0415 - few tests need it

    name = postgres_server.create()
    migrate(postgres_server.url(name))
    return name


@pytest.fixture
def postgres_url(postgres_server: Postgres, postgres_template: str) -> Iterator[str]:
    """The address of a database of this test's own, of this version's schema and empty."""
    name = postgres_server.create(postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def postgres(postgres_bins: Path | None) -> Iterator[Callable[..., Postgres]]:
    """`postgres(durable=False, settings=…, tls=…)` is a started server of this test's own."""
    with ExitStack() as stack:

        def start(**wanted: object) -> Postgres:
            server = Postgres(**{"bins": postgres_bins, **wanted})
            stack.callback(server.close)
            server.start()
            return server

        yield start
