"""Stand-ins for recording: a line that records nothing, and rows in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from workstation.application.errors import NotFound, RecordingFailed
from workstation.application.recording_ports import TapeOrder
from workstation.domain.names import CallId
from workstation.domain.recording import Recording, RecordingId, TapeEvent


class FakeRecordings:
    """Rows in memory."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.rows: dict[RecordingId, Recording] = {}

    async def keep(self, recording: Recording) -> None:
        self._fail()
        there = self.rows.get(recording.id)
        if there is None:
            self.rows[recording.id] = recording
        elif there.ended_at is None:
            self.rows[recording.id] = replace(
                there,
                ended_at=recording.ended_at,
                length=recording.length,
                size=recording.size,
                sha256=recording.sha256,
                reason=recording.reason,
            )

    async def of_call(self, call: CallId) -> list[Recording]:
        return [one for one in await self.listed() if one.call == call]

    async def find(self, recording: RecordingId) -> Recording:
        self._fail()
        if recording not in self.rows:
            raise NotFound(recording)
        return self.rows[recording]

    async def listed(self, *, since: datetime | None = None) -> list[Recording]:
        self._fail()
        found = [one for one in self.rows.values() if since is None or one.started_at >= since]
        return sorted(found, key=lambda one: (one.started_at, one.id))

    async def over(self, before: datetime, *, most: int) -> list[Recording]:
        found = await self.listed()
        old = [one for one in found if one.started_at < before and one.deleted_at is None]
        return old[:most]

    async def removed(self, recording: RecordingId, at: datetime) -> None:
        self._fail()
        self.rows[recording] = replace(self.rows[recording], deleted_at=at)

    def _fail(self) -> None:
        if self.fault is not None:
            raise self.fault


class FakeTape:
    """Notes what is asked of it; events are told by the test."""

    def __init__(self) -> None:
        self.begun: list[tuple[CallId, TapeOrder]] = []
        self.wishes: list[tuple[CallId, str]] = []
        self.take: Callable[[TapeEvent], None] = lambda _event: None

    def listen(self, take: Callable[[TapeEvent], None]) -> None:
        self.take = take

    def begin(self, call: CallId, order: TapeOrder) -> None:
        self.begun.append((call, order))

    def pause(self, call: CallId, *, paused: bool) -> None:
        self.wishes.append((call, "pause" if paused else "resume"))

    def stop(self, call: CallId) -> None:
        self.wishes.append((call, "stop"))


class FakeFiles:
    """Sealed files that are only named; `sounds` is what each would say."""

    def __init__(self) -> None:
        self.fault: RecordingFailed | None = None
        self.sounds: dict[RecordingId, bytes] = {}
        self.older: list[datetime] = []

    def order(self) -> TapeOrder:
        self._fail()
        recording = RecordingId(f"r{len(self.sounds) + 1}")
        self.sounds[recording] = b""
        return TapeOrder(
            recording=recording,
            file=Path(f"{recording}.recording"),
            head=b"head",
            key=b"k" * 32,
            key_name="a key",
            announcement=Path("tone.wav"),
        )

    def open(self, recording: Recording) -> bytes:
        self._fail()
        if recording.id not in self.sounds:
            raise RecordingFailed("missing")
        return self.sounds[recording.id]

    def remove(self, recording: RecordingId) -> None:
        self._fail()
        self.sounds.pop(recording, None)

    def remove_older(self, before: datetime) -> int:
        self._fail()
        self.older.append(before)
        return 0

    def _fail(self) -> None:
        if self.fault is not None:
            raise self.fault
