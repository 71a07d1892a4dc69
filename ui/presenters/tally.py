"""The open alarms, counted as they change: what stands around the queue costs what came, not what is open."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator, Mapping

from workstation.domain.alarm import Alarm, State
from workstation.domain.names import AlarmId
from workstation.domain.queue import SortKey, is_technical, sort_key


class Tally:
    """Keeps every open alarm, how many are in which hands, and which is to be taken next."""

    def __init__(self) -> None:
        self._alarms: dict[AlarmId, Alarm] = {}
        self._counts: Counter[str] = Counter()
        self._untaken: list[SortKey] = []

    @property
    def alarms(self) -> Mapping[AlarmId, Alarm]:
        """All of them, by id."""
        return self._alarms

    @property
    def waiting(self) -> int:
        """How many people's alarms nobody has taken."""
        return self._counts["waiting"]

    @property
    def taken(self) -> int:
        """How many people's alarms are in somebody's hands."""
        return self._counts["taken"]

    @property
    def shelved(self) -> int:
        """How many alarms are put aside, technical ones included."""
        return self._counts["shelved"]

    @property
    def technical(self) -> int:
        """How many technical alarms are not put aside."""
        return self._counts["technical"]

    @property
    def next_untaken(self) -> Alarm | None:
        """The alarm that should be taken next, None when none waits (`domain.queue.next_untaken`)."""
        # A sort key ends with the alarm's id.
        return self._alarms[AlarmId(self._untaken[0][-1])] if self._untaken else None

    def put(self, alarm: Alarm) -> None:
        """Take a new alarm, or one that has changed."""
        self.drop(alarm.id)
        self._alarms[alarm.id] = alarm
        self._counts.update(_counted_as(alarm))
        if alarm.is_untaken:
            insort(self._untaken, sort_key(alarm))

    def drop(self, alarm: AlarmId) -> None:
        """Forget an alarm; one that is not here is no error."""
        old = self._alarms.pop(alarm, None)
        if old is None:
            return
        self._counts.subtract(_counted_as(old))
        if old.is_untaken:
            del self._untaken[bisect_left(self._untaken, sort_key(old))]


def _counted_as(alarm: Alarm) -> Iterator[str]:
    shelved = alarm.state is State.SHELVED
    if shelved:
        yield "shelved"
    if is_technical(alarm):
        if not shelved:
            yield "technical"
        return
    if alarm.is_untaken:
        yield "waiting"
    if alarm.taken_by is not None:
        yield "taken"
