"""The line over processes that misbehave: scripts in place of the SIP process."""

import os
import sys

import pytest

from tests.peers.telephone import LINE_COMMAND
from tests.waiting import until
from workstation.adapters.sip.errors import NoSoundDevice
from workstation.adapters.sip.keeper import Patience
from workstation.adapters.sip.line import SupervisedLine
from workstation.adapters.sip.orders import Configure
from workstation.application.errors import LineFailed
from workstation.domain.call import LineState

ADDRESS = "127.0.0.1:5099"
QUICK = Patience(restart_after_s=(0.05,), ping_s=0.05)


def script(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", text)


NONSENSE = r"""
import sys
out = sys.stdout.buffer
for line in (b'no json', b'{"event":"call"}', b'{"event":"nonsense"}', b'\xff\xfe', b'[' * 100_000,
             b'{"event":"call","id":"unknown","state":"ended"}'):
    out.write(line + b'\n')
out.write(b'{"event":"hello","v":1,"library":"x"}\n')
out.write(b'{"event":"ready","library":"x","has_sound_device":false}\n')
out.flush()
print("and this is for the log", file=sys.stderr, flush=True)
any("quit" in line for line in sys.stdin)
"""


def test_nonsense_from_the_process_is_logged_and_passed_over(telephone, caplog):
    telephone(ADDRESS, command=script(NONSENSE))
    until(lambda: caplog.text.count("the SIP process said") == 5, why=lambda: caplog.text)


def test_a_process_that_dies_again_and_again_is_started_again_and_again(telephone):
    phone = telephone(ADDRESS, command=script("raise SystemExit(3)"), patience=QUICK, started=True)
    until(lambda: [e.state for e in phone.states].count(LineState.DOWN) >= 3)
    assert {event.reason for event in phone.states if event.state is LineState.DOWN} == {"crashed"}


def test_another_version_is_no_line(telephone):
    text = 'print(\'{"event":"hello","v":2,"library":"x"}\', flush=True); input()'
    phone = telephone(ADDRESS, command=script(text), started=True)
    assert phone.wait_line(LineState.DOWN).reason == "protocol_version"
    with pytest.raises(LineFailed) as failure:
        phone.dial("112")
    assert failure.value.reason == "protocol_version"


def test_a_failing_listener_does_not_stop_the_line(telephone):
    phone = telephone(ADDRESS)
    phone.line.listen(lambda _: 1 / 0, phone.states.append)
    before = len(phone.states)
    call = phone.dial("112")
    phone.line.hang_up(call)
    os.kill(phone.line.pid, 9)
    phone.wait_line(LineState.READY, after=before)


def test_sound_that_is_wanted_and_not_there_is_refused_by_name(telephone, no_sound):
    phone = telephone(ADDRESS, setup={"sound": "default"}, patience=QUICK, started=True)
    refused = phone.wait_line(LineState.DOWN)
    assert refused.reason == "no_sound_device"
    with pytest.raises(NoSoundDevice):
        phone.dial("112")
    # It is tried again without a flicker.
    pid = phone.line.pid
    until(lambda: phone.line.pid not in (None, pid))
    assert phone.states[-1] == refused


def test_codecs_that_it_has_not_are_refused_by_name(telephone):
    phone = telephone(ADDRESS, setup={"codecs": ("speex", "flac")}, started=True)
    assert phone.wait_line(LineState.DOWN).reason == "no_codec"


def test_orders_that_make_no_sense_are_passed_over(telephone):
    phone = telephone(ADDRESS)
    phone.line.hang_up("nobody")
    phone.line.hold("nobody", True)
    phone.line.volume("nobody", 9.0)
    with pytest.raises(LineFailed):
        phone.line.dtmf("nobody", "x")
    with pytest.raises(LineFailed):
        phone.dial("sip:not an address")
    assert phone.states[-1].state is LineState.READY


def test_a_made_up_citizen_is_not_rung_at_a_real_peer(telephone):
    phone = telephone(ADDRESS, simulated_peer=False)
    with pytest.raises(LineFailed) as failure:
        phone.dial("+4500000017")
    assert failure.value.reason == "simulated_number"


def test_a_line_that_was_never_started_can_be_stopped(clock):
    setup = Configure(kind="direct", address=ADDRESS)
    line = SupervisedLine(LINE_COMMAND, setup, clock=clock, is_simulated_number=lambda _: False)
    with pytest.raises(LineFailed):
        line.call("c", "112")
    line.stop()


@pytest.mark.parametrize(
    ("setup", "reason"),
    [
        ({"kind": "registrar"}, "no_address"),
        ({"kind": "direct", "address": "a b"}, "malformed_address"),
    ],
)
def test_a_line_that_cannot_be(clock, setup, reason):
    with pytest.raises(LineFailed) as failure:
        SupervisedLine(
            LINE_COMMAND, Configure(**setup), clock=clock, is_simulated_number=lambda _: False
        )
    assert failure.value.reason == reason


def test_other_sound_devices_are_used_at_once_and_nobody_is_told_of_a_crash(telephone, no_sound):
    phone = telephone(ADDRESS)
    pid = phone.line.pid
    before = len(phone.states)
    phone.line.use_sound("null", "")
    until(lambda: phone.line.pid not in (None, pid))
    phone.wait_line(LineState.READY, after=before)
    assert LineState.DOWN not in {one.state for one in phone.states}
    phone.line.use_sound("default", "")
    assert phone.wait_line(LineState.DOWN).reason == "no_sound_device"
    phone.line.use_sound("null", "")  # put right: it does not wait for the next try
    phone.wait_line(LineState.READY, after=len(phone.states))
