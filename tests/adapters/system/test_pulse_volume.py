"""The volume of a real PulseAudio's devices."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.peers.pulse import Pulse
from workstation.adapters.system.pulse_volume import PulseLoudspeaker
from workstation.application.health import Volume

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("pulseaudio") is None, reason="needs PulseAudio"),
]


@pytest.fixture
def pulse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    made = Pulse(tmp_path / "pulse")
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    made.start("headset", "spare")
    made.use(sink="spare", source="spare.monitor")
    yield made
    made.stop()


@pytest.fixture
def pactl(pulse: Pulse) -> Callable[..., None]:
    def run(*words: str) -> None:
        subprocess.run(["pactl", *words], check=True, capture_output=True, timeout=10)

    return run


def test_muted_and_turned_down_and_up_again(pactl: Callable[..., None]) -> None:
    speaker = PulseLoudspeaker()
    assert speaker.volume("headset") == Volume(muted=False, percent=100)
    pactl("set-sink-mute", "headset", "1")
    assert speaker.volume("headset") == Volume(muted=True, percent=100)
    pactl("set-sink-mute", "headset", "0")
    pactl("set-sink-volume", "headset", "12%")
    assert speaker.volume("headset") == Volume(muted=False, percent=12)
    pactl("set-sink-volume", "headset", "0%")
    assert speaker.volume("headset") == Volume(muted=False, percent=0)


def test_a_device_that_is_not_there_is_the_systems_own(pactl: Callable[..., None]) -> None:
    pactl("set-sink-volume", "spare", "40%")
    assert PulseLoudspeaker().volume("unplugged") == Volume(muted=False, percent=40)
    pactl("set-default-sink", "headset")
    assert PulseLoudspeaker().volume("") == Volume(muted=False, percent=100)


def test_without_a_sound_server_nothing_is_told(pulse: Pulse) -> None:
    pulse.stop()
    assert PulseLoudspeaker().volume("headset") is None


def test_without_pactl_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert PulseLoudspeaker().volume("headset") is None


@pytest.mark.parametrize(
    "said", ["", "no", "[]", "{}", '[{"volume": 3}]', '[{"mute": false, "volume": {"a": {}}}]']
)
def test_another_pactl_is_not_believed_blindly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    fake = tmp_path / "pactl"
    fake.write_text(f"#!/bin/sh\necho '{said}'\n")
    fake.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert PulseLoudspeaker().volume("x") in (None, Volume(muted=False, percent=0))
