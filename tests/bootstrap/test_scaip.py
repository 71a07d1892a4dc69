"""Where the receiver runs, and what it knows after a start."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.builders import HADERSLEV, NOW
from tests.fakes import FakeClock
from workstation.adapters.db.database import Database, migrate
from workstation.application.directory import Directory
from workstation.application.ids import new_id
from workstation.application.scaip_heartbeats import HEARTBEAT, HeartbeatWatch
from workstation.application.supervision import OwnReports
from workstation.bootstrap import scaip, telephone
from workstation.domain.citizen import Device
from workstation.domain.names import AlarmId, DeviceName
from workstation.domain.telemetry import Sample
from workstation.paths import default_config
from workstation.settings import Settings, load

UNIT = Device(name=DeviceName("4711"), kommune=HADERSLEV)


@pytest.fixture
def settings() -> Settings:
    return load(None, {}, defaults=default_config())


@pytest.mark.parametrize(
    ("kind", "url", "role", "receives"),
    [
        ("off", "sqlite:///x", "ingest", False),
        ("direct", "sqlite:///x", "ingest", True),
        ("direct", "sqlite:///x", "desk", True),
        ("registrar", "postgresql://db/hub", "ingest", True),
        ("registrar", "postgresql://db/hub", "desk", False),
    ],
)
def test_who_receives(settings, kind, url, role, receives):
    settings = replace(
        settings,
        scaip=replace(settings.scaip, kind=kind),
        database=replace(settings.database, url=url),
    )
    assert scaip.receives(settings, role) is receives


@pytest.mark.parametrize(
    ("transport", "address", "url", "plain"),
    [
        ("udp", "sip.example", "sqlite:///x", True),
        ("udp", "127.0.0.1:5060", "sqlite:///x", False),
        ("tls", "sip.example", "sqlite:///x", False),
        ("udp", "sip.example", "postgresql://db/hub", False),
    ],
)
def test_a_desk_says_that_its_alarm_units_speak_unencrypted(
    settings, transport, address, url, plain
):
    own = replace(settings.scaip, kind="registrar", transport=transport, address=address)
    settings = replace(settings, scaip=own, database=replace(settings.database, url=url))
    assert telephone.is_plain(settings) is plain


def test_habits_are_learnt_from_what_is_stored(tmp_path: Path):
    clock = FakeClock()
    url = f"sqlite:///{tmp_path / 'hub.sqlite'}"
    migrate(url)
    database = Database.open(url, clock=clock, machine="m")
    times = [NOW - timedelta(hours=hours) for hours in (3, 2, 1)]
    writer = database.reading_writer()
    writer.write(
        [
            Sample(kommune=HADERSLEV, device=UNIT.name, channel=HEARTBEAT, at=at, value=1.0)
            for at in times
        ],
        [],
    )
    writer.close()
    directory = Directory.of([], [UNIT])
    reports = OwnReports(
        directory=lambda: directory, clock=clock, new_id=lambda now: AlarmId(new_id(now))
    )
    watch = HeartbeatWatch(file=lambda _report: None, reports=reports)
    one = SimpleNamespace(
        clock=clock, database=database, citizens=SimpleNamespace(directory=directory)
    )
    asyncio.run(scaip._learn(one, watch))
    database.close()
    assert watch.pause((HADERSLEV, UNIT.name)) == timedelta(hours=1)
