"""A setting lowers a kind; a loud emergency is not lowered, and a talk lowers everything."""

import pytest

from ui.loudness import DUCKED_TO, volume_of
from workstation.application.tones import Level, Play, Tone


@pytest.mark.parametrize(
    ("tone", "level", "volume"),
    [
        (Tone.EMERGENCY, Level.NORMAL, 0.6),
        (Tone.EMERGENCY_LOUD, Level.LOUD, 1.0),
        (Tone.EMERGENCY, Level.DUCKED, 0.6 * DUCKED_TO),
        (Tone.EMERGENCY_LOUD, Level.NORMAL, 0.6),
        (Tone.TECHNICAL, Level.NORMAL, 0.0),
        (Tone.SUPERVISION, Level.NORMAL, 1.0),
        (Tone.MEDICATION, Level.NORMAL, 1.0),
    ],
)
def test_volume(tone, level, volume):
    volumes = {"emergency": 0.6, "technical": -1, "medication": 7}
    assert volume_of(Play(tone=tone, level=level), volumes) == pytest.approx(volume)
