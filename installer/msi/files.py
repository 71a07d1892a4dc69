"""The files of the installed program as an MSI's components: one for each, the same each time."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from installer import product

_FRAGMENT = """<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Fragment>
    <DirectoryRef Id="InstallFolder">
{directories}
    </DirectoryRef>
    <ComponentGroup Id="Files">
{references}
    </ComponentGroup>
  </Fragment>
</Wix>
"""


def fragment(folder: Path) -> str:
    """Return the WiX source that puts all that is in `folder` into InstallFolder.

    A component's GUID follows from the file's place: an upgrade knows each file again.
    """
    places = [file.relative_to(folder) for file in sorted(folder.rglob("*")) if file.is_file()]
    return _FRAGMENT.format(
        directories="\n".join(_directory(folder, Path(), 6)),
        references="\n".join(f'      <ComponentRef Id="{_name("c", one)}"/>' for one in places),
    )


def _directory(folder: Path, place: Path, depth: int) -> Iterator[str]:
    inside = sorted((folder / place).iterdir())
    for file in inside:
        if file.is_file():
            yield from _component(file, place / file.name, " " * depth)
    for below in inside:
        if below.is_dir():
            there = place / below.name
            name = quoteattr(below.name)
            yield f'{" " * depth}<Directory Id="{_name("d", there)}" Name={name}>'
            yield from _directory(folder, there, depth + 2)
            yield f"{' ' * depth}</Directory>"


def _component(file: Path, place: Path, indent: str) -> Iterator[str]:
    guid = product.guid("file", place.as_posix())
    yield f'{indent}<Component Id="{_name("c", place)}" Guid="{guid}" Win64="yes">'
    yield (
        f'{indent}  <File Id="{_name("f", place)}" Name={quoteattr(file.name)} '
        f'Source={quoteattr("files/" + place.as_posix())} KeyPath="yes"/>'
    )
    yield f"{indent}</Component>"


def _name(kind: str, place: Path) -> str:
    """Return an identifier: MSI allows 72 characters, and none of a path's own."""
    return f"{kind}_{hashlib.sha256(place.as_posix().encode()).hexdigest()[:24]}"


def identifiers(folder: Path) -> dict[str, Path]:
    """Return the files of `folder` by what `fragment` calls them in the package."""
    return {_name("f", one.relative_to(folder)): one for one in folder.rglob("*") if one.is_file()}
