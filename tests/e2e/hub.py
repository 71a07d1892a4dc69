"""A hub without a window as another program sees it: main.py as a process, a broker, a database."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.waiting import until
from workstation import paths, settings
from workstation.commands import alarms
from workstation.settings import Settings

ROOT = Path(__file__).parents[2]
READY = ['{"event":"ready"}']
SETTINGS = """
[hub]
kommuner = ["0510", "0860"]
language = "en"
unwatched_after_s = 86400
[database]
url = "sqlite:///{folder}/hub.sqlite"
[sip]
kind = "off"
[broker]
url = "{broker}"
"""


class Ingest:
    """One `main.py ingest`, its stdout line by line and its stderr in a file."""

    def __init__(self, config: Path, *words: str, env: Mapping[str, str] | None = None) -> None:
        self._log = config.with_name(f"ingest-{os.urandom(4).hex()}.log")
        command = [sys.executable, str(ROOT / "main.py"), "ingest", "--config", str(config), *words]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, **(env or {})},
            )
        self.stdout: list[str] = []
        self._reader = threading.Thread(target=self._read, name="ingest-stdout", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def ready(self) -> "Ingest":
        until(
            lambda: self.stdout or not self.running,
            timeout=30,
            why=lambda: f"not ready:\n{self.log}",
        )
        assert self.stdout == READY, self.log
        return self

    def says(self, *words: str) -> None:
        """Wait until its log has all of `words` in one line."""
        until(
            lambda: any(all(word in line for word in words) for line in self.log.splitlines()),
            timeout=20,
            why=lambda: f"{words} not in:\n{self.log}",
        )

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it in order: exit code 0, nothing on stdout but the one line, no trace of a fault."""
        if self.running:
            self._process.send_signal(how)
            code = self._wait()
            assert code == 0, self.log
            assert self.stdout in (READY, []), self.stdout
        assert "Traceback" not in self.log, self.log

    def wait(self) -> int:
        """Wait for its own end; returns the exit code."""
        return self._wait()

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def _wait(self) -> int:
        code = self._process.wait(20)
        self._reader.join()
        return code

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stdout:
            self.stdout.extend(line.rstrip("\n") for line in stdout)


class Hub:
    """A settings file in a folder of its own, and what main.py makes of it."""

    def __init__(self, folder: Path, broker: str, more: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.config = folder / "hub.toml"
        self.config.write_text(SETTINGS.format(folder=folder, broker=broker) + more)
        self.database = folder / "hub.sqlite"
        self._started: list[Ingest] = []

    @property
    def settings(self) -> Settings:
        return settings.load(self.config, {}, defaults=paths.default_config())

    def start(self, *words: str, env: Mapping[str, str] | None = None) -> Ingest:
        """Start an ingest; `ready()` waits for it."""
        self._started.append(Ingest(self.config, *words, env=env))
        return self._started[-1]

    @contextmanager
    def ingest(self, *words: str) -> Iterator[Ingest]:
        """An ingest that is ready inside, and ended in order behind."""
        one = self.start(*words).ready()
        yield one
        one.stop()

    def close(self) -> None:
        for one in self._started:
            if one.running:
                one.kill()

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another word of main.py."""
        command = [sys.executable, str(ROOT / "main.py"), *words, "--config", str(self.config)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def alarms(self) -> list[dict[str, Any]]:
        """Return what `main.py alarms --json --all` prints."""
        out = io.StringIO()
        alarms.run(self.settings, everything=True, since=None, as_json=True, out=out)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    def of(self, device: str, count: int = 1) -> list[dict[str, Any]]:
        """Return a device's alarms, oldest first, as soon as there are `count`."""
        self.until(f"SELECT count(*) FROM alarm WHERE device = '{device}'", count)
        return [alarm for alarm in self.alarms() if alarm["device"] == device]

    def one(self, device: str) -> dict[str, Any]:
        """Return a device's only alarm."""
        (alarm,) = self.of(device)
        return alarm

    def ask(self, query: str) -> int:
        """Return the number a query of the database gives, 0 where it finds nothing."""
        try:
            with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
                (found,) = connection.execute(query).fetchone() or (0,)
                return int(found or 0)
        except sqlite3.OperationalError:
            return 0

    def until(self, query: str, least: int, *, timeout: float = 30) -> None:
        """Wait until the query gives at least `least`."""
        until(
            lambda: self.ask(query) >= least,
            timeout=timeout,
            why=lambda: f"{query}: {self.ask(query)}, not {least}; {self._logs()}",
        )

    def has(self, count: int, *, timeout: float = 60) -> None:
        """Wait until there are at least `count` alarms."""
        self.until("SELECT count(*) FROM alarm", count, timeout=timeout)

    def _logs(self) -> str:
        return "\n".join(one.log for one in self._started)
