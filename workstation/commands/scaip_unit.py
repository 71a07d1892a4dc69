"""`main.py scaip-unit`: a simulated alarm unit, IT's test of a hub before any hardware is bought."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol, TextIO

from workstation.application.errors import LineFailed
from workstation.application.ids import new_id
from workstation.application.ports import CallLine, Clock, MessageLine
from workstation.commands.printing import json_line
from workstation.commands.scaip_scenarios import Step
from workstation.complaints import sentence
from workstation.domain.call import CallEvent, CallState, LineEvent, LineState, TextMessage
from workstation.domain.names import CallId
from workstation.domain.scaip import Reply, Speech
from workstation.texts import _
from workstation.wire import scaip, scaip_reply
from workstation.wire.errors import WireError

log = logging.getLogger(__name__)
_READY_S: Final = 15.0
_CALL_S: Final = 10.0
_TALK_S: Final = 1.0
_OK: Final = 200
_LAST_OK: Final = 299


class UnitLine(CallLine, MessageLine, Protocol):
    """A line for both."""


@dataclass(slots=True, kw_only=True)
class Sent:
    """One message that was sent, and what came of it."""

    step: Step
    ref: str
    at: float
    code: int | None = None
    """The SIP code, once it is final."""
    replies: list[tuple[Reply, float]] = field(default_factory=list)
    sends: int = 1
    call: str = ""
    """How the unit's call went: `answered`, `not_answered`, or why it could not be placed."""

    @property
    def is_done(self) -> bool:
        """Whether nothing more has to come."""
        if self.step.reply is None:
            return False  # only time tells
        return self.code is not None and len(self.replies) >= self.sends

    @property
    def wrong(self) -> str:
        """Return what is not as it should be, "" for nothing: for the log of whoever tests a hub."""
        if self.code is None or not _OK <= self.code <= _LAST_OK:
            return f"sip {self.code}"
        expected = self.step.reply
        if expected is None:
            return "a reply" if self.replies else ""
        if len(self.replies) != self.sends:
            return f"{len(self.replies)} of {self.sends} replies"
        for reply, _at in self.replies:
            if (reply.answer, reply.speech) != (expected.snu, expected.mre):
                return f"snu {int(reply.answer)}, mre {int(reply.speech)}"
        if len({str(reply) for reply, _at in self.replies}) > 1:
            return "different replies"
        return f"call {self.call}" if self.call not in ("", "answered") else ""


@dataclass(frozen=True, slots=True)
class _Final:
    sent: Sent
    code: int


_News = TextMessage | LineEvent | CallEvent | _Final


