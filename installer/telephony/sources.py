"""The archives the wheels are made of: listed, fetched from a package registry, checked, unpacked."""

import hashlib
import re
import shutil
import sys
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from installer.telephony.workshop import BuildFailedError, Workshop, only_one

LIST: Final = Path(__file__).with_name("sources.toml")
KEYRING: Final = "/usr/share/keyrings/debian-archive-keyring.gpg"
_LINE: Final = re.compile(r"'(?P<uri>[^']+)' (?P<file>\S+) \d+ SHA256:(?P<sha256>[0-9a-f]{64})")
"""A file of a source package, as apt prints it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One file of `sources.toml`; either `package` and `suite` or `maven` say where it is."""

    name: str
    version: str
    licence: str
    file: str
    sha256: str
    package: str = ""
    suite: str = ""
    maven: str = ""
    only_for: str = ""
    shipped: bool = True

    def is_in(self, file: Path) -> bool:
        """Whether the file is there and is this archive, to the last bit."""
        if not file.is_file():
            return False
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == self.sha256


def listed(target: str) -> dict[str, Archive]:
    """Return the archives that a target's wheels are made of, by name."""
    archives = (Archive(**entry) for entry in tomllib.loads(LIST.read_text())["archive"])
    return {found.name: found for found in archives if found.only_for in ("", target)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offered:
    """A file of a source package that a suite has, by its signed lists."""

    uri: str
    file: str
    sha256: str


class Store:
    """The folder with the archives as fetched, kept: GPL-3.0 wants the source to be had."""

    def __init__(self, folder: Path, shop: Workshop) -> None:
        self._folder = folder
        self._shop = shop
        self._apt_is_fresh = False
        folder.mkdir(parents=True, exist_ok=True)

    def fetch(self, archive: Archive) -> Path:
        """Return the checked file, from the folder or else from its registry.

        Raises BuildFailedError when the registry has it no more or has something else.
        """
        file = self._folder / archive.file
        with only_one(self._folder / "lock"):
            if archive.is_in(file):
                return file
            if archive.maven:
                self._from_maven(archive)
            else:
                self._from_debian(archive, self._offered(archive), file)
        if not archive.is_in(file):
            raise BuildFailedError(f"{file} is not the archive of {LIST.name}: its SHA-256 differs")
        return file

    def _from_maven(self, archive: Archive) -> None:
        self._shop.run(
            "fetch", "mvn", "-q", "-B", "dependency:copy", f"-Dartifact={archive.maven}",
            f"-DoutputDirectory={self._folder}", "-Dmdep.useBaseVersion=true",
        )  # fmt: skip

    def current(self, archive: Archive) -> Archive:
        """Return the archive as it can be had: as listed, or what its suite has in its place.

        A suite moves on, by security updates above all. The mirror may still have the listed file,
        for another suite; when not, what the suite has is taken by the hash in its lists, which
        Debian signs. Raises BuildFailedError when it has nothing of the kind.
        """
        file = self._folder / archive.file
        if archive.maven or archive.is_in(file):
            return archive
        offered = self._offered(archive)
        if archive.file in {each.file for each in offered} or self._had(archive, offered, file):
            return archive
        for each in offered:
            if part_of(each.file) == part_of(archive.file):
                sys.stderr.write(
                    f"telephony: {archive.suite} has {each.file} now, not {archive.file}: taken as "
                    "Debian signed it\n"
                )
                version = each.file.removeprefix(f"{archive.package}_").removesuffix(
                    part_of(each.file)
                )
                return replace(archive, version=version, file=each.file, sha256=each.sha256)
        raise BuildFailedError(
            f"{archive.suite} has no {archive.file} and nothing in its place; put a kept copy into "
            f"{self._folder}, or another source into {LIST.name}"
        )

    def _had(self, archive: Archive, offered: Sequence[_Offered], file: Path) -> bool:
        """Whether the mirror still has the listed file, beside those of its suite."""
        with only_one(self._folder / "lock"), suppress(BuildFailedError):
            self._from_debian(archive, offered, file)
        return archive.is_in(file)

    def _from_debian(self, archive: Archive, offered: Sequence[_Offered], file: Path) -> None:
        if not offered:
            raise BuildFailedError(f"{archive.suite} has no {archive.package}")
        places = {each.file: each.uri for each in offered}
        beside = f"{offered[0].uri.rpartition('/')[0]}/{archive.file}"
        self._shop.run(
            "fetch", "/usr/lib/apt/apt-helper", "-o", "APT::Sandbox::User=root",
            "download-file", places.get(archive.file, beside), file, f"SHA256:{archive.sha256}",
        )  # fmt: skip

    def _offered(self, archive: Archive) -> list[_Offered]:
        """Return the files of the archive's source package, in the version its suite has today."""
        uris = self._shop.ask(
            "apt-get", *self._apt(), "source", "--print-uris", f"{archive.package}/{archive.suite}"
        )
        return [_Offered(**found.groupdict()) for found in _LINE.finditer(uris)]

    def _apt(self) -> list[str]:
        """Return what makes apt read lists of our own: the source packages of our suites."""
        own = self._folder / "apt"
        options = [
            "-q", "-o", "Dir::Etc::sourcelist=/dev/null", "-o", f"Dir::Etc::sourceparts={own}/parts",
            "-o", f"Dir::State::lists={own}/lists", "-o", f"Dir::Cache={own}/cache",
            "-o", "APT::Sandbox::User=root",
        ]  # fmt: skip
        parts = own / "parts/sources.sources"
        if not self._apt_is_fresh:
            for folder in ("parts", "lists/partial", "cache/archives/partial"):
                (own / folder).mkdir(parents=True, exist_ok=True)
            suites = {each.suite for each in listed("windows").values() if each.suite}
            entry = {
                "Types": "deb-src",
                "URIs": self._mirror(),
                "Suites": " ".join(sorted(suites)),
                "Components": "main",
                "Signed-By": KEYRING,
            }
            parts.write_text("".join(f"{name}: {value}\n" for name, value in entry.items()))
            self._shop.run("fetch", "apt-get", *options, "update")
            self._apt_is_fresh = True
        return options

    def _mirror(self) -> str:
        """Return the Debian mirror this machine is set up for."""
        targets = self._shop.ask(
            "apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)",
            "Created-By: Packages",
        )  # fmt: skip
        for line in targets.splitlines():
            origin, label, uri = line.split()
            if (origin, label) == ("Debian", "Debian"):
                return uri
        raise BuildFailedError(
            "this machine knows no Debian mirror: put the archives named in "
            f"{LIST.name} into {self._folder}"
        )


def part_of(file: str) -> str:
    """Return which file of a Debian source package this is (`.orig.tar.gz`), whatever its version."""
    found = re.search(r"\.(?:orig|debian)\b.*", file)
    return found[0] if found else file


def unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive into `folder`, without the one folder that everything in it is in."""
    shutil.rmtree(folder, ignore_errors=True)
    inside = folder.with_name(folder.name + ".unpacked")
    shutil.rmtree(inside, ignore_errors=True)
    # The archive's hash was checked: it is what we chose.
    shutil.unpack_archive(archive, inside, "zip" if archive.suffix == ".jar" else None)
    only = list(inside.iterdir())
    (only[0] if len(only) == 1 else inside).replace(folder)
    shutil.rmtree(inside, ignore_errors=True)
