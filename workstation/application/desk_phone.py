"""The desk's telephone with several calls: one in front, the others on hold or in a conference."""

from __future__ import annotations

from dataclasses import replace

from workstation.application.callback import Callback
from workstation.application.numbers import dialable
from workstation.application.phone_view import CITIZEN, LineBusy, PhoneView, Tape
from workstation.domain.call import CallEvent, CallRecord, CallResult, CallState
from workstation.domain.names import SYSTEM, AlarmId, CallId, CitizenId
from workstation.domain.waiting_calls import From, WaitingCall


class NotInCall(Exception):
    """There is nobody on the line with whom that could be done."""


class DeskPhone(Callback):
    """Answers, consults, transfers and joins; nobody is ever lost behind another call.

    What is asked of a call that is not answered yet, or of a second one that is not there, raises
    NotInCall.
    """

    @property
    def is_free(self) -> bool:
        """Whether nobody is on the line, nor on hold."""
        return not self.view.is_on and not self.view.others

    # --- calls that come in -------------------------------------------------------------------

    def take_in(self, waiting: WaitingCall) -> None:
        """Answer a call that rings; the one in front goes on hold. Raises NotAllowed."""
        by = self._caller(waiting.alarm, waiting.caller.kommune)
        record = replace(_record(waiting), operator=by)
        self._numbers = ()
        self._write(record)
        self._bring(
            PhoneView(
                call=record.id,
                state=CallState.INCOMING,
                target=record.target,
                whom=record.whom,
                citizen=record.citizen,
                alarm=record.alarm,
                started_at=self._clock.now(),
                last_target=record.target,
                incoming=True,
            )
        )
        self._line.answer(record.id)

    def not_answered(self, waiting: WaitingCall, event: CallEvent) -> None:
        """Write a call into the log that nobody answered; one answered elsewhere stands there already."""
        if event.result is CallResult.TAKEN_ELSEWHERE:
            return
        record = replace(
            _record(waiting),
            ended_at=event.at,
            result=event.result,
            sip_code=event.sip_code,
            sip_reason=event.sip_reason,
        )
        self._rows.put(record)

    def taped(self, call: CallId, tape: Tape) -> None:
        """Show how the recording of a call stands; of one that is over it changes nothing."""
        shown = self._shown(call)
        if shown is not None and shown.is_on:
            self._put(replace(shown, tape=tape))

    # --- several calls ------------------------------------------------------------------------

    async def consult(
        self, target: str, *, whom: str, citizen: CitizenId | None, alarm: AlarmId | None
    ) -> None:
        """Call somebody while the one in front waits on hold; raises BadNumber, LineBusy, LineFailed."""
        number = dialable(target)
        if self.view.is_on and not self.view.is_answered:
            raise LineBusy
        self._refuse_line()
        self._caller(alarm, None)
        self._numbers = ()
        others = self._set_aside()
        self._show(PhoneView(line=self.view.line, volume=self.view.volume, others=others))
        await self._place(number, whom=whom, citizen=citizen, alarm=alarm)

    def swap(self, call: CallId | None = None) -> None:
        """Talk with another call, or (None) the latest; the one in front goes on hold."""
        found = next((one for one in self.view.others if call in (None, one.call)), None)
        if found is None or found.call is None:
            return
        self._bring(found)
        if found.state is CallState.HELD:
            self._line.hold(found.call, held=False)

    def hold(self, on: bool) -> None:  # noqa: FBT001 - as its base
        """Put the call on hold or resume it; where none is in front, resume the latest that waits."""
        if not self.view.is_on and self.view.others and not on:
            self.swap()
        else:
            super().hold(on)

    def transfer(self, target: str) -> None:
        """Hand the call in front to somebody, unasked; raises NotInCall, BadNumber or LineFailed."""
        call = self.view.call
        if call is None or not self.view.is_answered:
            raise NotInCall
        number = dialable(target)
        self._line.transfer(call, number)
        self._to[call] = number

    def connect(self) -> None:
        """Hand the one who waits on hold to the one in front, and leave; raises NotInCall."""
        waits, front = self._pair()
        self._line.transfer_to(waits, front)
        self._to[waits] = self.view.target

    def join(self) -> None:
        """Let everybody on the line hear each other; raises NotInCall for fewer than two."""
        self._pair()
        for one in self.view.others:
            if one.state is CallState.HELD and one.call is not None:
                self._line.hold(one.call, held=False)
        self._line.join(self._answered_calls())

    def part(self) -> None:
        """Talk with the one in front alone again; the others go on hold."""
        self._line.join(())
        for one in self.view.others:
            if one.is_answered and one.call is not None:
                self._line.hold(one.call, held=True)

    def _answered_calls(self) -> tuple[CallId, ...]:
        calls = (self.view, *self.view.others)
        return tuple(one.call for one in calls if one.is_answered and one.call is not None)

    def _pair(self) -> tuple[CallId, CallId]:
        """Return who waits and who is in front."""
        calls = self._answered_calls()
        if not self.view.is_answered or len(calls) < 2:  # noqa: PLR2004 - a pair
            raise NotInCall
        return calls[1], calls[0]

    def _bring(self, view: PhoneView) -> None:
        others = tuple(one for one in self._set_aside() if one.call != view.call)
        self._show(replace(view, line=self.view.line, volume=self.view.volume, others=others))

    def _set_aside(self) -> tuple[PhoneView, ...]:
        """Put the call in front on hold; return it before the others."""
        front = self.view
        if not front.is_on or front.call is None:
            return front.others
        if front.state is CallState.IN_CALL and not front.joined:
            self._line.hold(front.call, held=True)
        return (replace(front, others=()), *front.others)


def _record(waiting: WaitingCall) -> CallRecord:
    caller = waiting.caller
    is_theirs = caller.what in (From.UNIT, From.CITIZEN)
    return CallRecord(
        id=waiting.call,
        operator=SYSTEM,
        target=waiting.shown_number,
        started_at=waiting.since,
        alarm=waiting.alarm,
        citizen=caller.citizen,
        incoming=True,
        name=waiting.incoming.name,
        called=waiting.incoming.called,
        dialog=waiting.incoming.dialog,
        whom=CITIZEN if is_theirs else caller.contact or waiting.shown_number,
    )
