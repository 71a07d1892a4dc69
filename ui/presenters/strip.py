"""The strip: the hub's figures and the desk's lamps, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from workstation.application.health import Part, Works
from workstation.complaints import of_part
from workstation.texts import N_, _

_COUNT_EVERY: Final = timedelta(seconds=10)
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


class Health(Protocol):
    """What this screen needs of `DeskHealth`."""

    def parts(self) -> Sequence[Part]: ...  # noqa: D102
    def watch(self, changed: Callable[[], None]) -> None: ...  # noqa: D102


class Counts(Protocol):
    """What this screen needs of `Figures`."""

    view: FiguresView

    async def refresh(self) -> object: ...  # noqa: D102


class StripPresenter(QObject):
    """Keeps figures and lamps true; a part that fails also says so in a sentence."""

    def __init__(self, *, health: Health, figures: Counts, tasks: Tasks) -> None:
        super().__init__()
        self._health = health
        self._figures = figures
        self._tasks = tasks
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
        self._strip.show_figures(figures_shown(self._figures.view, now))

    def _changed(self) -> None:
        if self._now is None:
            return
        parts = self._health.parts()
        self._strip.show_lamps([lamp_shown(part, self._now) for part in parts])
        for part in parts:
            if part.state is Works.DOWN or part.has_remark:
                self._notices.tell(_sentence(part), key=f"part {part.name}", lasting=True)
            else:
                self._notices.forget(f"part {part.name}")


def lamp_shown(part: Part, now: datetime) -> Lamp:
    """Return a part's lamp: in order, or since when it is not."""
    since = times.since(part.since, now) if part.since is not None else ""
    match part.state:
        case Works.OK:
            said, tip = _("in order"), _("since {time}").format(time=since)
        case Works.OFF:
            said, tip = _("not in use"), _("Switched off in the settings.")
        case Works.WARN:
            said = _("since {time}").format(time=since) if since else _("starting")
            tip = _sentence(part)
        case _:
            said, tip = _("down {time}").format(time=since), _sentence(part)
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
