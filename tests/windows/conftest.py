"""The installer as it was made, and a hub on this machine for the programs that it installs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer import product
from installer.lab.machine import NEEDS, WINE, Machine, fresh
from tests.peers.baresip import Baresip
from tests.peers.mosquitto import Mosquitto
from tests.peers.postgres import Postgres
from tests.waiting import until
from tests.windows.desk import NAME, Hub, OpenWindow, WindowsDesk

NEWER = "100.0.1"
"""A version behind that of every project."""
_MAKERS = ("wixl", "msibuild", "osslsigncode", "x86_64-w64-mingw32-gcc", "mvn", "Xvfb", "import")
# The tests' own folders come later: what is kept for all checkouts is this user's.
_CACHE = {name: value for name, value in os.environ.items() if name == "XDG_CACHE_HOME"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder needs the lab, and the first of them makes it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.windows)
            item.add_marker(pytest.mark.timeout(3600))


@pytest.fixture(scope="session")
def lab() -> None:
    """Skips where there is no Wine, and only there; what else is missing fails."""
    if not WINE.exists():
        pytest.skip(f"Wine is not installed (./dev setup installs {NEEDS[0]})")
    missing = [name for name in _MAKERS if shutil.which(name) is None]
    assert missing == [], "./dev setup installs them"


@pytest.fixture(scope="session")
def kept_cache(lab: None, own_folders: Path) -> Iterator[None]:
    """What the installer is made of comes from this user's cache, not from the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("XDG_CACHE_HOME")
        for name, value in _CACHE.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def built(kept_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`workstation-<version>-x64.msi` with its bill beside it, as `./dev installer` makes it."""
    return _made(tmp_path_factory.mktemp("installer"))


@pytest.fixture(scope="session")
def newer(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same program as a later version."""
    return _made(tmp_path_factory.mktemp("newer"), "--version", NEWER)


@pytest.fixture(scope="session")
def hub(
    lab: None,
    postgres_server: Postgres,
    postgres_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Hub]:
    """A broker, a database and a telephone on this machine."""
    folder = tmp_path_factory.mktemp("hub")
    broker, phone = Mosquitto(folder / "broker"), Baresip(folder / "phone", codec="PCMA/8000/1")
    name = postgres_server.create(postgres_template)
    broker.start()
    phone.start()
    yield Hub(folder=folder, broker=broker, phone=phone, database=postgres_server.url(name))
    phone.stop()
    broker.close()
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def installed(
    built: Path, hub: Hub, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WindowsDesk]:
    """A machine on which IT has installed the desk with properties; tests change nothing of it."""
    machine = fresh().copy(tmp_path_factory.mktemp("installed") / "machine")
    desk = WindowsDesk(machine)
    desk.install(built, *hub.properties())
    yield desk
    machine.stop()
    shutil.rmtree(machine.folder)


@pytest.fixture
def another(installed: WindowsDesk, tmp_path: Path) -> Iterator[WindowsDesk]:
    """A copy of that machine, for what a test changes."""
    machine: Machine = installed.machine.copy(tmp_path / "machine")
    yield WindowsDesk(machine)
    machine.stop()
    shutil.rmtree(machine.folder)


@pytest.fixture
def bare(kept_cache: None, tmp_path: Path) -> Iterator[WindowsDesk]:
    """A machine on which nothing is installed."""
    machine = fresh().copy(tmp_path / "bare")
    yield WindowsDesk(machine)
    machine.stop()
    shutil.rmtree(machine.folder)


class Screen:
    """A virtual screen; windows that a test opened on it end with it."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._windows: list[OpenWindow] = []

    def opens(self, desk: WindowsDesk) -> OpenWindow:
        """Start the installed program, and wait until its window is there."""
        return self.shows(desk, NAME)

    def shows(self, desk: WindowsDesk, title: str) -> OpenWindow:
        """Start it, and wait until a window of that title is there."""
        window = OpenWindow(desk, self.display)
        self._windows.append(window)
        until(
            lambda: window.title(title) or not window.running,
            timeout=120,
            why=lambda: f"windows: {window.names()}\n{window.output}",
        )
        assert window.running, f"exit code {window.wait(0)}: {window.output}"
        return window

    def close(self) -> None:
        for window in self._windows:
            window.kill()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """An Xvfb of this test's own, as large as a desk's screen."""
    log = (tmp_path / "xvfb.log").open("wb")
    reads, writes = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[writes], stdout=log, stderr=log,
    )  # fmt: skip
    os.close(writes)
    with os.fdopen(reads) as told:
        number = told.readline().strip()
    assert number, (tmp_path / "xvfb.log").read_text()
    made = Screen(f":{number}")
    yield made
    made.close()
    server.terminate()
    server.wait(30)
    log.close()


def _made(into: Path, *more: str) -> Path:
    command = [sys.executable, str(product.ROOT / "installer/build.py"), "--into", str(into), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.splitlines()[0])
