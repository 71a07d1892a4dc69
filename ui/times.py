"""How times and durations are written on the screen: local Danish clock time, running durations."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workstation.texts import _

LOCAL: Final = ZoneInfo("Europe/Copenhagen")
"""The hub serves Danish citizens: a desk abroad would still speak of their clock."""

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400


def clock(at: datetime) -> str:
    """Return the local time with seconds, `21:14:07`."""
    return at.astimezone(LOCAL).strftime("%H:%M:%S")


def hour(at: datetime) -> str:
    """Return the local time without seconds, `21:14`."""
    return at.astimezone(LOCAL).strftime("%H:%M")


def when(at: datetime, now: datetime) -> str:
    """Return `21:14:07` for a time of today, with its date in front for any other day."""
    return clock(at) if _is_today(at, now) else f"{day(at.astimezone(LOCAL).date())} {clock(at)}"


def since(at: datetime, now: datetime) -> str:
    """Return `21:14` for a time of today, `21. nov. 21:14` for any other day."""
    return hour(at) if _is_today(at, now) else f"{day(at.astimezone(LOCAL).date())} {hour(at)}"


def hour_or_day(at: datetime, now: datetime) -> str:
    """Return `21:14` for a time of today, `21. nov.` for any other day: a narrow column's choice."""
    return hour(at) if _is_today(at, now) else day(at.astimezone(LOCAL).date())


def day(value: date) -> str:
    """Return day and month, `22. nov.`."""
    return _("{month} {day}").format(day=value.day, month=_months()[value.month - 1])


def weekday(at: datetime) -> str:
    """Return the local day in short, `søn. 22. nov.`."""
    local = at.astimezone(LOCAL).date()
    return f"{_weekdays()[local.weekday()]} {day(local)}"


def running(span: timedelta) -> str:
    """Return a duration that runs: `0:42`, `12:31`, `1 t 05`, `2 d`; never negative."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}:{seconds % _MINUTE:02}"
    if seconds < _DAY:
        return _("{hours} h {minutes}").format(
            hours=seconds // _HOUR, minutes=f"{seconds % _HOUR // _MINUTE:02}"
        )
    return _("{days} d").format(days=seconds // _DAY)


def rough(span: timedelta) -> str:
    """Return a duration in its largest unit, for what nobody counts in seconds: `6 min`, `2 t`."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < _MINUTE:
        return _("{seconds} s").format(seconds=seconds)
    if seconds < _HOUR:
        return _("{minutes} min").format(minutes=seconds // _MINUTE)
    if seconds < _DAY:
        return _("{hours} h").format(hours=seconds // _HOUR)
    return _("{days} d").format(days=seconds // _DAY)


def age(born: date, now: datetime) -> int:
    """Return the age in whole years on the local day of `now`."""
    today = now.astimezone(LOCAL).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _is_today(at: datetime, now: datetime) -> bool:
    return at.astimezone(LOCAL).date() == now.astimezone(LOCAL).date()


def _months() -> list[str]:
    # Translators: the twelve months in short, separated by single spaces.
    return _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split(" ")


def _weekdays() -> list[str]:
    # Translators: the seven days in short, Monday first, separated by single spaces.
    return _("Mon Tue Wed Thu Fri Sat Sun").split(" ")
