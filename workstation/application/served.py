"""The board as whoever sits here may see it: the alarms of the kommuner that they serve."""

from __future__ import annotations

from workstation.application.board import Board, Gone, Put
from workstation.application.changes import Watchers
from workstation.application.session import Session
from workstation.domain.alarm import Alarm
from workstation.domain.names import AlarmId
from workstation.domain.rights import concerns


class ServedBoard:
    """What the screens and the sounds are given; the use cases keep to the whole board.

    When somebody else sits down, alarms leave and come as if they had been closed and raised.
    """

    def __init__(self, board: Board, session: Session) -> None:
        """Follow both from now on."""
        self._board = board
        self._session = session
        self._shown: set[AlarmId] = {alarm.id for alarm in self.alarms()}
        self._put: Watchers[[Alarm]] = Watchers()
        self._gone: Watchers[[AlarmId]] = Watchers()
        board.watch(self._came, self._left)
        session.watch(self._look_again)

    def watch(self, put: Put, gone: Gone) -> None:
        """Tell of every alarm that came, changed or left from now on."""
        self._put.add(put)
        self._gone.add(gone)

    def alarms(self) -> list[Alarm]:
        """Return the open alarms that may be seen, in no order."""
        return [alarm for alarm in self._board.alarms() if self._sees(alarm)]

    def became(self, alarm: AlarmId) -> AlarmId:
        """Return the id by which the database has an alarm that was shown here before it was stored."""
        return self._board.became(alarm)

    def get(self, alarm: AlarmId) -> Alarm | None:
        """Return an open alarm that may be seen."""
        found = self._board.get(alarm)
        return found if found is not None and self._sees(found) else None

    @property
    def last_resolved(self) -> Alarm | None:
        """The alarm closed last, if it may be seen."""
        last = self._board.last_resolved
        return last if last is not None and self._sees(last) else None

    def _sees(self, alarm: Alarm) -> bool:
        return self._session.sees(concerns(alarm))

    def _came(self, alarm: Alarm) -> None:
        if self._sees(alarm):
            self._shown.add(alarm.id)
            self._put.tell(alarm)

    def _left(self, alarm: AlarmId) -> None:
        if alarm in self._shown:
            self._shown.discard(alarm)
            self._gone.tell(alarm)

    def _look_again(self) -> None:
        seen = {alarm.id: alarm for alarm in self.alarms()}
        for gone in self._shown - seen.keys():
            self._left(gone)
        for key in seen.keys() - self._shown:
            self._came(seen[key])
