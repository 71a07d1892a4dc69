"""What the service desk is told: until when certificates hold, and never a secret."""

import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.commands.conftest import HubFolder
from tests.fakes import FakeClock
from tests.peers.certificates import Authority
from workstation.adapters.system.clock import SystemClock
from workstation.application.errors import MachineFailed
from workstation.commands import service


@pytest.fixture
def with_ca(hub: HubFolder) -> HubFolder:
    """A hub whose broker has certificates of its own."""
    folder = hub.config.parent
    ca = folder / "ca.pem"
    ca.write_bytes(Authority(folder).file.read_bytes())
    text = hub.config.read_text().replace("[sip]", 'ca_file = "ca.pem"\n[sip]')
    hub.config.write_text(text)
    return hub


def test_until_when_each_holds(with_ca: HubFolder) -> None:
    long_before = FakeClock(SystemClock().now() - timedelta(days=60))
    told = service.certificates(with_ca.load(), long_before)
    assert re.fullmatch(r"broker\.ca_file holds until \d{4}-\d\d-\d\d", told)


def test_one_that_ends_soon_and_one_that_has_ended(with_ca: HubFolder) -> None:
    settings = with_ca.load()
    [file] = service.certificate_files(settings).values()
    [one] = service._read("broker.ca_file", file)
    soon = FakeClock(one.not_valid_after_utc - timedelta(days=29))
    assert "have it renewed" in service.certificates(settings, soon)
    with pytest.raises(MachineFailed) as caught:
        service.certificates(settings, FakeClock(one.not_valid_after_utc + timedelta(seconds=1)))
    assert caught.value.reason == "certificate_expired"


def test_what_is_no_certificate(with_ca: HubFolder) -> None:
    (with_ca.config.parent / "ca.pem").write_text("no certificate")
    rows = [json.loads(line) for line in with_ca.run("check", "--json").out.splitlines()]
    [row] = [row for row in rows if row["what"] == "certificates"]
    assert row["ok"] is False
    assert "broker.ca_file" in row["todo"]


def test_where_a_secret_is_and_not_which(
    hub: HubFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hub.config.write_text(
        hub.config.read_text().replace("[sip]", 'password_env = "THE_PASSWORD"\n[sip]')
    )
    monkeypatch.setenv("THE_PASSWORD", "hemmelig")
    monkeypatch.setenv("WORKSTATION_MACHINE_DATA", str(tmp_path))
    (tmp_path / "logs").mkdir()
    out = hub.run("check", "--json").out
    first = json.loads(out.splitlines()[0])
    assert first["secrets"]["THE_PASSWORD"] == "environment"
    assert first["machine"]["writable"] == {"logs": os.access(tmp_path, os.W_OK), "crashes": False}
    assert "hemmelig" not in out
