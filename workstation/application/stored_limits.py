"""Limits where a hub shares its readings: no process sees all of a device's, the database does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from workstation.application.ports import ReadingWriter
from workstation.application.supervision import LimitWatch
from workstation.domain.telemetry import Breach, Limits, Sample, channel

_BEFORE: Final = timedelta(hours=1)
"""How far beyond a limit's own time is looked for where a stay outside began."""


class StoredLimits:
    """Looks at samples once they are stored, in the light of those that others stored."""

    def __init__(self, watch: LimitWatch) -> None:
        """`watch` tells, and knows what has been told."""
        self._watch = watch

    def tell(self, _sample: Sample) -> None:
        """Leave it until it is stored."""

    def look(self, writer: ReadingWriter, samples: Sequence[Sample]) -> None:
        """Tell of each channel that has stayed outside its limits, or came back; on the writer's thread.

        Raises StoreUnavailable.
        """
        for sample in _latest(samples):
            declared = channel(sample.channel)
            limits = declared.limits
            if limits is None:
                continue
            shown = sample.value * declared.scale
            is_told = self._watch.is_told(sample)
            if limits.contain(shown):
                if is_told:
                    self._watch.say(sample, active=False)
            elif not is_told and self._lasts(writer, sample, limits, declared.scale):
                self._watch.say(sample, active=True)

    def _lasts(self, writer: ReadingWriter, sample: Sample, limits: Limits, scale: float) -> bool:
        since = sample.at - limits.after - _BEFORE
        breach = Breach(limits)
        stored = writer.recent(sample.kommune, sample.device, sample.channel, since)
        for at, value in stored:
            breach.tell(value * scale, at)
        return breach.is_told


def _latest(samples: Iterable[Sample]) -> Iterable[Sample]:
    """Return the latest sample of each channel of each device."""
    latest: dict[tuple[str, str, str], Sample] = {}
    for sample in samples:
        key = sample.kommune, sample.device, sample.channel
        if key not in latest or latest[key].at <= sample.at:
            latest[key] = sample
    return latest.values()
