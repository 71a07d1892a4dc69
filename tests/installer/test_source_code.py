"""The archive with the source code has the project and what the telephone library is built from."""

import tarfile
from pathlib import Path

from installer import product, source_code


def test_it_has_the_project_and_the_archives_and_nobody_s_name(tmp_path: Path) -> None:
    archive = tmp_path / "pjproject.tar.xz"
    archive.write_bytes(b"packed")
    made = source_code.put("1.2.3", [archive], tmp_path)
    assert made.name == "workstation-1.2.3-source.tar.gz"
    start = "workstation-1.2.3-source"
    with tarfile.open(made) as packed:
        names = packed.getnames()
        door = packed.getmember(f"{start}/dev")
        kept = packed.extractfile(f"{start}/sources/{archive.name}")
        assert kept is not None
        assert kept.read() == b"packed"
        own = packed.extractfile(f"{start}/main.py")
        assert own is not None
        assert own.read() == (product.ROOT / "main.py").read_bytes()
    assert door.mode == 0o755
    assert (door.uid, door.uname, door.mtime) == (0, "", 0)
    assert f"{start}/installer/telephony/edits.py" in names
    assert not [name for name in names if ".venv" in name or "__pycache__" in name]
