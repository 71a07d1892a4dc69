"""The made-up citizens' telephones, as a process of their own."""

import json
import subprocess
import sys
import threading
from typing import Any

from tests.waiting import until


class SimulatedPhone:
    """`say(plan)` changes how the telephones behave; `events` is what has happened to them."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.events: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "workstation.adapters.simulated.phone", "--plan", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._reader = threading.Thread(target=self._read, name="phone-events", daemon=True)
        self._reader.start()
        self.say(plan)
        self.port: int = until(self._ready)["port"]
        until(lambda: self.heard("plan"))

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def say(self, plan: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(plan).encode() + b"\n")
        self._process.stdin.flush()

    def follow(self, plan: dict[str, Any]) -> None:
        """Change how the telephones behave, and wait until they do."""
        before = len(self.heard("plan"))
        self.say(plan)
        until(lambda: len(self.heard("plan")) > before)

    def heard(self, event: str, **facts: str) -> list[dict[str, Any]]:
        """Return the events of that name with those facts."""
        wanted = {"event": event, **facts}
        return [e for e in list(self.events) if wanted.items() <= e.items()]

    def hang_up_pipe(self) -> int:
        """Close its pipe, as a dying parent does, and return its exit code."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._process.wait(10)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(10)
        self._reader.join(10)
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _ready(self) -> dict[str, Any] | None:
        assert self.running, "the simulated telephone ended at once"
        return next((event for event in list(self.events) if event["event"] == "ready"), None)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stdout:
            for line in stdout:
                self.events.append(json.loads(line))
