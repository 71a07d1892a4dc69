"""The package's own actions in Wine, around a program that says what the test wants it to say."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.lab.machine import fresh, windows_path
from installer.shop import run
from tests.windows.desk import WindowsDesk
from tests.windows.small import NEW, OLD, StandIn, code_of, small

SOFTWARE = r"HKLM\SOFTWARE\E-Team"
FAILED = 1603
REFUSED = 4
BROKEN, UNKNOWN = 1, 2
ADDRESS = "mqtts://broker.hub.example"
CLOSE = ["close", "--timeout", "30"]
REPAIR = ("REINSTALL=ALL", "REINSTALLMODE=amus")


@pytest.fixture(scope="module")
def packages(lab: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An MSI for each of two versions."""
    folder = tmp_path_factory.mktemp("small")
    return {version: small(folder, version) for version in (OLD, NEW)}


@pytest.fixture(scope="module")
def machine(kept_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WindowsDesk]:
    """One machine for all: what a test installs it takes away."""
    found = fresh().copy(tmp_path_factory.mktemp("actions") / "machine")
    yield WindowsDesk(found)
    found.stop()
    shutil.rmtree(found.folder)


@pytest.fixture
def desk(machine: WindowsDesk, packages: dict[str, Path]) -> WindowsDesk:
    """A desk with the older version, of which nothing was asked yet."""
    program = StandIn(machine)
    program.answers()
    files = machine.files()
    if files != [f"only-{OLD}.txt", "workstation.exe", "workstationctl.exe"]:
        for version in (NEW, OLD):
            if f"only-{version}.txt" in files:
                machine.run("msiexec", "/x", code_of(version), "/qn")
        machine.install(packages[OLD], f"BROKER_URL={ADDRESS}")
    program.asked()
    return machine


def test_a_wrong_property_is_refused_while_the_old_version_still_runs(
    desk: WindowsDesk, packages: dict[str, Path]
) -> None:
    program, files = StandIn(desk), desk.files()
    program.answers(check=REFUSED)
    log = desk.install(packages[NEW], "BROKER_URL=nonsense", code=FAILED)
    assert "This is why install-settings --check ends with 4." in log
    assert program.asked() == [["install-settings", "--check", "--broker-url", "nonsense"]]
    assert desk.files() == files
    assert OLD in desk.registry(SOFTWARE)


def test_a_value_that_is_too_long_is_refused_before_anything_is_changed(
    desk: WindowsDesk, packages: dict[str, Path]
) -> None:
    files = desk.files()
    log = desk.install(packages[NEW], f"KOMMUNER={'0510,' * 1000}", code=FAILED)
    assert "KOMMUNER is too long" in log
    assert desk.files() == files


def test_a_window_that_stays_open_is_a_refusal_too(
    desk: WindowsDesk, packages: dict[str, Path]
) -> None:
    program, files = StandIn(desk), desk.files()
    program.answers(close=REFUSED)
    log = desk.install(packages[NEW], code=FAILED)
    assert "This is why close ends with 4." in log
    desk.msiexec("/x", code_of(OLD), code=FAILED)
    assert desk.files() == files


def test_a_repair_puts_files_and_registry_back_and_takes_no_property(
    desk: WindowsDesk, packages: dict[str, Path]
) -> None:
    program, files = StandIn(desk), desk.files()
    for what in (code_of(OLD), windows_path(packages[OLD])):
        program.answers(settings=BROKEN)  # a wrong setting on the machine
        (desk.program / f"only-{OLD}.txt").unlink()
        (desk.program / "workstation.exe").write_bytes(b"damaged")
        desk.run("reg", "delete", rf"{SOFTWARE}\Workstation", "/f")
        log = desk.msiexec("/i", what, *REPAIR, "BROKER_URL=mqtt://elsewhere")
        assert desk.files() == files
        assert (desk.program / "workstation.exe").read_bytes() == b"MZ of " + OLD.encode()
        assert OLD in desk.registry(SOFTWARE)
        assert program.asked() == [CLOSE, ["install-settings"]]
        assert "This is why install-settings ends with 1." in log


