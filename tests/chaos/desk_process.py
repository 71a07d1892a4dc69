"""A desk without a window, as a process: the real application layer, ordered about by JSON lines.

Arguments: `--config FILE --instance NAME`. On stdin one order a line, `{"id": 7, "do": "take_next"}`;
on stdout one answer a line, in whatever order they are done: `{"id": 7, "alarm": {…}}`, or
`{"id": 7, "error": "AlreadyTaken"}`. It ends on SIGTERM, and when stdin is closed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workstation.application.board import Board
from workstation.bootstrap import desk as opened
from workstation.commands.loading import load
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId
from workstation.settings import Settings

Order = dict[str, Any]


def told(alarm: Alarm) -> dict[str, Any]:
    """Return what the harness is told of an alarm."""
    return {
        "id": alarm.id,
        "about": f"{alarm.device}/{alarm.code}",
        "version": alarm.version,
        "state": alarm.state,
        "taken_by": alarm.taken_by,
        "taken_at": _said(alarm.taken_at),
        "touched_at": _said(alarm.touched_at),
        "resolved_at": _said(alarm.resolved_at),
        "saved": alarm.saved,
        "kept": alarm.kept,
        "provisional": None if alarm.provisional is None else alarm.provisional.id,
    }


def _said(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


@dataclass(slots=True)
class Orders:
    """What may be asked of the desk."""

    desk: opened.Desk

    async def do(self, order: Order) -> dict[str, Any]:
        """Carry one order out; what goes wrong is the answer."""
        try:
            words: dict[str, Callable[[Order], Awaitable[dict[str, Any]]]] = {
                "take_next": self._take_next,
                "note": self._note,
                "resolve": self._resolve,
                "release": self._release,
                "look": self._look,
                "state": self._state,
            }
            answer = await words[order["do"]](order)
        except Exception as error:  # noqa: BLE001 - the harness decides what it makes of it
            answer = {"error": type(error).__name__, "why": str(error)}
            answer["trace"] = traceback.format_exc(limit=-3)
        return {"id": order["id"], **answer}

    async def _take_next(self, _order: Order) -> dict[str, Any]:
        return self._done(await self.desk.station.desk.take_next())

    async def _note(self, order: Order) -> dict[str, Any]:
        desk = self.desk.station.desk
        return self._done(await desk.note(AlarmId(order["alarm"]), order["text"]))

    async def _resolve(self, order: Order) -> dict[str, Any]:
        desk, outcome = self.desk.station.desk, Outcome(order["outcome"])
        return self._done(await desk.resolve(AlarmId(order["alarm"]), outcome))

    async def _release(self, order: Order) -> dict[str, Any]:
        return self._done(await self.desk.station.desk.release(AlarmId(order["alarm"])))

    def _done(self, alarm: Alarm | None) -> dict[str, Any]:
        """Return what became of an alarm, and how the desk shows it now: that is what it promises."""
        if alarm is None:
            return {"alarm": None}
        shown = self.desk.station.board.get(alarm.id)
        return {"alarm": told(alarm), "shown": None if shown is None else told(shown)}

    async def _look(self, _order: Order) -> dict[str, Any]:
        citizens = self.desk.station.citizens
        everybody = citizens.all()
        if everybody:
            await citizens.card(everybody[0].id, alarm=None)
        return {"citizens": len(everybody)}

    async def _state(self, _order: Order) -> dict[str, Any]:
        board: Board = self.desk.station.board
        return {
            "alarms": [told(alarm) for alarm in board.alarms()],
            "parts": {
                part.name: [part.state, part.reason] for part in self.desk.station.health.parts()
            },
            "threads": threading.active_count(),
        }


def say(answer: dict[str, Any]) -> None:
    """Write one line."""
    print(json.dumps(answer), flush=True)


async def serve(settings: Settings, instance: str) -> None:
    """Open the desk, say `{"event": "open"}`, and do what is asked until it is time to end."""
    loop = asyncio.get_running_loop()
    ending = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ending.set)
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async with opened.desk(settings, instance=instance, stand_ins=()) as desk:
        say({"event": "open", "operator": desk.station.operator})
        orders, running = Orders(desk), set()

        async def one(order: Order) -> None:
            say(await orders.do(order))

        async def listen() -> None:
            while line := await lines.readline():
                task = asyncio.ensure_future(one(json.loads(line)))
                running.add(task)
                task.add_done_callback(running.discard)
            ending.set()

        listening = asyncio.ensure_future(listen())
        await ending.wait()
        listening.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--instance", default="")
    wanted = parser.parse_args()
    asyncio.run(serve(load(wanted), wanted.instance))


if __name__ == "__main__":
    main()
