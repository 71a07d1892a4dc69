"""A day's calls, many at once, and ten thousand broken packets: nothing leaks, and the line works."""

from __future__ import annotations

import random
import re
import socket
import time
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.adapters.sip.test_garbage import mangled, request, udp_ports
from tests.peers import sipp as script
from tests.peers.sipp import Sipp
from tests.peers.telephone import Telephone
from tests.waiting import until
from workstation.domain.call import CallResult, CallState, LineState

pytestmark = pytest.mark.peer
NUMBER = "+4574621048"
KEPT_S = 0.6
MOST_LATELY = 18
"""The library keeps a call's two places among its 64 for half a second after the call's end, closed
or not, and the PyPI wheel aborts when there is none left. No hand dials as fast as this test."""
AT_REST = 2
"""Where it is told and called, and the bell that wakes it for an order."""
AT_ONCE = {"installed": 4, "ours": 8}
"""PyPI's wheel was compiled for four calls."""
SLACK_KB = 1500


def held(pid: int) -> tuple[int, int, int]:
    """Return how many files and threads a process has, and how many kB of memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    memory = re.search(r"VmRSS:\s+(\d+)", status)
    assert memory is not None
    threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
    return len(list(Path(f"/proc/{pid}/fd").iterdir())), threads, int(memory[1])


class Talker:
    """Calls as fast as the library bears it."""

    def __init__(self, phone: Telephone, address: str) -> None:
        self.phone = phone
        self._target = f"sip:{NUMBER}@{address}"
        self._ends: deque[float] = deque()

    def talk(self, together: int = 1) -> None:
        """Have so many calls at once, and end them."""
        until(lambda: self._lately() + together <= MOST_LATELY)
        calls = [self.phone.dial(self._target) for _ in range(together)]
        for call in calls:
            self.phone.wait_state(call, CallState.IN_CALL)
        for call in calls:
            self.phone.line.hang_up(call)
        for call in calls:
            assert self.phone.ended(call).result is CallResult.ANSWERED
            self._ends.append(time.monotonic())
        self.phone.calls.clear()

    def settled(self) -> tuple[int, int, int]:
        """Return what the process holds once the sockets of its last calls are closed."""
        pid = self.phone.line.pid
        assert pid is not None
        until(lambda: self._lately() == 0)
        until(lambda: len(udp_ports(pid)) <= AT_REST, why=lambda: udp_ports(pid))
        return held(pid)

    def _lately(self) -> int:
        while self._ends and time.monotonic() - self._ends[0] > KEPT_S:
            self._ends.popleft()
        return len(self._ends)


def dropped(port: int) -> int:
    """Return how many packets the kernel had no room for."""
    rows = [row.split() for row in Path("/proc/net/udp").read_text(encoding="ascii").splitlines()]
    return next(int(row[-1]) for row in rows if row[1] == f"0100007F:{port:04X}")


def assert_flat(before: tuple[int, int, int], after: tuple[int, int, int]) -> None:
    assert after[:2] == before[:2], "files and threads"
    assert after[2] <= before[2] + SLACK_KB, f"{before[2]} kB became {after[2]} kB"


def test_500_calls_one_after_another_leave_nothing(
    sipp: Callable[..., Sipp], telephone: Callable[..., Telephone]
) -> None:
    peer = sipp(script.answering(), calls=0)
    phone = telephone(peer.address)
    pid, talker = phone.line.pid, Talker(phone, peer.address)
    for _ in range(200):  # its pools grow up to here
        talker.talk()
    before = talker.settled()
    for _ in range(300):
        talker.talk()
    assert_flat(before, talker.settled())
    assert phone.line.pid == pid


def test_many_at_once_again_and_again_leave_nothing(
    sipp: Callable[..., Sipp], telephone: Callable[..., Telephone], library: str
) -> None:
    peer = sipp(script.answering(), calls=0)
    phone = telephone(peer.address)
    pid, talker = phone.line.pid, Talker(phone, peer.address)
    for _ in range(8):
        talker.talk(AT_ONCE[library])

    def round_again() -> tuple[int, int, int]:
        for _ in range(10):
            talker.talk(AT_ONCE[library])
        return talker.settled()

    # A busy machine lets more calls linger at once than before, and the library's pools grow once
    # more: what leaks grows every time.
    rounds = [talker.settled(), *(round_again() for _ in range(3))]
    assert len({one[:2] for one in rounds}) == 1, "files and threads"
    grown = [after[2] - before[2] for before, after in pairwise(rounds)]
    assert min(grown) <= SLACK_KB, grown
    assert phone.line.pid == pid


def test_ten_thousand_broken_packets_leave_the_line_working(
    sipp: Callable[..., Sipp], telephone: Callable[..., Telephone]
) -> None:
    peer = sipp(script.answering(), calls=0)
    phone = telephone(peer.address)
    pid, dice = phone.line.pid, random.Random(9)
    assert pid is not None
    (port,) = udp_ports(pid)
    call = phone.answered(NUMBER)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thrower:
        for number in range(10_000):
            thrower.sendto(mangled(dice, request(dice, number, port)), ("127.0.0.1", port))
            if (
                number % 25 == 0
            ):  # it has looked at what came so far; the kernel has room for some 100
                muted = number % 50 == 0
                phone.line.mute(call, muted)
                until(lambda muted=muted: phone.of(call)[-1].muted is muted)  # type: ignore[misc]  # the loop's own
    assert dropped(port) == 0, "the kernel kept packets from it"
    assert phone.of(call)[-1].state is CallState.IN_CALL
    phone.line.hang_up(call)
    assert phone.ended(call).result is CallResult.ANSWERED
    until(lambda: phone.states[-1].state is LineState.READY)
    again = phone.answered(NUMBER)
    phone.line.hang_up(again)
    assert phone.ended(again).result is CallResult.ANSWERED
    assert phone.line.pid == pid
