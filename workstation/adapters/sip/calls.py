"""The desk's book of calls under way; safe to use from any thread."""

import threading
from dataclasses import dataclass, field, replace

from workstation.adapters.sip.ongoing import Ongoing, after, lost, rings_here
from workstation.adapters.sip.protocol import CallTold
from workstation.domain.call import CallState, Transfer, TransferState
from workstation.domain.names import CallId


@dataclass(slots=True)
class Calls:
    """Which calls there are and how they stand; one that ended is gone from here."""

    _calls: dict[CallId, Ongoing] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, call: CallId, *, encrypted: bool = False) -> None:
        """Take a new call in; raises ValueError when there is one of that id."""
        with self._lock:
            if call in self._calls:
                raise ValueError(call)
            self._calls[call] = Ongoing(call=call, encrypted=encrypted)

    def came(self, call: CallId) -> Ongoing:
        """Take in a call that rings here."""
        with self._lock:
            self._calls[call] = rings_here(call)
            return self._calls[call]

    def told(self, news: CallTold) -> Ongoing | None:
        """Return how the call of `news` stands now, or None when it has ended before."""
        with self._lock:
            call = self._calls.get(CallId(news.id))
            if call is None:
                return None
            call = after(call, news)
            if call.state is CallState.ENDED:
                del self._calls[call.call]
            else:
                self._calls[call.call] = call
            return call

    def asked_to_transfer(self, call: CallId) -> Ongoing | None:
        """Note that a call is being handed over; None when it is gone."""
        with self._lock:
            ongoing = self._calls.get(call)
            if ongoing is not None:
                asked = Transfer(state=TransferState.ASKED)
                ongoing = self._calls[call] = replace(ongoing, transfer=asked)
            return ongoing

    def lose_all(self) -> list[Ongoing]:
        """End every call, because our own process is gone, and return how each ended."""
        with self._lock:
            ended = [lost(call) for call in self._calls.values()]
            self._calls.clear()
            return ended

    @property
    def talking(self) -> bool:
        """Whether somebody is being talked to."""
        with self._lock:
            return any(call.answered for call in self._calls.values())
