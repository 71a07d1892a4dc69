"""A peer's process: started, watched until it is ready, stopped for certain."""

import contextlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.waiting import until


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a loopback port nobody listens on; UDP with `socket.SOCK_DGRAM`."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepts(port: int) -> bool:
    """Whether somebody accepts TCP connections on the loopback port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def program(*names: str) -> str:
    """Return the path of the first of the programs that is installed; fails the test otherwise."""
    # Debian puts brokers in sbin, which a user's PATH may not have.
    for name in names:
        for candidate in (name, f"/usr/sbin/{name}", f"/usr/local/sbin/{name}"):
            if found := shutil.which(candidate):
                return found
    raise FileNotFoundError(f"none of {', '.join(names)} is installed: ./dev setup")


class PeerProcess:
    """One process with its output read as it comes (no pipe ever fills), ended with the test."""

    def __init__(
        self,
        command: Sequence[object],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._lines: list[str] = []
        self._process = subprocess.Popen(
            # Programs write to a pipe in blocks; line by line is what one would see in a terminal.
            [program("stdbuf"), "-oL", *(str(part) for part in command)],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, name="peer-output", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        """What it has written so far, on both of its channels."""
        return "".join(self._lines)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def ready(self, fact: Callable[[], object], *, timeout: float = 10) -> Self:
        """Wait until `fact()` is true; fails with the output when it dies or takes too long."""
        try:
            until(lambda: fact() or not self.running, timeout=timeout, why=lambda: self.output)
        except AssertionError:
            self.kill()
            raise
        if not self.running:
            self.wait()
            raise AssertionError(f"{self._process.args!r} ended at once:\n{self.output}")
        return self

    def wait(self, timeout: float = 30) -> int:
        """Wait for its own end and return the exit code."""
        code = self._process.wait(timeout)
        self._reader.join()
        return code

    def terminate(self, timeout: float = 10) -> int:
        """Ask it to end; after `timeout` seconds kill it. Returns the exit code."""
        self._process.terminate()
        try:
            return self.wait(timeout)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """End it as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        return self.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.terminate()

    def _read(self) -> None:
        stream = self._process.stdout
        if stream is not None:
            with stream:
                for line in stream:
                    self._lines.append(line)
