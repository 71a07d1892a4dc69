"""Whether this desk works: alarms, database, telephone and sound, each with since when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from workstation.application.changes import Watchers
from workstation.application.facts import StoreState
from workstation.application.ports import FeedState
from workstation.domain.call import LineEvent, LineState


class Works(StrEnum):
    """How a part is: a word and a shape on the strip."""

    OK = "ok"
    WARN = "warn"
    DOWN = "down"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the desk; `reason` is a named cause as in `application.errors`."""

    name: str
    state: Works
    since: datetime | None = None
    reason: str = ""
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def works(self) -> bool:
        """Whether it does what it is there for, perhaps with something to be said of it."""
        return self.state is Works.OK or self.has_remark

    @property
    def has_remark(self) -> bool:
        """Whether it works and there is something to be said of it."""
        return self.reason in REMARKS


CLOCK_OFF = "clock_off"
"""The database works, and this machine's clock is off its own."""
MUTED = "output_muted"
"""The system's own sound is off: whatever is played is not heard."""
QUIET = "output_quiet"
"""Alarms sound, and the system's own volume is lower than it may be."""
OTHER_DEVICE = "other_device"
"""Alarms sound, on another device than the one that is set."""
ON_FALLBACK = "on_fallback"
"""Calls go by the second telephone system, because the first does not accept us."""
HEADSET_REPLACED = "headset_replaced"
"""Calls are heard, on another device than the one that is set."""
HEADSET_GONE = "headset_gone"
"""There is no sound device any more: whoever is called is not heard."""
REMARKS = frozenset({CLOCK_OFF, OTHER_DEVICE, QUIET, ON_FALLBACK, HEADSET_REPLACED})
ALARMS, DATABASE, TELEPHONE, SOUND = "alarms", "database", "telephone", "sound"
_LINE = {
    LineState.OFF: Works.OFF,
    LineState.STARTING: Works.WARN,
    LineState.READY: Works.OK,
    LineState.UNREGISTERED: Works.DOWN,
    LineState.DOWN: Works.DOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What the system lets through to a sound device."""

    muted: bool
    percent: int
    """From 0 to 100, or above where a system amplifies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Device:
    """What the player said last of where it plays."""

    works: bool
    name: str
    wanted: str


class DeskHealth:
    """Gathers what the parts say of themselves; on the loop only."""

    def __init__(self, feeds: Iterable[str] = ()) -> None:
        """Nothing works until it says so; alarms not before each of `feeds` (their names) has."""
        self._expected = frozenset(feeds)
        self._parts = {
            name: Part(name=name, state=Works.WARN, reason="starting")
            for name in (ALARMS, DATABASE, TELEPHONE, SOUND)
        }
        self._feeds: dict[str, FeedState] = {}
        self._stores: dict[str, StoreState] = {}
        self._clock_off = 0.0
        self._device: _Device | None = None
        self._volume: Volume | None = None
        self._least_percent = 0
        self._changed: Watchers[[]] = Watchers()
        self._told: Watchers[[StoreState]] = Watchers()

    def parts(self) -> list[Part]:
        """Return the four parts, in the order of the strip."""
        return list(self._parts.values())

    def part(self, name: str) -> Part:
        """Return one part."""
        return self._parts[name]

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell of every change."""
        self._changed.add(changed)

    def watch_store(self, told: Callable[[StoreState], None]) -> None:
        """Tell of what each path into the database says of itself."""
        self._told.add(told)

    def feed(self, name: str, state: FeedState) -> None:
        """Take the state of one session at the broker; the lamp shows the worst of them."""
        self._feeds[name] = state
        down = [one for one in self._feeds.values() if not one.connected]
        if not down and not self._feeds.keys() >= self._expected:
            return
        worst = min(down, key=lambda one: one.at, default=state)
        self._set(ALARMS, Works.DOWN if down else Works.OK, worst.at, worst.reason, worst.facts)

    def store(self, state: StoreState) -> None:
        """Take the state of one path into the database."""
        self._stores[state.path] = state
        self._show_database(state.at)
        self._told.tell(state)

    @property
    def is_without_database(self) -> bool:
        """Whether the database cannot be read or takes no alarms; readings alone can wait."""
        return any(not one.ok for path, one in self._stores.items() if path != "readings")

    def clock(self, *, off: float, at: datetime) -> None:
        """Take how wrong this machine's clock is, in seconds; 0 where it is not worth telling."""
        if self._clock_off != off:
            self._clock_off = off
            self._show_database(at)

    def _show_database(self, at: datetime) -> None:
        down = [one for one in self._stores.values() if not one.ok]
        if down:
            worst = min(down, key=lambda one: one.at)
            self._set(DATABASE, Works.DOWN, worst.at, worst.reason, worst.facts)
        elif self._clock_off:
            facts: dict[str, object] = {"seconds": f"{abs(self._clock_off):.0f}"}
            self._set(DATABASE, Works.WARN, at, CLOCK_OFF, facts)
        elif self._stores:
            self._set(DATABASE, Works.OK, at, "", {})

    def line(self, event: LineEvent) -> None:
        """Take the state of the telephone."""
        facts: dict[str, object] = {"sip_code": event.sip_code, "library": event.library}
        ready = event.state is LineState.READY
        if ready and event.sound == "gone":
            self._set(TELEPHONE, Works.DOWN, event.at, HEADSET_GONE, facts)
        elif ready and event.sound == "replaced":
            self._set(TELEPHONE, Works.WARN, event.at, HEADSET_REPLACED, facts)
        elif ready and event.fallback:
            self._set(TELEPHONE, Works.WARN, event.at, ON_FALLBACK, facts)
        else:
            self._set(TELEPHONE, _LINE[event.state], event.at, event.reason, facts)

    def sound(self, *, works: bool, at: datetime, device: str = "", wanted: str = "") -> None:
        """Take whether a sound device plays; `device` is its name, or the reason why none does.

        `wanted` is the one that is set; alarms sound on another while that is not there.
        """
        self._device = _Device(works=works, name=device, wanted=wanted)
        self._show_sound(at)

    def volume(self, volume: Volume | None, *, least_percent: int, at: datetime) -> None:
        """Take what the system lets through to that device, None where it does not tell."""
        self._volume, self._least_percent = volume, least_percent
        self._show_sound(at)

    def _show_sound(self, at: datetime) -> None:
        device, volume = self._device, self._volume
        if device is None:
            return
        facts: dict[str, object] = {"device": device.name}
        if not device.works:
            self._set(SOUND, Works.DOWN, at, device.name or "no_sound_device", facts)
        elif volume is not None and (volume.muted or volume.percent == 0):
            self._set(SOUND, Works.DOWN, at, MUTED, facts)
        elif volume is not None and volume.percent < self._least_percent:
            # Not how low: while it is being turned up, one sentence is enough.
            self._set(SOUND, Works.WARN, at, QUIET, {**facts, "least": self._least_percent})
        elif device.wanted not in ("", device.name):
            self._set(SOUND, Works.WARN, at, OTHER_DEVICE, {**facts, "wanted": device.wanted})
        else:
            self._set(SOUND, Works.OK, at, "", facts)

    def _set(
        self, name: str, state: Works, at: datetime, reason: str, facts: dict[str, object]
    ) -> None:
        old = self._parts[name]
        if old.state is state and old.reason == reason and old.facts == facts:
            return
        new = Part(name=name, state=state, since=at, reason=reason, facts=facts)
        if old.since is not None and _goes_on(old, new):
            new = replace(new, since=old.since)
        self._parts[name] = new
        self._changed.tell()


def _goes_on(old: Part, new: Part) -> bool:
    """Whether `old` has not ended: what is started again and fails again was down all the while."""
    return old.state is new.state or (_fails(old) and _fails(new))


def _fails(part: Part) -> bool:
    return part.state in (Works.DOWN, Works.WARN) and not part.has_remark
