"""A station's looks hang at the broker when it ends; a log that somebody cut raises an alarm."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.peers.mosquitto import Mosquitto
from workstation import paths, settings
from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.published_heads import MqttHeads
from workstation.adapters.system.signing import make_key
from workstation.application.errors import AuditFailed
from workstation.application.health import ALARMS, Works
from workstation.bootstrap import retention, rules
from workstation.bootstrap.audit import ACCESS_LOG_BROKEN, ACCESS_LOG_KEPT, publishing, purge_told
from workstation.bootstrap.opening import station
from workstation.bootstrap.station import Station
from workstation.domain.access import Look, Looked
from workstation.domain.chain import Head
from workstation.domain.names import CitizenId, Operator
from workstation.settings import Settings

pytestmark = pytest.mark.peer
SETTINGS = """
[hub]
kommuner = ["0510"]
[database]
url = "sqlite:///{folder}/hub.sqlite"
[broker]
url = "{broker}"
[sip]
kind = "off"
"""


@pytest.fixture
def hub(mosquitto: Callable[..., Mosquitto], tmp_path: Path) -> Settings:
    config = tmp_path / "hub.toml"
    text = SETTINGS.format(folder=tmp_path.as_posix(), broker=mosquitto().url)
    config.write_text(text, encoding="utf-8")
    return settings.load(config, {}, defaults=paths.default_config())


async def until(one: Station, fact: Callable[[], bool]) -> None:
    """Wait for a fact, looked for by the station's own beat."""
    seen = asyncio.Event()

    async def look() -> None:
        if fact():
            seen.set()

    one.every(0.01, look, at_once=True)
    await asyncio.wait_for(seen.wait(), 20)


async def heard(one: Station) -> None:
    await until(one, lambda: one.health.part(ALARMS).state is Works.OK)


def hanging(hub: Settings) -> list[Head]:
    return asyncio.run(MqttHeads(Address(url=hub.broker.url, client_id="it")).read())


def look_once(hub: Settings, number: int) -> None:
    async def act() -> None:
        session = rules.session(hub, "")
        async with station(hub, role="desk", instance="left", session=session) as one:
            await heard(one)
            await one.database.access.log(
                Look(
                    at=one.clock.now(),
                    operator=Operator("anna"),
                    citizen=CitizenId(f"c{number}"),
                    what=Looked.CARD,
                )
            )

    asyncio.run(act())


def test_what_a_desk_has_looked_at_hangs_at_the_broker_when_it_ends(hub: Settings) -> None:
    look_once(hub, 1)
    [head] = hanging(hub)
    assert (head.writer.startswith("desk-"), head.writer.endswith("-left")) == (True, True)
    assert head.number == 1
    look_once(hub, 2)
    assert [one.number for one in hanging(hub)] == [2]


def test_a_cut_log_raises_an_alarm_and_is_not_covered_up(hub: Settings, tmp_path: Path) -> None:
    look_once(hub, 1)
    look_once(hub, 2)
    with closing(sqlite3.connect(tmp_path / "hub.sqlite")) as connection:
        connection.execute("DROP TRIGGER access_log_no_delete")
        connection.execute("DELETE FROM access_log")
        connection.commit()
    look_once(hub, 3)

    async def raised() -> None:
        session = rules.session(hub, "")
        async with station(hub, role="ingest", instance="", session=session) as one:
            await heard(one)
            async with publishing(one, hub, "check", "", look_s=0.01):
                await until(
                    one, lambda: ACCESS_LOG_BROKEN in {alarm.code for alarm in one.board.alarms()}
                )

    asyncio.run(raised())
    assert [one.number for one in hanging(hub)] == [2]


def test_only_the_key_that_the_settings_know_signs(
    hub: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public = make_key()
    with pytest.raises(AuditFailed, match="no_key"):
        retention.signing(hub).sign(b"x")
    for secret, known, reason in (
        ("nonsense", public, "bad_key"),
        (private, "", "other_key"),
        (private, make_key()[1], "other_key"),
        (private, f"{make_key()[1]} {public}", "other_key"),
    ):
        monkeypatch.setenv("WORKSTATION_AUDIT_KEY", secret)
        one = replace(hub, audit=replace(hub.audit, public_key=known))
        with pytest.raises(AuditFailed, match=reason):
            retention.signing(one).sign(b"x")
    monkeypatch.setenv("WORKSTATION_AUDIT_KEY", private)
    good = replace(hub, audit=replace(hub.audit, public_key=f"{public} {make_key()[1]}"))
    assert retention.signing(good).sign(b"x")


def test_of_a_shared_hub_only_ingest_purges(hub: Settings) -> None:
    shared = replace(hub, database=replace(hub.database, url="postgresql://owner@db/hub"))
    assert retention.purges(hub, "desk")
    assert retention.purges(hub, "ingest")
    assert not retention.purges(shared, "desk")
    assert retention.purges(shared, "ingest")


def test_every_kind_is_kept_as_long_as_the_settings_say(hub: Settings) -> None:
    kept = retention.kept(hub)
    days = hub.retention
    for kind in kept.__dataclass_fields__:
        assert getattr(kept, kind).days == getattr(days, f"{kind}_days")


def test_a_purge_that_nobody_can_sign_for_is_told_in_the_window_until_somebody_can(
    hub: Settings,
) -> None:
    def codes(one: Station) -> dict[str, str]:
        return {alarm.code: alarm.text for alarm in one.board.alarms() if alarm.restored_at is None}

    async def act() -> None:
        session = rules.session(hub, "")
        async with station(hub, role="ingest", instance="", session=session) as one:
            tell = purge_told(one, hub)
            tell("no_key", "")
            await until(one, lambda: codes(one) == {ACCESS_LOG_KEPT: "no_key"})
            tell("broken", "desk-1")
            await until(one, lambda: codes(one).get(ACCESS_LOG_BROKEN) == "desk-1")
            tell("", "")
            await until(one, lambda: ACCESS_LOG_KEPT not in codes(one))

    asyncio.run(act())
