"""Listening to recorded calls: for those who may, and in the access log before a sound comes out."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final, Literal

from workstation.application.call_review_ports import Looks
from workstation.application.errors import RecordingFailed
from workstation.application.ports import Clock
from workstation.application.recording_ports import RecordingRows, SealedFiles
from workstation.application.session import Session
from workstation.domain.access import Look, Looked
from workstation.domain.names import CallId, CitizenId
from workstation.domain.recording import Recording, RecordingId
from workstation.domain.rights import Right

NOBODY: Final = CitizenId("")
"""Whose recording it is where the citizen is not known."""


class Listening:
    """What a supervisor does with recordings; NotAllowed is raised for everybody else."""

    def __init__(
        self,
        *,
        rows: RecordingRows,
        files: SealedFiles,
        looks: Looks,
        clock: Clock,
        session: Session,
    ) -> None:
        self._rows = rows
        self._files = files
        self._looks = looks
        self._clock = clock
        self._session = session

    async def of_call(self, call: CallId) -> list[Recording]:
        """Return a call's recordings, the earliest first; none for whoever may not listen."""
        if not self._session.may(Right.LISTEN):
            return []
        return self._mine(await self._rows.of_call(call))

    async def listed(self, *, since: datetime | None = None) -> list[Recording]:
        """Return the recordings of one's kommuner; raises NotAllowed."""
        self._session.require(Right.LISTEN)
        return self._mine(await self._rows.listed(since=since))

    async def sound(
        self, recording: RecordingId, *, how: Literal["listened", "exported"] = "listened"
    ) -> bytes:
        """Return what was recorded (PCM, see `wire.sealed_sound`), once that stands in the access log.

        Raises NotAllowed, NotFound, StoreUnavailable (then it was not heard) or RecordingFailed.
        """
        self._session.require(Right.LISTEN)
        found = await self._rows.find(recording)
        self._session.require(Right.LISTEN, found.kommune)
        await self._looks.log(
            Look(
                at=self._clock.now(),
                operator=self._session.who(),
                citizen=found.citizen or NOBODY,
                what=Looked.RECORDING,
                alarm=found.alarm,
                why=f"{how} {found.id} of call {found.call}",
            )
        )
        if found.deleted_at is not None:
            raise RecordingFailed("deleted")
        return await asyncio.to_thread(self._files.open, found)

    def _mine(self, found: list[Recording]) -> list[Recording]:
        return [one for one in found if one.kommune in self._session.kommuner]