class Unit:
    """An alarm unit on a line of its own; `run` takes as long as its steps do."""

    def __init__(self, line: UnitLine, clock: Clock, *, to: str, cid: str) -> None:
        self._line = line
        self._clock = clock
        self._to = to
        self._cid = cid
        self._news: queue.SimpleQueue[_News] = queue.SimpleQueue()
        self._open: dict[str, Sent] = {}
        self._count = 0
        self._start = f"{int(clock.now().timestamp()):X}"[-6:]

    def run(self, steps: Sequence[Step]) -> Iterator[Sent]:
        """Send each step's messages and yield what came of them; raises LineFailed."""
        self._line.listen(self._news.put, self._news.put)
        self._line.listen_messages(self._news.put)
        self._line.start()
        try:
            self._until(_READY_S, lambda news: isinstance(news, LineEvent) and _settled(news))
            for step in steps:
                yield from self._step(step)
        finally:
            self._line.stop()

    def _step(self, step: Step) -> Iterator[Sent]:
        started, sent = self._clock.monotonic(), list[Sent]()
        for number in range(step.repeat):
            self._wait(started + number * step.every_s, lambda: False)
            sent.append(self._send(step))
        over = self._clock.monotonic() + step.within_s
        self._wait(over, lambda: all(one.is_done for one in sent))
        for one in sent:
            if step.call:
                self._call(one)
            self._open.pop(one.ref, None)
            yield one

    def _send(self, step: Step) -> Sent:
        self._count += 1
        ref = step.tags.get("ref") or f"{self._start}{self._count:04}"
        if step.body is not None:
            ref = (step.reply and step.reply.ref) or ""
        tags = {"ref": ref, "ver": "01.00", "cid": self._cid, **step.tags}
        body = step.body if step.body is not None else scaip.write(tags)
        sent = Sent(step=step, ref=ref, at=self._clock.monotonic(), sends=step.copies)
        self._open[ref] = sent
        for _copy in range(step.copies):
            self._line.send(self._to, step.content_type, body, self._final(sent))
        return sent

    def _final(self, sent: Sent) -> Callable[[int, str], None]:
        return lambda code, _reason: self._news.put(_Final(sent, code))

    def _wait(self, until: float, fact: Callable[[], bool]) -> None:
        """Take what comes until a time, or until `fact` is so."""
        while not fact() and (left := until - self._clock.monotonic()) > 0:
            with suppress(queue.Empty):
                self._take(self._news.get(timeout=left))

    def _take(self, news: _News) -> None:
        if isinstance(news, _Final):
            failed = news.sent.code is not None and not _OK <= news.sent.code <= _LAST_OK
            news.sent.code = news.sent.code if failed else news.code
        elif isinstance(news, TextMessage):
            self._line.answer_message(news.number, _OK)
            self._replied(news)

    def _replied(self, message: TextMessage) -> None:
        try:
            reply = scaip_reply.read(message.body)
        except WireError as error:
            log.warning("what came is no reply: %s %s", error.reason, error.where)
            return
        sent = self._open.get(reply.ref)
        if sent is None:
            log.warning("a reply to nothing that was sent: snu %d", reply.answer)
            return
        sent.replies.append((reply, self._clock.monotonic()))

    def _call(self, sent: Sent) -> None:
        """Call whom the reply says, as a unit does."""
        reply = sent.replies[0][0] if sent.replies else None
        if reply is None or reply.speech is Speech.NONE:
            return
        call = CallId(new_id(self._clock.now()))
        try:
            self._line.call(call, reply.tnu or self._to)
        except LineFailed as error:
            sent.call = error.reason
            return
        state = self._followed(call, sent.step.call_within_s, CallState.IN_CALL)
        sent.call = "answered" if state is CallState.IN_CALL else "not_answered"
        if state is CallState.IN_CALL:
            self._followed(call, _TALK_S, CallState.ENDED)
        if state is not CallState.ENDED:
            self._line.hang_up(call)
            self._followed(call, _CALL_S, CallState.ENDED)

    def _followed(self, call: CallId, seconds: float, wanted: CallState) -> CallState | None:
        """Return the state that a call comes to: `wanted`, ENDED, or None when nothing came of it."""

        def settled(news: _News) -> bool:
            if not isinstance(news, CallEvent) or news.call != call:
                return False
            return news.state in (wanted, CallState.ENDED)

        try:
            news = self._until(seconds, settled)
        except LineFailed:
            return None
        return news.state if isinstance(news, CallEvent) else None

    def _until(self, seconds: float, wanted: Callable[[_News], bool]) -> _News:
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            with suppress(queue.Empty):
                news = self._news.get(timeout=left)
                if wanted(news):
                    return news
                self._take(news)
        raise LineFailed("not_ready")


def _settled(event: LineEvent) -> bool:
    return event.state is not LineState.STARTING


def run(unit: Unit, steps: Sequence[Step], *, as_json: bool, out: TextIO) -> int:
    """Print what came of each message; return 0 when all was as it should be, else 1."""
    count = wrong = 0
    say = _Printer(out, as_json=as_json)
    try:
        for sent in unit.run(steps):
            count += 1
            wrong += bool(sent.wrong)
            say.sent(sent)
    except LineFailed as error:
        log.error("%s", sentence(error))  # noqa: TRY400 - the world's failure
        return 1
    say.summary(count, wrong)
    return 1 if wrong or not count else 0


class _Printer:
    def __init__(self, out: TextIO, *, as_json: bool) -> None:
        self._out = out
        self._as_json = as_json
        self._took: list[float] = []

    def sent(self, sent: Sent) -> None:
        """Write what came of one message."""
        reply, took = None, None
        if sent.replies:
            reply, at = sent.replies[0]
            took = round((at - sent.at) * 1000, 1)
            self._took.append(took)
        facts = {
            "says": sent.step.says,
            "ref": sent.ref,
            "sip": sent.code,
            "snu": int(reply.answer) if reply else None,
            "mre": int(reply.speech) if reply else None,
            "ms": took,
            "call": sent.call,
            "ok": not sent.wrong,
            "wrong": sent.wrong,
        }
        if self._as_json:
            print(json_line(facts, self._out), file=self._out, flush=True)
        else:
            snu = "-" if reply is None else int(reply.answer)
            judged = (
                _("not as it should be: {why}").format(why=sent.wrong)
                if sent.wrong
                else _("as it should be")
            )
            words = (f"{sent.ref:16} snu {snu:<2}", sent.call, judged, sent.step.says)
            print("  ".join(filter(None, words)), file=self._out, flush=True)

    def summary(self, count: int, wrong: int) -> None:
        """Write how many there were, and how long the replies took."""
        took = sorted(self._took)
        facts = {
            "messages": count,
            "wrong": wrong,
            "p50_ms": took[len(took) // 2] if took else None,
            "p99_ms": took[int(len(took) * 0.99)] if took else None,
        }
        if self._as_json:
            print(json_line(facts, self._out), file=self._out, flush=True)
        else:
            print("  ".join(f"{key} {value}" for key, value in facts.items()), file=self._out)
