"""The channels a device may report, in one table, and what their values mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from workstation.domain.kind import Kind
from workstation.domain.names import DeviceName, Kommune


class Line(StrEnum):
    """How a curve is drawn, so that it is told from another without its colour."""

    SOLID = "solid"
    DASH = "dash"
    DOT = "dot"
    STEPS = "steps"
    """A state that holds until the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The span a value should stay in; outside for `after` raises an alarm of `kind`."""

    low: float | None = None
    high: float | None = None
    after: timedelta = timedelta(minutes=1)
    kind: Kind = Kind.SUPERVISION

    def contain(self, value: float) -> bool:
        """Whether `value` is inside, bounds included."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One thing a device measures. `title` is a message id; `colour` names a token of the theme."""

    key: str
    title: str
    unit: str = ""
    decimals: int = 1
    limits: Limits | None = None
    colour: str = "accent"
    line: Line = Line.SOLID
    plotted: bool = True
    """Battery and link stand in the list of devices instead of on a plot."""
    scale: float = 1.0
    """Factor from the value on the wire to the value shown."""


def _title(text: str) -> str:
    """Mark a message id: the catalogue's extraction reads this call."""
    return text


BATTERY: Final = "battery"
LINK: Final = "linkquality"

CHANNELS: Final = (
    Channel(key="pulse", title=_title("Pulse"), unit="/min", decimals=0, colour="accent",
            limits=Limits(low=45, high=120, after=timedelta(minutes=2))),
    Channel(key="spo2", title=_title("Oxygen saturation"), unit="%", decimals=0, colour="medication",
            scale=100.0, line=Line.DASH, limits=Limits(low=90, after=timedelta(minutes=2))),
    Channel(key="activity", title=_title("Activity"), unit="", decimals=0, colour="ok"),
    Channel(key="temperature", title=_title("Temperature"), unit="°C", colour="supervision",
            limits=Limits(low=16, high=30, after=timedelta(minutes=30))),
    Channel(key="humidity", title=_title("Humidity"), unit="%", decimals=0, colour="medication",
            line=Line.DOT),
    Channel(key="respiration", title=_title("Respiration"), unit="/min", decimals=0, colour="missed",
            limits=Limits(low=8, high=25, after=timedelta(minutes=2))),
    Channel(key="occupancy", title=_title("Movement"), decimals=0, colour="ok", line=Line.STEPS),
    Channel(key="in_bed", title=_title("In bed"), decimals=0, colour="missed", line=Line.STEPS),
    Channel(key="contact", title=_title("Door closed"), decimals=0, colour="soft", line=Line.STEPS),
    Channel(key="illuminance", title=_title("Light"), unit="lx", decimals=0, colour="warn", line=Line.DOT),
    Channel(key="co2", title=_title("CO₂"), unit="ppm", decimals=0, colour="warn"),
    Channel(key=BATTERY, title=_title("Battery"), unit="%", decimals=0, plotted=False,
            limits=Limits(low=15, after=timedelta(0), kind=Kind.TECHNICAL)),
    Channel(key=LINK, title=_title("Link"), unit="", decimals=0, plotted=False),
    # Not measured: that an alarm unit said something which disturbs nobody.
    Channel(key="heartbeat", title=_title("Heartbeat"), decimals=0, plotted=False),
    Channel(key="test_transmission", title=_title("Test transmission"), decimals=0, plotted=False),
    Channel(key="unit_message", title=_title("Message from the unit"), decimals=0, plotted=False),
)  # fmt: skip

_BY_KEY: Final = {channel.key: channel for channel in CHANNELS}


def channel(key: str) -> Channel:
    """Return the declared channel of `key`; one the table does not know is drawn plainly.

    `temperature:1` is a second temperature of the same device.
    """
    return _BY_KEY.get(key.partition(":")[0]) or Channel(
        key=key, title=key, decimals=2, colour="soft"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One stored value as it came; `at` is aware UTC."""

    kommune: Kommune
    device: DeviceName
    channel: str
    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """The values of one channel in one span of time, rolled up; `at` is the span's start."""

    at: datetime
    low: float
    high: float
    mean: float
    count: int


class Breach:
    """Tells when one channel has been outside its limits for their time; one alarm per stay outside."""

    __slots__ = ("_limits", "_said", "_since")

    def __init__(self, limits: Limits) -> None:
        """Start inside."""
        self._limits = limits
        self._since: datetime | None = None
        self._said = False

    @property
    def is_told(self) -> bool:
        """Whether this stay outside has been told."""
        return self._said

    def tell(self, value: float, at: datetime) -> bool:
        """Take a reading; return True exactly once per stay outside, when its time has come."""
        if self._limits.contain(value):
            self._since, self._said = None, False
            return False
        self._since = self._since or at
        if self._said or at - self._since < self._limits.after:
            return False
        self._said = True
        return True
