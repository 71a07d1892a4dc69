"""What is to be plotted: the spans of time, the curves and the marks; loads without numpy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from ui.theme import Theme
from workstation.domain.kind import Kind
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.telemetry import Channel, Line
from workstation.texts import N_

Looks: TypeAlias = Callable[[], Theme]
"""Returns the theme that is on."""

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One choice of the panel; `title` is a message id."""

    key: str
    title: str
    length: timedelta
    bucket: timedelta | None = None
    """Width of the roll-ups it is drawn from; None draws the values as they came."""
    band: bool = False
    """Draw lowest to highest as a band with the mean as a line, not every peak."""

    def bucket_of(self, channel: Channel) -> timedelta | None:
        """Return the width of the roll-ups that `channel` is drawn from here."""
        # The mean of a door that is open or closed says nothing within a day, and there are few values.
        return None if channel.line is Line.STEPS and not self.band else self.bucket


# Translators: four buttons that choose how much time the plots show; keep them short.
SPANS: Final = (
    Span(key="10min", title=N_("10 min"), length=10 * MINUTE),
    Span(key="1h", title=N_("1 h"), length=HOUR),
    Span(key="24h", title=N_("24 h"), length=24 * HOUR, bucket=MINUTE),
    Span(key="30d", title=N_("30 days"), length=30 * 24 * HOUR, bucket=HOUR, band=True),
)

USUAL: Final = SPANS[2]
"""What a citizen is opened with: a day tells what is usual for this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One channel of one device, to be plotted."""

    kommune: Kommune
    device: DeviceName
    channel: Channel
    title: str
    """In the operator's language, with the device where two measure the same."""
    patience: timedelta
    """How long the device may be silent: so long a state holds without being said again."""

    @property
    def key(self) -> str:
        """What tells it from every other curve."""
        return f"{self.kommune}/{self.device}/{self.channel.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An alarm on the time axis."""

    at: datetime
    kind: Kind
    text: str
    """What the operator reads of it, kind included."""
