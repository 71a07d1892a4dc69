"""The checks of an MSI find nothing in a sound one, and each fault that is put into it."""

import shutil
import subprocess

import pytest

from installer.msi_checks import complaints, main
from installer.msi_tables import Msi, UnreadableMsiError, as_table, long_name, read

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("wixl", "msibuild", "msiinfo"))),
    reason="wixl and msitools are not installed",
)

SOURCE = r"""<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="*" UpgradeCode="6E0A9C1B-0C6F-4C0E-9B0B-6F2B1B1B1B01" Name="Probe" Version="1.2.3"
    Manufacturer="Probe" Language="1033">
    <Package Id="*" Compressed="yes" InstallScope="perMachine" InstallerVersion="500"/>
    <Media Id="1" Cabinet="a.cab" EmbedCab="yes"/>
    <MajorUpgrade DowngradeErrorMessage="A newer version is installed."/>
    <Property Id="CONFIG" Value="none"/>
    <Property Id="DATABASE_URL" Value="none"/>
    <Directory Id="TARGETDIR" Name="SourceDir">
      <Directory Id="ProgramFiles64Folder">
        <Directory Id="INSTALLDIR" Name="Probe">
          <Component Id="Main" Guid="6E0A9C1B-0C6F-4C0E-9B0B-6F2B1B1B1B02" Win64="yes">
            <File Id="Program" Source="program.txt" KeyPath="yes"/>
            <RegistryValue Id="OurKey" Root="HKLM" Key="SOFTWARE\Probe" Name="x" Type="string" Value="y"/>
          </Component>
          <Component Id="Side" Guid="6E0A9C1B-0C6F-4C0E-9B0B-6F2B1B1B1B03" Win64="yes">
            <File Id="Beside" Source="beside.txt" KeyPath="yes"/>
          </Component>
        </Directory>
      </Directory>
      <Directory Id="ProgramMenuFolder">
        <Component Id="Menu" Guid="6E0A9C1B-0C6F-4C0E-9B0B-6F2B1B1B1B04" Win64="yes">
          <Shortcut Id="Start" Name="Probe" Target="[INSTALLDIR]program.txt"/>
          <RegistryValue Id="MenuKey" Root="HKLM" Key="SOFTWARE\Probe" Name="m" Type="integer" Value="1"
            KeyPath="yes"/>
        </Component>
      </Directory>
    </Directory>
    <CustomAction Id="Put" FileKey="Program" ExeCommand="put [CONFIG] [DATABASE_URL]"
      Execute="deferred" Impersonate="no" Return="check"/>
    <InstallExecuteSequence>
      <Custom Action="Put" After="InstallFiles">NOT REMOVE</Custom>
    </InstallExecuteSequence>
    <Feature Id="F" Level="1">
      <ComponentRef Id="Main"/><ComponentRef Id="Side"/><ComponentRef Id="Menu"/>
    </Feature>
  </Product>
</Wix>
"""
SECURE = "CONFIG;DATABASE_URL;WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED"
ACTIONS = "`InstallExecuteSequence`"
WHAT_WIXL_LACKS = (
    f"UPDATE {ACTIONS} SET `Sequence` = 4001 WHERE `Action` = 'Put'",
    f"UPDATE {ACTIONS} SET `Sequence` = 1501 WHERE `Action` = 'RemoveExistingProducts'",
    "UPDATE `CustomAction` SET `Type` = 11282 WHERE `Action` = 'Put'",
    f"UPDATE `Property` SET `Value` = '{SECURE}' WHERE `Property` = 'SecureCustomProperties'",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('MsiHiddenProperties', 'DATABASE_URL')",
)


def change(path, *queries):
    """Change a package's tables by SQL, as msibuild understands it."""
    for query in queries:
        subprocess.run(["msibuild", path, "-q", query], check=True, capture_output=True)


