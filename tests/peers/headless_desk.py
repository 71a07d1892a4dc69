"""A desk without a window as a process of its own: all of the application layer, told what to do on stdin.

`python -m tests.peers.headless_desk CONFIG INSTANCE` reads one JSON object a line ({"do": "take",
"alarm": …}) and answers each with one; HeadlessDesk is its other end.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.waiting import until

ROOT = Path(__file__).parents[2]


class HeadlessDesk:
    """One such process: `ask` does something there and returns what it says."""

    def __init__(
        self,
        config: Path,
        instance: str,
        *,
        operator: str,
        wrapper: tuple[str, ...] = (),
        env: Mapping[str, str] | None = None,
    ) -> None:
        """`wrapper` stands before the command, e.g. ("faketime", "+5s")."""
        self.operator = operator
        self._log = config.with_name(f"desk-{instance}-{os.urandom(3).hex()}.log")
        command = [
            *wrapper,
            sys.executable,
            "-m",
            "tests.peers.headless_desk",
            str(config),
            instance,
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
                env={**os.environ, "WORKSTATION_HUB__OPERATOR": operator, **(env or {})},
            )
        self._answers: list[dict[str, Any]] = []
        self._asked = 0
        self._reader = threading.Thread(target=self._read, name="desk-stdout", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def ready(self) -> HeadlessDesk:
        """Wait until alarms and database work there."""
        self.until(lambda: {"alarms", "database"} <= set(self.ask("health")["works"]))
        return self

    def ask(self, do: str, **what: object) -> dict[str, Any]:
        """Have it do something; returns its answer, `{"error": …}` for what it could not."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self._process.stdin.flush()
        self._asked += 1
        until(
            lambda: len(self._answers) >= self._asked or not self.running,
            timeout=30,
            why=lambda: f"{do} was not answered:\n{self.log}",
        )
        assert len(self._answers) >= self._asked, self.log
        return self._answers[self._asked - 1]

    def alarms(self) -> dict[str, dict[str, Any]]:
        """Return the open alarms it shows, by id."""
        return {one["id"]: one for one in self.ask("alarms")["alarms"]}

    def until(self, fact: Any, *, timeout: float = 30) -> Any:
        return until(fact, timeout=timeout, why=self._state)

    def _state(self) -> str:
        """Return what it shows and where each of its threads stands, for a test that failed."""
        said = [self.ask(what) for what in ("health", "alarms", "presence")]
        self._process.send_signal(signal.SIGUSR1)
        return f"{said}\n{self.log}"

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._end()

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it in order."""
        if self.running and self._process.stdin is not None:
            self._process.stdin.close()
        assert self._end() == 0, self.log
        assert "Traceback" not in self.log, self.log

    def close(self) -> None:
        if self.running:
            self.thaw()
            self.kill()

    def _end(self) -> int:
        code = self._process.wait(20)
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        return code

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.append(json.loads(line))


# --- The other end --------------------------------------------------------------------------------


async def _serve(config: Path, instance: str) -> None:
    from workstation import paths, settings  # noqa: PLC0415 - the test's side needs none of it
    from workstation.bootstrap.desk import desk  # noqa: PLC0415 - as above

    faulthandler.register(signal.SIGUSR1)
    found = settings.load(config, os.environ, defaults=paths.default_config())
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, "")

    async with desk(found, instance=instance, stand_ins=()) as one:
        one.station.health.sound(works=True, at=one.station.clock.now())
        threading.Thread(target=read, name="stdin", daemon=True).start()
        while line := await lines.get():
            print(json.dumps(await _answer(one, json.loads(line)), default=str), flush=True)


async def _answer(one: Any, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return await _done(one, asked)
    except Exception as error:  # noqa: BLE001 - the test says whether it should have worked
        return {"error": type(error).__name__, "what": str(error)}


async def _done(one: Any, asked: dict[str, Any]) -> dict[str, Any]:
    do = asked["do"]
    if do in _SAID:
        return _SAID[do](one.station)
    if do == "steps":
        steps = await one.station.desk.history(asked["alarm"])
        return {"steps": [_step(stored.step) for stored in steps]}
    if do == "sound":
        one.station.health.sound(works=asked["works"], at=one.station.clock.now())
        return {}
    return _shown(await _act(one.station.desk, asked))


async def _act(desk: Any, asked: dict[str, Any]) -> Any:
    from workstation.domain.kind import Outcome  # noqa: PLC0415 - as above

    match asked["do"]:
        case "note":
            return await desk.note(asked["alarm"], asked["text"])
        case "resolve":
            return await desk.resolve(asked["alarm"], Outcome(asked["outcome"]))
        case "take" | "release" as act:
            return await getattr(desk, act)(asked["alarm"])
        case other:
            raise LookupError(other)


def _health(station: Any) -> dict[str, Any]:
    parts = station.health.parts()
    told = {part.name: [part.state, part.reason, part.facts] for part in parts}
    return {"works": [part.name for part in parts if part.works], "parts": told}


def _alarms(station: Any) -> dict[str, Any]:
    return {"alarms": [_shown(alarm) for alarm in station.board.alarms()]}


def _presence(station: Any) -> dict[str, Any]:
    listed = station.roll_call.listed()
    return {
        "living": [one.desk for one in station.roll_call.living()],
        "listed": [[one.desk, one.operator, one.sound, one.alarms] for one in listed],
    }


def _clock(station: Any) -> dict[str, Any]:
    return {
        "now": station.clock.now().isoformat(),
        "machine": station.clock.machine.now().isoformat(),
        "offset": station.clock.offset.total_seconds(),
    }


_SAID = {"health": _health, "alarms": _alarms, "presence": _presence, "clock": _clock}


def _shown(alarm: Any) -> dict[str, Any]:
    names = ("id", "kind", "code", "device", "kommune", "source", "state", "taken_by", "text")
    shown = {name: getattr(alarm, name) for name in (*names, "version", "saved", "restored_at")}
    return {**shown, "taken_at": alarm.taken_at and alarm.taken_at.isoformat()}


def _step(step: Any) -> list[str]:
    return [type(step).__name__, step.by, str(getattr(step, "because", ""))]


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2]))
