"""What IT does with the installer: install, upgrade, refuse, undo, remove."""

import tomllib
from pathlib import Path
from typing import Any

from installer import product
from tests.windows.conftest import NEWER, Screen
from tests.windows.desk import KOMMUNE, Hub, WindowsDesk
from tests.windows.small import code_of

SOFTWARE = r"HKLM\SOFTWARE\E-Team"
RUN = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run"
EVENTS = rf"HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\{product.NAME}"
UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
FAILED = 1603


def settings_of(desk: WindowsDesk) -> dict[str, Any]:
    return tomllib.loads((desk.data / "settings.toml").read_text(encoding="utf-8"))


def test_properties_become_the_machine_s_settings(installed: WindowsDesk, hub: Hub) -> None:
    found = settings_of(installed)
    assert found["database"]["url"] == hub.database
    assert found["broker"]["url"] == hub.broker.url
    assert found["hub"]["kommuner"] == [KOMMUNE]
    assert found["sip"]["kind"] == "direct"


def test_it_is_in_the_menu_on_the_desktop_and_starts_at_sign_in(installed: WindowsDesk) -> None:
    assert product.NAME in installed.shortcuts()
    assert "workstation.exe" in installed.registry(RUN)
    assert "EventCreate.exe" in installed.registry(EVENTS)
    assert product.NAME in installed.registry(UNINSTALL)


def test_a_wrong_property_ends_it_with_a_sentence_in_the_log_and_nothing_installed(
    built: Path, bare: WindowsDesk
) -> None:
    log = bare.install(built, "DATABASE_URL=nonsense", code=FAILED)
    assert "database.url" in log
    assert not bare.program.exists()
    assert not (bare.data / "settings.toml").exists()
    assert bare.registry(SOFTWARE) == ""


def test_an_upgrade_that_cannot_succeed_leaves_the_old_version_open_and_working(
    newer: Path, another: WindowsDesk, screen: Screen
) -> None:
    settings, files = another.data / "settings.toml", another.files()
    before = settings.read_bytes()
    window = screen.opens(another)
    log = another.install(newer, "BROKER_URL=nonsense", code=FAILED)
    assert "broker.url" in log
    assert window.running
    assert settings.read_bytes() == before
    settings.unlink()
    settings.mkdir()
    log = another.install(newer, code=FAILED)
    assert "settings.toml" in log
    settings.rmdir()
    settings.write_bytes(before)
    assert window.running
    assert another.files() == files
    assert product.version() in another.registry(SOFTWARE)
    assert another.ctl("close").returncode == 0
    assert window.wait(60) == 0


def test_a_repair_puts_back_what_is_missing_and_leaves_the_settings(another: WindowsDesk) -> None:
    files, settings = another.files(), another.data / "settings.toml"
    before = settings.read_bytes()
    for lost in ("_internal/python312.dll", "_internal/config/default.toml"):
        (another.program / lost).unlink()
    assert another.ctl("--version").returncode != 0
    code = code_of(product.version())
    another.msiexec(
        "/i", code, "REINSTALL=ALL", "REINSTALLMODE=amus", "BROKER_URL=mqtt://elsewhere"
    )
    assert another.files() == files
    assert settings.read_bytes() == before
    assert another.ctl("install-settings", "--check").returncode == 0


def test_an_upgrade_while_the_desk_is_open_closes_it_and_keeps_settings(
    built: Path, newer: Path, another: WindowsDesk, screen: Screen
) -> None:
    before, files = settings_of(another), another.files()
    window = screen.opens(another)
    another.install(newer)
    assert window.wait(60) == 0
    assert settings_of(another) == before
    assert another.files() == files
    assert NEWER in another.registry(SOFTWARE)
    assert another.registry(UNINSTALL).count("DisplayName") == 1
    assert "workstation.exe" in another.registry(RUN)
    assert another.ctl("--version").returncode == 0
    log = another.install(built, code=FAILED)
    assert f"Version {NEWER} is installed already" in log
    assert NEWER in another.registry(SOFTWARE)


def test_uninstalling_leaves_nothing_but_the_settings(another: WindowsDesk) -> None:
    another.msiexec("/x", code_of(product.version()))
    assert not another.program.exists()
    assert another.shortcuts() == []
    assert another.registry(SOFTWARE) == ""
    assert another.registry(EVENTS) == ""
    assert product.NAME not in another.registry(RUN)
    assert product.NAME not in another.registry(UNINSTALL)
    assert (another.data / "settings.toml").exists()


def test_with_purge_the_settings_go_too(another: WindowsDesk) -> None:
    another.msiexec("/x", code_of(product.version()), "PURGE=1")
    assert not another.program.exists()
    assert not another.data.exists()