@pytest.fixture(scope="session")
def sound(tmp_path_factory):
    """A small MSI with which nothing is wrong."""
    folder = tmp_path_factory.mktemp("msi")
    for name in ("program.txt", "beside.txt"):
        (folder / name).write_text(name, encoding="utf-8")
    (folder / "probe.wxs").write_text(SOURCE, encoding="utf-8")
    command = ["wixl", "-a", "x64", "-D", "Win64=yes", "-o", "probe.msi", "probe.wxs"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    change(folder / "probe.msi", *WHAT_WIXL_LACKS)
    return folder / "probe.msi"


@pytest.fixture
def package(sound, tmp_path):
    """A copy of it, to be broken."""
    return shutil.copy(sound, tmp_path / "broken.msi")


def test_nothing_is_wrong_with_a_sound_package(sound):
    assert complaints(read(sound)) == []
    assert main([str(sound)]) == 0


def put(table, columns, values):
    names = ", ".join(f"`{name}`" for name in columns.split())
    return f"INSERT INTO `{table}` ({names}) VALUES ({values})"


def set_(table, what, key, value):
    return f"UPDATE `{table}` SET {what} WHERE `{key}` = '{value}'"


FILE = "File Component_ FileName FileSize Attributes Sequence"
COMPONENT = "Component ComponentId Directory_ Attributes KeyPath"
REGISTRY = "Registry Root Key Name Value Component_"
DIRECTORY = "Directory Directory_Parent DefaultDir"
UPGRADE = "UpgradeCode VersionMin VersionMax Attributes ActionProperty"
OURS = "6E0A9C1B-0C6F-4C0E-9B0B-6F2B1B1B1B"

FAULTS = {
    "an id with a hyphen": (
        put("File", FILE, "'a-b', 'Main', 'c.txt', 1, 512, 1"),
        "ICE03: File: 'a-b' is no identifier",
    ),
    "an empty value": (
        set_("Component", "`Directory_` = ''", "Component", "Side"),
        "ICE03: Component: Side, Directory_ is empty",
    ),
    "a value too long": (
        set_("CustomAction", f"`Target` = '{'x' * 256}'", "Action", "Put"),
        "ICE03: CustomAction: Put, Target is longer than 255",
    ),
    "a GUID in small letters": (
        set_("Component", f"`ComponentId` = '{{{OURS.lower()}07}}'", "Component", "Side"),
        "is no GUID",
    ),
    "a component of nowhere": (
        set_("File", "`Component_` = 'Nowhere'", "File", "Beside"),
        "ICE03: File: there is no Component Nowhere",
    ),
    "a directory of nowhere": (
        set_("Component", "`Directory_` = 'NOWHERE'", "Component", "Side"),
        "ICE03: Component: there is no Directory NOWHERE",
    ),
    "a file on no medium": (set_("File", "`Sequence` = 99", "File", "Beside"), "ICE04: file Beside"),
    "a GUID twice": (
        set_("Component", f"`ComponentId` = '{{{OURS}02}}'", "Component", "Side"), "ICE08",
    ),
    "Windows' own folder": (
        put("Directory", DIRECTORY, "'System64Folder', 'TARGETDIR', '.'"),
        set_("Component", "`Directory_` = 'System64Folder'", "Component", "Side"),
        "ICE09: component Side",
    ),
    "no key path": (
        set_("Component", "`KeyPath` = ''", "Component", "Side"),
        "ICE18: component Side has no key path",
    ),
    "the key path of another": (
        set_("Component", "`KeyPath` = 'Program'", "Component", "Side"),
        "ICE18: component Side has the key path Program",
    ),
    "in no feature": (
        "DELETE FROM `FeatureComponents` WHERE `Component_` = 'Side'",
        "ICE21: component Side",
    ),
    "one file from two components": (
        set_("File", "`FileName` = 'PROG~1.TXT|Program.txt'", "File", "Beside"),
        "program.txt comes from Main, Side",
    ),
    "a class": (
        put("Registry", REGISTRY, "'C', 0, 'probe\\shell', '', 'x', 'Main'"),
        "ICE33: C registers a class",
    ),
    "a key with a stroke behind": (
        set_("Registry", "`Key` = 'SOFTWARE\\Probe\\'", "Registry", "OurKey"), "ICE33: OurKey has",
    ),
    "a root that is none": (
        set_("Registry", "`Root` = 7", "Registry", "OurKey"), "ICE33: OurKey has the root 7",
    ),
    "for one user": (
        "DELETE FROM `Property` WHERE `Property` = 'ALLUSERS'", "ICE57: the package is not",
    ),
    "a user's registry": (
        set_("Registry", "`Root` = 1", "Registry", "OurKey"), "ICE57: OurKey writes",
    ),
    "a user's folder": (
        put("Directory", DIRECTORY, "'LocalAppDataFolder', 'TARGETDIR', '.'"),
        put("Directory", DIRECTORY, "'Deep', 'LocalAppDataFolder', 'Probe'"),
        set_("Component", "`Directory_` = 'Deep'", "Component", "Side"),
        "ICE57: component Side goes into LocalAppDataFolder",
    ),
    "a folder left in the menu": (
        put("Directory", DIRECTORY, "'InMenu', 'ProgramMenuFolder', 'Probe'"),
        "ICE64: directory InMenu",
    ),
    "a shortcut to nothing": (
        set_("Shortcut", "`Target` = '[INSTALLDIR]other.txt'", "Shortcut", "Start"),
        "ICE69: shortcut Start leads to [INSTALLDIR]other.txt",
    ),
    "a shortcut to a file that is not there": (
        set_("Shortcut", "`Target` = '[#Other]'", "Shortcut", "Start"),
        "ICE69: shortcut Start leads to the file Other",
    ),
    "32 bits": (
        set_("Component", "`Attributes` = 0", "Component", "Side"), "ICE80: component Side",
    ),
    "64 bits in the folder of 32": (
        put("Directory", DIRECTORY, "'ProgramFilesFolder', 'TARGETDIR', '.'"),
        set_("Component", "`Directory_` = 'ProgramFilesFolder'", "Component", "Side"),
        "goes into ProgramFilesFolder",
    ),
    "a directory with a property's name": (
        put("Directory", DIRECTORY, "'ProductName', 'TARGETDIR', 'x'"), "ICE99: directory",
    ),
    "a version with letters": (
        set_("Property", "`Value` = '1.2.3-beta'", "Property", "ProductVersion"), "ICE24",
    ),
    "a version too large": (
        set_("Property", "`Value` = '1.256.0'", "Property", "ProductVersion"), "ICE24",
    ),
    "no action for the registry": (
        f"DELETE FROM {ACTIONS} WHERE `Action` = 'RemoveRegistryValues'",
        "ICE26: Registry has rows, and InstallExecuteSequence no RemoveRegistryValues",
    ),
    "no end": (
        f"DELETE FROM {ACTIONS} WHERE `Action` = 'InstallFinalize'",
        "ICE26: InstallExecuteSequence has no InstallFinalize",
    ),
    "out of order": (
        set_("InstallExecuteSequence", "`Sequence` = 900", "Action", "InstallInitialize"),
        "ICE26: InstallInitialize does not stand after",
    ),
    "no upgrade": ("DELETE FROM `Upgrade`", "ICE61: no earlier version is replaced"),
    "a downgrade": (
        "DELETE FROM `LaunchCondition`", "ICE61: nothing refuses an installation over a newer",
    ),
    "removes what is newer": (
        f"DELETE FROM `Upgrade` WHERE `UpgradeCode` = '{{{OURS}01}}'",
        put("Upgrade", UPGRADE, f"'{{{OURS}01}}', '', '9.0.0', 1, 'WIX_UPGRADE_DETECTED'"),
        "ICE61: WIX_UPGRADE_DETECTED removes a version newer",
    ),
    "refuses a repair": (
        f"DELETE FROM `Upgrade` WHERE `UpgradeCode` = '{{{OURS}01}}'",
        put("Upgrade", UPGRADE, f"'{{{OURS}01}}', '1.2.3', '', 258, 'WIX_DOWNGRADE_DETECTED'"),
        "refuses this very version, and with it a repair",
    ),
    "an upgrade that leaves nothing": (
        set_("InstallExecuteSequence", "`Sequence` = 1450", "Action", "RemoveExistingProducts"),
        "ICE63: an upgrade that fails leaves nothing",
    ),
    "an upgrade in the middle": (
        set_("InstallExecuteSequence", "`Sequence` = 1700", "Action", "RemoveExistingProducts"),
        "ICE63: ProcessComponents run between",
    ),
    "an action without its file": (
        set_("CustomAction", "`Source` = 'Nowhere'", "Action", "Put"),
        "ICE68: Put runs Nowhere, which is not in File",
    ),
    "an action that nothing runs": (
        f"DELETE FROM {ACTIONS} WHERE `Action` = 'Put'", "ICE68: nothing runs Put",
    ),
    "an action before its file": (
        set_("InstallExecuteSequence", "`Sequence` = 1601", "Action", "Put"),
        "ICE75: Put runs its file before that is there",
    ),
    "an action after its file": (
        set_("InstallExecuteSequence", "`Condition` = 'REMOVE=\"ALL\"'", "Action", "Put"),
        "ICE75: Put runs its file when that is removed already",
    ),
    "a deferred action after the end": (
        set_("InstallExecuteSequence", "`Sequence` = 6602", "Action", "Put"),
        "ICE77: Put is deferred and does not run",
    ),
    "an action as a user": (
        set_("CustomAction", "`Type` = 9234", "Action", "Put"), "ICE77: Put changes the machine",
    ),
    "a password": (
        put("Property", "Property Value", "'BROKER_PASSWORD', 'none'"),
        "secrets: BROKER_PASSWORD would hold a secret",
    ),
    "a password handed on": (
        set_("CustomAction", "`Target` = 'put [SIP_PWD]'", "Action", "Put"), "secrets: SIP_PWD",
    ),
    "an URL that is not hidden": (
        "DELETE FROM `Property` WHERE `Property` = 'MsiHiddenProperties'",
        "secrets: DATABASE_URL may be given with a password",
    ),
    "an URL in the log": (
        set_("CustomAction", "`Type` = 3090", "Action", "Put"),
        "secrets: Put writes DATABASE_URL into the log",
    ),
    "an URL set as another property": (
        put("CustomAction", "Action Type Source Target", "'Set', 8243, 'Put', '[DATABASE_URL]'"),
        put("InstallExecuteSequence", "Action Sequence", "'Set', 4000"),
        "secrets: Put is set to DATABASE_URL and is not hidden",
    ),
    "a refusal when the old version is gone": (
        put("CustomAction", "Action Type Source Target", "'Ask', 2, 'Program', 'ask'"),
        put("InstallExecuteSequence", "Action Sequence", "'Ask', 4000"),
        "refusals: Ask may refuse, and stands behind RemoveExistingProducts",
    ),
    "a property handed on as it was given": (
        put("CustomAction", "Action Type Source Target", "'Set', 51, 'Put', '\"[CONFIG]\"'"),
        put("InstallExecuteSequence", "Action Sequence", "'Set', 4000"),
        "handed on: Set hands CONFIG to Put as it was given",
    ),
    "a property that stays outside": (
        set_("Property", "`Value` = 'CONFIG;DATABASE_URL'", "Property", "SecureCustomProperties"),
        "secure: WIX_UPGRADE_DETECTED is not in SecureCustomProperties",
    ),
    "a property of a condition": (
        set_("InstallExecuteSequence", "`Condition` = 'PURGE=1'", "Action", "Put"),
        "secure: PURGE is not in SecureCustomProperties",
    ),
    "a private property named secure": (
        set_("Property", f"`Value` = '{SECURE};Manufacturer'", "Property", "SecureCustomProperties"),
        "secure: SecureCustomProperties names Manufacturer",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_each_fault_is_found(package, fault):
    *queries, said = fault
    change(package, *queries)
    assert said in "\n".join(complaints(read(package)))
    assert main([str(package)]) == 1


def test_a_row_that_stands_twice_is_found():
    table = as_table("Property\tValue\ns72\tl0\nProperty\tProperty\nA\t1\nA\t2\n")
    assert "ICE03: Property: ('A',) stands twice" in complaints(Msi(tables={"Property": table}))


def test_reading_leaves_nothing_behind(package, tmp_path, monkeypatch):
    (tmp_path / "icon").write_text("an icon", encoding="utf-8")
    added = ["msibuild", package, "-q", put("Icon", "Name Data", "'icon.ico', ''")]
    subprocess.run(added, check=True, capture_output=True)
    subprocess.run(["msibuild", package, "-a", "Icon.icon.ico", tmp_path / "icon"], check=True)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert read(package).rows("Icon")[0]["Name"] == "icon.ico"
    assert sorted(tmp_path.rglob("*")) == before


def test_names_have_a_long_form():
    assert long_name("PROGRA~1|Program Files") == "Program Files"
    assert long_name("a.txt") == "a.txt"
    assert long_name("TARGET~1|target:source") == "target"
    assert long_name(".") == "."


def test_a_file_that_is_no_package_is_said(tmp_path):
    (tmp_path / "no.msi").write_text("nothing", encoding="utf-8")
    with pytest.raises(UnreadableMsiError, match=r"no\.msi"):
        read(tmp_path / "no.msi")
