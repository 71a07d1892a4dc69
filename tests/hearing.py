"""Measuring what was recorded: how much of the sound is the tone that was sent."""

import array
import math
import statistics
import wave
from pathlib import Path

WINDOW_S = 0.1
_SILENT = 100.0


def seconds_of(path: Path) -> float:
    """Return how long a WAV file lasts."""
    with wave.open(str(path)) as file:
        seconds: float = file.getnframes() / file.getframerate()
    return seconds


def tone_share(path: Path, hertz: float) -> float:
    """Return the share (0 to 1) of the energy of all windows with sound that lies at `hertz`.

    0.0 when there is no window with sound. The tone must have whole cycles in a window.
    """
    tone = total = 0.0
    for samples, rate in _windows(path):
        energy = sum(sample * sample for sample in samples)
        if math.sqrt(energy / len(samples)) < _SILENT:
            continue
        total += energy
        tone += _energy_at(samples, hertz, rate)
    return tone / total if total else 0.0


def usual_share(path: Path, hertz: float, *, last_s: float | None = None) -> float:
    """Return the median of the tone's share: a busy machine's gaps are not the sound's fault.

    0.0 when there is nothing. A file still being written may be looked at by its last seconds.
    """
    shares = shares_of(path, hertz)
    if last_s is not None:
        shares = shares[-round(last_s / WINDOW_S) :]
    return statistics.median(shares) if shares else 0.0


def shares_of(path: Path, hertz: float) -> list[float]:
    """Return the tone's share of each tenth of a second; 0.0 for one without sound."""
    return [
        _energy_at(samples, hertz, rate) / (sum(sample * sample for sample in samples) or 1)
        for samples, rate in _windows(path)
    ]


def tone(path: Path, hertz: float, *, rate: int = 16_000) -> Path:
    """Write a second of a tone as a WAV file, to be said by somebody."""
    turn = math.tau * hertz / rate
    samples = array.array("h", (round(6000 * math.sin(turn * at)) for at in range(rate)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def _windows(path: Path) -> list[tuple[array.array, int]]:
    try:
        with wave.open(str(path)) as file:
            assert (file.getnchannels(), file.getsampwidth()) == (1, 2), "16-bit mono"
            rate = file.getframerate()
            samples = array.array("h", file.readframes(file.getnframes()))
    except (wave.Error, EOFError):
        return []  # its head is just being written: there is no sound in it yet
    size = round(rate * WINDOW_S)
    return [(samples[at : at + size], rate) for at in range(0, len(samples) - size + 1, size)]


def _energy_at(samples: array.array, hertz: float, rate: int) -> float:
    """Goertzel's algorithm, scaled so that a pure tone has all of its energy there."""
    turn = 2 * math.cos(2 * math.pi * hertz / rate)
    before = now = 0.0
    for sample in samples:
        before, now = now, sample + turn * now - before
    power = now * now + before * before - turn * now * before
    return 2 * power / len(samples)
