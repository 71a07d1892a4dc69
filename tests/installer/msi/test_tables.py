"""What wixl reads over stands in the tables afterwards, as the source says it."""

import shutil
import struct

import pytest

from installer import product
from installer.msi import package
from installer.msi_checks import complaints
from installer.msi_sequences import places
from installer.msi_tables import Msi, read

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("wixl", "msibuild", "msiinfo", "x86_64-w64-mingw32-gcc"))),
    reason="wixl, msitools and mingw are not installed",
)
BOTH_NUMBERS = struct.pack("<IIII", 0xFEEF04BD, 0x10000, 1 << 16 | 2, 3 << 16 | 4)


@pytest.fixture(scope="module")
def msi(tmp_path_factory: pytest.TempPathFactory) -> Msi:
    """A package of a program that is two small files, with the product's own source."""
    folder = tmp_path_factory.mktemp("package")
    program, made = folder / "program", folder / "made"
    (program / "_internal").mkdir(parents=True)
    made.mkdir()
    (program / "workstation.exe").write_bytes(b"MZ" + b"\0" * 30 + BOTH_NUMBERS)
    (program / "workstationctl.exe").write_bytes(b"MZ without a version")
    (program / "_internal/default.toml").write_bytes(b"x = 1\n")
    actions = folder / "actions.dll"
    package.build_actions(actions)
    icon = product.ROOT / "resources/icons/app.png"
    wanted = package.Package(version="1.2.3", program=program, icon=icon, actions=actions)
    return read(package.compiled(wanted, made))


def test_the_package_keeps_the_rules(msi: Msi) -> None:
    assert complaints(msi) == []


def test_components_have_their_conditions(msi: Msi) -> None:
    found = {name: row["Condition"] for name, row in msi.by_key("Component").items()}
    assert found["Autostart"] == 'AUTOSTART = "1" OR (AUTOSTARTBEFORE = "1" AND NOT AUTOSTART)'
    assert "DESKTOPSHORTCUT" in found["Desktop"]
    assert found["StartMenu"] == ""


def test_actions_run_when_and_as_whom_the_source_says(msi: Msi) -> None:
    kinds = {name: int(row["Type"]) for name, row in msi.by_key("CustomAction").items()}
    assert kinds["CloseWorkstation"] == 1
    assert kinds["KeepSettings"] == 1 | 1024 | 2048
    assert kinds["RestoreSettings"] == 1 | 64 | 256 | 1024 | 2048
    assert kinds["ForgetSettings"] == 1 | 64 | 512 | 1024 | 2048
    assert kinds["InstallSettings"] == 1 | 1024 | 2048 | 8192
    assert kinds["CheckSettings"] == kinds["PrepareSettings"] == 1
    assert kinds["RepairSettings"] == 1 | 64 | 1024 | 2048


def test_what_is_refused_is_refused_before_anything_is_closed_or_removed(msi: Msi) -> None:
    at = places(msi)
    order = ["CheckSettings", "PrepareSettings", "CloseWorkstation", "RemoveExistingProducts"]
    assert sorted(order, key=at.__getitem__) == order
    assert at["TellOfNewer"] < at["LaunchConditions"]


def test_a_downgrade_is_refused_in_both_languages(msi: Msi) -> None:
    said = {row["Condition"]: row["Description"] for row in msi.rows("LaunchCondition")}
    assert "En nyere version er allerede installeret" in said["NOT WIX_DOWNGRADE_DETECTED"]
    assert "A newer version is installed already" in said["NOT WIX_DOWNGRADE_DETECTED"]


def test_a_repair_hands_no_property_on(msi: Msi) -> None:
    conditions = {row["Action"]: row["Condition"] for row in msi.rows("InstallExecuteSequence")}
    assert conditions["PrepareSettings"] == conditions["InstallSettings"] == "NOT Installed"
    assert conditions["RepairSettings"] == "Installed AND NOT REMOVE"
    target = msi.by_key("CustomAction")["SetRepairSettings"]["Target"]
    assert target.endswith('workstationctl.exe" install-settings')


def test_addresses_are_hidden_from_the_log(msi: Msi) -> None:
    hidden = msi.listed("MsiHiddenProperties")
    assert {"DATABASE_URL", "BROKER_URL", "InstallSettings"} <= set(hidden)


def test_a_file_has_the_version_of_its_resources(msi: Msi) -> None:
    versions = {row["FileName"].rpartition("|")[2]: row["Version"] for row in msi.rows("File")}
    assert versions == {"workstation.exe": "1.2.3.4", "workstationctl.exe": "", "default.toml": ""}
