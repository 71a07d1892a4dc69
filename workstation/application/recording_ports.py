"""What recording needs of the world: the line, where files lie, and the rows that tell of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from workstation.domain.names import CallId
from workstation.domain.recording import Recording, RecordingId, TapeEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeOrder:
    """What a line is told to record with."""

    recording: RecordingId
    file: Path
    head: bytes
    """How the sealed file begins."""
    key: bytes = field(repr=False)
    """Of this file alone."""
    key_name: str
    """Which of the hub's keys opens it."""
    announcement: Path
    """A WAV file that both hear before."""


class CallTape(Protocol):
    """Records calls; its events come on a thread of the line's, nothing here blocks."""

    def listen(self, take: Callable[[TapeEvent], None]) -> None:
        """Say where events go; before the line starts."""
        ...

    def begin(self, call: CallId, order: TapeOrder) -> None:
        """Record an answered call."""
        ...

    def pause(self, call: CallId, *, paused: bool) -> None:
        """Leave out what is said from now on, or go on."""
        ...

    def stop(self, call: CallId) -> None:
        """End the recording; the call goes on."""
        ...


@runtime_checkable
class TapingLine(Protocol):
    """A telephone line that can record."""

    @property
    def taping(self) -> CallTape:
        """What records its calls."""
        ...


class SealedFiles(Protocol):
    """Where recordings lie, sealed for whoever has the hub's key; its calls block."""

    def order(self) -> TapeOrder:
        """Return what to record with; raises RecordingFailed `no_public_key`, `bad_public_key`."""
        ...

    def open(self, recording: Recording) -> bytes:
        """Return the sound (PCM, see `wire.sealed_sound`); raises RecordingFailed."""
        ...

    def remove(self, recording: RecordingId) -> None:
        """Remove a file; one that is not there is no error. Raises RecordingFailed."""
        ...

    def remove_older(self, before: datetime) -> int:
        """Remove files of before a time, also those that no row tells of; return how many."""
        ...


class RecordingRows(Protocol):
    """What is kept of each recording."""

    async def keep(self, recording: Recording) -> None:
        """Write the row, or complete it; raises StoreUnavailable or RowRefused."""
        ...

    async def of_call(self, call: CallId) -> list[Recording]:
        """Return a call's recordings, the earliest first."""
        ...

    async def find(self, recording: RecordingId) -> Recording:
        """Return one; raises NotFound."""
        ...

    async def listed(self, *, since: datetime | None = None) -> list[Recording]:
        """Return the recordings, the earliest first."""
        ...

    async def over(self, before: datetime, *, most: int) -> list[Recording]:
        """Return recordings of before a time whose file has not been removed."""
        ...

    async def removed(self, recording: RecordingId, at: datetime) -> None:
        """Note that a file was removed; the row stays as long as its call's."""
        ...
