"""The command that calls for help: what it is told, and how it may fail."""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.waiting import until
from workstation.adapters.system.commands import SystemCommand
from workstation.application.errors import CommandFailed
from workstation.application.watching import Unwatched
from workstation.domain.names import Kommune
from workstation.domain.presence import Lack

TOLD = Unwatched(
    kommuner=(Kommune("0510"), Kommune("0860")),
    since=datetime(2026, 3, 14, 18, 0, tzinfo=UTC),
    why=Lack.NO_SOUND,
)
WRITE = """
import json, os, sys
told = {key: value for key, value in os.environ.items() if key.startswith("WORKSTATION_WATCH_")}
with open(sys.argv[1], "w") as file:
    json.dump([sys.argv[2:], told], file)
"""


def test_no_secret_of_ours_is_in_its_environment(tmp_path: Path) -> None:
    """Whoever sends an SMS needs neither the broker's password nor the access log's key."""
    heard = tmp_path / "heard"
    write = "import os, sys; open(sys.argv[1], 'w').write(' '.join(sorted(os.environ)))"
    environ = {**os.environ, "WORKSTATION_AUDIT_KEY": "x", "DB_PASSWORD": "x", "SMS_TOKEN": "x"}
    command = SystemCommand(
        (sys.executable, "-c", write, str(heard)),
        hub="E-team",
        timeout_s=20,
        secrets={"DB_PASSWORD"},
        environ=environ,
    )
    asyncio.run(command.run(TOLD))
    names = heard.read_text().split()
    assert {"SMS_TOKEN", "WORKSTATION_WATCH_WHY"} <= set(names)
    assert not {"WORKSTATION_AUDIT_KEY", "DB_PASSWORD"} & set(names)


def call(*command: str, timeout_s: float = 20) -> None:
    asyncio.run(SystemCommand(command, hub="E-team", timeout_s=timeout_s).run(TOLD))


def test_it_has_the_facts_in_its_arguments_and_its_environment(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    call(
        sys.executable, "-c", WRITE, str(heard), "{kommuner} {why}", "since={since}", "{x}", "$HOME"
    )
    arguments, environment = json.loads(heard.read_text())
    assert arguments == ["0510,0860 no_sound", "since=2026-03-14T18:00:00+00:00", "{x}", "$HOME"]
    assert environment == {
        "WORKSTATION_WATCH_KOMMUNER": "0510,0860",
        "WORKSTATION_WATCH_SINCE": "2026-03-14T18:00:00+00:00",
        "WORKSTATION_WATCH_WHY": "no_sound",
        "WORKSTATION_WATCH_HUB": "E-team",
    }


@pytest.mark.parametrize(
    ("command", "reason", "detail"),
    [
        ((sys.executable, "-c", "raise SystemExit(3)"), "exit", "3"),
        (("/nowhere/send-sms", "x"), "not_found", "send-sms"),
        ((str(Path(__file__).parent),), "not_found", "system"),
    ],
)
def test_how_it_fails(command: tuple[str, ...], reason: str, detail: str) -> None:
    with pytest.raises(CommandFailed) as failed:
        call(*command)
    assert (failed.value.reason, failed.value.facts) == (reason, {"detail": detail})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such groups")
def test_one_that_takes_too_long_is_ended_with_all_it_started(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    slow = f"sleep 600 & echo $! > {pid}; sleep 600"
    with pytest.raises(CommandFailed) as failed:
        call("/bin/sh", "-c", slow, timeout_s=1)
    assert failed.value.reason == "timeout"

    def is_gone() -> bool:
        try:
            os.kill(int(pid.read_text()), 0)
        except ProcessLookupError:
            return True
        return "Z" in Path(f"/proc/{int(pid.read_text())}/stat").read_text().split()[2]

    until(is_gone)
