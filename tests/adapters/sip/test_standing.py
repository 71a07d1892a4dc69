import pytest

from workstation.adapters.sip.errors import NoSoundDevice
from workstation.adapters.sip.protocol import Devices, Hello, Ready, Refused, Registration
from workstation.adapters.sip.standing import Standing
from workstation.application.errors import LineFailed
from workstation.domain.call import LineState

READY = Ready(library="pjsua2 9", has_sound_device=True)
REFUSED = Refused(reason="no_sound_device", facts={"wanted": "default"})
REGISTERED = Registration(code=200, reason="OK", expires_s=300)


@pytest.fixture
def standing(clock):
    def make(*, registers=False):
        return Standing(clock, registers=registers, simulated=False)

    return make


def test_a_sound_device_that_goes_is_told_and_so_is_its_return(clock):
    standing = Standing(clock, registers=False, simulated=False)
    standing.told(Ready(library="pjsua2 9", has_sound_device=True))
    for instead in ("replaced", "gone", ""):
        told = standing.told(Devices(microphone="m", headset="h", instead=instead))
        assert (told.state, told.sound) == (LineState.READY, instead)


def test_a_direct_line_is_ready_at_once(standing):
    line = standing()
    assert line.starting().state is LineState.STARTING
    assert line.told(Hello(v=1, library="x")) is None
    ready = line.told(READY)
    assert (ready.state, ready.library) == (LineState.READY, "pjsua2 9")
    line.require_calls()


def test_a_registered_line_is_ready_when_accepted(standing):
    line = standing(registers=True)
    line.starting()
    assert line.told(READY).state is LineState.STARTING
    with pytest.raises(LineFailed):
        line.require_calls()
    accepted = line.told(REGISTERED)
    assert (accepted.state, accepted.library) == (LineState.READY, "pjsua2 9")
    assert line.told(REGISTERED) is None  # each renewal
    refused = line.told(Registration(code=401, reason="Unauthorized"))
    assert (refused.state, refused.sip_code) == (LineState.UNREGISTERED, 401)
    line.require_calls()
    assert line.told(Registration(code=200, reason="OK", expires_s=0)) is None


def test_a_refused_configuration_stays_refused_while_it_is_tried_again(standing):
    line = standing()
    line.starting()
    refused = line.told(REFUSED)
    assert (refused.state, refused.reason) == (LineState.DOWN, "no_sound_device")
    assert line.refused
    assert line.ended("crashed") is None
    assert line.starting() is None
    assert not line.refused
    with pytest.raises(NoSoundDevice) as failure:
        line.require_calls()
    assert failure.value.facts == {"wanted": "default"}
    assert line.told(READY).state is LineState.READY
    line.require_calls()


def test_another_version_of_the_protocol_is_refused(standing):
    line = standing()
    line.starting()
    assert line.told(Hello(v=2, library="x")).reason == "protocol_version"
    assert line.told(READY) is None


def test_an_end_is_told_unless_we_wanted_it(standing):
    line = standing()
    line.starting()
    assert line.ended("stopped") is None
    assert line.ended("crashed").reason == "crashed"
    with pytest.raises(LineFailed) as failure:
        line.require_calls()
    assert failure.value.reason == "crashed"
    assert line.off().state is LineState.OFF


class TestTwoRegistrars:
    """The line is ready while either of them accepts us, and says when it is the second only."""

    REFUSED = Registration(code=408, reason="No reply")
    SECOND = Registration(code=200, reason="OK", expires_s=60, fallback=True)
    SECOND_REFUSED = Registration(code=503, reason="Away", fallback=True)

    @pytest.fixture
    def line(self, standing):
        line = standing(registers=True)
        line.starting()
        line.told(READY)
        return line

    def test_the_first_is_away(self, line):
        assert line.told(self.REFUSED).state is LineState.UNREGISTERED
        now = line.told(self.SECOND)
        assert (now.state, now.fallback, now.sip_code) == (LineState.READY, True, 408)
        line.require_calls()

    def test_the_first_comes_back(self, line):
        line.told(self.REFUSED)
        line.told(self.SECOND)
        now = line.told(REGISTERED)
        assert (now.state, now.fallback) == (LineState.READY, False)
        assert line.told(self.SECOND) is None

    def test_the_first_goes_away_later(self, line):
        line.told(REGISTERED)
        assert line.told(self.SECOND) is None
        assert line.told(self.REFUSED).fallback

    def test_the_second_goes_away_unnoticed(self, line):
        line.told(REGISTERED)
        line.told(self.SECOND)
        assert line.told(self.SECOND_REFUSED) is None
        assert line.told(self.REFUSED).state is LineState.UNREGISTERED

    def test_both_are_away(self, line):
        line.told(self.REFUSED)
        line.told(self.SECOND)
        now = line.told(self.SECOND_REFUSED)
        assert (now.state, now.sip_code) == (LineState.UNREGISTERED, 408)
