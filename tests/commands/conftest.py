"""A hub of its own for each test: a settings file over a fresh database, and the words run on it."""

import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from workstation import texts
from workstation.adapters.db.database import migrate
from workstation.commands import arguments, guard, headless
from workstation.settings import Settings

SETTINGS = """
[hub]
kommuner = ["0510", "0860"]
language = "en"
operator = "Anna"
[database]
url = "sqlite:///{folder}/hub.sqlite"
[broker]
url = "{broker}"
[sip]
kind = "off"
sound = "null"
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What one word said and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class HubFolder:
    """A settings file and where its database is."""

    config: Path

    def run(self, *argv: str, sound: Callable[[Settings], str] = lambda _settings: "card") -> Said:
        """Run a word as main.py does."""
        out, err = io.StringIO(), io.StringIO()
        wanted = arguments.parse([*argv, "--config", str(self.config)])
        code = guard.guarded(lambda: headless.run(wanted, out, sound=sound, err=err), err=err)
        return Said(code, out.getvalue(), err.getvalue())

    def add(self, line: str) -> None:
        """Add lines to the settings' last section, [sip], or after it."""
        with self.config.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    @property
    def database(self) -> Path:
        return self.config.parent / "hub.sqlite"

    def load(self) -> Settings:
        return headless.load(arguments.parse(["check", "--config", str(self.config)]))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    texts.speak("en")
    yield
    texts.speak("en")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of this version's schema, to be copied: making one takes a while."""
    path = tmp_path_factory.mktemp("commands") / "filled.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def make_hub(tmp_path: Path, filled: Path) -> Callable[..., HubFolder]:
    """`make_hub(broker="mqtt://…")` is a hub of this test's own."""

    def make(broker: str = "mqtt://127.0.0.1:1") -> HubFolder:
        config = tmp_path / "hub.toml"
        text = SETTINGS.format(folder=tmp_path.as_posix(), broker=broker)
        config.write_text(text, encoding="utf-8")
        shutil.copy(filled, tmp_path / "hub.sqlite")
        return HubFolder(config)

    return make


@pytest.fixture
def hub(make_hub: Callable[..., HubFolder]) -> HubFolder:
    return make_hub()
