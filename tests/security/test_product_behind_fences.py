"""A desk of one kommune on a fenced hub: its login and its broker's user are enough for its whole day."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import a_visit
from tests.e2e.devices import alarm, at
from tests.fakes import FakeLine
from tests.peers.fenced import Fenced
from tests.peers.sample_mosquitto import SampleMosquitto
from tests.security.hub_rows import fill
from workstation import paths, settings
from workstation.adapters.db.database import Database
from workstation.adapters.system.clock import SystemClock
from workstation.adapters.system.passwords import ArgonPasswords
from workstation.application.health import Works
from workstation.bootstrap.desk import Desk, desk
from workstation.domain.access import Looked
from workstation.domain.alarm import Alarm
from workstation.domain.call import CallEvent, CallResult, CallState, LineEvent, LineState
from workstation.domain.kind import Outcome
from workstation.domain.names import CitizenId, Kommune, Operator, VisitId
from workstation.domain.rights import Role
from workstation.domain.round import Reason
from workstation.domain.user import User
from workstation.settings import Settings

pytestmark = [pytest.mark.e2e, pytest.mark.peer]
CLOCK = SystemClock()
MINE, THEIRS = CitizenId("citizen-0510"), CitizenId("citizen-0860")
SETTINGS = """
[hub]
kommuner = ["0510"]
language = "en"
[database]
url = "{database}"
[sip]
kind = "off"
[broker]
url = "{broker}"
ca_file = "{ca}"
username = "workstation-0510"
password_env = "THE_BROKERS"
topics = ["hub/v1/0510/+/alarm", "hub/v1/0510/+/reading", "hub/v1/0510/+/status", "zigbee2mqtt-0510/#"]
"""


@pytest.fixture
def hub(fenced: Fenced) -> Fenced:
    """A hub with citizens of two kommuner, and a user."""
    fill(fenced.url(fenced.owner), "0510")
    fill(fenced.url(fenced.owner), "0860")
    asyncio.run(_add_anna(fenced.url(fenced.owner)))
    return fenced


async def _add_anna(url: str) -> None:
    database = Database(url, clock=CLOCK, machine="it")
    anna = User(
        name=Operator("anna"), display="Anna", role=Role.OPERATOR,
        kommuner=frozenset({Kommune("0510"), Kommune("0860")}), created_at=CLOCK.now(),
        created_by=Operator("it"), changed_at=CLOCK.now(), changed_by=Operator("it"),
    )  # fmt: skip
    await database.users.add(anna, await ArgonPasswords().make("to køer på marken"))
    database.close()


@pytest.fixture
def config(
    hub: Fenced, broker: SampleMosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    monkeypatch.setenv("THE_BROKERS", broker.passwords["workstation-0510"])
    file = tmp_path / "hub.toml"
    file.write_text(
        SETTINGS.format(database=hub.url("desk_0510"), broker=broker.url(), ca=broker.ca)
    )
    return settings.load(file, {}, defaults=paths.default_config())


LEFT_BEHIND = (
    ("alarm", "device = 'pendant-7' AND state = 'resolved'", 1),
    ("alarm_step", "by = 'anna' AND kind IN ('taken', 'noted', 'called', 'resolved')", 4),
    ("call_log", "operator = 'anna' AND ended_at IS NOT NULL", 1),
    ("access_log", "operator = 'anna' AND citizen = 'citizen-0510'", 2),
    ("visit_step", "visit = 'visit-today'", 2),
    ("reading", "value = 72", 1),
    ("presence", "operator = 'anna'", 1),
    ("sign_in_attempt", "name = 'anna'", 1),
    ("alarm", "device LIKE '%knap' AND kommune = '0510'", 1),
)
"""What a day leaves in the database: how many rows of which table at least."""


def missing(hub: Fenced) -> list[str]:
    found = [
        f"(SELECT count(*) FROM {table} WHERE {where}) >= {least}"
        for table, where, least in LEFT_BEHIND
    ]
    (there,) = hub.ask(hub.owner, f"SELECT {', '.join(found)}")
    return [str(one) for one, is_there in zip(LEFT_BEHIND, there, strict=True) if not is_there]


def test_a_desk_s_whole_day(config: Settings, hub: Fenced, broker: SampleMosquitto) -> None:
    before = len(hub.server.output)
    asyncio.run(_day(config, hub, broker))
    # What was for the other kommune's desks was not heard here, and not filed by this one.
    assert hub.ask(hub.owner, "SELECT 1 FROM alarm WHERE message_id = 'foreign'") == []
    assert not [line for line in broker.log.splitlines() if "Denied" in line]
    said = hub.server.output[before:]
    assert "permission denied" not in said
    assert "row-level security" not in said


async def _day(config: Settings, hub: Fenced, broker: SampleMosquitto) -> None:
    line = FakeLine()
    async with desk(config, instance="", stand_ins=(), line=line) as one:
        station = one.station
        await until(one, lambda: station.health.part("alarms").state is Works.OK)
        await until(one, lambda: station.health.part("database").state is Works.OK)
        line.on_line(LineEvent(state=LineState.READY, at=CLOCK.now()))
        await one.people.sign_in.sign_in("anna", "to køer på marken")
        assert [citizen.id for citizen in station.citizens.all()] == [MINE]
        broker.publish("0860/pendant-7", "hub/v1/0860/pendant-7/alarm", alarm(id="foreign"))
        broker.publish("0510/pendant-7", "hub/v1/0510/pendant-7/alarm", alarm(id="f-1"))
        await until(one, lambda: of(one, "pendant-7") and of(one, "pendant-7")[0].saved)
        (raised,) = of(one, "pendant-7")
        await station.desk.take(raised.id)
        await station.desk.give(raised.id, MINE)
        await station.desk.note(raised.id, "Hun er faldet")
        card = await station.citizens.card(MINE, alarm=raised.id)
        await station.citizens.cpr(MINE, alarm=raised.id)
        await one.phone.call_citizen(card, alarm=raised.id)
        await until(one, lambda: line.orders)
        call = line.orders[0][1]
        line.on_call(
            CallEvent(call=call, state=CallState.ENDED, at=CLOCK.now(), result=CallResult.BUSY)
        )
        await until(one, lambda: not one.phone.view.is_on)
        await station.desk.resolve(raised.id, Outcome.SOLVED_BY_PHONE)
        broker.publish("zigbee2mqtt-0510", "zigbee2mqtt-0510/knap", '{"action": "sos"}')
        await until(one, lambda: [one.saved for one in of(one, "zigbee2mqtt-0510/knap")] == [True])
        values = json.dumps({"at": at(), "values": {"pulse": 72}})
        broker.publish("0510/pendant-7", "hub/v1/0510/pendant-7/reading", values)
        await _visit(one)
        await until(one, lambda: not missing(hub), why=lambda: missing(hub))


async def _visit(one: Desk) -> None:
    visit = a_visit(id=VisitId("visit-today"), citizen=MINE, at=CLOCK.now() + timedelta(minutes=1))
    await one.station.database.round.put([visit])
    await one.round.refresh()
    await one.round.assign(visit.id, Operator("anna"))
    await one.round.cancel(visit.id, Reason.AWAY)
    await one.station.citizens.looked(MINE, Looked.TELEMETRY)


def of(one: Desk, device: str) -> list[Alarm]:
    return [alarm for alarm in one.station.board.alarms() if alarm.device == device]


async def until(one: Desk, fact: Callable[[], object], why: Callable[[], object] = str) -> None:
    seen = asyncio.Event()

    async def look() -> None:
        if not seen.is_set() and fact():
            seen.set()

    one.station.every(0.05, look, at_once=True)
    try:
        await asyncio.wait_for(seen.wait(), 30)
    except TimeoutError as error:
        raise AssertionError(why()) from error
