"""The child behind the window's sound page, on the null device."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MAIN = Path(__file__).parents[3] / "main.py"

pytestmark = pytest.mark.usefixtures("no_sound")


def a_child(*words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, MAIN, "sound-trial", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("does", ["listen", "tone", "echo"])
def test_devices_then_levels_until_the_window_lets_go(does):
    with a_child("null", "", does) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        first, then = (json.loads(child.stdout.readline()) for _ in range(2))
        assert set(first) == {"microphones", "headsets"}
        assert set(then) == {"microphone", "headset"}
        child.stdin.close()
        child.stdout.read()
        assert child.wait(20) == 0


def test_a_device_that_is_not_there_is_said():
    with a_child("Jabra", "", "tone") as child:
        assert child.stdout is not None
        first, then = (json.loads(line) for line in child.stdout.read().splitlines())
        assert "headsets" in first
        assert then["failed"] in {"unknown_sound_device", "no_sound_device"}
        assert child.wait(20) == 1
