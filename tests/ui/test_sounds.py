"""The desk's sounds with a player that does as it is told, and with the real one."""

import json
import os
import shutil
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hearing import tone, tone_share
from tests.peers.pulse import Pulse
from tests.waiting import until
from ui.sounds import REASONS, Sounds
from workstation.application.tones import Play, Tone
from workstation.paths import resources, root

FAKE = """
import json, sys, time
mode, log, device = sys.argv[1:4]
def report(**words):
    print(json.dumps(words), flush=True)
def note(word):
    with open(log, "a") as file:
        file.write(word + chr(10))
note("start:" + device)
if mode == "no_device":
    report(event="failed", reason="no_device")
    sys.exit(1)
if mode == "later" and open(log).read().count("start:") < 3:
    report(event="failed", reason="no_device")
    sys.exit(1)
print("QSoundEffect: a warning" * 1000, file=sys.stderr)
report(event="new_word_of_a_newer_player")
report(event="device", name="Loudspeaker")
for line in sys.stdin:
    order = json.loads(line)
    note(line.strip())
    if "stop" in order:
        report(event="stopped")
    elif order["play"] == "trial":
        report(event="ended", name="trial")
    elif mode == "dies":
        sys.exit(3)
    elif mode != "hangs":
        report(event="ended", name=order["play"])
"""


