"""The line against real far ends."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.hearing import seconds_of, shares_of, tone, tone_share, usual_share
from tests.peers import sipp as script
from tests.peers.telephone import LINE_COMMAND
from tests.waiting import until
from workstation.adapters.sip.keeper import Patience
from workstation.application.errors import LineFailed
from workstation.domain.call import CallResult, CallState, LineState

pytestmark = pytest.mark.peer
CITIZEN = "+4500000017"


class TestAnswered:
    def test_baresip_is_heard_in_wide_band(self, baresip, telephone, tmp_path):
        peer, file = baresip(), tmp_path / "heard.wav"
        phone = telephone()
        call = phone.answered(peer.uri, record=file)
        until(lambda: file.exists() and file.stat().st_size > 60_000)
        phone.line.hang_up(call)
        end = phone.ended(call)
        assert (end.result, end.sip_code) == (CallResult.ANSWERED, 200)
        assert end.codec == "G722"
        # The recording is complete when the end is told.
        assert seconds_of(file) > 1.5
        assert tone_share(file, 440) >= 0.9

    def test_the_far_end_hangs_up(self, baresip, telephone):
        peer = baresip()
        phone = telephone()
        call = phone.answered(peer.uri)
        peer.order("hangup")
        assert phone.ended(call).result is CallResult.ANSWERED

    def test_states_come_in_order(self, baresip, telephone):
        peer = baresip()
        phone = telephone()
        call = phone.answered(peer.uri)
        phone.line.hang_up(call)
        phone.ended(call)
        seen = list(dict.fromkeys(event.state for event in phone.of(call)))
        assert seen[0] is CallState.DIALLING
        assert seen[-2:] == [CallState.IN_CALL, CallState.ENDED]

    def test_the_preferred_codec_is_the_one_in_the_settings(self, baresip, telephone):
        peer = baresip(codec="G722/16000/1,PCMA/8000/1")
        phone = telephone(setup={"codecs": ("PCMA",)})
        call = phone.answered(peer.uri)
        assert phone.wait(call, lambda event: event.codec != "").codec == "PCMA"

    def test_it_works_over_tcp(self, sipp, telephone):
        peer = sipp(script.answering(), tcp=True)
        phone = telephone(peer.address, setup={"transport": "tcp"})
        call = phone.answered("+4574621048")
        phone.line.hang_up(call)
        assert phone.ended(call).result is CallResult.ANSWERED
        assert "INVITE sip:+4574621048@" in peer.messages


REFUSALS = [
    ("486 Busy Here", CallResult.BUSY),
    ("600 Busy Everywhere", CallResult.BUSY),
    ("603 Decline", CallResult.DECLINED),
    ("404 Not Found", CallResult.UNKNOWN_NUMBER),
    ("403 Forbidden", CallResult.UNAUTHORISED),
    ("480 Temporarily Unavailable", CallResult.NO_ANSWER),
    ("488 Not Acceptable Here", CallResult.NO_COMMON_SOUND),
    ("503 Service Unavailable", CallResult.UNREACHABLE),
    ("500 Server Internal Error", CallResult.FAILED),
]


class TestNotAnswered:
    @pytest.mark.parametrize(("status", "result"), REFUSALS)
    def test_a_refusal_is_told_as_what_it_means(self, sipp, telephone, status, result):
        phone = telephone(sipp(script.refusing(status)).address)
        end = phone.ended(phone.dial("+4574621048"))
        assert end.result is result
        assert f"{end.sip_code} {end.sip_reason}" == status

    def test_a_demand_for_a_password_we_have_not(self, sipp, telephone):
        demand = 'WWW-Authenticate: Digest realm="x", nonce="n", algorithm=MD5\n'
        phone = telephone(sipp(script.refusing("401 Unauthorized", headers=demand)).address)
        end = phone.ended(phone.dial("+4574621048"))
        assert (end.result, end.sip_code) == (CallResult.UNAUTHORISED, 401)

    def test_nobody_answers_in_time(self, baresip, telephone):
        phone = telephone(ring_for_s=1.0)
        call = phone.dial(baresip(answers=False).uri)
        phone.wait_state(call, CallState.RINGING)
        assert phone.ended(call).result is CallResult.NO_ANSWER

    def test_nobody_is_there(self, telephone, free_port):
        phone = telephone(f"127.0.0.1:{free_port()}")
        end = phone.ended(phone.dial("+4574621048"), timeout=20)
        assert (end.result, end.sip_code) == (CallResult.UNREACHABLE, 408)

    def test_hanging_up_while_it_rings(self, baresip, telephone):
        phone = telephone()
        call = phone.dial(baresip(answers=False).uri)
        phone.wait_state(call, CallState.RINGING)
        phone.line.hang_up(call)
        end = phone.ended(call)
        assert (end.result, end.sip_code) == (CallResult.CANCELLED, 487)

    def test_hanging_up_before_any_reply(self, telephone, free_port):
        phone = telephone(f"127.0.0.1:{free_port()}")
        call = phone.dial("+4574621048")
        phone.wait_state(call, CallState.DIALLING)
        phone.line.hang_up(call)
        assert phone.ended(call).result is CallResult.CANCELLED

    def test_an_answer_that_crosses_our_cancel_is_ended_too(self, sipp, telephone):
        crossing = script.respond("200 OK", sdp=True).replace("[last_CSeq:]", "CSeq: [cseq] INVITE")
        steps = [
            script.receive("INVITE"),
            script.respond("180 Ringing"),
            script.receive("CANCEL"),
            crossing,
            script.receive("ACK", optional=True),
            script.receive("BYE"),
            script.respond("200 OK"),
        ]
        peer = sipp(steps, calls=0)
        phone = telephone(peer.address)
        call = phone.dial("+4574621048")
        phone.wait_state(call, CallState.RINGING)
        phone.line.hang_up(call)
        phone.ended(call)
        until(lambda: "\nBYE sip:" in peer.messages)
        again = phone.dial("+4574621048")
        phone.wait_state(again, CallState.RINGING)

    def test_a_name_that_does_not_exist(self, telephone):
        phone = telephone()
        end = phone.ended(phone.dial("sip:x@nowhere.invalid"), timeout=30)
        assert end.result is CallResult.UNREACHABLE


class TestDuringACall:
    def test_hold_is_no_loss_of_sound(self, simulated_phone, baresip, telephone, tmp_path):
        phone = telephone(simulated_phone().address)
        other = baresip()
        held, clock = phone.answered(CITIZEN), phone.hearing(other.uri, tmp_path / "x.wav")
        phone.line.hold(held, True)
        phone.wait_state(held, CallState.HELD)
        # The other call tells when the watchdog's time has passed: it falls silent now.
        os.kill(other.pid, signal.SIGSTOP)
        phone.wait(clock, lambda event: event.sound_lost)
        os.kill(other.pid, signal.SIGCONT)
        assert not any(event.sound_lost for event in phone.of(held))
        phone.line.hold(held, False)
        until(lambda: phone.of(held)[-1].state is CallState.IN_CALL)

    def test_sound_that_stops_is_told_and_the_call_stays(
        self, simulated_phone, telephone, tmp_path
    ):
        peer = simulated_phone()
        phone = telephone(peer.address)
        call = phone.hearing(CITIZEN, tmp_path / "heard.wav")
        os.kill(peer.pid, signal.SIGSTOP)
        assert phone.wait(call, lambda event: event.sound_lost).state is CallState.IN_CALL
        os.kill(peer.pid, signal.SIGCONT)
        until(lambda: not phone.of(call)[-1].sound_lost)
        assert phone.of(call)[-1].state is CallState.IN_CALL

    def test_a_far_end_that_never_sends_is_left_in_peace(self, sipp, baresip, telephone, tmp_path):
        phone = telephone(sipp(script.answering()).address)
        other = baresip()
        silent, clock = phone.answered("+4574621048"), phone.hearing(other.uri, tmp_path / "x.wav")
        os.kill(other.pid, signal.SIGSTOP)
        phone.wait(clock, lambda event: event.sound_lost)
        os.kill(other.pid, signal.SIGCONT)
        assert not any(event.sound_lost for event in phone.of(silent))

    def test_who_is_muted_is_not_heard_and_hears(self, baresip, telephone, tmp_path):
        peer, phone, file = baresip(), telephone(), tmp_path / "heard.wav"
        call = phone.answered(peer.uri, record=file)
        phone.line.play(call, tone(tmp_path / "ours.wav", 1000))
        until(lambda: file.exists() and file.stat().st_size > 64_000)
        phone.line.mute(call, True)
        phone.wait(call, lambda event: event.muted)
        size = file.stat().st_size
        until(lambda: file.stat().st_size > size + 100_000)
        phone.line.mute(call, False)
        size = file.stat().st_size
        until(lambda: file.stat().st_size > size + 64_000)
        phone.line.hang_up(call)
        phone.ended(call)
        assert usual_share(file, 440) >= 0.9
        (heard,) = peer.recordings()
        shares = shares_of(heard, 1000)
        assert max(shares[:20]) > 0.9 < max(shares[-5:])
        assert sum(share < 0.1 for share in shares) >= 20, "silent while muted, for three seconds"

    def test_mute_is_told_when_it_is_so(self, baresip, telephone):
        phone = telephone()
        call = phone.answered(baresip().uri)
        phone.line.mute(call, True)
        phone.wait(call, lambda event: event.muted)
        phone.line.mute(call, False)
        until(lambda: not phone.of(call)[-1].muted)

    def test_digits_arrive(self, simulated_phone, telephone):
        peer = simulated_phone()
        phone = telephone(peer.address)
        call = phone.answered(CITIZEN)
        phone.line.dtmf(call, "19#*")
        until(lambda: len(peer.heard("dtmf")) >= 4, why=lambda: peer.events)
        assert "".join(event["digit"] for event in peer.heard("dtmf")) == "19#*"

    def test_volume_leaves_the_recording_as_it_was_sent(self, baresip, telephone, tmp_path):
        file = tmp_path / "heard.wav"
        phone = telephone()
        call = phone.answered(baresip().uri, record=file)
        phone.line.volume(call, 0.0)
        until(lambda: file.exists() and file.stat().st_size > 60_000)
        phone.line.hang_up(call)
        phone.ended(call)
        assert tone_share(file, 440) >= 0.9

    def test_a_recording_that_cannot_be_made_does_not_stop_the_call(self, baresip, telephone):
        phone = telephone()
        phone.answered(baresip().uri, record=Path("/proc/nowhere/heard.wav"))

    def test_a_transfer_is_declined(self, sipp, telephone):
        refer = (
            "<send><![CDATA[\nREFER [$3] SIP/2.0\n"
            "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
            "From: [$1];tag=peer[call_number]\nTo: [$2]\nCall-ID: [call_id]\nCSeq: 9 REFER\n"
            "Contact: <sip:[local_ip]:[local_port]>\nMax-Forwards: 70\n"
            "Refer-To: <sip:premium@127.0.0.1:9>\nContent-Length: 0\n\n]]></send>"
        )
        note = (
            '<ereg regexp=".*" search_in="hdr" header="To:" assign_to="1"/>'
            '<ereg regexp="sip:[^;>]*" search_in="hdr" header="Contact:" assign_to="3"/>'
            '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="2"/>'
        )
        steps = [
            script.receive("INVITE", actions=note),
            script.respond("200 OK", sdp=True),
            script.receive("ACK"),
            refer,
            '<recv response="603"/>',
        ]
        peer = sipp(steps)
        phone = telephone(peer.address)
        phone.answered("+4574621048")
        until(lambda: "SIP/2.0 603" in peer.messages, why=lambda: peer.messages)


class TestItsProcess:
    def test_killed_during_a_call(self, simulated_phone, telephone):
        phone = telephone(simulated_phone().address)
        call, before = phone.answered(CITIZEN), len(phone.states)
        assert phone.line.pid is not None
        os.kill(phone.line.pid, signal.SIGKILL)
        assert phone.ended(call).result is CallResult.LINE_LOST
        assert phone.wait_line(LineState.DOWN, after=before).reason == "crashed"
        phone.wait_line(LineState.READY, after=before)
        phone.answered(CITIZEN)

    def test_hung(self, telephone, simulated_phone):
        patience = Patience(ping_s=0.1, hung_s=0.5, hung_talking_s=1.0)
        phone = telephone(simulated_phone().address, patience=patience)
        call, before = phone.answered(CITIZEN), len(phone.states)
        assert phone.line.pid is not None
        os.kill(phone.line.pid, signal.SIGSTOP)
        assert phone.ended(call).result is CallResult.LINE_LOST
        assert phone.wait_line(LineState.DOWN, after=before).reason == "hung"
        phone.wait_line(LineState.READY, after=before)
        phone.answered(CITIZEN)

    def test_stopping_ends_the_call_in_order(self, simulated_phone, telephone):
        peer = simulated_phone()
        phone = telephone(peer.address)
        call = phone.answered(CITIZEN)
        phone.stop()
        assert phone.ended(call).result is CallResult.ANSWERED
        assert phone.states[-1].state is LineState.OFF
        until(lambda: peer.heard("call", state="ended"))

    def test_it_never_outlives_the_desk(self, telephone):
        with subprocess.Popen(
            LINE_COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert b'"hello"' in process.stdout.readline()
            process.stdin.close()
            assert process.wait(10) == 0

    def test_a_call_while_it_is_down(self, telephone):
        phone = telephone("127.0.0.1", command=("/nonexistent/program",), started=True)
        assert phone.wait_line(LineState.DOWN).reason == "cannot_start"
        with pytest.raises(LineFailed) as failure:
            phone.dial("+4574621048")
        assert failure.value.reason in ("cannot_start", "starting")
