"""Packing: the two halves of the binding, the licences and the list of what is inside."""

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from installer.telephony.sources import Archive
from installer.telephony.workshop import BuildFailedError

NAME: Final = "eteam_pjsua2"
VERSION: Final = "1.0.0"
"""Ours; which pjproject is inside, `Endpoint.libVersion()` and the wheel's SBOM say."""

LICENCE: Final = "GPL-3.0-or-later"
"""Of the whole: pjproject's GPL-2.0-or-later, taken as 3, goes together with OpenSSL's Apache-2.0."""
_LICENCE_TEXT: Final = Path("/usr/share/common-licenses/GPL-3")
_RUNTIMES: Final = {
    "gcc-runtime": Path("/usr/share/doc/gcc-mingw-w64-base/copyright"),
    "mingw-runtime": Path("/usr/share/doc/mingw-w64-x86-64-dev/copyright"),
}
"""The compiler's own code in a wheel for Windows, which is linked statically."""
_WHEN: Final = (2020, 1, 1, 0, 0, 0)
"""Equal bytes for equal content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a wheel is packed from."""

    python: str
    """As `cp311`."""
    platform: str
    module: Path
    extension: Path
    licences: Path
    """The folder with the libraries' own."""
    archives: Iterable[Archive]
    key: str
    """Of the sources and scripts: which build this is."""


def pack(contents: Contents, folder: Path) -> Path:
    """Write the wheel into `folder` and return it."""
    tag = f"{contents.python}-{contents.python}-{contents.platform}"
    about = f"{NAME}-{VERSION}.dist-info"
    files = {
        "pjsua2.py": contents.module.read_bytes(),
        contents.extension.name: contents.extension.read_bytes(),
        f"{about}/METADATA": _metadata().encode(),
        f"{about}/WHEEL": (
            f"Wheel-Version: 1.0\nGenerator: eteam-telephony\nRoot-Is-Purelib: false\nTag: {tag}\n"
        ).encode(),
        f"{about}/top_level.txt": b"_pjsua2\npjsua2\n",
        f"{about}/sboms/telephony.cdx.json": _inside(contents).encode(),
    }
    for name, text in sorted(_licences(contents).items()):
        files[f"{about}/licenses/{name}"] = text
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{NAME}-{VERSION}-{tag}.whl"
    unfinished = wheel.with_suffix(".part")
    _write(unfinished, files, record=f"{about}/RECORD")
    unfinished.replace(wheel)
    return wheel


def _metadata() -> str:
    return (
        "Metadata-Version: 2.4\n"
        f"Name: {NAME.replace('_', '-')}\n"
        f"Version: {VERSION}\n"
        "Summary: pjsua2 of pjproject 2.17 with sound, TLS, SRTP and Opus\n"
        f"License-Expression: {LICENCE}\n"
        "License-File: GPL-3.0.txt\n"
        "Requires-Python: >=3.11,<3.13\n"
        "\n"
        "pjsua2 for the workstation of an e-team hub. The complete source is the archives listed\n"
        "in sboms/telephony.cdx.json, with their SHA-256, and the workstation's own folder\n"
        "installer/telephony; whoever ships this wheel offers both.\n"
    )


def _licences(contents: Contents) -> dict[str, bytes]:
    files = {"GPL-3.0.txt": _LICENCE_TEXT}
    files |= {file.name: file for file in contents.licences.iterdir()}
    if contents.platform.startswith("win"):
        files |= {f"{name}.txt": file for name, file in _RUNTIMES.items()}
    try:
        return {name: file.read_bytes() for name, file in files.items()}
    except FileNotFoundError as missing:
        raise BuildFailedError(f"a licence to ship is not here: {missing.filename}") from missing


def _inside(contents: Contents) -> str:
    """Return a software bill of materials, CycloneDX 1.6."""
    components = [
        {
            "type": "library",
            "name": archive.name,
            "version": archive.version,
            "licenses": [{"license": {"id": archive.licence}}],
            "hashes": [{"alg": "SHA-256", "content": archive.sha256}],
            "description": archive.file,
        }
        for archive in contents.archives
        if archive.shipped
    ]
    whole = {"type": "library", "name": NAME.replace("_", "-"), "version": VERSION}
    whole["description"] = f"build {contents.key}"
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": whole},
        "components": components,
    }
    return json.dumps(document, indent=1)


def _write(path: Path, files: Mapping[str, bytes], *, record: str) -> None:
    lines = [f"{name},{_digest(content)},{len(content)}\n" for name, content in files.items()]
    listed = "".join([*lines, f"{record},,\n"]).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name, content in [*files.items(), (record, listed)]:
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            wheel.writestr(entry, content)


def _digest(content: bytes) -> str:
    digest = hashlib.sha256(content).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