def test_a_program_that_is_broken_is_repaired_and_removed(
    desk: WindowsDesk, packages: dict[str, Path]
) -> None:
    ctl = desk.program / "workstationctl.exe"
    ctl.write_bytes(b"no program any more")
    desk.msiexec("/i", code_of(OLD), *REPAIR)
    assert desk.ctl("close").returncode == 0
    ctl.write_bytes(b"no program any more")
    desk.msiexec("/x", code_of(OLD))
    assert not desk.program.exists()


def test_a_version_that_is_broken_or_does_not_know_the_word_is_replaced(
    desk: WindowsDesk, packages: dict[str, Path]
) -> None:
    StandIn(desk).answers(check=UNKNOWN, close=BROKEN)
    log = desk.install(packages[NEW])
    assert f"could not be asked ({UNKNOWN})" in log
    assert f"could not be asked ({BROKEN})" in log
    assert NEW in desk.registry(SOFTWARE)
    assert desk.files() == [f"only-{NEW}.txt", "workstation.exe", "workstationctl.exe"]


def test_a_value_is_read_as_it_was_given_and_stays_out_of_the_log(
    desk: WindowsDesk, packages: dict[str, Path], tmp_path: Path
) -> None:
    program = StandIn(desk)
    value = 'mqtts://anna:hemmelig@back\\"slash" --config "two  words [ProductCode] %TEMP%\\'
    # As a transform of IT's: msiexec has rules of its own for quotation marks.
    given = shutil.copy(packages[NEW], tmp_path / "given.msi")
    row = f"INSERT INTO `Property` (`Property`, `Value`) VALUES ('BROKER_URL', '{value}')"
    run("msibuild", given, "-q", row)
    log = desk.install(given)
    calls = program.asked()
    assert calls[0] == ["install-settings", "--check", "--broker-url", value]
    assert calls[-1] == ["install-settings", "--broker-url", value]
    # Wine asks the old version once more, when it is removed.
    assert calls[1:-1] in ([CLOSE], [CLOSE, CLOSE])
    # Wine lists hidden properties like others; what is said must not tell them.
    told = [line for line in log.splitlines() if "hemmelig" in line]
    assert [line for line in told if not line.startswith("Property(")] == []


def test_settings_are_put_back_when_the_new_version_fails_to_write_them(
    desk: WindowsDesk, packages: dict[str, Path]
) -> None:
    settings = desk.data / "settings.toml"
    desk.data.mkdir(exist_ok=True)
    settings.write_text("# as before\n", encoding="utf-8")
    StandIn(desk).answers(settings=BROKEN)
    log = desk.install(packages[NEW], code=FAILED)
    assert "This is why install-settings ends with 1." in log
    assert settings.read_text(encoding="utf-8") == "# as before\n"
    assert [one.name for one in desk.data.iterdir()] == ["settings.toml"]


def test_settings_that_cannot_be_kept_are_not_touched(
    desk: WindowsDesk, packages: dict[str, Path]
) -> None:
    in_its_place = desk.data / "settings.toml"
    in_its_place.unlink(missing_ok=True)
    in_its_place.mkdir(parents=True)
    program = StandIn(desk)
    log = desk.install(packages[NEW], code=FAILED)
    assert "The settings could not be copied" in log
    assert ["install-settings"] not in program.asked()
    in_its_place.rmdir()


def test_a_downgrade_is_refused_with_both_versions_in_the_log(
    desk: WindowsDesk, packages: dict[str, Path]
) -> None:
    desk.install(packages[NEW])
    files = desk.files()
    log = desk.install(packages[OLD], code=FAILED)
    assert f"Version {NEW} is installed already and is newer than {OLD}" in log
    assert desk.files() == files
    assert NEW in desk.registry(SOFTWARE)
