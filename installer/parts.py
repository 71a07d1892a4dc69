"""What packages carry inside: found in the installation folder by `parts.toml`."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from installer.shipped import Package
from installer.version_resource import version_of

LIST: Final = Path(__file__).with_name("parts.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One entry of `parts.toml`, which says what each field is."""

    of: str
    name: str
    licence: str = ""
    files: tuple[str, ...] = ()
    version: str = ""
    inside: bool = False
    known: str = ""


def listed() -> list[Part]:
    """Return all entries."""
    found = tomllib.loads(LIST.read_text(encoding="utf-8"))["part"]
    return [Part(**entry | {"files": tuple(entry.get("files", ()))}) for entry in found]


def carried(package: Package, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the components in a package that are found in `folder` by their files."""
    for part in listed():
        places = sorted({one for pattern in part.files for one in folder.glob(pattern)})
        if part.of == package.name and places:
            version = _version(part, places[0]) or f"as in {package.name} {package.version}"
            found = [place.relative_to(folder).as_posix() for place in places]
            yield {
                "type": "library",
                "name": part.name,
                "version": version,
                "licenses": [{"expression": part.licence}],
                "evidence": {"occurrences": [{"location": place} for place in found]},
                **names(package.name, part.name, version),
            }


def names(package: str, name: str, version: str) -> dict[str, str]:
    """Return by what a component in a package is looked up: its purl, and its CPE where it has one."""
    found = {"purl": f"pkg:generic/{name}@{version}".replace(" ", "%20")}
    known = [part.known for part in listed() if (part.of, part.name) == (package, name)]
    if any(known):
        found["cpe"] = f"cpe:2.3:a:{known[0]}:{version}:*:*:*:*:*:*:*"
    return found


def _version(part: Part, file: Path) -> str:
    if not part.version:
        return ""
    if part.inside:
        inside = re.search(part.version.encode(), file.read_bytes())
        groups = [one.decode() for one in inside.groups()] if inside else []
    else:
        resource = re.fullmatch(part.version, version_of(file))
        groups = list(resource.groups()) if resource else []
    return ".".join(groups) or "unknown"
