"""A call that no desk takes: the alarm stands, and the caller hears that help knows of them."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.peers.baresip import Baresip
from tests.peers.mosquitto import Mosquitto
from tests.peers.process import free_port
from tests.peers.scaip_hub import ScaipHub
from tests.waiting import until

pytestmark = pytest.mark.peer


def test_a_caller_whom_no_desk_answers(tmp_path: Path, mosquitto: Callable[..., Mosquitto]):
    port = free_port(socket.SOCK_DGRAM)
    account = f'kind = "direct"\naddress = "127.0.0.1"\nport = {port}\nannounce_after_s = 1\n'
    hub = ScaipHub(tmp_path, f"mqtt://127.0.0.1:{mosquitto().port}", account=account)
    caller = Baresip(tmp_path / "caller")
    try:
        caller.start(dial=f"sip:hub@127.0.0.1:{port}")
        caller.wait_until_said("Call established", timeout=30)
        until(lambda: any(_loud(file) for file in caller.recordings()), timeout=30)
        caller.order("hangup")
        (alarm,) = until(hub.alarms)
        assert (alarm["kind"], alarm["source"], alarm["code"]) == (
            "emergency",
            "voice",
            "called_hub",
        )
        (call,) = until(hub.calls)
        assert (call["operator"], call["alarm"]) == ("system", alarm["id"])
    finally:
        caller.stop()
        hub.close()


def _loud(recording: Path) -> bool:
    """Whether half a second of it is more than silence."""
    sound = recording.read_bytes()[64:]
    return sum(map(bool, sound)) > 16_000
