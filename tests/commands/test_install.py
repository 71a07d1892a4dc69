"""What the installer writes for a machine: its properties over what stood there, or nothing at all."""

import io
import shutil
import stat
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Said
from workstation.adapters.windows import rights
from workstation.commands import arguments, guard, headless
from workstation.paths import default_config
from workstation.settings import load

OWN = """\
# Kysten
[hub]
name = "Kysten"  # as on the door
kommuner = ["0510"]
[database]
url = "sqlite:///x"
[broker]
url = "mqtt://127.0.0.1"
[sip]
kind = "off"
"""
ALL = (
    *("--database-url", "postgresql://desk@db.hub.example/hub"),
    *("--broker-url", "mqtts://broker.hub.example"),
    *("--kommuner", "0510, 0860"),
    *("--sip-address", "sip.hub.example"),
)


class Machine:
    """A machine's folder, and the words run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "settings.toml"

    def run(self, *argv: str) -> Said:
        out, err = io.StringIO(), io.StringIO()
        wanted = arguments.parse(argv)
        code = guard.guarded(
            lambda: headless.run(wanted, out, sound=lambda _s: "", err=err), err=err
        )
        return Said(code, out.getvalue(), err.getvalue())

    def install(self, *argv: str) -> Said:
        return self.run("install-settings", *argv)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    folder = tmp_path / "E-Team Workstation"
    monkeypatch.setenv("WORKSTATION_MACHINE_DATA", str(folder))
    return Machine(folder)


def test_the_properties_make_a_file_that_a_desk_can_open(machine: Machine) -> None:
    said = machine.install(*ALL)
    assert (said.code, said.err) == (0, "")
    assert str(machine.file) in said.out
    assert "Still to be given" not in said.out
    found = load(machine.file, {}, defaults=default_config())
    assert found.hub.kommuner == ("0510", "0860")
    assert found.database.url == "postgresql://desk@db.hub.example/hub"
    assert (found.sip.kind, found.sip.address) == ("direct", "sip.hub.example")


def test_empty_properties_are_none_and_what_is_open_is_said(machine: Machine) -> None:
    said = machine.install(
        *("--config", "", "--database-url", "", "--broker-url", "mqtts://b"),
        *("--kommuner", " ", "--sip-address", ""),
    )
    assert said.code == 0
    assert "hub.kommuner, database.url, sip.kind" in said.out
    assert machine.file.read_text().endswith('[broker]\nurl = "mqtts://b"\n')


def test_an_upgrade_without_properties_keeps_the_file_to_the_letter(machine: Machine) -> None:
    machine.folder.mkdir()
    machine.file.write_text(OWN)
    assert machine.install().code == 0
    assert machine.file.read_text() == OWN


def test_only_what_is_given_is_changed(machine: Machine) -> None:
    machine.folder.mkdir()
    machine.file.write_text(OWN)
    machine.install("--broker-url", "mqtts://b")
    assert machine.file.read_text() == OWN.replace("mqtt://127.0.0.1", "mqtts://b")


def test_a_file_is_taken_over_with_its_comments_and_its_certificates(
    machine: Machine, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "ca.pem").write_text("certificate")
    given = share / "hub.toml"
    given.write_text(OWN.replace("[sip]", 'ca_file = "ca.pem"\n[sip]'), encoding="utf-8-sig")
    assert machine.install("--config", str(given), "--kommuner", "0860").code == 0
    shutil.rmtree(share)
    found = load(machine.file, {}, defaults=default_config())
    assert found.hub.kommuner == ("0860",)
    assert Path(found.broker.ca_file or "").read_text() == "certificate"
    assert "# as on the door" in machine.file.read_text()


def test_a_file_goes_over_what_stood_there_key_by_key(machine: Machine, tmp_path: Path) -> None:
    machine.folder.mkdir()
    machine.file.write_text(OWN.replace('"off"', '"off"\ncodecs = ["PCMA"]'))
    given = tmp_path / "hub.toml"
    given.write_text('[hub]\nname = "Ny"\n[alarms]\n')
    assert machine.install("--config", str(given)).code == 0
    found = load(machine.file, {}, defaults=default_config())
    assert (found.hub.name, found.sip.codecs) == ("Ny", ("PCMA",))


def test_settings_that_an_ordinary_user_planted_are_put_aside_and_not_read(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.folder.mkdir()
    machine.file.write_text(OWN)
    monkeypatch.setattr(rights, "_is_ours", lambda place: place != machine.file)
    said = machine.install("--broker-url", "mqtts://b")
    assert said.code == 0
    [aside] = machine.folder.glob("settings.toml.*")
    assert str(aside) in said.out
    assert aside.read_text() == OWN
    assert "Kysten" not in machine.file.read_text()


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows 10 lets no user make this kind of link"
)
def test_a_link_in_the_folder_s_place_leads_nowhere(machine: Machine, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "settings.toml").write_text(OWN)
    machine.folder.symlink_to(elsewhere, target_is_directory=True)
    assert machine.install(*ALL).code == 0
    assert not machine.folder.is_symlink()
    assert (elsewhere / "settings.toml").read_text() == OWN
    assert [one.name for one in elsewhere.iterdir()] == ["settings.toml"]


def test_a_purge_follows_no_link(machine: Machine, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_text("of somebody")
    machine.install(*ALL)
    (machine.folder / "logs").rmdir()
    (machine.folder / "logs").symlink_to(elsewhere, target_is_directory=True)
    assert machine.run("purge-machine").code == 0
    assert (elsewhere / "file").exists()


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--broker-url", "ftp://x"), ["--broker-url", "broker.url", "mqtt://HOST:PORT"]),
        (("--kommuner", "0510,7"), ["--kommuner", "hub.kommuner"]),
        (("--database-url", "oracle://x/y"), ["--database-url", "database.url"]),
        (("--sip-address", "not a host"), ["--sip-address", "sip.address"]),
        (("--database-url", "postgresql://desk:hemmelig@db/hub"), ["holds a password"]),
        (("--broker-url", "mqtt://desk:hemmelig@b"), ["holds a password"]),
        (("--config", "/no/such.toml"), ["/no/such.toml", "no such file"]),
    ],
)
def test_a_wrong_value_is_a_sentence_and_nothing_is_written(
    machine: Machine, argv: tuple[str, ...], words: list[str]
) -> None:
    machine.folder.mkdir()
    machine.file.write_text(OWN)
    said = machine.install(*ALL, *argv)
    assert said.code == 1
    assert [word for word in words if word not in said.err] == []
    assert "hemmelig" not in said.err + said.out
    assert machine.file.read_text() == OWN


def test_what_is_wrong_in_the_given_file_is_told_by_the_machine_s(
    machine: Machine, tmp_path: Path
) -> None:
    given = tmp_path / "hub.toml"
    given.write_text(OWN + "[log]\nlevel = 'loud'\n")
    said = machine.install("--config", str(given))
    assert said.code == 1
    assert "log.level" in said.err
    assert str(machine.file) in said.err
    assert not machine.file.exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(machine: Machine) -> None:
    machine.folder.write_text("a file in its place")
    said = machine.install(*ALL)
    assert said.code == 1
    assert str(machine.folder) in said.err
    assert "administrator" in said.err


BROKEN = [
    (("--broker-url", "ftp://x"), ["--broker-url", "mqtt://HOST:PORT"]),
    (("--kommuner", "0510,7"), ["--kommuner", "hub.kommuner"]),
    (("--database-url", "postgresql://desk:hemmelig@db/hub"), ["holds a password"]),
    (("--config", "/no/such.toml"), ["/no/such.toml", "no such file"]),
    (("--config", str(Path(__file__).parent)), [str(Path(__file__).parent)]),
]


@pytest.mark.parametrize(("argv", "words"), BROKEN)
def test_what_cannot_be_installed_is_refused_before(
    machine: Machine, argv: tuple[str, ...], words: list[str]
) -> None:
    said = machine.install("--check", *ALL, *argv)
    assert said.code == 4
    assert [word for word in words if word not in said.err] == []
    assert "hemmelig" not in said.err + said.out
    assert not machine.folder.exists()


def test_what_can_be_installed_is_not_installed_by_asking(machine: Machine) -> None:
    assert machine.install("--check", *ALL) == Said(0, "", "")
    assert not machine.folder.exists()
    machine.folder.mkdir()
    machine.file.write_text(OWN)
    assert machine.install("--check", *ALL) == Said(0, "", "")
    assert machine.file.read_text() == OWN


def test_a_newer_version_may_know_keys_and_values_that_this_one_does_not(
    machine: Machine, tmp_path: Path
) -> None:
    given = tmp_path / "hub.toml"
    given.write_text(OWN.replace('kind = "off"', 'kind = "satellite"') + "[moon]\nphase = 1\n")
    assert machine.install("--check", "--config", str(given)).code == 0
    assert machine.install("--config", str(given)).code == 1


@pytest.mark.parametrize("content", ["[hub\n", "\xff"])
def test_a_file_that_no_version_can_read_is_refused(
    machine: Machine, tmp_path: Path, content: str
) -> None:
    given = tmp_path / "hub.toml"
    given.write_bytes(content.encode("latin-1"))
    said = machine.install("--check", "--config", str(given))
    assert (said.code, str(given) in said.err) == (4, True)
    machine.folder.mkdir()
    shutil.copyfile(given, machine.file)
    said = machine.install("--check")
    assert (said.code, str(machine.file) in said.err) == (4, True)


@pytest.mark.parametrize("place", [".", "settings.toml"])
def test_what_stands_in_the_way_of_the_settings_is_refused(machine: Machine, place: str) -> None:
    machine.folder.mkdir()
    if place == ".":
        machine.folder.rmdir()
        machine.folder.write_text("a file in its place")
    else:
        machine.file.mkdir()
    said = machine.install("--check", *ALL)
    assert (said.code, str(machine.folder) in said.err) == (4, True)


def test_a_file_that_only_the_system_may_read_is_not_judged(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "hub.toml"
    given.write_text(OWN)

    def refused(file: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert machine.install("--check", "--config", str(given)).code == 0


def test_elsewhere_there_is_nothing_to_install(monkeypatch: pytest.MonkeyPatch, machine) -> None:
    monkeypatch.delenv("WORKSTATION_MACHINE_DATA")
    if sys.platform == "win32":
        pytest.skip("every Windows has a folder for it")
    said = machine.install(*ALL)
    assert (said.code, "--config" in said.err) == (1, True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists instead")
def test_the_secrets_are_nobody_else_s(machine: Machine) -> None:
    machine.install(*ALL)
    assert stat.S_IMODE((machine.folder / "secrets").stat().st_mode) == 0o700


def test_a_purge_leaves_nothing_of_ours_and_all_of_others(machine: Machine) -> None:
    machine.install(*ALL)
    (machine.folder / "logs" / "desk.log").write_text("line")
    assert machine.run("purge-machine").code == 0
    assert not machine.folder.exists()
    assert machine.run("purge-machine").code == 0
    machine.install(*ALL)
    (machine.folder / "notes.txt").write_text("IT's own")
    machine.run("purge-machine")
    assert [one.name for one in machine.folder.iterdir()] == ["notes.txt"]
