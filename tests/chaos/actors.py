"""The hub's processes as the chaos sees them: each on links, a disk and a clock of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final

from tests.peers.process import program
from tests.peers.proxy import Proxy
from tests.waiting import until

ROOT: Final = Path(__file__).parents[2]
ANSWER_S: Final = 45.0
"""How long an order may take: longer than a desk is patient with a database that hangs."""
_FAKETIME: Final = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
)
_RECORD: Final = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ [A-Z]+ )", re.MULTILINE)
_EXPECTED: Final = " ERROR sqlalchemy.pool."
"""The pool says so when it throws a connection away whose server has died: what is left to it."""
SETTINGS: Final = """
[hub]
kommuner = ["0510", "0860"]
language = "en"
operator = "{operator}"
heartbeat_s = 1
lease_s = 8
[database]
url = "postgresql://owner@127.0.0.1:{database}/{name}"
[broker]
url = "mqtt://127.0.0.1:{broker}"
[sip]
kind = "off"
[sign_in]
kind = "off"
[log]
level = "info"
"""


class Gone(Exception):
    """The process was not there, or ended before it answered."""


class Actor:
    """One process of the hub that can be ended, started again, and put into trouble."""

    def __init__(
        self, name: str, words: tuple[str, ...], folder: Path, *, faked: bool = True
    ) -> None:
        """`words` follow the interpreter and come before `--config`; nothing runs until `start`.

        With `faked` its clock can be put (libfaketime, where that is installed).
        """
        self.name = name
        self._faked = faked
        self._words = words
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._clock = folder / "clock"
        self.log = folder / "log"
        self.set_clock(0)
        self._process: subprocess.Popen[bytes] | None = None
        self.wanted = False
        """Whether it is meant to run: when it does not, it has died by itself."""
        self.starts = 0
        self.broker_link: Proxy | None = None
        self.database_link: Proxy | None = None

    def link(self, broker: Proxy, database: Proxy, name: str) -> None:
        """Give it links of its own and write its settings; `name` is the database's."""
        self.broker_link, self.database_link = broker, database
        self.configure(broker.port, database.port, name)

    def configure(self, broker: int, database: int, name: str) -> None:
        """Write its settings: the servers' ports, and the database's name."""
        self.config.write_text(
            SETTINGS.format(operator=self.name, broker=broker, database=database, name=name)
        )

    @property
    def config(self) -> Path:
        return self._folder / "hub.toml"

    @property
    def pid(self) -> int:
        assert self._process is not None, self.name
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it; returns at once."""
        if self.running:
            return
        self.wanted = True
        self.starts += 1
        self._process = subprocess.Popen(
            # Whatever ends the harness, nothing of the hub outlives it.
            [program("setpriv"), "--pdeathsig", "KILL", sys.executable, *self._words,
             "--config", str(self.config), "--instance", self.name],
            cwd=ROOT,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        self._started(self._process)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.wanted = False
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._ended()

    def stop(self) -> int:
        """End it in order; returns its exit code, -9 when it did not."""
        self.wanted = False
        if self._process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            code = self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._ended()
        return code

    def freeze(self) -> None:
        """Stop it where it stands."""
        if self.running:
            os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        if self.running:
            os.kill(self.pid, signal.SIGCONT)

    def fill_disk(self) -> None:
        """Refuse every byte it would write into a file from now on."""
        self._limit(0)

    def clear_disk(self) -> None:
        """Let it write again."""
        self._limit(resource.RLIM_INFINITY)

    def set_clock(self, seconds: int) -> None:
        """Put its clock so many seconds ahead, or (negative) back, from one moment to the next."""
        fresh = self._clock.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.replace(self._clock)

    def tracebacks(self) -> list[str]:
        """Return what it logged as faults of ours: records with a traceback, and what is no record."""
        records = _RECORD.split(self.log.read_text(errors="replace"))
        return [
            record[:4000]
            for record in records
            if ("Traceback" in record or "Fatal Python" in record) and _EXPECTED not in record
        ]

    def _limit(self, size: int) -> None:
        if self.running:
            _soft, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (size if size >= 0 else hard, hard))

    def _environment(self) -> Mapping[str, str]:
        own = {f"XDG_{name}_HOME": str(self._folder / name.lower())
               for name in ("DATA", "CONFIG", "CACHE", "STATE")}  # fmt: skip
        library = next((path for path in _FAKETIME if Path(path).exists()), "")
        faked = {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(self._clock),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
        return {
            **{
                key: value
                for key, value in os.environ.items()
                if not key.startswith("WORKSTATION_")
            },
            **own,
            **(faked if library and self._faked else {}),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "PYTHONFAULTHANDLER": "1",
            "LC_ALL": "C.UTF-8",
        }

    def _started(self, process: subprocess.Popen[bytes]) -> None:
        """Read what it says."""
        for name, read in (("out", self._read), ("log", self._keep_log)):
            thread = threading.Thread(target=read, args=(process,), name=f"{name}-{self.name}")
            thread.daemon = True
            thread.start()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as out:
            for line in out:
                self._heard(line)

    def _keep_log(self, process: subprocess.Popen[bytes]) -> None:
        # Not straight into a file: a disk that is full would silence it.
        assert process.stderr is not None
        with process.stderr as err, self.log.open("ab", buffering=0) as log:
            for line in err:
                log.write(line)

    def _heard(self, line: bytes) -> None:
        """Take one line of its output."""

    def _ended(self) -> None:
        """Give up what still waits for it."""
        assert self._process is not None
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()


class HeadlessDesk(Actor):
    """A desk that does what it is told."""

    def __init__(self, name: str, folder: Path, *, faked: bool = True) -> None:
        super().__init__(name, ("-m", "tests.chaos.desk_process"), folder, faked=faked)
        self._numbers = count(1)
        self._answers: dict[int, dict[str, Any]] = {}
        self._news = threading.Condition()
        self.is_open = False

    def ask(self, do: str, *, timeout: float = ANSWER_S, **order: object) -> dict[str, Any]:
        """Give one order and return its answer; raises Gone, or TimeoutError for a desk that hangs."""
        process, number = self._process, next(self._numbers)
        if process is None or process.stdin is None or not self.is_open:
            raise Gone(self.name)
        line = json.dumps({"id": number, "do": do, **order}).encode() + b"\n"
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except (OSError, ValueError) as error:
            raise Gone(self.name) from error
        with self._news:
            here = self._news.wait_for(
                lambda: number in self._answers or process is not self._process or not self.is_open,
                timeout,
            )
            if number in self._answers:
                return self._answers.pop(number)
        if here:
            raise Gone(self.name)
        raise TimeoutError(self.name, do)

    def opened(self, timeout: float = 60) -> None:
        """Wait until it takes orders."""
        until(lambda: self.is_open or not self.running, timeout=timeout, why=self.log.read_text)

    def _heard(self, line: bytes) -> None:
        said = json.loads(line)
        with self._news:
            if "event" in said:
                self.is_open = True
            else:
                self._answers[said["id"]] = said
            self._news.notify_all()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        super()._read(process)
        with self._news:
            if process is self._process:
                self.is_open = False
            self._news.notify_all()

    def _ended(self) -> None:
        super()._ended()
        with self._news:
            self.is_open = False
            self._news.notify_all()


def ingest(name: str, folder: Path, *, faked: bool = True) -> Actor:
    """Return a `main.py ingest`."""
    return Actor(name, ("main.py", "ingest"), folder, faked=faked)


def window(name: str, folder: Path, *, faked: bool = True) -> Actor:
    """Return the real window, drawn into memory."""
    return Actor(name, ("main.py", "desk"), folder, faked=faked)
