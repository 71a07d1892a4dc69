"""Whoever signs leaves the certificate's password nowhere."""

from pathlib import Path

import pytest

from installer.shop import BuildFailedError
from installer.signing import Signer

PASSWORD = "hemmelig-1234"  # of nothing


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    certificate = tmp_path / "hub.pfx"
    certificate.write_bytes(b"")
    return Signer(certificate=certificate, password=PASSWORD)


def put(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that are found first."""
    made = tmp_path / "tools"
    made.mkdir()
    monkeypatch.setenv("PATH", str(made), prepend=":")
    return made


def test_a_signtool_that_fails_does_not_tell_the_password(
    signer: Signer, tools: Path, tmp_path: Path
) -> None:
    put(tools, "signtool", 'echo "SignTool Error: $*"; exit 1')
    with pytest.raises(BuildFailedError) as caught:
        signer._by_signtool(tmp_path / "file.msi")
    assert "SignTool Error" in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_osslsigncode_reads_it_from_a_file_that_is_gone_afterwards(
    signer: Signer, tools: Path, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    put(tools, "osslsigncode", f'while [ "$1" != -readpass ]; do shift; done; '
        f'echo "$2" >{told}; cat "$2" >>{told}; exit 1')  # fmt: skip
    with pytest.raises(BuildFailedError) as caught:
        signer._by_osslsigncode(tmp_path / "file.msi")
    place, password = told.read_text(encoding="utf-8").split("\n")
    assert password == PASSWORD
    assert not Path(place).exists()
    assert PASSWORD not in str(caught.value)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["hub.pfx", "told", "tools"]
