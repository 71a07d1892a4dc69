"""The telephone, and the browser for a visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from workstation.domain.call import CallEvent, IncomingCall, LineEvent, TextMessage
from workstation.domain.names import CallId


class CallLine(Protocol):
    """The telephone. Its callbacks run on a thread of its own; nothing here blocks."""

    def listen(
        self,
        on_call: Callable[[CallEvent], None],
        on_line: Callable[[LineEvent], None],
        on_incoming: Callable[[IncomingCall], None] | None = None,
    ) -> None:
        """Say where events go; before `start`. Without `on_incoming` whoever calls in is turned away.

        An IncomingCall comes before the first CallEvent of that call, which is then INCOMING.
        """
        ...

    def start(self) -> None:
        """Start in the background; LineEvents follow."""
        ...

    def answer(self, call: CallId) -> None:
        """Answer a call that rings here; one that is gone is no error."""
        ...

    def decline(self, call: CallId, *, busy: bool = False) -> None:
        """Let another desk have a call that rings here (480), or say that we are busy (486)."""
        ...

    def transfer(self, call: CallId, target: str) -> None:
        """Hand an answered call to a number or SIP address, unasked; raises LineFailed.

        `CallEvent.transfer` tells how it went; a call that was handed over ends.
        """
        ...

    def transfer_to(self, call: CallId, other: CallId) -> None:
        """Hand an answered call to whom `other` talks with; both end when it is done."""
        ...

    def join(self, calls: Sequence[CallId]) -> None:
        """Let these answered calls hear each other and the operator, and no other; () parts them."""
        ...

    def call(self, call: CallId, target: str, *, record: Path | None = None) -> None:
        """Place a call to an E.164 number or SIP address; raises LineFailed."""
        ...

    def hang_up(self, call: CallId) -> None:
        """End or cancel; a call that is gone is no error."""
        ...

    def mute(self, call: CallId, muted: bool) -> None:
        """Stop or resume sending our sound."""
        ...

    def hold(self, call: CallId, held: bool) -> None:
        """Put on hold or resume."""
        ...

    def dtmf(self, call: CallId, digits: str) -> None:
        """Send tones (RFC 4733): 0-9 * # A-D."""
        ...

    def volume(self, call: CallId, level: float) -> None:
        """Set how loud the citizen is heard: 0.0 to 2.0, 1.0 as sent."""
        ...

    def stop(self) -> None:
        """Hang up, unregister and end."""
        ...


class MessageLine(Protocol):
    """SIP MESSAGEs in and out; its callbacks run on a thread of its own, nothing here blocks."""

    def listen_messages(self, take: Callable[[TextMessage], None]) -> None:
        """Say where messages go; before `start`."""
        ...

    def send(self, to: str, content_type: str, body: str, done: Callable[[int, str], None]) -> None:
        """Send to a SIP address; `done` hears the final SIP code (408: no reply, 0: lost) and reason.

        Raises LineFailed for an address that cannot be sent to.
        """
        ...

    def answer_message(self, number: int, code: int) -> None:
        """Answer a TextMessage with this SIP code; with PyPI's library it was answered 200 already."""
        ...


class Browser(Protocol):
    """The system's browser, for a visit's link."""

    def open(self, url: str) -> bool:
        """Open `url`; False when there is no browser."""
        ...
