"""The strip: the hub's figures and the desk's lamps, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from PySide6.QtCore import QObject

from ui import times
from ui.shapes import Lamp as Sign
from ui.tasks import Tasks
from ui.views.notices import Notices
from ui.views.strip import Strip
from ui.views.strip_parts import Figure, Lamp
from workstation.application.figures import FiguresView
from workstation.application.health import DATABASE, QUIET, SOUND, Part, Works
from workstation.complaints import of_part
from workstation.domain.names import Operator
from workstation.texts import N_, _, ngettext

_COUNT_EVERY: Final = timedelta(seconds=10)
_SAID_AGAIN_AFTER: Final = timedelta(minutes=10)
"""Whoever closed it hears no alarm all the same."""
_GOAL_60, _GOAL_180 = 0.975, 0.99  # TSA/TEC quality standard
_FLOOD: Final = 10  # alarms in ten minutes (ISA-18.2)
_SIGNS: Final = {
    Works.OK: Sign.OK,
    Works.WARN: Sign.WARN,
    Works.DOWN: Sign.DOWN,
    Works.OFF: Sign.OFF,
}
_NAMES: Final = {
    "alarms": N_("Alarms"),
    "database": N_("Database"),
    "telephone": N_("Telephone"),
    "sound": N_("Sound"),
}


class _Health(Protocol):
    """What this screen needs of `DeskHealth`."""

    def parts(self) -> Sequence[Part]: ...
    def watch(self, changed: Callable[[], None]) -> None: ...


class _Counts(Protocol):
    """What this screen needs of `Figures`."""

    view: FiguresView

    async def refresh(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Away:
    """What a desk has while its database is away."""

    waiting: int = 0
    """How many alarms and steps are in its journal."""
    card_age: timedelta | None = None
    """How old the cards are that are shown; None for those of the database."""


class StripPresenter(QObject):
    """Keeps figures and lamps true; a part that fails also says so in a sentence."""

    def __init__(
        self, *, health: _Health, figures: _Counts, tasks: Tasks, away: Callable[[], Away] = Away
    ) -> None:
        """`away` tells what waits at this desk, and how old what it shows of citizens is."""
        super().__init__()
        self._health = health
        self._figures = figures
        self._tasks = tasks
        self._away = away
        self._told: dict[str, Part] = {}
        self._stood: dict[str, datetime] = {}
        self._reader: Operator | None = None
        self._counted: datetime | None = None
        self._now: datetime | None = None

    def attach(self, strip: Strip, notices: Notices) -> None:
        """Show in these views from now on."""
        self._strip, self._notices = strip, notices
        self._health.watch(self._changed)

    def tick(self, now: datetime) -> None:
        """Let clock and longest wait run; count anew once in a while."""
        self._now = now
        self._strip.tick(now)
        if self._counted is None or now - self._counted >= _COUNT_EVERY:
            first = self._counted is None
            self._counted = now
            # A database that is away has its own lamp and sentence.
            self._tasks.start(self._figures.refresh(), failed=lambda _error: None)
            if first:
                self._changed()
            self._amend()
        self._strip.show_figures(figures_shown(self._figures.view, now))

    def _changed(self) -> None:
        if self._now is None:
            return
        self._show_lamps(self._now)
        for part in self._health.parts():
            if not _is_told(part):
                self._told.pop(part.name, None)
                self._notices.forget(_key(part))
            elif self._told.get(part.name) != part:
                # Told once: what was read and closed does not come back for another part's sake.
                self._told[part.name] = part
                self._tell(part)

    def show_to(self, who: Operator) -> None:
        """Say to somebody else who sits here now what the one before has read and closed."""
        if who == self._reader:
            return
        self._reader = who
        for part in self._told.values():
            self._say_still(part)

    def say_again(self, name: str) -> bool:
        """Show a part's sentence again, also where it was closed; False while the part works."""
        part = self._told.get(name)
        if part is None or not _is_down(part):
            return False
        self._say_still(part)
        return True

    def _say_still(self, part: Part) -> None:
        if not self._notices.amend(self._said(part), key=_key(part)):
            self._tell(part)

    def _tell(self, part: Part) -> None:
        self._notices.tell(self._said(part), key=_key(part), lasting=True)
        if self._now is not None:
            self._stood[part.name] = self._now

    def _amend(self) -> None:
        """Let sentences be as true as at first; one of sound that is off comes back."""
        if self._now is None or not self._told:
            return
        self._show_lamps(self._now)
        for part in self._told.values():
            if self._notices.amend(self._said(part), key=_key(part)):
                self._stood[part.name] = self._now
            elif _is_unheard(part) and self._now - self._stood[part.name] >= _SAID_AGAIN_AFTER:
                self._tell(part)

    def _show_lamps(self, now: datetime) -> None:
        parts = self._health.parts()
        self._strip.show_lamps([lamp_shown(part, now, self._said(part)) for part in parts])

    def _said(self, part: Part) -> str:
        away = away_shown(self._away()) if part.name == DATABASE and _is_down(part) else []
        return " ".join((_sentence(part), *away))


