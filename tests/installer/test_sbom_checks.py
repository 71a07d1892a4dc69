"""Every file of an MSI is in its bill of materials, by its hash, and nothing else is."""

import copy
import hashlib
import json
import shutil
import subprocess
from typing import Any

import pytest

from installer.msi_tables import UnreadableMsiError
from installer.sbom_checks import complaints, main, of_bill

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("wixl", "msiextract"))),
    reason="wixl and msitools are not installed",
)

SOURCE = """<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="*" UpgradeCode="6E0A9C1B-0C6F-4C0E-9B0B-6F2B1B1B1B01" Name="Probe" Version="1.2.3"
    Manufacturer="Probe" Language="1033">
    <Package Id="*" Compressed="yes" InstallScope="perMachine" InstallerVersion="500"/>
    <Media Id="1" Cabinet="a.cab" EmbedCab="yes"/>
    <Directory Id="TARGETDIR" Name="SourceDir">
      <Directory Id="ProgramFiles64Folder">
        <Directory Id="INSTALLDIR" Name="E-Team Probe">
          <Component Id="Main" Guid="6E0A9C1B-0C6F-4C0E-9B0B-6F2B1B1B1B02" Win64="yes">
            <File Id="Program" Source="program.txt" KeyPath="yes"/>
          </Component>
          <Directory Id="INSIDE" Name="inside">
            <Component Id="Side" Guid="6E0A9C1B-0C6F-4C0E-9B0B-6F2B1B1B1B03" Win64="yes">
              <File Id="Beside" Source="beside.txt" KeyPath="yes"/>
            </Component>
          </Directory>
        </Directory>
      </Directory>
    </Directory>
    <Feature Id="F" Level="1"><ComponentRef Id="Main"/><ComponentRef Id="Side"/></Feature>
  </Product>
</Wix>
"""


def of_file(name, content):
    found = hashlib.sha256(content.encode()).hexdigest()
    return {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": found}]}


BILL = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "serialNumber": "urn:uuid:6e0a9c1b-0c6f-4c0e-9b0b-6f2b1b1b1b05",
    "components": [
        {
            "type": "library",
            "bom-ref": "a-library@1.0",
            "name": "a-library",
            "version": "1.0",
            "purl": "pkg:generic/a-library@1.0",
            "licenses": [{"license": {"id": "MIT"}}],
            "components": [of_file("program.txt", "the program")],
        },
        of_file("inside/beside.txt", "beside it"),
    ],
}


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """A small MSI with two files."""
    folder = tmp_path_factory.mktemp("sbom")
    (folder / "program.txt").write_text("the program", encoding="utf-8")
    (folder / "beside.txt").write_text("beside it", encoding="utf-8")
    (folder / "probe.wxs").write_text(SOURCE, encoding="utf-8")
    command = ["wixl", "-a", "x64", "-D", "Win64=yes", "-o", "probe.msi", "probe.wxs"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "probe.msi"


def test_a_whole_bill_is_found_whole(package, tmp_path):
    assert complaints(package, BILL) == []
    (tmp_path / "bom.json").write_text(json.dumps(BILL), encoding="utf-8")
    assert main([str(package), str(tmp_path / "bom.json")]) == 0


def without_a_file(bill):
    del bill["components"][1]


def with_a_file_too_many(bill):
    bill["components"].append(of_file("other.txt", "other"))


def with_another_file(bill):
    bill["components"][1] = of_file("inside/beside.txt", "changed")


def without_a_hash(bill):
    del bill["components"][1]["hashes"]


def with_a_file_twice(bill):
    bill["components"].append(of_file("program.txt", "the program"))


def without_a_licence(bill):
    del bill["components"][0]["licenses"]


def with_an_unknown_licence(bill):
    bill["components"][0]["licenses"] = [{"expression": "LicenseRef-unknown"}]


def without_a_known_version(bill):
    bill["components"][0]["version"] = "unknown"


def without_a_name_to_look_it_up(bill):
    del bill["components"][0]["purl"]


def with_a_carrier_that_is_silent(bill):
    name, version = "cryptography", "50.0"
    silent = {"purl": f"pkg:pypi/{name}@{version}", "licenses": [{"expression": "MIT"}]}
    bill["components"].append({"type": "library", "name": name, "version": version, **silent})


def with_a_library_of_nobody(bill):
    bill["components"].append(of_file("Stray.DLL", "a library"))


def with_a_reference_twice(bill):
    bill["components"][1]["bom-ref"] = "a-library@1.0"


def without_a_serial_number(bill):
    del bill["serialNumber"]


def without_a_name(bill):
    del bill["components"][0]["name"]


def of_another_format(bill):
    bill["bomFormat"] = "SPDX"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (without_a_file, "inside/beside.txt is not listed"),
        (with_a_file_too_many, "other.txt is listed and not there"),
        (with_another_file, "inside/beside.txt is another file"),
        (without_a_hash, "inside/beside.txt is another file"),
        (with_a_file_twice, "program.txt is listed twice"),
        (without_a_licence, "a-library has no version or no licence"),
        (with_an_unknown_licence, "a-library has no version or no licence"),
        (without_a_known_version, "a-library has no version or no licence"),
        (without_a_name_to_look_it_up, "a-library has no name by which its faults"),
        (with_a_carrier_that_is_silent, "cryptography does not say what is compiled into it"),
        (with_a_library_of_nobody, "Stray.DLL is no component's"),
        (with_a_reference_twice, "two components are called a-library@1.0"),
        (without_a_serial_number, "the bill has no serial number"),
        (without_a_name, "has no name"),
        (of_another_format, "is no CycloneDX"),
    ],
)
def test_each_fault_is_found(package, broken, said):
    bill = copy.deepcopy(BILL)
    broken(bill)
    assert said in "\n".join(complaints(package, bill))


def test_a_file_that_is_no_package_is_said(tmp_path):
    (tmp_path / "no.msi").write_text("nothing", encoding="utf-8")
    with pytest.raises(UnreadableMsiError, match=r"no\.msi"):
        complaints(tmp_path / "no.msi", BILL)


def test_a_library_that_a_component_says_it_brought_is_somebody_s():
    bill: dict[str, Any] = copy.deepcopy(BILL)
    bill["components"].append(of_file("_internal/a.dll", "a library"))
    assert list(of_bill(bill)) == ["_internal/a.dll is no component's"]
    bill["components"][0]["evidence"] = {"occurrences": [{"location": "_internal/a.dll"}]}
    assert list(of_bill(bill)) == []
