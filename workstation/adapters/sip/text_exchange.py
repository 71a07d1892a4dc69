"""SIP MESSAGEs inside the SIP process: taken, answered, sent."""

import itertools
import time
from collections import deque
from collections.abc import Callable

import pjsua2 as pj

from workstation.adapters.sip.guard import Foreign
from workstation.adapters.sip.orders import SendText
from workstation.adapters.sip.protocol import Event, TextCame, TextSent

CAN_ANSWER = hasattr(pj, "SendResponseParam")
"""Whether the library lets us answer; PyPI's says 200 by itself to every MESSAGE."""
_ANSWER_BY_S = 8.0
"""Who sent it repeats until it is answered (RFC 3261 section 17.1.2), and after 32 s gives up."""
_LIFE_S = 40.0
"""Longer than SIP's own limit for a request."""
_SERVER_ERROR = 503
_REQUEST_TIMEOUT = 408
_FINAL = 200


class TextExchange:
    """Answers no message before it was told to, and none never."""

    def __init__(self, report: Callable[[Event], None]) -> None:
        self._report = report
        self._numbers = itertools.count(1)
        self._open: dict[int, tuple[Foreign, Foreign, float]] = {}
        self._sent: dict[tuple[str, str], deque[tuple[str, Foreign, float]]] = {}

    def came(self, account: Foreign, prm: Foreign) -> None:
        """Tell of a message, and keep what it is answered with."""
        number = next(self._numbers)
        if CAN_ANSWER:
            answer = pj.SendResponseParam()
            answer.deferredResponse = pj.DeferredResponse(prm)
            self._open[number] = (account, answer, time.monotonic() + _ANSWER_BY_S)
        self._report(
            TextCame(
                n=number,
                sender=str(prm.fromUri),
                recipient=str(prm.toUri),
                content_type=str(prm.contentType),
                # Bytes that are no UTF-8 come as lone surrogates.
                body=str(prm.msgBody).encode("utf-8", "surrogateescape"),
                source=str(prm.rdata.srcAddress),
            )
        )

    def answer(self, number: int, code: int) -> None:
        """Answer a message; one that is answered already stays so."""
        if number in self._open:
            account, answer, _ = self._open.pop(number)
            answer.code = code
            account.sendResponse(answer)

    def send(self, order: SendText, account: Foreign) -> None:
        """Send one; `status` tells what became of it; raises pj.Error."""
        whom = pj.BuddyConfig()
        whom.uri, whom.subscribe = order.uri, False
        buddy = pj.Buddy()
        buddy.create(account, whom)
        message = pj.SendInstantMessageParam()
        message.contentType, message.content = order.content_type, order.body
        place = self._sent.setdefault((order.uri, order.body), deque())
        place.append((order.id, buddy, time.monotonic() + _LIFE_S))
        try:
            buddy.sendInstantMessage(message)
        except pj.Error:
            place.pop()
            raise

    def status(self, prm: Foreign) -> None:
        """Take what a far end answered, by address and text: equal ones in the order they went."""
        if int(prm.code) < _FINAL:
            return
        place = self._sent.get((str(prm.toUri), str(prm.msgBody)))
        if place:
            number, _, _ = place.popleft()
            self._report(TextSent(id=number, code=int(prm.code), reason=str(prm.reason)))

    @property
    def is_waiting(self) -> bool:
        """Whether a message of ours is still to be answered."""
        return any(self._sent.values())

    def tick(self, now: float) -> None:
        """Answer what nobody answered, and give up what got no answer; raises pj.Error."""
        for number in [n for n, (_, _, by) in self._open.items() if now >= by]:
            self.answer(number, _SERVER_ERROR)
        for place in list(self._sent.values()):
            while place and now >= place[0][2]:
                text, _, _ = place.popleft()
                self._report(TextSent(id=text, code=_REQUEST_TIMEOUT, reason="No reply"))
        self._sent = {key: place for key, place in self._sent.items() if place}

    def close(self) -> None:
        """Let go of everything, before the library is closed."""
        self._open.clear()
        self._sent.clear()
