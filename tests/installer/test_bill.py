"""The bill of materials says what is inside, also of what other packages carry."""

import hashlib
import json
from pathlib import Path

from installer import bill

LOCKED_AT = "msgspec-0.21.1.dist-info"


class Python:
    """A Windows Python with one package in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packages = folder

    def run(self, *arguments: object, cwd: Path, env: dict[str, str]) -> str:
        raise NotImplementedError

    def path(self, path: Path) -> str:
        return str(path)


def test_each_library_has_version_and_licence_and_what_is_compiled_into_it(tmp_path: Path) -> None:
    about = tmp_path / LOCKED_AT
    (about / "sboms").mkdir(parents=True)
    (about / "METADATA").write_text("Name: msgspec\nVersion: 0.21.1\n", encoding="utf-8")
    inside = {"components": [{"type": "library", "name": "openssl", "bom-ref": "x"}]}
    (about / "sboms/own.json").write_text(json.dumps(inside), encoding="utf-8")
    (tmp_path / "pyinstaller-6.dist-info").mkdir()
    build_only = "Name: pyinstaller\nVersion: 6\n"
    (tmp_path / "pyinstaller-6.dist-info/METADATA").write_text(build_only, encoding="utf-8")
    found = {one["name"]: one for one in bill.libraries(Python(tmp_path))}
    assert found.keys() == {"msgspec", "cpython"}
    assert found["msgspec"]["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert found["msgspec"]["purl"] == "pkg:pypi/msgspec@0.21.1"
    part = found["msgspec"]["components"][0]
    assert part["licenses"] == [{"expression": "Apache-2.0"}]
    assert part["version"] == "unknown"
    assert "bom-ref" not in part


def test_every_file_is_listed_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/a.dll").write_bytes(b"a")
    document = json.loads(bill.bill("1.2.3", [], bill.hashes(tmp_path)))
    assert document["components"] == [
        {
            "type": "file",
            "name": "deep/a.dll",
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(b"a").hexdigest()}],
        }
    ]
    again = json.loads(bill.bill("1.2.3", [], bill.hashes(tmp_path)))
    assert again["serialNumber"] == document["serialNumber"]
