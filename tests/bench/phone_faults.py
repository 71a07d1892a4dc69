"""What fails in a call, and how soon the desk knows: the far end's sound, and the telephone's process."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median

from tests.bench.figure import Figure, value_at_most
from tests.bench.measuring import Bench
from tests.peers.baresip import Baresip
from tests.peers.kamailio import DOMAIN, Kamailio
from tests.peers.telephone import Telephone
from tests.waiting import until
from workstation.domain.call import CallEvent, CallResult, CallState, LineEvent, LineState
from workstation.domain.names import CallId

_PATIENCE_S = 15.0
_TARGET = f"sip:unit@{DOMAIN}"
_USERS = {"desk7": "secret", "unit": "pass"}


class _Told:
    """When the line first told what is waited for, on the thread on which it tells."""

    def __init__(self, phone: Telephone) -> None:
        self._phone = phone
        self._wanted: list[tuple[Callable[[CallEvent | LineEvent], bool], threading.Event]] = []
        self._at: dict[int, float] = {}
        phone.line.listen(self._take, self._take)

    def want(self, fact: Callable[[CallEvent | LineEvent], bool]) -> Callable[[], float]:
        """Wait for a fact from now on; what is returned waits for it, and says when it was told."""
        come = threading.Event()
        self._wanted.append((fact, come))

        def at() -> float:
            if not come.wait(_PATIENCE_S):
                raise TimeoutError
            return self._at[id(come)]

        return at

    def _take(self, event: CallEvent | LineEvent) -> None:
        now = time.perf_counter()
        if isinstance(event, CallEvent):
            self._phone.calls.append(event)
        else:
            self._phone.states.append(event)
        for fact, come in self._wanted:
            if not come.is_set() and fact(event):
                self._at[id(come)] = now
                come.set()


def measure(bench: Bench) -> list[Figure]:
    """Return how long the desk does not know of lost sound, of a killed process, and is not registered."""
    rounds = bench.count(20, 3)
    kamailio = Kamailio(bench.folder / "kamailio-faults", _USERS)
    with ExitStack() as stack:
        stack.callback(kamailio.stop)
        kamailio.start()
        peer = Baresip(
            bench.folder / "unit-faults",
            registrar=kamailio.address,
            login=(f"unit@{DOMAIN}", _USERS["unit"]),
        )
        stack.callback(peer.stop)
        peer.start()
        until(lambda: kamailio.registrations("unit"), why=lambda: peer.output)
        phone = _line(kamailio)
        stack.callback(phone.stop)
        told = _Told(phone)
        silent = [_silence(phone, told, peer) for _ in range(rounds)]
        killed = [_killed(kamailio, peer) for _ in range(rounds)]
    return [
        _figure("sound_lost", "the far end's sound stops → the operator is told", silent, 1.5),
        _figure(
            "phone_killed",
            "the telephone's process killed in a call → the operator is told",
            [one for one, _back in killed],
            1.0,
        ),
        _figure(
            "phone_back",
            "the telephone's process killed → registered again at Kamailio, with digest",
            [back for _one, back in killed],
            3.0,
        ),
    ]


def _silence(phone: Telephone, told: _Told, peer: Baresip) -> float:
    """Return the seconds from the far end's last packet to the word of it; the call goes on."""
    call = phone.answered(_TARGET)
    until(lambda: phone.of(call)[-1].quality is not None, timeout=_PATIENCE_S)
    lost = told.want(
        lambda event: isinstance(event, CallEvent) and event.call == call and event.sound_lost
    )
    os.kill(peer.pid, signal.SIGSTOP)
    stopped = time.perf_counter()
    try:
        took = lost() - stopped
    finally:
        os.kill(peer.pid, signal.SIGCONT)
    phone.line.hang_up(call)
    phone.ended(call)
    return took


def _line(kamailio: Kamailio) -> Telephone:
    own = {"kind": "registrar", "username": f"desk7@{DOMAIN}", "password": _USERS["desk7"]}
    return Telephone(kamailio.address, setup=own).ready()


def _killed(kamailio: Kamailio, peer: Baresip) -> tuple[float, float]:
    """Kill the process of a line of its own: one that dies again and again waits longer each time."""
    phone = _line(kamailio)
    try:
        return _kill(phone, _Told(phone), peer)
    finally:
        phone.stop()


def _kill(phone: Telephone, told: _Told, peer: Baresip) -> tuple[float, float]:
    """Return the seconds from the kill to the word of it, and to the new registration."""
    call = phone.answered(_TARGET)
    pid = phone.line.pid
    if pid is None:
        raise RuntimeError("the telephone has no process")
    over = told.want(lambda event: _is_over(event, call))
    back = told.want(lambda event: isinstance(event, LineEvent) and event.state is LineState.READY)
    killed = time.perf_counter()
    os.kill(pid, signal.SIGKILL)
    took = over() - killed, back() - killed
    peer.order("hangup")  # it has room for few calls, and hears of this one's end from nobody
    return took


def _is_over(event: CallEvent | LineEvent, call: CallId) -> bool:
    if not isinstance(event, CallEvent) or event.call != call:
        return False
    return event.state is CallState.ENDED and event.result is CallResult.LINE_LOST


def _figure(name: str, what: str, took: list[float], goal_s: float) -> Figure:
    return Figure(
        name=name,
        what=f"{what}, the longest of all rounds",
        value=max(took),
        unit="s",
        n=len(took),
        goal=value_at_most(goal_s),
        note=f"median {median(took):.2f} s",
    )
