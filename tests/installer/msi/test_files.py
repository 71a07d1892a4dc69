"""Each file of the program is a component that an upgrade knows again."""

import xml.etree.ElementTree as ET

import pytest

from installer.msi.files import fragment, identifiers

WIX = "{http://schemas.microsoft.com/wix/2006/wi}"


@pytest.fixture
def program(tmp_path):
    for place in ("workstation.exe", "_internal/a.dll", "_internal/deep & odd/b.txt"):
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(place, encoding="utf-8")
    return tmp_path


def test_every_file_is_one_component_in_one_group(program):
    root = ET.fromstring(fragment(program))
    components = {one.get("Id"): one for one in root.iter(f"{WIX}Component")}
    group = {one.get("Id") for one in root.iter(f"{WIX}ComponentRef")}
    assert components.keys() == group
    sources = {one.find(f"{WIX}File").get("Source") for one in components.values()}
    assert sources == {
        "files/workstation.exe", "files/_internal/a.dll", "files/_internal/deep & odd/b.txt",
    }  # fmt: skip
    ids = {one.find(f"{WIX}File").get("Id") for one in components.values()}
    assert ids == set(identifiers(program))


def test_guids_follow_from_the_place_alone(program):
    def guids():
        root = ET.fromstring(fragment(program))
        return {
            one.find(f"{WIX}File").get("Source"): one.get("Guid")
            for one in root.iter(f"{WIX}Component")
        }

    before = guids()
    (program / "workstation.exe").write_text("newer", encoding="utf-8")
    (program / "another.dll").touch()
    after = guids()
    assert after.items() > before.items()
    assert len(set(after.values())) == len(after)
