"""The simulated unit against a real receiver: real SIP, a real database."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from tests.peers.kamailio import DOMAIN, Kamailio
from tests.peers.mosquitto import Mosquitto
from tests.peers.scaip_hub import ScaipHub
from tests.peers.telephone import LINE_COMMAND
from tests.waiting import until
from workstation.adapters.sip.line import SupervisedLine
from workstation.adapters.sip.orders import Configure
from workstation.adapters.system.clock import SystemClock
from workstation.commands import scaip_unit
from workstation.commands.scaip_scenarios import Step, steps

pytestmark = pytest.mark.peer
CLOCK = SystemClock()


@pytest.fixture
def hub(tmp_path: Path, mosquitto: Callable[..., Mosquitto]) -> Iterator[ScaipHub]:
    broker = mosquitto()
    one = ScaipHub(tmp_path, f"mqtt://127.0.0.1:{broker.port}")
    yield one
    one.close()


def played(
    to: str, wanted: list[Step], cid: str = "4711", setup: Configure | None = None
) -> tuple[int, list[dict[str, Any]]]:
    setup = setup or Configure(kind="direct", address="127.0.0.1", username=cid, takes_texts=True)
    line = SupervisedLine(LINE_COMMAND, setup, clock=CLOCK, is_simulated_number=lambda _: False)
    out = io.StringIO()
    unit = scaip_unit.Unit(line, CLOCK, to=to, cid=cid)
    code = scaip_unit.run(unit, wanted, as_json=True, out=out)
    return code, [json.loads(said) for said in out.getvalue().splitlines()]


def codes(hub: ScaipHub) -> dict[str, int]:
    """How often each alarm was raised or repeated, by its code."""
    return {one["code"]: one["repeats"] + 1 for one in hub.alarms()}


def test_a_unit_is_heard_and_answered(hub):
    for scenario in ("duplicates", "battery-low", "test-call"):
        code, said = played(hub.to, steps(scenario, "4711"))
        assert (code, said[-1]["wrong"]) == (0, 0), said
    assert codes(hub) == {"scaip_0003_0010": 2, "scaip_0003_0016:12345678": 1}
    assert {one["citizen"] for one in hub.alarms()} == {"c1"}
    code, said = played(hub.to, steps("test-call", "9"), cid="9")
    assert (code, said[0]["snu"]) == (1, 5)
    assert codes(hub)["unknown_unit"] == 1
    assert "4711" not in hub.log


def test_every_vector_travels(hub):
    code, said = played(hub.to, steps("vectors", "4711"))
    assert [one for one in said[:-1] if not one["ok"]] == []
    assert code == 0


def test_two_hundred_at_fifty_a_second_are_each_stored_once_and_answered(hub):
    code, said = played(hub.to, steps("storm", "4711"))
    assert code == 0, [one for one in said if one.get("wrong")]
    assert said[-1]["messages"] == 200
    # Presses of one pendant are one alarm with a counter.
    assert codes(hub) == {"scaip_0003_0010": 200}


def test_by_way_of_a_telephone_system(tmp_path, mosquitto, monkeypatch):
    exchange = Kamailio(tmp_path / "kamailio", {"scaip": "secret", "4711": "pass"})
    exchange.start()
    monkeypatch.setenv("SCAIP_PASSWORD", "secret")
    account = (
        f'kind = "registrar"\naddress = "{exchange.address}"\nusername = "scaip@{DOMAIN}"\n'
        'password_env = "SCAIP_PASSWORD"\n'
    )
    hub = ScaipHub(tmp_path, f"mqtt://127.0.0.1:{mosquitto().port}", account=account)
    try:
        setup = Configure(
            kind="registrar",
            address=exchange.address,
            username=f"4711@{DOMAIN}",
            password="pass",
            takes_texts=True,
        )
        code, said = played(f"sip:scaip@{DOMAIN}", steps("duplicates", "4711"), setup=setup)
        assert code == 0, said
        assert codes(hub) == {"scaip_0003_0010": 2}
    finally:
        hub.close()
        exchange.stop()


def test_the_call_after_an_alarm_is_judged_too(tmp_path, mosquitto):
    broker = f"mqtt://127.0.0.1:{mosquitto().port}"
    hub = ScaipHub(tmp_path, broker, more="announce_after_s = 2\n")
    try:
        (step,) = steps("alarm-with-voice", "4711")
        impatient = structs.replace(step, call_within_s=0.5)
        code, said = played(hub.to, [impatient])
        assert (code, said[0]["call"], said[0]["wrong"]) == (1, "not_answered", "call not_answered")
        code, said = played(hub.to, [step])
        assert (code, said[0]["call"], said[0]["wrong"]) == (0, "answered", "")
    finally:
        hub.close()


def test_heartbeats_are_learnt_and_their_end_is_told(tmp_path, mosquitto):
    broker = f"mqtt://127.0.0.1:{mosquitto().port}"
    hub = ScaipHub(tmp_path, broker, more="heartbeat_slack_s = 1\n")
    try:
        code, said = played(hub.to, steps("heartbeats", "4711", every_s=0.4))
        assert (code, said[-1]["messages"]) == (0, 6), said
        until(lambda: codes(hub) == {"heartbeat_missing": 1}, timeout=40)
        (alarm,) = hub.alarms()
        assert (alarm["device"], alarm["kind"]) == ("4711", "technical")
    finally:
        hub.close()


def test_while_the_first_telephone_system_is_away_units_are_heard_and_answered_by_the_second(
    tmp_path, mosquitto, monkeypatch
):
    accounts = {"scaip": "secret", "4711": "pass"}
    away = Kamailio(tmp_path / "first", accounts)
    second = Kamailio(tmp_path / "second", accounts)
    second.start()
    monkeypatch.setenv("SCAIP_PASSWORD", "secret")
    account = (
        f'kind = "registrar"\naddress = "{away.address}"\nusername = "scaip@{DOMAIN}"\n'
        f'password_env = "SCAIP_PASSWORD"\nfallback_address = "{second.address}"\n'
    )
    hub = ScaipHub(tmp_path, f"mqtt://127.0.0.1:{mosquitto().port}", account=account)
    try:
        setup = Configure(
            kind="registrar", address=second.address, username=f"4711@{DOMAIN}", password="pass",
            takes_texts=True,
        )  # fmt: skip
        code, said = played(f"sip:scaip@{DOMAIN}", steps("duplicates", "4711"), setup=setup)
        assert code == 0, said
    finally:
        hub.close()
        second.stop()


def test_a_hub_that_is_not_there_is_told(free_port):
    step = Step(says="a press", tags={"dty": "0003"}, reply=None, within_s=0.1)
    code, said = played(f"sip:scaip@127.0.0.1:{free_port()}", [step])
    assert code == 1
    assert not said[0]["ok"]
