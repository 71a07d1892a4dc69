"""The recordings of an opened call: offered, heard one at a time, and silent when it is left."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QPushButton

from tests.adapters.db.contract_recordings import BEGUN, ENDED
from tests.adapters.db.making import at
from tests.ui.whole import NowTasks
from tests.waiting import at_once
from ui.presenters.recordings import RecordingsPresenter
from ui.theme import light
from ui.views.call_log_call import CallView
from workstation.application.errors import RecordingFailed
from workstation.domain.names import CallId
from workstation.domain.recording import Recording, RecordingId

WELL = replace(ENDED, reason="")


class FakeListening:
    def __init__(self) -> None:
        self.recordings: list[Recording] = []
        self.fault: Exception | None = None

    async def of_call(self, call: CallId) -> list[Recording]:
        return [one for one in self.recordings if one.call == call]

    async def sound(self, recording: RecordingId) -> bytes:
        if self.fault is not None:
            raise self.fault
        return b"sound of " + recording.encode()


class FakeEar(QObject):
    heard_out = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.playing = b""

    def listen_to(self, sound: bytes) -> None:
        self.playing = sound

    def stop_listening(self) -> None:
        self.playing = b""


class Shown:
    def __init__(self, qtbot, *recordings: Recording) -> None:
        theme = light()
        self.listening, self.ear = FakeListening(), FakeEar()
        self.listening.recordings = list(recordings)
        self.view = CallView(lambda: theme, at(0))
        qtbot.addWidget(self.view)
        self.view.show()
        self.presenter = RecordingsPresenter(
            recordings=self.listening, ear=self.ear, now=lambda: at(100), tasks=NowTasks()
        )
        self.presenter.attach(self.view)
        self.presenter.show("k1")

    @property
    def said(self) -> list[str]:
        labels = self.view.recordings.findChildren(QLabel)
        return [one.text() for one in labels if one.isVisible()]

    @property
    def buttons(self) -> list[QPushButton]:
        found = self.view.recordings.findChildren(QPushButton)
        return [one for one in found if one.isVisible()]

    @property
    def words(self) -> list[str]:
        return [one.text() for one in self.buttons]


def test_a_call_without_a_recording_shows_nothing(qtbot):
    shown = Shown(qtbot, replace(WELL, call=CallId("another")))
    assert not shown.view.recordings.isVisible()


def test_each_says_how_long_it_is_and_whether_it_was_cut_off(qtbot):
    shown = Shown(qtbot, WELL, replace(ENDED, id=RecordingId("r2")))
    first, second = shown.said
    assert first.startswith("Recording · ")
    assert first.endswith("1:28")
    assert second.endswith("1:28 · cut off")
    assert shown.words == ["Listen", "Listen"]


def test_one_is_heard_until_it_ends(qtbot):
    shown = Shown(qtbot, WELL)
    shown.buttons[0].click()
    assert shown.ear.playing == b"sound of r1"
    assert shown.words == ["Stop listening"]
    shown.ear.heard_out.emit()
    assert shown.words == ["Listen"]


def test_another_takes_its_place_and_the_same_again_stops_it(qtbot):
    shown = Shown(qtbot, WELL, replace(BEGUN, id=RecordingId("r2")))
    shown.buttons[0].click()
    shown.buttons[1].click()
    assert (shown.ear.playing, shown.words) == (b"sound of r2", ["Listen", "Stop listening"])
    shown.buttons[1].click()
    assert (shown.ear.playing, shown.words) == (b"", ["Listen", "Listen"])


@pytest.mark.parametrize("leave", ["back", "another call", "signed out"])
def test_nothing_is_heard_once_it_is_left(qtbot, leave):
    shown = Shown(qtbot, WELL)
    shown.buttons[0].click()
    match leave:
        case "back":
            shown.view.back.emit()
        case "another call":
            shown.presenter.show("k2")
        case _:
            shown.presenter.leave()
    assert shown.ear.playing == b""


@pytest.mark.parametrize("meanwhile", ["another call", "back"])
def test_recordings_that_are_found_late_are_of_no_other_call(qtbot, meanwhile):
    shown = Shown(qtbot)
    shown.listening.recordings = [WELL]
    late = shown.presenter._offer(WELL.call)
    if meanwhile == "back":
        shown.view.back.emit()
    else:
        shown.presenter.show("k2")
    at_once(late)
    assert shown.said == []


def test_why_it_cannot_be_heard_is_said(qtbot):
    shown = Shown(qtbot, WELL)
    shown.listening.fault = RecordingFailed("wrong_key", variable="THE_KEY", key="ab")
    shown.buttons[0].click()
    assert (shown.ear.playing, shown.words) == (b"", ["Listen"])
    assert shown.view._told.text().startswith("The private key in THE_KEY does not open")


def test_one_that_was_removed_says_so_and_cannot_be_heard(qtbot):
    shown = Shown(qtbot, replace(WELL, deleted_at=at(99)))
    assert (shown.said, shown.words) == (["The recording was removed when its time was over."], [])
