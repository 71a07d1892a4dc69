"""Makes the WAV files in this folder: `python make_sounds.py [FOLDER]`.

Patterns and limits follow IEC 60601-1-8 (bursts of 10, 3 and 1 to 2 pulses for high, medium and low
priority; fundamentals 150 to 1000 Hz; harmonics within 15 dB of the strongest partial). Only the
standard library is used and nothing is left to chance, so that a test can compare the files.
"""
# ruff: noqa: INP001 - a script beside its files, not a package

from __future__ import annotations

import math
import sys
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RATE: Final = 48_000
PARTIALS: Final = (1.0, 0.8, 0.65, 0.5, 0.35)
"""Strength of the fundamental and its harmonics: the weakest lies 9 dB below the strongest. Five,
as tired ears and small loudspeakers each lose some of them."""
EDGE: Final = 0.15
"""Share of a pulse in which it grows, and in which it fades (the standard: 10 to 40 %)."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One tone: begins `at` seconds, lasts `seconds`, sounds at `hertz`."""

    at: float
    seconds: float
    hertz: float


@dataclass(frozen=True, slots=True)
class Sound:
    """A burst of pulses; `peak` is its loudest sample as a share of full scale."""

    pulses: tuple[Pulse, ...]
    peak: float


def row(hertz: Sequence[float], *, seconds: float, gap: float) -> tuple[Pulse, ...]:
    """Return pulses of equal length, `gap` seconds between the end of one and the next."""
    return tuple(
        Pulse(number * (seconds + gap), seconds, pitch) for number, pitch in enumerate(hertz)
    )


def later(pulses: Sequence[Pulse], seconds: float) -> tuple[Pulse, ...]:
    """Return the same pulses, moved."""
    return tuple(Pulse(one.at + seconds, one.seconds, one.hertz) for one in pulses)


def high(hertz: float) -> tuple[Pulse, ...]:
    """Return a high priority burst: 3 + 2 pulses, and the same again; 2.15 s.

    Pulses of 100 ms, 60 ms apart, 220 ms (twice the gap and a pulse) before the fourth, 350 ms
    before the second half. Repeated every 5 s it leaves 2.85 s (the standard: 2.5 to 15 s).
    """
    half = row([hertz] * 3, seconds=0.1, gap=0.06)
    half += later(row([hertz] * 2, seconds=0.1, gap=0.06), 0.64)
    return half + later(half, 1.25)


SOUNDS: Final = {
    "emergency": Sound(high(698.5), 0.5),
    "emergency_loud": Sound(high(698.5), 0.98),
    # Rising and high against falling and low: told apart without seeing the screen.
    "supervision": Sound(row([440.0, 554.4, 659.3], seconds=0.2, gap=0.15), 0.4),
    "medication": Sound(row([349.2, 349.2, 261.6], seconds=0.2, gap=0.15), 0.4),
    "missed_visit": Sound(row([392.0, 329.6], seconds=0.22, gap=0.2), 0.3),
    "technical": Sound(row([220.0], seconds=0.25, gap=0.0), 0.2),
    "ring": Sound(row([440.0, 554.4] * 8, seconds=0.06, gap=0.0), 0.4),
    "test": Sound(row([523.3, 659.3, 784.0], seconds=0.25, gap=0.05), 0.4),
}


def samples(sound: Sound) -> array[int]:
    """Return the 16-bit samples of `sound`, mono at RATE."""
    end = max(one.at + one.seconds for one in sound.pulses)
    curve = [0.0] * round(end * RATE)
    for pulse in sound.pulses:
        first = round(pulse.at * RATE)
        length = min(round(pulse.seconds * RATE), len(curve) - first)
        for index in range(length):
            curve[first + index] += _envelope(index / length) * _wave(pulse.hertz, index / RATE)
    loudest = max(abs(value) for value in curve)
    return array("h", (round(value / loudest * sound.peak * 32_767) for value in curve))


def _envelope(share: float) -> float:
    """Grow and fade along half a cosine: an edge without one is heard as a click."""
    edge = min(share, 1.0 - share) / EDGE
    return 0.5 - 0.5 * math.cos(math.pi * min(edge, 1.0))


def _wave(hertz: float, seconds: float) -> float:
    return sum(
        strength * math.sin(2 * math.pi * hertz * number * seconds)
        for number, strength in enumerate(PARTIALS, start=1)
    )


def write(folder: Path) -> None:
    """Write every sound into `folder`."""
    for name, sound in SOUNDS.items():
        values = samples(sound)
        if sys.byteorder == "big":
            values.byteswap()  # WAV is little-endian
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(values.tobytes())


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