class Desk:
    """Sounds with a fake player, and what they told."""

    def __init__(self, folder: Path, mode: str, **more: object) -> None:
        self.log = folder / "log"
        self.told: list[tuple[bool, str]] = []
        script = folder / "player.py"
        script.write_text(FAKE)
        self.sounds = Sounds(
            [sys.executable, "-S", str(script), mode, str(self.log)],
            restart_after=(0.0,),
            **more,
        )
        self.sounds.device_changed.connect(lambda *words: self.told.append(words))

    def orders(self) -> list[dict[str, object]]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{")]

    def played(self) -> list[object]:
        return [one["play"] for one in self.orders() if one.get("play", "trial") != "trial"]

    def starts(self) -> int:
        return self.log.read_text().count("start:") if self.log.exists() else 0


@pytest.fixture
def desk(qtbot, tmp_path):
    desks: list[Desk] = []

    def make(mode: str, **more: object) -> Desk:
        desks.append(Desk(tmp_path, mode, **more))
        desks[-1].sounds.open()
        return desks[-1]

    yield make
    for one in desks:
        one.sounds.close()


def test_it_says_on_which_device_it_is_heard(desk, qtbot):
    a_desk = desk("plays", device="Headset")
    qtbot.waitUntil(lambda: a_desk.told == [(True, "Loudspeaker")])
    assert a_desk.sounds.available
    assert a_desk.log.read_text().startswith("start:Headset\n")


def test_it_plays_and_stops(desk, qtbot):
    a_desk = desk("plays")
    qtbot.waitUntil(lambda: a_desk.sounds.available)
    a_desk.sounds.play(Play(tone=Tone.EMERGENCY), 0.5)
    a_desk.sounds.stop()
    qtbot.waitUntil(lambda: {"stop": True} in a_desk.orders())
    assert {"play": "emergency", "volume": 0.5} in a_desk.orders()


def test_a_sound_that_came_before_the_device_is_played_when_it_is_there(desk, qtbot):
    a_desk = desk("later")
    a_desk.sounds.play(Play(tone=Tone.EMERGENCY), 1.0)
    qtbot.waitUntil(lambda: a_desk.played() == ["emergency"])
    assert a_desk.told == [(False, "no_device"), (True, "Loudspeaker")]


def test_what_was_stopped_is_not_played_later(desk, qtbot):
    a_desk = desk("later")
    a_desk.sounds.play(Play(tone=Tone.EMERGENCY), 1.0)
    a_desk.sounds.stop()
    qtbot.waitUntil(lambda: {"play": "trial", "volume": 0.0} in a_desk.orders())
    assert a_desk.played() == []


def test_a_desk_without_a_device_says_so_once_and_goes_on_looking(desk, qtbot):
    a_desk = desk("no_device")
    qtbot.waitUntil(lambda: a_desk.starts() >= 3)
    assert a_desk.told == [(False, "no_device")]
    a_desk.sounds.play(Play(tone=Tone.TEST), 1.0)
    a_desk.sounds.stop()
    assert not a_desk.sounds.available


def test_a_player_that_dies_is_replaced_and_plays_again(desk, qtbot):
    a_desk = desk("dies")
    qtbot.waitUntil(lambda: a_desk.sounds.available)
    a_desk.sounds.play(Play(tone=Tone.EMERGENCY), 1.0)
    qtbot.waitUntil(lambda: a_desk.played() == ["emergency"] * 2)
    assert (False, "stopped") in a_desk.told


def test_a_player_that_does_not_answer_is_replaced(desk, qtbot):
    a_desk = desk("hangs", answer_within=1.5)
    qtbot.waitUntil(lambda: a_desk.sounds.available)
    a_desk.sounds.play(Play(tone=Tone.EMERGENCY), 1.0)
    qtbot.waitUntil(lambda: (False, "no_answer") in a_desk.told)
    qtbot.waitUntil(lambda: a_desk.played() == ["emergency"] * 2)


def test_a_player_that_cannot_be_started_is_told(qtbot, tmp_path):
    sounds = Sounds([str(tmp_path / "nothing")], restart_after=(60.0,))
    with qtbot.waitSignal(sounds.device_changed) as told:
        sounds.open()
    assert told.args == [False, "not_started"]
    sounds.close()


def test_the_device_is_tried_when_nothing_sounds(desk, qtbot):
    a_desk = desk("plays", listen_every=0.05)
    trial = {"play": "trial", "volume": 0.0}
    qtbot.waitUntil(lambda: a_desk.orders().count(trial) >= 3)


def test_every_reason_has_a_sentence_with_a_next_step():
    assert set(REASONS) == {"no_device", "refused", "no_answer", "stopped", "not_started"}


# --- The real player ----------------------------------------------------------------------------

PLAYER = [sys.executable, "-m", "ui.sound_process", str(resources() / "sounds")]


@pytest.fixture
def no_sound_server(monkeypatch, tmp_path):
    monkeypatch.chdir(root())
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/pulse.sock")


@pytest.mark.usefixtures("no_sound_server")
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no server to take away")
def test_the_real_player_reports_that_there_is_no_device(qtbot):
    sounds = Sounds(PLAYER, restart_after=(60.0,))
    with qtbot.waitSignal(sounds.device_changed, timeout=20_000) as told:
        sounds.open()
    assert told.args == [False, "no_device"]
    sounds.close()


@pytest.mark.peer
@pytest.mark.skipif(shutil.which("pulseaudio") is None, reason="needs a sound server to listen to")
@pytest.mark.usefixtures("no_sound_server")
def test_the_telephone_rings_on_its_own_device_and_elsewhere_when_that_goes(
    qtbot, tmp_path, monkeypatch
):
    server = Pulse(tmp_path)
    server.start("headset", "loudspeaker")
    server.use(sink="headset", source="headset.monitor")
    monkeypatch.setenv("PULSE_SERVER", server.environment["PULSE_SERVER"])
    sounds = Sounds(PLAYER, ring_device="loudspeaker")

    def heard_on(tone: Tone, sink: str) -> None:
        # What is played here and there is let go of only later.
        sounds.play(Play(tone=tone), 1.0)
        qtbot.waitUntil(lambda: sink in server.players(), timeout=10_000)

    try:
        with qtbot.waitSignal(sounds.device_changed, timeout=20_000) as told:
            sounds.open()
        assert told.args == [True, "headset"]
        heard_on(Tone.RING, "loudspeaker")
        heard_on(Tone.EMERGENCY, "headset")
        server.unplug("loudspeaker")
        qtbot.waitUntil(lambda: server.players() == [] or "headset" in server.players())
        heard_on(Tone.RING, "headset")
    finally:
        sounds.close()
        server.stop()


class SoundServer:
    """PulseAudio with one loudspeaker that goes nowhere and can be listened to."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "pulse.sock"
        self._script = folder / "default.pa"
        self._script.write_text(
            f"load-module module-native-protocol-unix auth-anonymous=1 socket={self._socket}\n"
            "load-module module-null-sink sink_name=speaker rate=48000 channels=1\n"
        )
        self._environment = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["pulseaudio", "-n", "-F", str(self._script), "--exit-idle-time=-1", "--daemonize=no",
             "--use-pid-file=no", "--log-target=stderr"],
            env=self._environment, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(self._answers)

    def _answers(self) -> bool:
        listed = subprocess.run(
            ["pactl", "list", "short", "sinks"], env=self._environment, capture_output=True,
            check=False,
        )  # fmt: skip
        return b"speaker" in listed.stdout

    def listen(self, file: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            ["parec", "-d", "speaker.monitor", "--rate=48000", "--channels=1", "--format=s16le",
             "--raw", "--latency-msec=20", str(file)],
            env=self._environment,
        )  # fmt: skip

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def sound_server(no_sound_server, tmp_path) -> Iterator[SoundServer]:
    server = SoundServer(tmp_path)
    yield server
    server.stop()


@pytest.mark.peer
@pytest.mark.skipif(shutil.which("pulseaudio") is None, reason="needs a sound server to listen to")
def test_the_emergency_is_really_heard(qtbot, sound_server, tmp_path):
    sound_server.start()
    sounds = Sounds(PLAYER)
    with qtbot.waitSignal(sounds.device_changed, timeout=20_000) as told:
        sounds.open()
    assert told.args[0] is True
    recording = tmp_path / "heard.raw"
    ear = sound_server.listen(recording)
    until(lambda: recording.exists() and recording.stat().st_size > 0)

    def share() -> float:
        with wave.open(str(tmp_path / "heard.wav"), "wb") as file:
            file.setparams((1, 2, 48_000, 0, "NONE", ""))
            file.writeframes(recording.read_bytes())
        return tone_share(tmp_path / "heard.wav", 700.0)

    sounds.play(Play(tone=Tone.EMERGENCY), 1.0)
    try:
        # Its four harmonics have the rest; silence has none of it.
        qtbot.waitUntil(lambda: share() > 0.2, timeout=10_000)
    finally:
        ear.kill()
        ear.wait()
        sounds.close()


@pytest.mark.peer
@pytest.mark.skipif(shutil.which("pulseaudio") is None, reason="needs a sound server to listen to")
def test_a_recorded_call_is_really_heard_once(qtbot, sound_server, tmp_path):
    sound_server.start()
    sounds = Sounds(PLAYER)
    with qtbot.waitSignal(sounds.device_changed, timeout=20_000):
        sounds.open()
    recording = tmp_path / "heard.raw"
    ear = sound_server.listen(recording)
    until(lambda: recording.exists() and recording.stat().st_size > 0)
    with wave.open(str(tone(tmp_path / "said.wav", 1000))) as file:
        said = file.readframes(file.getnframes())

    def share() -> float:
        with wave.open(str(tmp_path / "heard.wav"), "wb") as file:
            file.setparams((1, 2, 48_000, 0, "NONE", ""))
            file.writeframes(recording.read_bytes())
        return tone_share(tmp_path / "heard.wav", 1000)

    try:
        with qtbot.waitSignal(sounds.heard_out, timeout=20_000):
            sounds.listen_to(3 * said)
        qtbot.waitUntil(lambda: share() > 0.9, timeout=10_000)
        sounds.listen_to(30 * said)
        with qtbot.waitSignal(sounds.heard_out, timeout=20_000):
            sounds.stop_listening()
    finally:
        ear.kill()
        ear.wait()
        sounds.close()


@pytest.mark.peer
@pytest.mark.skipif(shutil.which("pulseaudio") is None, reason="needs a sound server to take away")
def test_a_sound_server_that_dies_is_told_and_one_that_comes_is_found(qtbot, sound_server):
    sound_server.start()
    sounds = Sounds(PLAYER, restart_after=(0.2,), answer_within=4.0, listen_every=0.5)
    told: list[tuple[bool, str]] = []
    sounds.device_changed.connect(lambda *words: told.append(words))
    sounds.open()
    qtbot.waitUntil(lambda: sounds.available, timeout=20_000)
    sound_server.stop()
    qtbot.waitUntil(lambda: not sounds.available, timeout=20_000)
    sound_server.start()
    qtbot.waitUntil(lambda: sounds.available, timeout=20_000)
    sounds.close()
