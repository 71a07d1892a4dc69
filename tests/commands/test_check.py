"""`check` tries one thing after the other and says what to do about each that fails."""

import json
import socket
import threading
from collections.abc import Callable

import pytest

from tests.commands.conftest import HubFolder, Said
from tests.peers.kamailio import DOMAIN, Kamailio
from tests.peers.mosquitto import Mosquitto
from tests.peers.process import free_port
from tests.peers.provider import Provider
from tests.peers.telephone import LINE_COMMAND
from workstation.adapters.sip.line import SupervisedLine
from workstation.adapters.sip.orders import Configure
from workstation.adapters.system.clock import SystemClock
from workstation.application.errors import LineFailed
from workstation.domain.call import LineEvent, LineState
from workstation.settings import Settings

PARTS = ["settings", "database", "broker", "sip", "sound"]


def tried(said: Said) -> dict[str, dict[str, object]]:
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [row["what"] for row in rows] == PARTS
    assert all(isinstance(row["ms"], float) and row["ms"] >= 0 for row in rows)
    assert all(bool(row["todo"]) is not row["ok"] for row in rows)
    return {str(row["what"]): row for row in rows}


def no_sound(_settings: Settings) -> str:
    raise LineFailed("no_sound_device")


@pytest.mark.peer
def test_all_is_well(mosquitto: Callable[..., Mosquitto], make_hub) -> None:
    hub: HubFolder = make_hub(mosquitto().url)
    said = hub.run("check", "--json")
    rows = tried(said)
    assert said.code == 0
    assert rows["settings"]["detail"] == str(hub.config)
    assert "MQTT 5" in str(rows["broker"]["detail"])
    assert rows["sound"]["detail"] == "card"


@pytest.mark.peer
def test_an_older_broker_s_version(mosquitto, make_hub) -> None:
    hub: HubFolder = make_hub(mosquitto().url)
    text = hub.config.read_text().replace("[sip]", 'protocol = "3.1.1"\n[sip]')
    hub.config.write_text(text)
    assert "MQTT 3.1.1" in str(tried(hub.run("check", "--json"))["broker"]["detail"])


def test_each_failure_is_told_with_what_to_do(hub: HubFolder) -> None:
    hub.database.write_bytes(b"no database " * 100)
    said = hub.run("check", "--json", sound=no_sound)
    rows = tried(said)
    assert said.code == 1
    assert rows["settings"]["ok"] is True
    assert "backup" in str(rows["database"]["todo"])
    assert "127.0.0.1:1 does not answer" in str(rows["broker"]["todo"])
    assert rows["sip"] == {**rows["sip"], "ok": True, "detail": "off, as set"}
    assert "sound device" in str(rows["sound"]["todo"])


