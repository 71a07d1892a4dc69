"""What is heard at this desk: the rules over open alarms, played, silenced, lowered in a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ui.loudness import volume_of
from workstation.application.ports import Clock
from workstation.application.sounding import Sounding
from workstation.application.tones import SILENCE, TONE, Play, Tone, fact_of
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, Operator

_TEST_PAUSE: Final = 2600  # milliseconds: the longest tone lasts 2.2 s


class OpenAlarms(Protocol):
    """What this needs of `Board`."""

    def alarms(self) -> list[Alarm]:
        """Return all that are open."""
        ...

    def watch(self, put: Callable[[Alarm], None], gone: Callable[[AlarmId], None]) -> None:
        """Tell of each that is new or changed, and of each that is gone."""
        ...


class Player(Protocol):
    """What this needs of `Sounds`."""

    def play(self, play: Play, volume: float) -> None:
        """Sound it in the place of what sounds, 0.0 to 1.0 loud."""
        ...

    def stop(self) -> None:
        """Stop what sounds."""
        ...


class _SoundHealth(Protocol):
    """What this needs of `DeskHealth`."""

    def sound(self, *, works: bool, at: datetime, device: str = "", wanted: str = "") -> None: ...


class SoundsPresenter(QObject):
    """Asks the rules whenever something changed or is due, and plays what they say."""

    silenced = Signal(int)
    """Quiet for so many seconds at most, at this desk."""

    def __init__(
        self,
        *,
        board: OpenAlarms,
        player: Player,
        health: _SoundHealth,
        clock: Clock,
        who: Callable[[], Operator],
        volumes: Mapping[str, float],
        wanted: str = "",
    ) -> None:
        """`volumes` is `[sound]`'s share of full volume, 0 to 1, per tone; `wanted` the set device."""
        super().__init__()
        self._board = board
        self._player = player
        self._health = health
        self._clock = clock
        self._who = who
        self._volumes = dict(volumes)
        self._wanted = wanted
        self._rules = Sounding()
        self._in_call = False
        self._stopped = False
        self._test: list[Tone] = []
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setTimerType(Qt.TimerType.PreciseTimer)
        self._due.timeout.connect(self._ask)
        self._next_test = QTimer(self)
        self._next_test.setInterval(_TEST_PAUSE)
        self._next_test.timeout.connect(self._play_test)

    def start(self) -> None:
        """Sound from now on, beginning with what is open."""
        now = self._clock.monotonic()
        self._rules.follow(now, (fact_of(one, self._who()) for one in self._board.alarms()))
        self._board.watch(self._came, self._left)
        self._ask()

    def look_again(self) -> None:
        """Ask anew of every alarm whose it is: somebody else sits here."""
        for alarm in self._board.alarms():
            self._came(alarm)

    def stop(self) -> None:
        """Sound no more: the desk is about to end."""
        self._stopped = True
        self._due.stop()
        self._next_test.stop()

    def silence(self) -> None:
        """Quiet everything that waits at this desk.

        An emergency is quiet for at most 60 s; another press, another alarm or an escalation
        sounds at once.
        """
        now = self._clock.monotonic()
        quiet = [one for one in self._board.alarms() if self._rules.silence(now, one.id)]
        self._ask()
        if quiet:
            self.silenced.emit(round(min(SILENCE[one.kind] for one in quiet)))

    def show_in_call(self, talking: bool) -> None:  # noqa: FBT001 - a slot
        """Lower what sounds from now on while the operator talks."""
        self._in_call = talking

    def device_changed(self, works: bool, device: str) -> None:  # noqa: FBT001 - a slot
        """Take whether anything can be heard at this desk."""
        self._health.sound(works=works, at=self._clock.now(), device=device, wanted=self._wanted)

    def test(self) -> None:
        """Play every kind's tone, one after the other."""
        self._test = [TONE[kind] for kind in Kind]
        self._play_test()
        self._next_test.start()

    def _play_test(self) -> None:
        if not self._test:
            self._next_test.stop()
            return
        play = Play(tone=self._test.pop(0))
        self._player.play(play, volume_of(play, self._volumes))

    def _came(self, alarm: Alarm) -> None:
        self._rules.put(self._clock.monotonic(), fact_of(alarm, self._who()))
        self._ask()

    def _left(self, alarm: AlarmId) -> None:
        self._rules.remove(alarm)
        self._ask()

    def _ask(self) -> None:
        if self._stopped:
            return
        now = self._clock.monotonic()
        cue = self._rules.due(now, in_call=self._in_call)
        if cue.play is not None:
            self._stop_test()
            self._player.play(cue.play, volume_of(cue.play, self._volumes))
        elif cue.hush:
            self._player.stop()
        if cue.next_at is None:
            self._due.stop()
        else:
            self._due.start(max(1, round((cue.next_at - now) * 1000)))

    def _stop_test(self) -> None:
        self._test = []
        self._next_test.stop()
