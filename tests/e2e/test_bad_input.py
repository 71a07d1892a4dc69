"""What devices must not send and send all the same: nothing crashes, nothing is silent or lost."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.e2e.devices import Devices, alarm, at, now, topic
from tests.e2e.hub import Hub
from tests.peers.mosquitto import Mosquitto

pytestmark = [pytest.mark.e2e, pytest.mark.peer]
Say = Callable[..., None]

UNREADABLE = {
    "broken-json": b'{"id":"1","kind":"emerg',
    "no-object": b'["emergency"]',
    "number": b"42",
    "empty": b"",
    "kind-wrong-type": b'{"id":"1","kind":7}',
    "kind-unknown": b'{"id":"1","kind":"party"}',
    "kind-missing": b'{"id":"1","code":"pendant"}',
    "nan": b"NaN",
    "invalid-utf-8": b"\xff\xfe\x80",
    "binary": bytes(range(256)),
    "one-megabyte": b'{"kind":"emergency","text":"' + b"x" * 1_000_000 + b'"}',
    "million-brackets": b"[" * 1_000_000,
    "million-braces": b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
}
"""Payloads of which not even the kind can be read, by the name of the device that sends them."""


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_on_a_topic_of_alarms_sounds(live: Hub, say: Say, name: str) -> None:
    say(topic(name), UNREADABLE[name])
    row = live.one(name)
    assert (row["kind"], row["code"], row["state"]) == ("emergency", "unreadable", "raised")
    assert row["text"]
    assert row["raw"].startswith(UNREADABLE[name][:5].decode("utf-8", "replace"))


@pytest.mark.parametrize("name", set(UNREADABLE) - {"no-object", "number", "empty", "nan"})
def test_unreadable_anywhere_else_is_technical(live: Hub, say: Say, name: str) -> None:
    say(f"zigbee2mqtt/z-{name}", UNREADABLE[name])
    if not name.startswith("kind"):
        assert {row["kind"] for row in live.of(f"z-{name}")} == {"technical"}
    say(topic(f"r-{name}", "reading"), UNREADABLE[name])
    assert {row["kind"] for row in live.of(f"r-{name}")} == {"technical"}


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("at", {"at": "yesterday"}),
        ("at-type", {"at": 17}),
        ("id-type", {"id": {"a": 1}}),
        ("text-type", {"text": ["a"]}),
        ("code-missing", {"code": None}),
        ("priority", {"priority": 99}),
        ("voice", {"voice": "http://example.org"}),
        ("long", {"text": "x" * 5000}),
    ],
)
def test_a_readable_kind_survives_other_broken_fields(
    live: Hub, say: Say, name: str, broken: dict[str, object]
) -> None:
    say(topic(f"f-{name}"), alarm(**broken))
    kinds = sorted((row["kind"], row["code"]) for row in live.of(f"f-{name}", 2))
    assert [kind for kind, _ in kinds] == ["emergency", "technical"]
    assert kinds[1][1] == "flawed_message"


def test_numbers_that_are_none(live: Hub, say: Say) -> None:
    body = f'{{"id":"n","at":"{at()}","kind":"emergency","code":"x","priority":NaN}}'
    say(topic("nan-priority"), body)
    assert "emergency" in {row["kind"] for row in live.of("nan-priority", 2)}
    values = f'{{"at":"{at()}","values":{{"pulse":NaN,"spo2":Infinity,"temperature":21.5}}}}'
    say(topic("nan-reading", "reading"), values)
    assert live.one("nan-reading")["kind"] == "technical"
    of_it = "SELECT count(*) FROM reading JOIN series ON id = series WHERE device = 'nan-reading'"
    live.until(of_it, 1)
    assert live.ask(of_it) == 1


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800", "a\\u0000b\\udfffc", "\\u0007", "😀"])
def test_signs_that_no_database_holds(live: Hub, say: Say, text: str) -> None:
    name = f"sign-{text.encode().hex()[-6:]}"
    body = f'{{"id":"1","at":"{at()}","kind":"emergency","code":"{text}","text":"{text}"}}'
    say(topic(name), body)
    rows = live.of(name)
    assert "emergency" in {row["kind"] for row in rows}
    assert {row["raw"] for row in rows} == {body}


@pytest.mark.parametrize(
    "when",
    [
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2101-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ],
)
def test_a_clock_that_is_wrong(live: Hub, say: Say, when: str) -> None:
    name = f"clock-{when[:4]}"
    say(topic(name), alarm(at=when))
    rows = live.of(name, 2)
    assert sorted((row["kind"], row["code"]) for row in rows) == [
        ("emergency", "pendant"),
        ("technical", "clock_wrong"),
    ]
    for row in rows:
        raised = datetime.fromisoformat(row["raised_at"])
        assert abs(now() - raised) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("hub/v1/0510/stray/alram", "technical"),
        ("hub/v1/0510/deep/er/alarm", None),  # nobody listens there
        ("hub/v2/0510/x/alarm", None),
        ("zigbee2mqtt/", "technical"),
        ("zigbee2mqtt/bridge/what", None),  # its own talk
    ],
)
def test_topics_nobody_knows(live: Hub, say: Say, name: str, kind: str | None) -> None:
    mark = f"mark-{len(name)}"
    say(name, json.dumps({"id": mark}))
    say(topic(mark), alarm())
    live.of(mark)
    if kind is not None:
        live.until(f"SELECT count(*) FROM alarm WHERE CAST(raw AS TEXT) LIKE '%{mark}%'", 1)
    found = {row["kind"] for row in live.alarms() if mark in row["raw"]}
    assert found <= ({kind} if kind else {"technical", "emergency"})


def test_a_topic_of_strange_signs(live: Hub, say: Say) -> None:
    say("hub/v1/0510/Værelse 3 🛏/alarm", alarm())
    assert live.one("Værelse 3 🛏")["kind"] == "emergency"
    say(f"hub/v1/0510/{'x' * 5000}/alarm", alarm())
    live.until("SELECT count(*) FROM alarm WHERE device LIKE 'xxxxx%'", 1)


def test_a_thousand_presses_of_one_device_are_one_alarm(
    live: Hub, shared_broker: Mosquitto
) -> None:
    with Devices(shared_broker.port) as devices:
        devices.send_all((topic("stuck"), alarm(id=str(number))) for number in range(1000))
    live.until("SELECT repeats FROM alarm WHERE device = 'stuck'", 999)
    assert live.one("stuck")["repeats"] == 999


def test_a_thousand_shouts_that_cannot_be_read_do_not_hide_a_press(
    live: Hub, shared_broker: Mosquitto
) -> None:
    with Devices(shared_broker.port) as devices:
        devices.send_all((topic("shouting"), f"?{number}") for number in range(1000))
        devices.send_all([(topic("quiet"), alarm())])
    assert live.one("quiet")["kind"] == "emergency"
    live.until("SELECT repeats FROM alarm WHERE device = 'shouting'", 999)
    assert live.one("shouting")["repeats"] == 999


def test_a_storm_of_five_thousand_devices(hub: Hub, broker: Mosquitto) -> None:
    with hub.ingest(), Devices(broker.port) as devices:
        devices.send_all((topic(f"d{number}"), alarm(id=str(number))) for number in range(5000))
        hub.has(5000, timeout=90)
        rows = hub.alarms()
    assert len({row["device"] for row in rows}) == len(rows) == 5000
    assert all(json.loads(row["raw"])["kind"] == row["kind"] for row in rows)
