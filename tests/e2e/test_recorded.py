"""A call of a desk that records: the sign, the keys, what is kept, and listening to it."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.e2e.test_called import Bench, in_call, logged, press
from tests.e2e.test_desk import fact, loop
from tests.peers.mosquitto import Mosquitto
from workstation import paths, settings
from workstation.adapters.system.sealed_recordings import make_key
from workstation.domain.access import Looked
from workstation.domain.call import CallState
from workstation.domain.recording import RATE, TapeState

__all__ = ["loop"]  # a fixture

RECORDING = """
[recording]
calls = "{calls}"
kommuner = ["0510"]
folder = "{folder}/recordings"
public_key = "{public}"
key_env = "THE_KEY"
"""
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class RecordingBench(Bench):
    """A desk whose hub may record."""

    def __init__(self, folder: Path, broker: Mosquitto, calls: str = "alarm_calls") -> None:
        super().__init__(folder, broker)
        self.folder = folder / "recordings"
        private, public = make_key()
        os.environ["THE_KEY"] = private
        config = folder / "hub.toml"
        written = RECORDING.format(calls=calls, folder=folder.as_posix(), public=public)
        config.write_text(config.read_text() + written)
        self.settings = settings.load(config, {}, defaults=paths.default_config())


@pytest.fixture
def bench(
    tmp_path: Path, mosquitto: Callable[..., Mosquitto], monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.setenv("THE_KEY", "")
    made = RecordingBench(tmp_path, mosquitto())
    yield made
    made.phones.stop()


def sign(window: Any) -> str:
    bar = window._screens.panel.phone.tape
    return str(bar._sign.text()) if bar.isVisible() else ""


async def kept(desk: Any) -> Any:
    """Return the one recording, once it is complete."""
    async with asyncio.timeout(15):
        while True:
            found = await desk.station.database.recordings.listed()
            if found and found[0].ended_at is not None:
                return found


def test_an_alarm_s_call_is_recorded_and_heard_by_who_may(
    bench: RecordingBench, qapp: QApplication, loop: qasync.QEventLoop
) -> None:
    async def shift() -> None:
        async with bench.desk(qapp) as (window, desk):
            await in_call(bench, window, desk)
            await fact(lambda: sign(window) == "● RECORDING")
            press(window, Qt.Key.Key_P, CONTROL)
            await fact(lambda: sign(window) == "❚❚ RECORDING PAUSED")
            press(window, Qt.Key.Key_P, CONTROL)
            await fact(lambda: sign(window) == "● RECORDING")
            (file,) = bench.folder.iterdir()
            await fact(lambda: file.stat().st_size > 3 * RATE)
            press(window, Qt.Key.Key_P, CONTROL | SHIFT)
            await fact(lambda: sign(window) == "The recording has ended")
            assert desk.phone.view.state is CallState.IN_CALL
            press(window, Qt.Key.Key_F6)
            (call,) = await logged(desk, 1)
            (recording,) = await kept(desk)
            assert (recording.call, recording.citizen, recording.kommune) == (call.id, "c1", "0510")
            assert (recording.alarm, recording.reason) == (call.alarm, "")
            assert file.name == f"{recording.id}.recording"
            assert b"RIFF" not in file.read_bytes()
            (found,) = await desk.listening.of_call(call.id)
            sound = await desk.listening.sound(found.id)
            assert len(sound) == round(recording.length.total_seconds() * RATE) * 2
            looks = await desk.station.database.access.of_citizen("c1")
            heard = [one.why for one in looks if one.what is Looked.RECORDING]
            assert heard == [f"listened {recording.id} of call {call.id}"]

    loop.run_until_complete(shift())


def test_where_it_cannot_be_recorded_the_call_goes_on_and_that_is_said(
    bench: RecordingBench, qapp: QApplication, loop: qasync.QEventLoop
) -> None:
    bench.folder.write_text("in its place", encoding="ascii")

    async def shift() -> None:
        async with bench.desk(qapp) as (window, desk):
            await in_call(bench, window, desk)
            await fact(lambda: sign(window).startswith("This call is no"))
            assert desk.phone.view.tape.state is TapeState.FAILED
            assert desk.phone.view.state is CallState.IN_CALL
            press(window, Qt.Key.Key_F6)
            await logged(desk, 1)

    loop.run_until_complete(shift())
