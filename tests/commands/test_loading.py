"""Which file is read: the one that is named, or else the machine's; and what policy gives."""

import io
import json
from argparse import Namespace
from pathlib import Path

import pytest

from tests.commands.conftest import SETTINGS
from workstation import __version__, paths
from workstation.adapters.system.clock import SystemClock
from workstation.adapters.windows import registry
from workstation.commands import arguments, check, glance, loading, service
from workstation.settings import Policy, SettingsError

FIXED = Policy(where="KEY\\", values={"hub.name": "Fixed", "sip.sound": "null"})


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "open_log", lambda *_, **__: None)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine's settings file."""
    folder = tmp_path / "machine"
    folder.mkdir()
    monkeypatch.setenv("WORKSTATION_MACHINE_DATA", str(folder))
    text = SETTINGS.format(folder=folder.as_posix(), broker="mqtt://127.0.0.1:1")
    file = folder / "settings.toml"
    file.write_text(text.replace("[hub]", '[hub]\nname = "Machine"\ntheme = "dark"'))
    return file


def test_a_word_needs_no_file_where_the_machine_has_one(machine: Path) -> None:
    wanted = arguments.parse(["check"])
    assert loading.load(wanted).source == machine
    assert glance.theme_and_name(wanted) == ("dark", "Machine")


def test_a_file_that_is_named_wins_over_the_machine_s(machine: Path) -> None:
    named = machine.with_name("named.toml")
    named.write_text(machine.read_text().replace("Machine", "Named"))
    wanted = arguments.parse(["check", "--config", str(named)])
    assert loading.load(wanted).hub.name == "Named"
    assert glance.theme_and_name(wanted) == ("dark", "Named")


def test_the_demo_knows_no_machine(machine: Path) -> None:
    wanted = arguments.parse(["demo"])
    found = loading.load(wanted, policy=lambda: FIXED)
    assert (found.source, found.hub.name) == (None, "E-team")
    assert glance.theme_and_name(wanted) == ("auto", "E-team")


def test_a_machine_without_settings_opens_the_embedded_desk_and_no_word(machine: Path) -> None:
    machine.unlink()
    assert loading.load(arguments.parse([])).broker.is_embedded
    with pytest.raises(SettingsError) as caught:
        loading.load(arguments.parse(["alarms"]))
    assert (caught.value.reason, caught.value.where) == ("no_file", str(machine))


def test_elsewhere_a_word_needs_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKSTATION_MACHINE_DATA", raising=False)
    assert paths.machine_data() is None
    assert paths.machine_settings() is None
    with pytest.raises(SystemExit):
        arguments.parse(["check"])


def test_a_policy_for_the_hub_is_seen_in_the_first_picture(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[Namespace] = []
    monkeypatch.setattr(registry, "policy_values", lambda: dict(FIXED.values))
    plain = loading.load

    def load(wanted, environ):
        loaded.append(wanted)
        return plain(wanted, environ, policy=lambda: FIXED)

    monkeypatch.setattr(loading, "load", load)
    assert glance.theme_and_name(arguments.parse([])) == ("dark", "Fixed")
    assert len(loaded) == 1


def test_check_tells_what_policy_gives_and_where_each_value_stands(machine: Path) -> None:
    def told(*, as_json: bool) -> str:
        out = io.StringIO()
        check.run(
            lambda: loading.load(arguments.parse(["check"]), {}, policy=lambda: FIXED),
            lambda _found: (),
            facts=service.facts,
            clock=SystemClock(),
            as_json=as_json,
            out=out,
        )
        return out.getvalue()

    lines = told(as_json=False).splitlines()
    assert [line.strip() for line in lines[1:]] == [
        "hub.name: managed by IT",
        "sip.sound: managed by IT",
    ]
    machine.write_text(machine.read_text().replace('language = "en"', 'language = "da"'))
    assert told(as_json=False).endswith("sip.sound: styres af IT\n")
    machine.write_text(machine.read_text().replace('language = "da"', 'language = "en"'))
    row = json.loads(told(as_json=True))
    assert row["version"] == __version__
    assert row["managed"] == ["hub.name", "sip.sound"]
    assert row["given"]["hub.name"] == {"layer": "policy", "where": "KEY\\hub.name"}
    assert row["given"]["hub.theme"] == {"layer": "file", "where": str(machine)}
    assert "hub.heartbeat_s" not in row["given"]
    assert row["file"] == str(machine)
    assert row["machine"]["folder"] == str(machine.parent)
    assert row["machine"]["writable"] == {"logs": False, "crashes": False}
    assert row["secrets"]["WORKSTATION_PASSWORD"] is None
    assert row["telephony"] is None or "pjsua2" in row["telephony"]
    assert "Fixed" not in told(as_json=True)


@pytest.mark.parametrize("made", [True, False])
def test_a_desk_s_log_lies_in_the_machine_s_folder_where_it_has_made_one(
    machine: Path, monkeypatch: pytest.MonkeyPatch, *, made: bool
) -> None:
    opened: list[str | None] = []
    monkeypatch.setattr(loading, "open_log", lambda _level, file, **_more: opened.append(file))
    if made:
        (machine.parent / "logs").mkdir()
    loading.load(arguments.parse(["desk"]))
    folder = machine.parent if made else paths.data()
    assert opened == [str(folder / "logs" / "desk.log")]
    assert (machine.parent / "logs").exists() is made
