"""What `main.py sound` prints; the devices themselves are tried with tests of the SIP adapter."""

import io

from workstation.adapters.sip.sound_trial import Levels
from workstation.commands.sound import _tried

QUIET, LOUD = Levels(microphone=0, headset=50), Levels(microphone=50, headset=100)


def test_levels_are_bars_for_people():
    out = io.StringIO()
    assert _tried(("pulse", "hw:0"), iter([QUIET, LOUD]), as_json=False, out=out) == 0
    devices, quiet, loud = out.getvalue().splitlines()
    assert "pulse, hw:0" in devices
    assert quiet.count("#") == 10
    assert loud.count("#") == 30


def test_a_microphone_that_heard_nothing_fails():
    out = io.StringIO()
    assert _tried((), iter([QUIET]), as_json=True, out=out) == 1
    assert out.getvalue().splitlines()[-1] == '{"microphone": 0, "headset": 50}'
