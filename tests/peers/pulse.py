"""A PulseAudio of the test's own: devices that go nowhere, which can be heard, spoken into and taken."""

import contextlib
import math
import os
import struct
import subprocess
import threading
import wave
from pathlib import Path

from tests.peers.process import PeerProcess, program
from tests.waiting import until

RATE = 48_000
_LOUDNESS = 9_000
_CHUNK_S = 0.02


class Pulse:
    """`headset` and `spare` play, `mouth.monitor` and `other.monitor` are microphones."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._socket = folder / "pulse.sock"
        self.environment = {
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_RUNTIME_PATH": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
        }
        self._process: PeerProcess | None = None
        self._company: list[tuple[subprocess.Popen[bytes], threading.Thread | None]] = []

    def start(self, *sinks: str) -> None:
        """Start it with these sinks; each has a monitor that is a source."""
        script = self._folder / "default.pa"
        script.write_text(
            f"load-module module-native-protocol-unix auth-anonymous=1 socket={self._socket}\n"
        )
        self._process = PeerProcess(
            [program("pulseaudio"), "-n", "-F", script, "--exit-idle-time=-1", "--daemonize=no",
             "--use-pid-file=no", "--log-target=stderr", "--realtime=no", "--high-priority=no"],
            env=os.environ | self.environment,
        )  # fmt: skip
        until(lambda: self._control("info", check=False), why=lambda: "pulseaudio does not answer")
        for sink in sinks:
            self.plug(sink)

    def plug(self, sink: str) -> None:
        """Have one more."""
        self._control(
            "load-module",
            "module-null-sink",
            f"sink_name={sink}",
            f"rate={RATE}",
            f"sink_properties=device.description={sink}",
        )

    def unplug(self, sink: str) -> None:
        """Take one away, its monitor too."""
        modules = self._control("list", "short", "modules").splitlines()
        (number,) = (row.split()[0] for row in modules if f"sink_name={sink} " in f"{row} ")
        self._control("unload-module", number)

    def use(self, *, sink: str, source: str) -> None:
        """Make these the system's own."""
        self._control("set-default-sink", sink)
        self._control("set-default-source", source)

    def players(self) -> list[str]:
        """Return the sinks that somebody plays on, by name."""
        names = dict(
            row.split()[:2] for row in self._control("list", "short", "sinks").splitlines()
        )
        rows = self._control("list", "short", "sink-inputs").splitlines()
        return sorted(names[row.split()[1]] for row in rows)

    def sinks(self) -> list[str]:
        """Return the names of what can be played on."""
        return sorted(self._sinks().values())

    def _sinks(self) -> dict[str, str]:
        rows = self._control("list", "short", "sinks").splitlines()
        return {number: name for number, name, *_ in (row.split() for row in rows)}

    def speak(self, sink: str, hertz: float) -> None:
        """Play a tone into a sink until the end."""
        speaker = subprocess.Popen(
            ["pacat", "-d", sink, f"--rate={RATE}", "--channels=1", "--format=s16le", "--raw"],
            env=os.environ | self.environment,
            stdin=subprocess.PIPE,
        )
        thread = threading.Thread(target=_feed, args=(speaker, hertz), name="mouth", daemon=True)
        thread.start()
        self._company.append((speaker, thread))

    def listen(self, sink: str, file: Path) -> None:
        """Write what a sink plays into a raw file until the end: 16-bit mono at RATE."""
        ear = subprocess.Popen(
            ["parec", "-d", f"{sink}.monitor", f"--rate={RATE}", "--channels=1", "--format=s16le",
             "--raw", "--latency-msec=20", str(file)],
            env=os.environ | self.environment,
        )  # fmt: skip
        self._company.append((ear, None))

    def stop(self) -> None:
        """End it and everybody in it."""
        for process, thread in self._company:
            process.kill()
            process.wait()
            if thread is not None:
                thread.join()
            if process.stdin is not None:
                with contextlib.suppress(BrokenPipeError):  # what it did not read
                    process.stdin.close()
        self._company.clear()
        if self._process is not None:
            self._process.terminate()
            self._process = None

    def _control(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            ["pactl", *words],
            env=os.environ | self.environment | {"LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=check,
        )
        return done.stdout


def as_wave(raw: Path, file: Path, *, last_s: float) -> Path:
    """Copy the last seconds of what `listen` has written."""
    samples = raw.read_bytes()
    size = round(last_s * RATE) * 2
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(samples[len(samples) // 2 * 2 - size : len(samples) // 2 * 2])
    return file


def _feed(speaker: "subprocess.Popen[bytes]", hertz: float) -> None:
    assert speaker.stdin is not None
    count, place = round(RATE * _CHUNK_S), 0
    try:
        while speaker.poll() is None:
            turn = 2 * math.pi * hertz / RATE
            block = [round(_LOUDNESS * math.sin(turn * (place + at))) for at in range(count)]
            place += count
            speaker.stdin.write(struct.pack(f"<{count}h", *block))
            speaker.stdin.flush()
    except (BrokenPipeError, ValueError):
        return  # it was ended
