"""Readings for the screen: live as they come, history from the database, every device's health."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from workstation.application.changes import Watchers
from workstation.application.directory import DeviceKey
from workstation.application.facts import Sampled
from workstation.application.ports import DeviceHealth, ReadingStore
from workstation.domain.telemetry import BATTERY, LINK, Bucket, Sample

_LOOK_BACK: Final = timedelta(seconds=10)
"""How far back the first poll of a device looks: what is older, the plot has loaded."""
OnSamples = Callable[[list[Sample]], None]


class TelemetryFeed:
    """Hands live samples to whoever watches a device; on the loop only."""

    def __init__(
        self, store: ReadingStore, *, now: Callable[[], datetime], polls: bool = False
    ) -> None:
        """Nothing is known of any device until `load`.

        With `polls` what comes here is a part of what there is: the rest comes by `poll`, with it.
        """
        self._store = store
        self.polls = polls
        self._now = now
        self._polled: dict[DeviceKey, datetime] = {}
        self._watching: dict[DeviceKey, Watchers[[list[Sample]]]] = {}
        self._health: dict[DeviceKey, DeviceHealth] = {}
        self._health_changed: Watchers[[]] = Watchers()

    async def load(self) -> list[DeviceHealth]:
        """Read every device's health; raises StoreUnavailable."""
        health = await self._store.health()
        since = self._health
        self._health = {(one.kommune, one.device): one for one in health}
        for one in since.values():
            self._heard(one)
        self._health_changed.tell()
        return health

    async def poll(self) -> None:
        """Read what others have stored of the watched devices; raises StoreUnavailable."""
        for device in [key for key, watching in self._watching.items() if watching.anybody]:
            since = self._polled.setdefault(device, self._now() - _LOOK_BACK)
            news = await self._store.latest(*device, since)
            if news:
                self._polled[device] = news[-1].at
                self._watching[device].tell(news)

    def watch(self, device: DeviceKey, on_samples: OnSamples) -> Callable[[], None]:
        """Hand over each batch of this device's samples; call the result to stop."""
        watching = self._watching.setdefault(device, Watchers())
        watching.add(on_samples)
        return lambda: watching.remove(on_samples)

    def sampled(self, fact: Sampled) -> None:
        """Take what has just come."""
        by_device: dict[DeviceKey, list[Sample]] = {}
        for sample in fact.samples:
            by_device.setdefault((sample.kommune, sample.device), []).append(sample)
        for device, samples in by_device.items():
            if device in self._watching and not self.polls:
                self._watching[device].tell(samples)
        for health in fact.health:
            self._heard(health)
        if fact.health:
            self._health_changed.tell()

    def _heard(self, health: DeviceHealth) -> None:
        key = (health.kommune, health.device)
        old = self._health.get(key, health)
        self._health[key] = replace(
            old,
            heard_at=health.heard_at or old.heard_at,
            battery=old.battery if health.battery is None else health.battery,
            link=old.link if health.link is None else health.link,
            online=old.online if health.online is None else health.online,
        )

    def health(self) -> list[DeviceHealth]:
        """Return the latest of every device heard so far."""
        return list(self._health.values())

    def health_of(self, device: DeviceKey) -> DeviceHealth | None:
        """Return the latest of one device."""
        return self._health.get(device)

    def watch_health(self, changed: Callable[[], None]) -> None:
        """Tell when any device's health changed."""
        self._health_changed.add(changed)

    async def channels(self, device: DeviceKey) -> list[str]:
        """Return the keys of the channels to draw (battery and link stand in the list of devices)."""
        keys = await self._store.channels(*device)
        return [key for key in keys if key not in (BATTERY, LINK)]

    async def history(
        self, device: DeviceKey, channel: str, *, start: datetime, end: datetime
    ) -> list[tuple[datetime, float]]:
        """Return raw values in time order."""
        return await self._store.samples(*device, channel, start=start, end=end)

    async def buckets(
        self, device: DeviceKey, channel: str, *, start: datetime, end: datetime, width: timedelta
    ) -> list[Bucket]:
        """Return roll-ups in time order."""
        return await self._store.buckets(*device, channel, start=start, end=end, width=width)
