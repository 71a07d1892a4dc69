"""What devices report of themselves and of citizens, as it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from workstation.domain.names import DeviceName, Kommune
from workstation.domain.telemetry import Bucket, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHealth:
    """The latest that is known of a device itself."""

    kommune: Kommune
    device: DeviceName
    heard_at: datetime | None = None
    battery: float | None = None
    link: float | None = None
    online: bool | None = None


class ReadingWriter(Protocol):
    """The readings' own path: called from its own thread only, on a connection of its own."""

    def write(self, samples: Sequence[Sample], health: Sequence[DeviceHealth]) -> None:
        """Store all in one commit and keep the roll-ups right; raises StoreUnavailable or RowRefused.

        The same (device, channel, at) again replaces the value, a value that is not finite is
        refused, and None fields of `health` leave what is stored.
        """
        ...

    def recent(
        self, kommune: Kommune, device: DeviceName, channel: str, since: datetime
    ) -> list[tuple[datetime, float]]:
        """Return the latest 500 values since a time, in time order; raises StoreUnavailable."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class ReadingStore(Protocol):
    """Readings and roll-ups, for the screen."""

    async def channels(self, kommune: Kommune, device: DeviceName) -> list[str]:
        """Return the keys of the channels this device has reported."""
        ...

    async def samples(
        self, kommune: Kommune, device: DeviceName, channel: str, *, start: datetime, end: datetime
    ) -> list[tuple[datetime, float]]:
        """Return raw values in time order."""
        ...

    async def latest(self, kommune: Kommune, device: DeviceName, since: datetime) -> list[Sample]:
        """Return a device's values of every channel after `since`, in time order."""
        ...

    async def buckets(
        self,
        kommune: Kommune,
        device: DeviceName,
        channel: str,
        *,
        start: datetime,
        end: datetime,
        width: timedelta,
    ) -> list[Bucket]:
        """Return roll-ups of `width` (whole minutes), in time order, gaps left out.

        The first is the one that `start` lies in.
        """
        ...

    async def health(self) -> list[DeviceHealth]:
        """Return the health of every device heard so far."""
        ...
