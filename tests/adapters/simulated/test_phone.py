"""The made-up citizens' telephones, called by the real line."""

import json
import os
import socket
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hearing import tone_share
from tests.peers.process import free_port
from tests.peers.simulated_phone import SimulatedPhone
from tests.peers.telephone import Telephone
from tests.waiting import until
from workstation.adapters.simulated.phone_plan import Behaviour, plan_of
from workstation.domain.call import CallResult, CallState

COMMAND = (sys.executable, "-m", "workstation.adapters.simulated.phone")
CITIZEN = "+4500000017"
OTHER = "+4500000018"


@pytest.fixture
def phones() -> Iterator[Callable[..., tuple[SimulatedPhone, Telephone]]]:
    """`phones(**plan)` is a process of telephones and a line that is ready to call them."""
    with ExitStack() as stack:

        def start(**plan: Any) -> tuple[SimulatedPhone, Telephone]:
            peer = SimulatedPhone({"default": {"after_s": 0}} | plan)
            stack.callback(peer.stop)
            phone = Telephone(peer.address)
            stack.callback(phone.stop)
            return peer, phone.ready()

        yield start


def recorded(phone: Telephone, target: str, file: Path) -> None:
    """Call, listen until there is more than a second of sound, hang up."""
    call = phone.hearing(target, file)
    until(lambda: file.stat().st_size > 50_000)
    phone.line.hang_up(call)
    phone.ended(call)


@pytest.mark.peer
class TestCalled:
    def test_it_speaks_a_tone(self, phones, tmp_path):
        _, phone = phones()
        recorded(phone, CITIZEN, tmp_path / "heard.wav")
        assert tone_share(tmp_path / "heard.wav", 440) >= 0.9

    def test_it_speaks_another_tone(self, phones, tmp_path):
        _, phone = phones(numbers={CITIZEN: {"after_s": 0, "tone_hz": 1000}})
        recorded(phone, CITIZEN, tmp_path / "heard.wav")
        assert tone_share(tmp_path / "heard.wav", 1000) >= 0.9
        assert tone_share(tmp_path / "heard.wav", 440) < 0.1

    def test_it_speaks_a_file(self, phones, tmp_path):
        spoken = tmp_path / "spoken.wav"
        with wave.open(str(spoken), "wb") as file:
            file.setparams((1, 2, 16_000, 0, "NONE", ""))
            # A square wave of 500 Hz: 81 % of its energy is at 500 Hz.
            file.writeframes((b"\x00\x20" * 16 + b"\x00\xe0" * 16) * 500)
        _, phone = phones(default={"after_s": 0, "file": str(spoken)})
        recorded(phone, CITIZEN, tmp_path / "heard.wav")
        assert tone_share(tmp_path / "heard.wav", 500) > 0.7

    def test_a_file_that_is_not_there_is_silence(self, phones):
        _, phone = phones(default={"after_s": 0, "file": "/nowhere.wav"})
        phone.answered(CITIZEN)

    @pytest.mark.parametrize("user", [CITIZEN, "bs", "112", "anna.%20b", "*21%23"])
    def test_it_answers_whoever_is_called(self, phones, user):
        peer, phone = phones()
        phone.answered(f"sip:{user}@{peer.address}")

    @pytest.mark.parametrize(
        ("does", "result"), [("busy", CallResult.BUSY), ("decline", CallResult.DECLINED)]
    )
    def test_each_number_has_its_own_way(self, phones, does, result):
        _, phone = phones(numbers={CITIZEN: {"does": does, "after_s": 0}})
        end = phone.ended(phone.dial(CITIZEN))
        assert end.result is result
        phone.answered(OTHER)

    def test_it_rings_and_nobody_comes(self, phones):
        peer, phone = phones(numbers={CITIZEN: {"does": "silent"}})
        call = phone.dial(CITIZEN)
        phone.wait_state(call, CallState.RINGING)
        # Somebody else answers meanwhile; this one still rings.
        phone.answered(OTHER)
        assert phone.of(call)[-1].state is CallState.RINGING
        phone.line.hang_up(call)
        assert phone.ended(call).result is CallResult.CANCELLED
        until(lambda: peer.heard("call", user=CITIZEN, state="ended"))

    def test_it_hangs_up_by_itself(self, phones):
        _, phone = phones(default={"after_s": 0, "hangs_up_after_s": 0.1})
        assert phone.ended(phone.dial(CITIZEN)).result is CallResult.ANSWERED

    def test_four_at_once(self, phones):
        """As many as the PyPI wheel was compiled for."""
        peer, phone = phones()
        calls = [phone.dial(f"+450000010{n}") for n in range(4)]
        for call in calls:
            phone.wait_state(call, CallState.IN_CALL)
        for call in calls:
            phone.line.hang_up(call)
        for call in calls:
            assert phone.ended(call).result is CallResult.ANSWERED
        until(lambda: len(peer.heard("call", state="ended")) == 4)

    def test_a_new_plan_holds_for_the_next_call_and_a_broken_one_is_passed_over(self, phones):
        peer, phone = phones()
        peer.follow({"default": {"does": "busy", "after_s": 0}})
        assert phone.ended(phone.dial(CITIZEN)).result is CallResult.BUSY
        peer.say({"default": {"does": "dance"}})
        assert phone.ended(phone.dial(CITIZEN)).result is CallResult.BUSY
        assert peer.running

    def test_digits_are_told(self, phones):
        peer, phone = phones()
        call = phone.answered(CITIZEN)
        phone.line.dtmf(call, "5")
        until(lambda: peer.heard("dtmf", user=CITIZEN, digit="5"))


class TestProcess:
    def test_it_ends_with_its_parent(self):
        peer = SimulatedPhone({})
        try:
            assert peer.hang_up_pipe() == 0
        finally:
            peer.stop()

    def test_with_a_plan_on_the_command_line_it_needs_no_parent(self):
        port = free_port(socket.SOCK_DGRAM)
        with subprocess.Popen(
            [*COMMAND, "--port", str(port), "--plan", '{"default":{"does":"busy"}}'],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline()) == {"event": "ready", "port": port}
            process.terminate()
            assert process.wait(10) == 0

    def test_a_port_that_is_taken(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", 0))
            command = [*COMMAND, "--port", str(other.getsockname()[1])]
            done = subprocess.run(command, capture_output=True, timeout=20, check=False)
        assert (done.returncode, done.stdout) == (1, b"")

    def test_a_plan_that_is_none(self):
        command = [*COMMAND, "--plan", '{"default":{"does":"dance"}}']
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)
        assert done.returncode == 2
        assert b"not a plan" in done.stderr

    def test_garbage_does_not_end_it(self):
        peer = SimulatedPhone({})
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thrower:
                for size in range(1, 400):
                    thrower.sendto(os.urandom(size), ("127.0.0.1", peer.port))
            phone = Telephone(peer.address).ready()
            try:
                phone.answered(CITIZEN)
            finally:
                phone.stop()
            assert peer.running
        finally:
            peer.stop()


@given(st.text())
def test_any_text_is_a_plan_or_a_decode_error(text):
    try:
        plan_of(text)
    except msgspec.DecodeError:
        return


def test_everybody_else_is_like_the_default():
    plan = plan_of('{"default":{"does":"busy"},"numbers":{"+4500000001":{"does":"silent"}}}')
    assert plan.of("+4500000001") == Behaviour(does="silent")
    assert plan.of("anybody") == Behaviour(does="busy")
