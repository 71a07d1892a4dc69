"""A process that is the telephone of every made-up citizen: a real SIP endpoint on one port.

Hidden word `simulated-phone`: `--port P` (0: any), `--address`, and `--plan` with a plan as JSON
(see `phone_plan`), or `-`: then each line on fd 0 is a plan that replaces the one before, and the
process ends with that pipe. It says what happens in JSON lines on fd 1: first
`{"event": "ready", "port": P}`, then `{"event": "call", "user": …, "state": …}`,
`{"event": "dtmf", "user": …, "digit": …}` and, for each new plan in force, `{"event": "plan"}`.
"""

import argparse
import gc
import json
import logging
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import IO

import msgspec

from workstation.adapters.simulated.phone_plan import Plan, plan_of

log = logging.getLogger(__name__)

POLL_MS = 10
_PLAN_BY_PIPE = "-"
_LAST_WORDS_S = 1.0


class _Orders:
    """What was asked of the process so far: its plan, and whether to end."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.over = False
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def read(self, stream: IO[bytes]) -> None:
        """Take lines until the pipe ends; on a thread of its own."""
        for line in stream:
            self._lines.put(line)
        self.end()

    def end(self) -> None:
        """Ask for the end; from a signal or any thread."""
        self._lines.put(None)

    def take(self, changed: Callable[[], None]) -> None:
        """Bring the plan up to date, telling of each new one."""
        while not self._lines.empty():
            line = self._lines.get_nowait()
            if line is None:
                self.over = True
                return
            try:
                self.plan = plan_of(line)
                changed()
            except msgspec.DecodeError as error:
                log.error("not a plan: %s", error)  # noqa: TRY400 - the writer's mistake


class _Mouth:
    """Says events on a thread of its own: who started us may not read them, and pipes fill up."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._events: queue.SimpleQueue[dict[str, object] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="events", daemon=True)
        self._thread.start()

    def say(self, event: dict[str, object]) -> None:
        """Say it as soon as somebody reads."""
        self._events.put(event)

    def close(self) -> None:
        """Give what is still to be said a moment."""
        self._events.put(None)
        self._thread.join(_LAST_WORDS_S)

    def _write(self) -> None:
        try:
            while (event := self._events.get()) is not None:
                self._stream.write(json.dumps(event) + "\n")
        except OSError as error:
            log.info("nobody listens: %s", error)


def run(argv: Sequence[str]) -> int:
    """Be everybody's telephone until told to end; return the exit code."""
    wanted = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    # pjlib writes to fd 1 before its logging can be configured.
    events = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    try:
        orders = _Orders(Plan() if wanted.plan == _PLAN_BY_PIPE else plan_of(wanted.plan))
    except msgspec.DecodeError as error:
        log.error("not a plan: %s", error)  # noqa: TRY400 - the caller's mistake
        return 2
    if wanted.plan == _PLAN_BY_PIPE:
        pipe = os.fdopen(os.dup(0), "rb")
        threading.Thread(target=orders.read, args=(pipe,), name="plans", daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: orders.end())
    signal.signal(signal.SIGINT, lambda *_: orders.end())
    mouth = _Mouth(events)
    try:
        return _serve(wanted.address, wanted.port, orders, mouth)
    finally:
        mouth.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulated-phone", description=__doc__)
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--plan", default="{}")
    return parser


def _serve(address: str, port: int, orders: _Orders, mouth: _Mouth) -> int:
    # Not before fd 1 is out of the library's way.
    import pjsua2 as pj  # noqa: PLC0415 - as said above

    from workstation.adapters.simulated.phone_exchange import Exchange, open_endpoint  # noqa: PLC0415 - as above

    def tell(event: str, user: str, word: str) -> None:
        key = "digit" if event == "dtmf" else "state"
        mouth.say({"event": event, "user": user, key: word})

    # A pj object collected in another thread aborts the process: the exchange does it in ours.
    gc.disable()
    endpoint = open_endpoint()
    try:
        exchange = Exchange(endpoint, address, port, tell)
    except pj.Error as error:
        log.error("port %s: %s", port, error.reason)  # noqa: TRY400 - the world's
        endpoint.libDestroy()
        return 1
    mouth.say({"event": "ready", "port": exchange.port})
    while not orders.over:
        orders.take(lambda: mouth.say({"event": "plan"}))
        exchange.plan = orders.plan
        endpoint.libHandleEvents(POLL_MS)
        exchange.tick(time.monotonic())
    exchange.close()
    del exchange
    gc.collect()  # a pj object that outlives the library aborts the process
    endpoint.libDestroy()
    return 0


if __name__ == "__main__":
    import sys

    raise SystemExit(run(sys.argv[1:]))
