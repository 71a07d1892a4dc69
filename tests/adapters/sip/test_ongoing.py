"""What the desk makes of what the process tells."""

from datetime import UTC, datetime

import pytest

from workstation.adapters.sip.calls import Calls
from workstation.adapters.sip.ongoing import Ongoing, after, lost
from workstation.adapters.sip.protocol import Media, Muted, Progress, Sound
from workstation.domain.call import CallResult, CallState
from workstation.domain.names import CallId

ID = CallId("c")


def call_after(*told):
    call = Ongoing(call=ID)
    for news in told:
        call = after(call, news)
    return call


def ended(code=0, gave_up=""):
    return Progress(id=ID, state="ended", sip_code=code, gave_up=gave_up)


def progress(state, code=0):
    return Progress(id=ID, state=state, sip_code=code)


ANSWERED = progress("in_call", 200)


@pytest.mark.parametrize(
    ("told", "result"),
    [
        ([ended(486)], CallResult.BUSY),
        ([ended(408, "no_reply")], CallResult.UNREACHABLE),
        ([progress("ringing", 180), ended(408)], CallResult.NO_ANSWER),
        ([progress("ringing", 180), ended(487, "rang_out")], CallResult.NO_ANSWER),
        ([progress("ringing", 180), ended(487, "hung_up")], CallResult.CANCELLED),
        ([ended(0, "hung_up")], CallResult.CANCELLED),
        ([ended(486, "hung_up")], CallResult.BUSY),
        ([ANSWERED, ended(200, "hung_up")], CallResult.ANSWERED),
        ([ANSWERED, ended(0, "hung_up")], CallResult.ANSWERED),
        ([ANSWERED, ended(408)], CallResult.ANSWERED),
        ([ended(0)], CallResult.FAILED),
    ],
)
def test_results(told, result):
    assert call_after(*told).result is result


@pytest.mark.parametrize(
    ("code", "result"),
    [
        (488, CallResult.NOT_ENCRYPTED),
        (606, CallResult.NOT_ENCRYPTED),
        (415, CallResult.NO_COMMON_SOUND),
        (486, CallResult.BUSY),
    ],
)
def test_an_encrypted_line_says_when_the_far_end_is_not(code, result):
    assert after(Ongoing(call=ID, encrypted=True), ended(code)).result is result


def test_a_held_call_was_answered():
    call = call_after(ANSWERED, Media(id=ID, codec="G722", held=True), ended(200))
    assert call.result is CallResult.ANSWERED


def test_sound_before_the_answer_does_not_answer_it():
    call = call_after(progress("ringing", 183), Media(id=ID, codec="PCMA", held=False))
    assert (call.state, call.codec) == (CallState.RINGING, "PCMA")


def test_hold_and_resume():
    call = call_after(ANSWERED, Media(id=ID, codec="G722", held=True))
    assert call.state is CallState.HELD
    assert after(call, Media(id=ID, codec="G722", held=False)).state is CallState.IN_CALL


def test_what_is_told_with_every_event():
    at = datetime(2026, 3, 14, tzinfo=UTC)
    call = call_after(ANSWERED, Muted(id=ID, muted=True), Sound(id=ID, lost=True))
    event = call.event(at)
    assert (event.muted, event.sound_lost, event.at, event.sip_code) == (True, True, at, 200)
    assert not after(call, ended(200)).sound_lost


def test_a_lost_line_is_no_code_of_the_far_ends():
    call = lost(call_after(ANSWERED))
    assert (call.state, call.result, call.sip_code) == (CallState.ENDED, CallResult.LINE_LOST, 0)


def test_the_book_forgets_what_ended_and_ignores_what_it_does_not_know():
    book = Calls()
    book.begin(ID)
    with pytest.raises(ValueError, match="c"):
        book.begin(ID)
    assert not book.talking
    book.told(ANSWERED)
    assert book.talking
    assert book.told(ended(200)) is not None
    assert book.told(ended(200)) is None
    assert book.lose_all() == []
