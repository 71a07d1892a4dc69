"""The shipped sounds, measured: patterns, partials, and that the script still makes them."""

import importlib.util
import math
import wave
from array import array
from pathlib import Path

import pytest

from workstation.application.tones import LASTS, TONE, Tone
from workstation.paths import resources

FOLDER = resources() / "sounds"
WINDOW = 0.005
"""Seconds of one look at the loudness."""

PATTERNS = {
    Tone.EMERGENCY: [0, 0.16, 0.32, 0.64, 0.8, 1.25, 1.41, 1.57, 1.89, 2.05],
    Tone.EMERGENCY_LOUD: [0, 0.16, 0.32, 0.64, 0.8, 1.25, 1.41, 1.57, 1.89, 2.05],
    Tone.SUPERVISION: [0, 0.35, 0.7],
    Tone.MEDICATION: [0, 0.35, 0.7],
    Tone.MISSED_VISIT: [0, 0.42],
    Tone.TECHNICAL: [0],
    Tone.TEST: [0, 0.3, 0.6],
}
"""When the pulses begin, in seconds."""
FUNDAMENTALS = {
    Tone.EMERGENCY: [698.5] * 10,
    Tone.EMERGENCY_LOUD: [698.5] * 10,
    Tone.SUPERVISION: [440.0, 554.4, 659.3],
    Tone.MEDICATION: [349.2, 349.2, 261.6],
    Tone.MISSED_VISIT: [392.0, 329.6],
    Tone.TECHNICAL: [220.0],
    Tone.TEST: [523.3, 659.3, 784.0],
}


def load(path: Path) -> tuple[int, array]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), array("h", file.readframes(file.getnframes()))


def sound(tone: Tone) -> tuple[int, array]:
    return load(FOLDER / f"{tone.value}.wav")


def pulses(tone: Tone) -> list[tuple[float, float]]:
    """Begin and end of each pulse in seconds, found by loudness alone."""
    rate, samples = sound(tone)
    step = round(rate * WINDOW)
    loud = [
        max(map(abs, samples[at : at + step])) > 0.02 * max(map(abs, samples))
        for at in range(0, len(samples), step)
    ]
    edges = [
        index * WINDOW
        for index, (before, now) in enumerate(zip([False, *loud], [*loud, False], strict=True))
        if before != now
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))


def strength(samples: array, rate: int, hertz: float) -> float:
    """Goertzel: how much of one pitch there is, as an amplitude."""
    turn = 2 * math.cos(2 * math.pi * hertz / rate)
    one = two = 0.0
    for value in samples:
        one, two = value + turn * one - two, one
    return 2 * math.sqrt(max(one * one + two * two - turn * one * two, 0.0)) / len(samples)


def test_there_is_a_file_for_every_tone_and_no_other():
    assert {path.stem for path in FOLDER.glob("*.wav")} == set(Tone)


@pytest.mark.parametrize("tone", PATTERNS)
def test_the_pulses_come_when_they_should(tone):
    assert [begin for begin, _ in pulses(tone)] == pytest.approx(PATTERNS[tone], abs=2 * WINDOW)


@pytest.mark.parametrize("tone", PATTERNS)
def test_each_pulse_has_its_pitch_and_at_least_three_partials(tone):
    rate, samples = sound(tone)
    for (begin, end), hertz in zip(pulses(tone), FUNDAMENTALS[tone], strict=True):
        assert 150 <= hertz <= 1000
        part = samples[round(begin * rate) : round(end * rate)]
        partials = [strength(part, rate, hertz * number) for number in range(1, 6)]
        near = [one for one in partials if one > max(partials) * 10 ** (-15 / 20)]
        assert len(near) >= 4
        assert max(partials) == partials[0]
        assert strength(part, rate, hertz * 1.5) < 0.2 * partials[0]


def test_emergency_pulses_are_shorter_than_all_others():
    longest = max(end - begin for begin, end in pulses(Tone.EMERGENCY))
    assert longest <= 0.2
    for tone in (Tone.SUPERVISION, Tone.MEDICATION, Tone.MISSED_VISIT, Tone.TECHNICAL):
        assert min(end - begin for begin, end in pulses(tone)) > longest


def test_the_loud_emergency_is_louder_by_five_decibels():
    quiet, loud = (max(map(abs, sound(tone)[1])) for tone in (Tone.EMERGENCY, Tone.EMERGENCY_LOUD))
    assert 20 * math.log10(loud / quiet) > 5


def test_the_technical_tone_is_the_quietest():
    peaks = {tone: max(map(abs, sound(tone)[1])) for tone in PATTERNS}
    assert min(peaks, key=lambda tone: peaks[tone]) is Tone.TECHNICAL


def test_no_tone_lasts_longer_than_the_rules_believe():
    for kind, tone in TONE.items():
        rate, samples = sound(tone)
        assert len(samples) / rate <= LASTS[kind]


def test_the_script_makes_these_files(tmp_path):
    path = FOLDER / "make_sounds.py"
    spec = importlib.util.spec_from_file_location("make_sounds", path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "make_sounds", script)
        spec.loader.exec_module(script)
        script.write(tmp_path)
    for tone in Tone:
        rate, made = load(tmp_path / f"{tone.value}.wav")
        kept_rate, kept = sound(tone)
        assert (rate, len(made)) == (kept_rate, len(kept))
        # Another C library's sine may differ in its last bit.
        assert max(abs(a - b) for a, b in zip(made, kept, strict=True)) <= 1
