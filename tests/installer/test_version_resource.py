"""A program's version is what Windows shows of it."""

from pathlib import Path

from installer.version_resource import version_of
from tests.installer.frozen import library as packed


def test_a_library_has_the_version_of_its_resources(tmp_path: Path) -> None:
    library = tmp_path / "a.dll"
    library.write_bytes(packed(1, 2, 3, 4))
    assert version_of(library) == "1.2.3.4"


def test_what_is_no_program_or_has_no_resources_has_no_version(tmp_path: Path) -> None:
    text, bare = tmp_path / "text", tmp_path / "bare.dll"
    text.write_bytes(packed(1, 2, 3, 4).removeprefix(b"MZ"))
    bare.write_bytes(b"MZ" + bytes(62))
    assert version_of(text) == version_of(bare) == ""
