import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.sip import orders, protocol
from workstation.adapters.sip.protocol import event_of, line_of, op_of

OPS = [
    orders.Configure(kind="registrar", address="pbx.dk", username="u", password="p"),
    orders.Dial(id="1", uri="sip:a@b", record="/tmp/x.wav"),
    orders.HangUp(id="1"),
    orders.Mute(id="1", muted=True),
    orders.Hold(id="1", held=True),
    orders.Dtmf(id="1", digits="12#"),
    orders.Volume(id="1", level=0.5),
    orders.Ping(n=7),
    orders.Quit(),
]
EVENTS = [
    protocol.Hello(v=1, library="x", sound_devices=("a",)),
    protocol.Ready(library="x", has_sound_device=False),
    protocol.Refused(reason="no_sound_device", facts={"wanted": "default"}),
    protocol.Registration(code=401, reason="Unauthorized"),
    protocol.Progress(id="1", state="ended", sip_code=486, sip_reason="Busy", gave_up="hung_up"),
    protocol.Media(id="1", codec="G722", held=False),
    protocol.Muted(id="1", muted=True),
    protocol.Sound(id="1", lost=True),
    protocol.Digit(id="1", digit="#"),
    protocol.Fault(where="x", what="y"),
    protocol.Pong(n=7),
]


@pytest.mark.parametrize("op", OPS, ids=lambda op: type(op).__name__)
def test_orders_survive_the_pipe(op):
    line = line_of(op)
    assert line.count(b"\n") == 1
    assert op_of(line) == op


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_events_survive_the_pipe(event):
    assert event_of(line_of(event)) == event


@given(st.binary())
def test_any_bytes_are_a_message_or_a_decode_error(line):
    for read in (op_of, event_of):
        try:
            read(line)
        except msgspec.DecodeError:
            continue


def test_a_line_feed_in_a_word_does_not_break_the_line():
    assert line_of(protocol.Fault(where="a\nb", what="c")).count(b"\n") == 1


def test_the_password_is_not_in_the_repr():
    assert "hemmelig" not in repr(orders.Configure(kind="direct", password="hemmelig"))
