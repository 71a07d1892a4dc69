"""Headset and microphone tried without a call, in a process of its own, as `main.py sound` does."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers.pulse import Pulse

TONE = 700
SETTINGS = """
[hub]
kommuner = ["0510"]
[database]
url = "sqlite:///hub.sqlite"
[broker]
url = "mqtt://127.0.0.1:1"
[sip]
kind = "direct"
sound = "{headset}"
microphone = "{microphone}"
"""
ROOT = Path(__file__).parents[3]

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("pulseaudio") is None, reason="needs PulseAudio"),
    pytest.mark.usefixtures("library"),
    pytest.mark.parametrize("library", ["ours"], indirect=True),
]


@pytest.fixture
def pulse(stack, tmp_path, monkeypatch) -> Pulse:
    server = Pulse(tmp_path / "pulse")
    stack.callback(server.stop)
    server.start("headset", "mouth")
    server.use(sink="headset", source="mouth.monitor")
    monkeypatch.setenv("PULSE_SERVER", server.environment["PULSE_SERVER"])
    return server


def tried(tmp_path: Path, does: str, headset="pulse:headset", microphone="pulse:mouth.monitor"):
    file = tmp_path / "hub.toml"
    file.write_text(SETTINGS.format(headset=headset, microphone=microphone))
    words = ["sound", "--config", str(file), "--does", does, "--seconds", "3", "--json"]
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", *words], capture_output=True, text=True, check=False
    )
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_tone_is_heard_in_the_headset_and_nothing_by_the_microphone(pulse, tmp_path):
    done, (devices, *levels) = tried(tmp_path, "tone")
    assert "pulse" in devices["devices"]
    assert levels[-1]["headset"] > 30, done.stderr
    assert {level["microphone"] for level in levels} == {0}
    assert done.returncode == 1


def test_ones_own_voice_is_heard_and_how_loud_it_is(pulse, tmp_path):
    pulse.speak("mouth", TONE)
    done, (_devices, *levels) = tried(tmp_path, "echo")
    assert max(level["microphone"] for level in levels) > 30, done.stderr
    assert max(level["headset"] for level in levels) > 30
    assert done.returncode == 0


def test_listening_plays_nothing(pulse, tmp_path):
    pulse.speak("mouth", TONE)
    done, (_devices, *levels) = tried(tmp_path, "listen")
    assert max(level["microphone"] for level in levels) > 30, done.stderr
    assert {level["headset"] for level in levels} == {0}


def test_a_device_that_is_not_there_is_said_with_those_that_are(pulse, tmp_path):
    done, _ = tried(tmp_path, "tone", headset="Jabra")
    assert done.returncode != 0
    assert "Jabra" in done.stderr
    assert "pulse" in done.stderr
