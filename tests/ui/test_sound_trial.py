"""The child that tries sound devices: really started, on the null device, and ended."""

import os
import sys
from pathlib import Path

from ui.sound_trial import SoundTrial

MAIN = Path(__file__).parents[2] / "main.py"
WITHIN_MS = 20_000


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_devices_and_levels_come_and_the_child_ends(qtbot):
    trial = SoundTrial([sys.executable, str(MAIN), "sound-trial"])
    with qtbot.waitSignals([trial.devices, trial.levels], timeout=WITHIN_MS):
        trial.start("null", "", "listen")
    first = trial._process.processId()
    with qtbot.waitSignal(trial.levels, timeout=WITHIN_MS, check_params_cb=lambda *_: True):
        trial.start("null", "", "tone")
        assert trial.is_on
    qtbot.waitUntil(lambda: is_gone(first), timeout=WITHIN_MS)
    trial.end()
    assert not trial.is_on


def test_let_go_it_ends_by_itself(qtbot):
    trial = SoundTrial([sys.executable, str(MAIN), "sound-trial"])
    with qtbot.waitSignal(trial.levels, timeout=WITHIN_MS):
        trial.start("null", "", "echo")
    trial.stop()
    qtbot.waitUntil(lambda: not trial.is_on, timeout=WITHIN_MS)
    assert trial._process.exitCode() == 0


def test_a_program_that_is_not_there_is_told(qtbot):
    trial = SoundTrial(["/nowhere/to/be/found"])
    with qtbot.waitSignal(trial.failed, timeout=WITHIN_MS) as told:
        trial.start("null", "", "listen")
    assert told.args == ["not_started"]
