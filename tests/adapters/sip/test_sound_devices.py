"""The line with our own library and the devices of a PulseAudio that goes nowhere."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from tests.hearing import usual_share
from tests.peers.pulse import RATE, Pulse, as_wave
from tests.waiting import until
from workstation.domain.call import CallState, LineState

CITIZEN, OPERATOR = 440, 700
PLAIN = {"echo_cancelling": False, "noise_suppression": False, "automatic_gain": False}
"""A steady tone is noise to a noise suppressor (installer/telephony/README.md)."""

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("pulseaudio") is None, reason="needs PulseAudio"),
    pytest.mark.parametrize("library", ["ours"], indirect=True),
]


@pytest.fixture
def pulse(stack, tmp_path, monkeypatch) -> Pulse:
    """With `headset`, `mouth` (whose monitor is the microphone) and what the system has itself."""
    server = Pulse(tmp_path / "pulse")
    stack.callback(server.stop)
    server.start("headset", "mouth", "spare", "lips")
    server.use(sink="spare", source="lips.monitor")
    for name in ("PULSE_SERVER", "PULSE_RUNTIME_PATH"):
        monkeypatch.setenv(name, server.environment[name])
    return server


def setup(headset: str = "pulse:headset", microphone: str = "pulse:mouth.monitor", **more):
    return PLAIN | {"sound": headset, "microphone": microphone, **more}


def enough(file: Path, seconds: float) -> bool:
    return file.exists() and file.stat().st_size > seconds * RATE * 2


def test_each_hears_the_other_and_nothing_else(pulse, baresip, telephone, tmp_path):
    peer, heard = baresip(tone=CITIZEN), tmp_path / "headset.raw"
    phone = telephone(setup=setup())
    pulse.speak("mouth", OPERATOR)
    call = phone.answered(peer.uri)
    pulse.listen("headset", heard)
    until(lambda: enough(heard, 4.0), timeout=30)
    assert usual_share(heard_at_last(peer, phone, call), OPERATOR, last_s=2.0) >= 0.98
    assert usual_share(as_wave(heard, tmp_path / "heard.wav", last_s=2.0), CITIZEN) >= 0.98


def test_a_headset_that_is_pulled_out_is_replaced_in_the_call(pulse, baresip, telephone, tmp_path):
    peer, heard = baresip(tone=CITIZEN), tmp_path / "spare.raw"
    phone = telephone(setup=setup())
    call = phone.answered(peer.uri)
    until(lambda: pulse.players() == ["headset"], why=pulse.players)
    pulse.unplug("headset")
    until(lambda: pulse.players() == ["spare"], timeout=2, why=pulse.players)
    pulse.listen("spare", heard)
    until(lambda: enough(heard, 3.0), timeout=30)
    assert usual_share(as_wave(heard, tmp_path / "heard.wav", last_s=2.0), CITIZEN) >= 0.98
    assert phone.of(call)[-1].state is CallState.IN_CALL


def test_the_microphone_that_is_pulled_out_is_replaced(pulse, baresip, telephone):
    peer = baresip(tone=CITIZEN)
    phone = telephone(setup=setup())
    pulse.speak("lips", OPERATOR)
    call = phone.answered(peer.uri)
    pulse.unplug("mouth")
    assert usual_share(heard_at_last(peer, phone, call), OPERATOR, last_s=1.0) >= 0.98


def test_a_headset_that_went_between_two_calls_is_replaced_and_comes_back(
    pulse, baresip, telephone
):
    peer = baresip()
    phone = telephone(setup=setup())
    for there, used in ((True, "headset"), (False, "spare"), (True, "headset")):
        until(lambda: pulse.players() == [], why=pulse.players)  # let go of after a second
        if not there:
            pulse.unplug("headset")
        elif used not in pulse.sinks():
            pulse.plug("headset")
        call = phone.answered(peer.uri)
        until(partial(plays_on, pulse, used), timeout=5, why=pulse.players)
        phone.line.hang_up(call)
        phone.ended(call)
        assert phone.states[-1].sound == ("" if used == "headset" else "replaced")


def test_who_calls_is_answered_also_when_the_headset_has_gone(pulse, desk, telephone):
    hub, address = desk(setup=setup())
    citizen = telephone()
    call = citizen.dial(address)
    came = hub.rung()
    until(partial(plays_on, pulse, "headset"), why=pulse.players)
    citizen.line.hang_up(call)
    hub.ended(came.call)
    until(lambda: pulse.players() == [], why=pulse.players)
    pulse.unplug("headset")
    again = citizen.dial(address)
    first = came.call
    came = until(lambda: next((one for one in hub.incoming if one.call != first), None))
    hub.line.answer(came.call)
    citizen.wait_state(again, CallState.IN_CALL)
    until(partial(plays_on, pulse, "spare"), why=pulse.players)
    assert hub.of(came.call)[-1].state is CallState.IN_CALL


def test_a_sound_server_that_dies_does_not_end_the_call(pulse, baresip, telephone, tmp_path):
    peer = baresip(tone=CITIZEN)
    phone = telephone(setup=setup())
    call = phone.answered(peer.uri)
    pulse.stop()
    again = Pulse(tmp_path / "pulse")
    again.start("headset", "mouth", "spare", "lips")
    try:
        until(lambda: again.players() == ["headset"], timeout=5, why=again.players)
        assert phone.of(call)[-1].state is CallState.IN_CALL
        phone.line.hang_up(call)
        phone.ended(call)
    finally:
        again.stop()


def test_the_systems_own_device_is_the_sound_servers(pulse, baresip, telephone):
    phone = telephone(setup=setup("default", ""))
    phone.answered(baresip().uri)
    until(lambda: pulse.players() == ["spare"], why=pulse.players)


@pytest.mark.parametrize(
    ("headset", "microphone"), [("Jabra", ""), ("pulse", "Jabra"), ("samplerate", "")]
)
def test_a_device_that_is_not_there_is_told_with_those_that_are(
    pulse, telephone, headset, microphone
):
    phone = telephone(setup=setup(headset, microphone), started=True)
    assert phone.wait_line(LineState.DOWN).reason == "unknown_sound_device"


def plays_on(pulse: Pulse, sink: str) -> bool:
    return pulse.players() == [sink]


def heard_at_last(peer, phone, call) -> Path:
    """Let the far end hear three seconds more, hang up and return its recording."""
    file: Path = until(lambda: next(iter(peer.recordings()[-1:]), None))
    before = file.stat().st_size
    until(lambda: file.stat().st_size - before > 3 * 16_000 * 2, timeout=30)
    phone.line.hang_up(call)
    phone.ended(call)
    peer.stop()  # its recording is complete
    return file
