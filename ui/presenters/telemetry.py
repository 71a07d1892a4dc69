"""Brings the chosen citizen's readings to the plots: history first, then what comes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject

from ui import code_words, words
from ui.plots.plan import HOUR, MINUTE, Curve, Mark, Span
from ui.tasks import Tasks
from ui.views.device_list import DeviceRow
from ui.views.telemetry_panel import TelemetryPanel
from workstation.application.directory import DeviceKey
from workstation.application.ports import Clock, DeviceHealth
from workstation.domain.access import Looked
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Device
from workstation.domain.names import AlarmId, CitizenId
from workstation.domain.telemetry import BATTERY, CHANNELS, Bucket, Sample, channel
from workstation.texts import _

if TYPE_CHECKING:
    from ui.plots.stack import PlotStack

OnSamples = Callable[[list[Sample]], None]
_ORDER: Final = {one.key: place for place, one in enumerate(CHANNELS)}
_REFRESH: Final = {MINUTE: 5 * MINUTE, HOUR: HOUR}
"""How often roll-ups of a width are read again: the newest of them was still growing."""


class _Feed(Protocol):
    """What this screen needs of `TelemetryFeed`."""

    def watch(self, device: DeviceKey, on_samples: OnSamples) -> Callable[[], None]: ...
    def watch_health(self, changed: Callable[[], None]) -> None: ...
    def health_of(self, device: DeviceKey) -> DeviceHealth | None: ...
    async def channels(self, device: DeviceKey) -> list[str]: ...
    async def history(
        self, device: DeviceKey, channel: str, *, start: datetime, end: datetime
    ) -> list[tuple[datetime, float]]: ...
    async def buckets(
        self, device: DeviceKey, channel: str, *, start: datetime, end: datetime, width: timedelta
    ) -> list[Bucket]: ...


class _Owners(Protocol):
    """What this screen needs of `Citizens`."""

    def devices_of(self, citizen: CitizenId) -> list[Device]: ...
    async def looked(
        self, citizen: CitizenId, what: Looked, *, alarm: AlarmId | None = None, why: str = ""
    ) -> None: ...


class TelemetryPresenter(QObject):
    """Between the telemetry feed and its panel, one citizen at a time."""

    def __init__(
        self, *, feed: _Feed, citizens: _Owners, clock: Clock, panel: TelemetryPanel, tasks: Tasks
    ) -> None:
        """Nobody is shown until `show`."""
        super().__init__(panel)
        self._feed = feed
        self._citizens = citizens
        self._clock = clock
        self._panel = panel
        self._tasks = tasks
        self._citizen: CitizenId | None = None
        self._alarm: AlarmId | None = None
        self._devices: list[Device] = []
        self._curves: dict[str, Curve] = {}
        self._marks: list[Mark] = []
        self._watches: list[Callable[[], None]] = []
        self._turn = 0
        """Counts what was asked for: an answer to an earlier question is thrown away."""
        self._loaded_at = clock.now()
        panel.ready.connect(self._again)
        panel.span_chosen.connect(self._span_chosen)
        panel.picture_wanted.connect(self._save_picture)
        panel.table_wanted.connect(self._save_table)
        feed.watch_health(self._show_devices)

    # --- asked from outside -------------------------------------------------------------------

    def show(self, citizen: CitizenId | None, *, alarm: AlarmId | None = None) -> None:
        """Show this citizen's readings; None shows nobody. The look is logged."""
        if citizen == self._citizen:
            self._alarm = alarm
            return
        self._citizen, self._alarm, self._marks = citizen, alarm, []
        if citizen is not None:
            self._tasks.start(self._citizens.looked(citizen, Looked.TELEMETRY, alarm=alarm))
        self._again()

    def mark(self, alarms: Sequence[Alarm]) -> None:
        """Show these alarms of the citizen on the time axis."""
        self._marks = [_mark(alarm) for alarm in alarms]
        if self._panel.plots is not None:
            self._panel.plots.mark(self._marks)

    def tick(self, now: datetime) -> None:
        """Let what runs say `now`; once a second."""
        self._show_devices()
        width = self._panel.span.bucket
        if width is not None and now - self._loaded_at >= _REFRESH[width] and self._curves:
            self._span_chosen(self._panel.span)

    def close(self) -> None:
        """Stop listening."""
        self._turn += 1
        for stop in self._watches:
            stop()
        self._watches.clear()

    # --- loading ------------------------------------------------------------------------------

    def _again(self) -> None:
        """Show the chosen citizen from the start."""
        self.close()
        self._curves = {}
        if self._citizen is None:
            self._devices = []
            self._panel.show_nobody()
            return
        self._devices = self._citizens.devices_of(self._citizen)
        self._panel.show_loading()
        self._show_devices()
        self._tasks.start(self._load(self._turn))

    async def _load(self, turn: int) -> None:
        found = [
            (device, key)
            for device in self._devices
            for key in await self._feed.channels((device.kommune, device.name))
        ]
        if turn != self._turn or self._panel.plots is None:
            return
        curves = _curves(found)
        self._curves = {curve.key: curve for curve in curves}
        self._panel.show_curves(curves)
        self._panel.plots.mark(self._marks)
        for device in self._devices:
            self._watches.append(self._feed.watch((device.kommune, device.name), self._came))
        await self._load_span(turn, self._panel.span)

    async def _load_span(self, turn: int, span: Span) -> None:
        self._loaded_at = self._clock.now()
        for curve in list(self._curves.values()):
            put = await self._read(curve, span, self._loaded_at)
            if turn != self._turn or span is not self._panel.span or self._panel.plots is None:
                return
            put(self._panel.plots)

    async def _read(self, curve: Curve, span: Span, end: datetime) -> Callable[[PlotStack], None]:
        """Read one curve's history; return what puts it into the plots."""
        device, key, scale = (curve.kommune, curve.device), curve.channel.key, curve.channel.scale
        width = span.bucket_of(curve.channel)
        # A little from before the start, so that the line enters from the left.
        start = end - span.length - (width or MINUTE) * 2
        if width is None:
            samples = await self._feed.history(device, key, start=start, end=end)
            scaled = [(at, value * scale) for at, value in samples]
            return lambda plots: plots.load(curve.key, scaled)
        buckets = await self._feed.buckets(device, key, start=start, end=end, width=width)
        rolled = [_scaled(bucket, scale) for bucket in buckets]
        return lambda plots: plots.load_buckets(curve.key, rolled, width)

    def _span_chosen(self, span: Span) -> None:
        self._tasks.start(self._load_span(self._turn, span))

    def _came(self, samples: list[Sample]) -> None:
        for sample in samples:
            curve = self._curves.get(f"{sample.kommune}/{sample.device}/{sample.channel}")
            if curve is None:
                if channel(sample.channel).plotted:
                    self._again()  # its first value ever: it gets a plot
                    return
            elif self._panel.plots is not None:
                value = sample.value * curve.channel.scale
                self._panel.plots.add(curve.key, sample.at, value)

    def _show_devices(self) -> None:
        now = self._clock.now()
        self._panel.show_devices([self._row(device, now) for device in self._devices], now)

    def _row(self, device: Device, now: datetime) -> DeviceRow:
        health = self._feed.health_of((device.kommune, device.name))
        kind = words.device_class(device.device_class)
        key, title = f"{device.kommune}/{device.name}", device.title or kind
        if health is None:
            return DeviceRow(key=key, title=title, kind=kind)
        low = channel(BATTERY).limits
        return DeviceRow(
            key=key,
            title=title,
            kind=kind,
            battery=health.battery,
            battery_low=health.battery is not None
            and low is not None
            and not low.contain(health.battery),
            link=health.link,
            heard_at=health.heard_at,
            silent=health.heard_at is not None and now - health.heard_at > device.patience,
            offline=health.online is False,
        )

    # --- export -------------------------------------------------------------------------------

    def _save_picture(self, path: str) -> None:
        held = QByteArray()
        buffer = QBuffer(held)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._panel.picture().save(buffer, "PNG")
        self._tasks.start(self._save(Path(path), bytes(held.data())))

    def _save_table(self, path: str) -> None:
        if self._panel.plots is not None:
            self._tasks.start(self._save(Path(path), self._panel.plots.exported().encode()))

    async def _save(self, path: Path, content: bytes) -> None:
        """Write what is shown, after the export has been logged: what is not logged is not taken out."""
        if self._citizen is None:
            return
        why = f"{self._panel.span.key} {path.suffix.lstrip('.')}"
        await self._citizens.looked(self._citizen, Looked.EXPORT, alarm=self._alarm, why=why)
        try:
            await asyncio.to_thread(path.write_bytes, content)
        except OSError as error:
            text = _("{file} could not be saved: {reason}. Choose another folder.")
            self._panel.tell(text.format(file=path.name, reason=error.strerror))
        else:
            self._panel.tell(_("Saved as {file}").format(file=path))


def _curves(found: list[tuple[Device, str]]) -> list[Curve]:
    """Return a curve per plotted channel in the table's order, named so that no two sound the same."""
    plotted = [(device, channel(key)) for device, key in found if channel(key).plotted]
    plotted.sort(key=lambda pair: _ORDER.get(pair[1].key, len(_ORDER)))
    often = Counter(one.key for _device, one in plotted)
    return [
        Curve(
            kommune=device.kommune,
            device=device.name,
            channel=one,
            title=_(one.title) if often[one.key] == 1 else f"{_(one.title)} · {_place(device)}",
            patience=device.patience,
        )
        for device, one in plotted
    ]


def _place(device: Device) -> str:
    return device.location or device.title or device.name


def _mark(alarm: Alarm) -> Mark:
    said = f"{words.kind(alarm.kind)}: {code_words.event(alarm)}"
    return Mark(at=alarm.raised_at, kind=alarm.kind, text=said)


def _scaled(bucket: Bucket, factor: float) -> Bucket:
    if factor == 1.0:
        return bucket
    return Bucket(
        at=bucket.at,
        low=bucket.low * factor,
        high=bucket.high * factor,
        mean=bucket.mean * factor,
        count=bucket.count,
    )
