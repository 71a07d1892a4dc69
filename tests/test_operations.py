"""docs/operations.md has a first step for everything that the hub may complain of."""

import ast
import configparser
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.drawings import ROOT
from ui import code_words
from workstation.application import conflicts, help_call, silence_watch, watching
from workstation.application.journal import Trouble
from workstation.bootstrap.audit import ACCESS_LOG_BROKEN, RECORDINGS_KEPT
from workstation.complaints import audit, hub, journal, people, recording, telephone, world
from workstation.complaints.identity import IDENTITY
from workstation.domain.chain import Wrong
from workstation.domain.presence import Lack

TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
UNIT = ROOT / "docs" / "examples" / "systemd" / "eteam-ingest.service"
OF_PEOPLE = (
    "A person asks for help",
    "Something is wrong in the home",
    "Something was agreed and is otherwise",
)
"""Sections of ui/code_words.py that operators answer, not IT."""
HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
SCRIPT = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TROUBLES = {
    str(word.value.value)
    for path in (ROOT / "workstation" / "adapters" / "db").glob("journal*.py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == Trouble.__name__
    for word in node.keywords
    if word.arg == "what" and isinstance(word.value, ast.Constant)
}
"""What may be wrong with a journal, as its adapter says it."""
DATABASE = {**world.STORE, **world.SCHEMA, **world.ROW, **hub.CLOCKS, **journal.CARDS}
SOUND = {**world.SOUND_REASONS, **hub.ELSEWHERE}


def section(title: str) -> str:
    """Return what stands under a heading, up to the next of any level."""
    parts = HEADING.split(TEXT)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[title]


def first_steps(text: str) -> dict[str, str]:
    """Return for each reason in the first column of a table what the last column says to do."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| `") and len(cells) > 1:
            found |= dict.fromkeys(re.findall(r"`([^`]+)`", cells[0]), cells[-1])
    return found


def untold(reasons: Iterable[str], *titles: str) -> list[str]:
    steps: dict[str, str] = {}
    for title in titles:
        steps |= first_steps(section(title))
    return sorted(one for one in reasons if not steps.get(one))


def technical_codes() -> Iterator[str]:
    """The codes of ui/code_words.py, but for the sections of what happens to people."""
    wanted = False
    table, _, _rest = Path(code_words.__file__).read_text(encoding="utf-8").partition("\n}\n")
    for line in table.splitlines():
        if found := re.match(r"    # --- (.+?)(?: \(.*\))? -+$", line):
            wanted = found[1] not in OF_PEOPLE
        elif wanted and (code := re.match(r'    "(\w+)": N_\(', line)):
            yield code[1]


def test_the_words_are_found():
    found = set(technical_codes())
    assert {"battery_low", "nobody_watches", "unstorable", "disk_low"} <= found
    assert found < set(code_words.CODES)
    assert not found & {"fall", "smoke", "dose_missed"}
    assert {"damaged", "unreadable"} == TROUBLES


def test_every_technical_alarm_has_a_first_step():
    own = {
        watching.NOBODY_WATCHES,
        help_call.COMMAND_FAILED,
        ACCESS_LOG_BROKEN,
        RECORDINGS_KEPT,
        conflicts.CODE,
        silence_watch.SILENT,
        "limit_…",
        *(f"journal_{what}" for what in TROUBLES),
    }
    assert untold(own | set(technical_codes()), "Technical alarms") == []


@pytest.mark.parametrize(
    ("reasons", "title"),
    [
        (world.BROKER, "Alarms"),
        (DATABASE, "Database"),
        ({**telephone.LINE, **hub.SECOND}, "Telephone"),
        (SOUND, "Sound"),
        (people.SIGN_IN.keys() - IDENTITY.keys(), "Signing in"),
        (world.SCHEMA, "Upgrade"),
        ([*audit.AUDIT, *Wrong], "The access log"),
        (recording.RECORDING, "Recorded calls"),
        (Lack, "When nobody watches"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_every_reason_has_a_first_step(reasons, title):
    text = section(title)
    if title == "Upgrade":  # the reason stands in the second column there
        assert [one for one in reasons if f"| `{one}` |" not in text] == []
    else:
        assert untold(reasons, title) == []


@pytest.mark.parametrize("title", ["Alarms", "Database", "Telephone", "Sound"])
def test_no_reason_is_told_that_nobody_gives(title):
    given = {**world.BROKER, **DATABASE, **telephone.LINE, **hub.SECOND, **SOUND}
    assert first_steps(section(title)).keys() - given == set()


def test_why_the_command_failed_is_told():
    step = next(line for line in TEXT.splitlines() if line.startswith("| `watch_command_failed`"))
    assert [one for one in hub.COMMAND if f"`{one}`" not in step] == []


def test_the_scripts_are_a_shell_s():
    scripts = SCRIPT.findall(TEXT)
    assert len(scripts) == 2
    for one in scripts:
        told = subprocess.run(
            ["sh", "-n"], input=one, capture_output=True, text=True, check=False, timeout=20
        )
        assert (told.returncode, told.stderr) == (0, "")


def test_the_scripts_tell_every_fact_and_pass_the_failure_on(tmp_path):
    """Run for real, with a sender of ours in place of curl and sendmail."""
    facts = {
        "HUB": "E-team",
        "KOMMUNER": "0510,0860",
        "SINCE": "2026-03-14T18:00:00Z",
        "WHY": "nobody",
    }
    for program in ("curl", "sendmail"):
        fake = tmp_path / program
        fake.write_text('#!/bin/sh\n[ -t 0 ] || cat\necho "$@"\nexit 7\n', encoding="utf-8")
        fake.chmod(0o755)
    for one in SCRIPT.findall(TEXT):
        file = tmp_path / "script"
        file.write_text(one, encoding="utf-8")
        told = subprocess.run(
            ["sh", file],
            env={
                "PATH": f"{tmp_path}:/usr/bin:/bin",
                **{f"WORKSTATION_WATCH_{name}": value for name, value in facts.items()},
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
        assert told.returncode == 7
        assert all(value in told.stdout for value in facts.values())


def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # keeps capitals
    read.read_string(UNIT.read_text(encoding="utf-8"))
    return read


def test_the_unit_restarts_for_ever_and_keeps_its_secrets():
    service = unit()["Service"]
    assert (service["Type"], service["Restart"]) == ("exec", "always")
    assert unit()["Unit"]["StartLimitIntervalSec"] == "0"
    assert service["ProtectSystem"] == "strict"
    assert service["EnvironmentFile"] == "/etc/eteam/secrets"
    assert "PASSWORD" not in UNIT.read_text(encoding="utf-8").upper().replace("PASSWORDS", "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_the_unit(tmp_path):
    text = UNIT.read_text(encoding="utf-8")
    installed = "/opt/eteam-workstation/.venv/bin/python"
    assert installed in text
    file = tmp_path / UNIT.name
    file.write_text(text.replace(installed, sys.executable), encoding="utf-8")
    told = subprocess.run(
        ["systemd-analyze", "verify", file],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.returncode == 0, told.stderr
    assert UNIT.name not in told.stderr