def away_shown(away: Away) -> list[str]:
    """Return what a desk whose database is away says of what it has, in sentences."""
    said: list[str] = []
    if away.waiting:
        kept = ngettext(
            "{count} entry is kept at this desk until then.",
            "{count} entries are kept at this desk until then.",
            away.waiting,
        )
        said.append(kept.format(count=away.waiting))
    if away.card_age is not None:
        read = _("Citizens' cards are shown as they were read {span} ago.")
        said.append(read.format(span=times.rough(away.card_age)))
    return said


def _is_down(part: Part) -> bool:
    return part.state is Works.DOWN


def _is_told(part: Part) -> bool:
    return _is_down(part) or part.has_remark


def _is_unheard(part: Part) -> bool:
    return part.name == SOUND and (_is_down(part) or part.reason == QUIET)


def _key(part: Part) -> str:
    return f"part {part.name}"


def lamp_shown(part: Part, now: datetime, sentence: str = "") -> Lamp:
    """Return a part's lamp: in order, or since when it is not; its `sentence` else is the part's own."""
    since = times.since(part.since, now) if part.since is not None else ""
    match part.state:
        case Works.OK:
            said, tip = _("in order"), _("since {time}").format(time=since)
        case Works.OFF:
            said, tip = _("not in use"), _("Switched off in the settings.")
        case Works.WARN:
            said = _("since {time}").format(time=since) if since else _("starting")
            tip = sentence or _sentence(part)
        case _:
            said, tip = _("down {time}").format(time=since), sentence or _sentence(part)
    return Lamp(name=_(_NAMES[part.name]), state=_SIGNS[part.state], said=said, tip=tip)


def _sentence(part: Part) -> str:
    return of_part(part.name, part.reason, part.facts)


def figures_shown(view: FiguresView, now: datetime) -> list[Figure]:
    """Return the four figures; what misses its goal is marked."""
    longest = view.longest_wait_since
    return [
        Figure(
            title=_("Longest wait"),
            value="–" if longest is None else times.running(now - longest),
            tone="" if longest is None or now - longest < timedelta(seconds=60) else "warn",
            tip=_("The longest that somebody who is not taken has waited"),
        ),
        _share("≤ 60 s", view.answered_60, _GOAL_60),
        _share("≤ 180 s", view.answered_180, _GOAL_180),
        Figure(
            title=_("Alarms/10 min"),
            value=str(view.per_10_min),
            tone="warn" if view.per_10_min > _FLOOD else "",
            tip=_("Alarms received in the last ten minutes; a flood begins above ten"),
        ),
    ]


def _share(title: str, share: float | None, goal: float) -> Figure:
    # Translators: the decimal sign of a percentage, "." or ",".
    value = "–" if share is None else f"{share * 100:.1f} %".replace(".", _("."))
    return Figure(
        title=title,
        value=value,
        tone="warn" if share is not None and share < goal else "",
        tip=_("Emergencies of today taken within this time; the goal is {goal} %").format(
            goal=f"{goal * 100:.1f}".replace(".", _("."))
        ),
    )