@pytest.mark.peer
def test_a_wrong_password_is_named(mosquitto, make_hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub: HubFolder = make_hub(mosquitto(passwords={"desk": "right"}).url)
    text = hub.config.read_text().replace(
        "[sip]", 'username = "desk"\npassword_env = "THE_PASSWORD"\n[sip]'
    )
    hub.config.write_text(text)
    monkeypatch.setenv("THE_PASSWORD", "wrong")
    wrong = tried(hub.run("check", "--json"))["broker"]
    assert "broker.password_env" in str(wrong["todo"])
    monkeypatch.setenv("THE_PASSWORD", "right")
    assert tried(hub.run("check", "--json"))["broker"]["ok"] is True


@pytest.mark.peer
def test_check_leaves_no_session_behind(mosquitto, make_hub) -> None:
    broker = mosquitto()
    hub: HubFolder = make_hub(broker.url)
    hub.run("check")
    broker.publish("hub/v1/0510/d/alarm", "x")
    # A session left behind would get what waited for it.
    assert "check" in broker.output
    broker.restart()
    hub.run("check")
    assert "Sending PUBLISH" not in broker.output


@pytest.mark.peer
def test_the_telephone_is_tried_and_its_library_named(mosquitto, make_hub) -> None:
    hub: HubFolder = make_hub(mosquitto().url)
    hub.config.write_text(hub.config.read_text().replace('"off"', '"direct"'))
    ready = tried(hub.run("check", "--json"))["sip"]
    assert ready["ok"] is True
    assert "pjsua2" in str(ready["detail"])
    hub.config.write_text(hub.config.read_text().replace('"null"', '"default"'))
    refused = tried(hub.run("check", "--json"))["sip"]
    assert "sip.sound" in str(refused["todo"])


def test_wrong_settings_leave_the_rest_untried(hub: HubFolder) -> None:
    hub.add("nonsense = 1")
    said = hub.run("check", "--json")
    rows = tried(said)
    assert said.code == 1
    assert str(hub.config) in str(rows["settings"]["todo"])
    assert "sip.nonsense" in str(rows["settings"]["todo"])
    assert all("Not tried" in str(rows[part]["todo"]) for part in PARTS[1:])


def test_a_probe_that_fails_by_our_own_fault_does_not_keep_the_others(hub: HubFolder) -> None:
    def broken(_settings: Settings) -> str:
        raise ZeroDivisionError

    said = hub.run("check", "--json", sound=broken)
    assert "Something went wrong" in str(tried(said)["sound"]["todo"])


@pytest.mark.peer
def test_the_receiver_of_alarm_units_is_asked_about(hub: HubFolder, tmp_path, monkeypatch) -> None:
    registrar = Kamailio(tmp_path / "kamailio", {"scaip": "secret"})
    registrar.start()
    hub.add(
        f'[scaip]\nkind = "registrar"\naddress = "{registrar.address}"\n'
        f'username = "scaip@{DOMAIN}"\npassword_env = "SCAIP_PASSWORD"\n'
    )

    def told(password: str) -> dict[str, object]:
        monkeypatch.setenv("SCAIP_PASSWORD", password)
        rows = [json.loads(line) for line in hub.run("check", "--json").out.splitlines()]
        assert [row["what"] for row in rows] == [*PARTS, "scaip"]
        return dict(rows[-1])

    try:
        assert "receivers registered: 0" in str(told("secret")["detail"])
        assert "scaip.password_env" in str(told("wrong")["todo"])
        assert registrar.registrations("scaip") <= 1  # what it logs of a question
    finally:
        registrar.stop()
    assert "scaip.address" in str(told("secret")["todo"])


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_receiver_without_a_telephone_system_is_asked_whether_it_answers(
    hub: HubFolder, transport: str
) -> None:
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    port = free_port(kind)
    hub.add(f'[scaip]\nkind = "direct"\nport = {port}\ntransport = "{transport}"\n')

    def told() -> dict[str, object]:
        return dict([json.loads(line) for line in hub.run("check", "--json").out.splitlines()][-1])

    assert told()["detail"] == (
        f"port {port} is free: nobody receives on this machine, as on one without ingest"
    )
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("", port))
        assert f"Port {port} is in use" in str(told()["todo"])
    line = receiving_line(port, transport)
    try:
        assert told()["detail"] == f"a receiver answers on this machine at port {port}"
    finally:
        line.stop()


def receiving_line(port: int, transport: str) -> SupervisedLine:
    """A receiver's line as `ingest` has it, that is ready."""
    setup = Configure(kind="direct", port=port, transport=transport, takes_texts=True)
    line = SupervisedLine(LINE_COMMAND, setup, clock=SystemClock(), is_simulated_number=bool)
    ready = threading.Event()

    def is_ready(event: LineEvent) -> None:
        if event.state is LineState.READY:
            ready.set()

    line.listen(lambda _event: None, is_ready)
    line.listen_messages(lambda _message: None)
    line.start()
    assert ready.wait(20)
    return line


def test_for_people_it_is_a_table(hub: HubFolder) -> None:
    lines = hub.run("check").out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "Settings",
        "Database",
        "Broker",
        "Telephone",
        "Sound",
    ]
    assert " ok " in lines[0]
    assert " NOT OK " in lines[2]
    assert all(" ms  " in line for line in lines)


def test_an_identity_provider_is_tried_where_one_is_set(hub: HubFolder) -> None:
    provider = Provider()
    more = f"""
[sign_in.oidc]
issuer = "{provider.issuer}"
client_id = "workstation"
roles = {{ "/desk" = "operator" }}
"""
    hub.config.write_text(hub.config.read_text() + more)

    def told() -> dict[str, object]:
        rows = [json.loads(line) for line in hub.run("check", "--json").out.splitlines()]
        assert [row["what"] for row in rows] == [*PARTS, "identity"]
        return dict(rows[-1])

    try:
        assert told()["detail"] == f"127.0.0.1, {provider.issuer}"
    finally:
        provider.close()
    assert "127.0.0.1 does not answer" in str(told()["todo"])


@pytest.mark.peer
def test_a_database_server_is_tried_and_each_refusal_named(
    hub: HubFolder, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def database(url: str) -> dict[str, object]:
        monkeypatch.setenv("WORKSTATION_DATABASE__URL", url)
        rows = [json.loads(line) for line in hub.run("check", "--json").out.splitlines()]
        return next(row for row in rows if row["what"] == "database")

    well = database(postgres_url)
    assert well["ok"] is True
    assert str(well["detail"]).startswith("postgresql://127.0.0.1:")
    server = postgres_url.rpartition("/")[0]
    for url, word in (
        (f"{server}/nowhere", "no database nowhere"),
        (postgres_url.replace("owner@", "nobody@"), "refuses the name nobody"),
        ("postgresql://owner@127.0.0.1:1/hub", "does not answer"),
        (f"{server}/template1", "main.py migrate"),
    ):
        told = database(url)
        assert told["ok"] is False
        assert word in str(told["todo"])
