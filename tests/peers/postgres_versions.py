"""Other versions of PostgreSQL's server than the machine's own: binaries made for tests, by Maven."""

from __future__ import annotations

import lzma
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

VERSIONS = {"13": "13.18.0", "17": "17.5.0"}
"""The oldest and the newest that are promised."""

_GROUP = "io.zonky.test.postgres"
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64v8"}
_PATIENCE_S = 300
_FILTER: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""Debian 12's Python 3.11.2 has none yet; Maven has compared the archive with its checksum."""


class NotToBeHadError(Exception):
    """The binaries cannot be had; says why."""


def of_version(major: str) -> Path:
    """Return the folder of a server's programs; fetches them the first time."""
    version = VERSIONS[major]
    # Not in a user's own folder: the server runs as somebody else, who has to read them.
    home = Path(tempfile.gettempdir()) / f"eteam-postgres-{version}-{os.geteuid()}"
    if not (home / "bin" / "postgres").exists():
        _unpack(_fetched(version), home)
    return home / "bin"


def _fetched(version: str) -> Path:
    kind = _MACHINES.get(platform.machine())
    if kind is None or platform.system() != "Linux":
        raise NotToBeHadError(f"there are no binaries for {platform.system()} {platform.machine()}")
    maven = shutil.which("mvn")
    if maven is None:
        raise NotToBeHadError("mvn is not installed (apt install maven)")
    name = f"embedded-postgres-binaries-linux-{kind}"
    with tempfile.TemporaryDirectory() as folder:
        for goal in ("get", "copy"):
            done = subprocess.run(
                [
                    *(maven, "-q", "-B", f"dependency:{goal}", "-Dtransitive=false"),
                    f"-Dartifact={_GROUP}:{name}:{version}",
                    f"-DoutputDirectory={folder}",
                ],
                check=False,
                capture_output=True,
                text=True,
                cwd=folder,
                timeout=_PATIENCE_S,
            )
            if done.returncode:
                said = [line for line in done.stdout.splitlines() if line.startswith("[ERROR]")]
                raise NotToBeHadError(f"mvn does not get {name} {version}: {(said or ['?'])[0]}")
        kept = Path(tempfile.mkdtemp()) / f"{name}.jar"
        shutil.copyfile(Path(folder) / f"{name}-{version}.jar", kept)
    return kept


def _unpack(jar: Path, home: Path) -> None:
    draft = Path(tempfile.mkdtemp(dir=home.parent))
    try:
        with zipfile.ZipFile(jar) as archive:
            [packed] = [one for one in archive.namelist() if one.endswith(".txz")]
            with (
                archive.open(packed) as compressed,
                lzma.open(compressed) as plain,
                tarfile.open(fileobj=plain, mode="r|") as files,
            ):
                files.extractall(draft, **_FILTER)
        draft.chmod(0o755)
        draft.rename(home)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(jar.parent, ignore_errors=True)
