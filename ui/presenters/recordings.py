"""The recordings of the call that is open in the log, from the page to the use case and the ear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance

from ui import times
from ui.desk import Desk
from ui.models.call_log import seconds
from ui.presenters.call_log import CallLogPresenter
from ui.screens import Screens
from ui.tasks import Tasks
from ui.views.call_log_call import CallView
from ui.views.recordings_bar import RecordingShown
from workstation.application.errors import RecordingFailed
from workstation.complaints import sentence
from workstation.domain.names import CallId
from workstation.domain.recording import Recording, RecordingId
from workstation.texts import _


class _Recordings(Protocol):
    """What this needs of `Listening`."""

    async def of_call(self, call: CallId) -> list[Recording]: ...
    async def sound(self, recording: RecordingId) -> bytes: ...


class _Ear(Protocol):
    """What this needs of `Sounds`."""

    @property
    def heard_out(self) -> SignalInstance: ...
    def listen_to(self, sound: bytes) -> None: ...
    def stop_listening(self) -> None: ...


class RecordingsPresenter(QObject):
    """Offers what there is, plays one at a time, and stops when the call is left."""

    def __init__(
        self, *, recordings: _Recordings, ear: _Ear, now: Callable[[], datetime], tasks: Tasks
    ) -> None:
        super().__init__()
        self._recordings = recordings
        self._ear = ear
        self._now = now
        self._tasks = tasks
        self._call = ""
        self._wanted = ""
        ear.heard_out.connect(self._silent)

    def attach(self, view: CallView) -> None:
        """Show in this view from now on."""
        self._view = view
        view.back.connect(self.leave)
        view.recordings.listen_requested.connect(self._listen)
        view.recordings.stop_requested.connect(self._stop)

    def show(self, call: str) -> None:
        """Offer a call's recordings."""
        self._stop()
        self._call = call
        self._view.recordings.show_recordings([])
        self._tasks.start(self._offer(CallId(call)), failed=self._refused)

    def leave(self) -> None:
        """Stop what is heard: the call is left, or the desk."""
        self._call = ""
        self._stop()

    def _stop(self) -> None:
        self._ear.stop_listening()
        self._silent()

    async def _offer(self, call: CallId) -> None:
        found = await self._recordings.of_call(call)
        if self._call == call:  # else another was opened while the database was asked
            self._view.recordings.show_recordings([self._shown(one) for one in found])

    def _listen(self, key: str) -> None:
        self._stop()
        self._wanted = key
        self._view.recordings.show_playing(key)
        self._tasks.start(self._heard(RecordingId(key)), failed=self._refused)

    async def _heard(self, recording: RecordingId) -> None:
        sound = await self._recordings.sound(recording)
        if self._wanted == recording:  # else it was left while its file was read
            self._ear.listen_to(sound)

    def _refused(self, error: BaseException) -> None:
        self._silent()
        self._view.tell(sentence(error), fault=True)

    def _silent(self) -> None:
        self._wanted = ""
        self._view.recordings.show_playing("")

    def _shown(self, one: Recording) -> RecordingShown:
        said = [_("Recording"), times.when(one.started_at, self._now()), seconds(one.length)]
        if one.deleted_at is not None:
            said = [sentence(RecordingFailed("deleted"))]
        elif one.reason:
            said.append(_("cut off"))
        return RecordingShown(
            key=one.id,
            said=" · ".join(filter(None, said)),
            can_listen=one.deleted_at is None,
        )


def attached(
    desk: Desk, screens: Screens, tasks: Tasks, ear: _Ear, log: CallLogPresenter
) -> RecordingsPresenter:
    """Return the presenter of an open desk, attached to the call that the log shows."""
    made = RecordingsPresenter(recordings=desk.listening, ear=ear, now=desk.clock.now, tasks=tasks)
    made.attach(screens.calls.call)
    log.opened.connect(made.show)
    log.left.connect(made.leave)
    return made
