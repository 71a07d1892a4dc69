"""The other side of the call: a script that does nothing but call, with the same library.

Arguments: whom to call, how often, the poll in milliseconds.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from typing import Any

# The library writes to stdout before its log can be told not to.
_STDOUT = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

import pjsua2 as pj  # noqa: E402 - as said above

from tests.bench.measuring import tell  # noqa: E402 - as above

_BETWEEN_S = 0.08
"""The library keeps a call's sockets for half a second after its end, and has room for 64 in all."""


class Account(pj.Account):  # type: ignore[misc]  # pjsua2 carries no types
    """A line without a registrar."""


class Call(pj.Call):  # type: ignore[misc]  # as above
    """Notes when it was answered and whether it has ended."""

    answered = 0.0
    ended = False

    def onCallState(self, _prm: Any) -> None:
        state = self.getInfo().state
        if state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.answered = time.perf_counter()
        self.ended = state == pj.PJSIP_INV_STATE_DISCONNECTED


def endpoint() -> pj.Endpoint:
    """Return a started library in one thread, silent, with G.722 first."""
    one = pj.Endpoint()
    one.libCreate()
    config = pj.EpConfig()
    config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly = 0, True
    config.logConfig.level = config.logConfig.consoleLevel = 0
    one.libInit(config)
    one.transportCreate(pj.PJSIP_TRANSPORT_UDP, pj.TransportConfig())
    one.libStart()
    one.audDevManager().setNullDev()
    for codec in one.codecEnum2():
        one.codecSetPriority(codec.codecId, 255 if codec.codecId.startswith("G722") else 0)
    return one


def set_up(one: pj.Endpoint, account: Account, target: str, poll: int) -> float:
    """Call, wait for the answer, hang up; return milliseconds from the call to the answer."""
    call = Call(account)
    rested = time.perf_counter() + _BETWEEN_S
    while time.perf_counter() < rested:
        one.libHandleEvents(poll)
    started = time.perf_counter()
    call.makeCall(target, pj.CallOpParam(True))
    while not call.answered:
        one.libHandleEvents(poll)
    answered = call.answered
    call.hangup(pj.CallOpParam())
    while not call.ended:
        one.libHandleEvents(poll)
    return (answered - started) * 1000


def main() -> None:
    """Call again and again; tell how long each took."""
    target, count, poll = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    one = endpoint()
    account, config = Account(), pj.AccountConfig()
    config.idUri = "sip:bench@127.0.0.1"
    account.create(config)
    took = [set_up(one, account, target, poll) for _ in range(count)]
    account.shutdown()
    del account
    gc.collect()
    one.libDestroy()
    os.dup2(_STDOUT, 1)
    tell(took_ms=took)


if __name__ == "__main__":
    main()
