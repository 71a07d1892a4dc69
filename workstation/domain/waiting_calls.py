"""The calls that ring and nobody has answered yet: who each is from, and the order to answer them in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from workstation.domain.call import IncomingCall
from workstation.domain.names import AlarmId, CallId, CitizenId, DeviceName, Kommune


class From(IntEnum):
    """What is known of a caller, in the order in which callers are answered."""

    UNIT = 0
    """An alarm unit: somebody pressed a button."""
    CITIZEN = 1
    CONTACT = 2
    """A relative, responder or nurse of a citizen's card."""
    UNKNOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whom a caller was found to be; where two people share a number it is nobody's."""

    what: From
    kommune: Kommune
    citizen: CitizenId | None = None
    device: DeviceName | None = None
    """The unit that calls, as the register names it."""
    contact: str = ""
    """The name of a relative or responder who calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCall:
    """A call that rings at this desk."""

    incoming: IncomingCall
    caller: Caller
    alarm: AlarmId | None = None
    """The alarm that was raised for it or that it was folded into."""
    escalated: bool = False

    @property
    def call(self) -> CallId:
        """Which call of the line's it is."""
        return self.incoming.call

    @property
    def since(self) -> datetime:
        """When it began to ring."""
        return self.incoming.at

    @property
    def shown_number(self) -> str:
        """The caller's number, or the address where it has none."""
        return self.incoming.number or self.incoming.caller


def in_order(calls: Iterable[WaitingCall]) -> tuple[WaitingCall, ...]:
    """Return calls in the order to answer them.

    Escalated before not; then alarm units, citizens, their people and the unknown; the longest
    wait first.
    """
    return tuple(
        sorted(calls, key=lambda one: (not one.escalated, one.caller.what, one.since, one.call))
    )
