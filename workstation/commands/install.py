"""`main.py install-settings` and `purge-machine`: what the installer has done on a machine."""

from __future__ import annotations

import errno
import os
import re
import shutil
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from workstation import paths
from workstation.adapters.system import settings_file
from workstation.adapters.windows import rights
from workstation.application.errors import MachineFailed
from workstation.commands.guard import REFUSED
from workstation.complaints import sentence
from workstation.settings import SettingsError, reading
from workstation.settings.layers import Given, Key, from_file
from workstation.texts import _

OPTIONS: Final[Mapping[str, Key]] = {
    "--database-url": ("database", "url"),
    "--broker-url": ("broker", "url"),
    "--sip-address": ("sip", "address"),
    "--kommuner": ("hub", "kommuner"),
}
"""What the installer's properties are for."""
FOLDERS: Final = {
    "certificates": rights.READ_BY_ALL,
    "logs": rights.WRITTEN_BY_ALL,
    "crashes": rights.WRITTEN_BY_ALL,
    "secrets": rights.READ_AT_THE_DESK,
}
"""What lies in the machine's folder beside its settings, and who may do what there."""
_FIRST_LINE: Final = "# The settings of this machine; docs/settings.md has every key.\n"
_CODES: Final = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is to stand in the machine's settings."""

    config: Path | None = None
    """A file whose keys are taken over."""
    options: Mapping[str, str] = field(default_factory=dict)
    """A value for each of OPTIONS that was given."""


def given(wanted: Namespace) -> Wishes:
    """Return what the arguments wish; an empty one is as good as none."""
    texts = {option: getattr(wanted, option[2:].replace("-", "_")) for option in OPTIONS}
    return Wishes(
        config=Path(wanted.config) if wanted.config.strip() else None,
        options={option: text.strip() for option, text in texts.items() if text.strip()},
    )


def run(wishes: Wishes, *, out: TextIO) -> int:
    """Write the machine's settings and say where; raises SettingsError and MachineFailed.

    A key that nobody wishes stays as it is, with its comments. Nothing is written when one is wrong.
    """
    values = {OPTIONS[option]: _value(option, text) for option, text in wishes.options.items()}
    config = from_file(wishes.config) if wishes.config else {}
    file = _folder() / "settings.toml"
    missing: list[str] = []

    def prove(draft: Path) -> None:
        try:
            missing.extend(reading.left_open(draft, defaults=paths.default_config()))
        except SettingsError as error:
            if error.where == str(draft):
                error.where = str(file)
            raise

    _writing(lambda: _take(file, out))
    _writing(lambda: _write(file, wishes, {**_carried(config, file.parent), **values}, prove))
    print(_("The machine's settings stand in {path}.").format(path=file), file=out)
    if missing:
        said = _("Still to be given, there or by policy: {keys}.")
        print(said.format(keys=", ".join(missing)), file=out)
    return 0


def check(wishes: Wishes, *, err: TextIO) -> int:
    """Write nothing; return REFUSED and say why where `run` would fail in every version, else 0.

    An installer asks this of the version that it is about to replace, so a file's keys and values
    are not judged: the newer version may know more of them.
    """
    try:
        for option, text in wishes.options.items():
            _value(option, text)
        if wishes.config is not None:
            _reads(wishes.config)
        _reads_own(_folder())
    except (MachineFailed, SettingsError) as error:
        print(sentence(error), file=err)
        return REFUSED
    return 0


def purge(*, out: TextIO) -> int:
    """Remove what this program keeps for all users of the machine; raises MachineFailed."""
    folder = _folder()

    def remove() -> None:
        for name in FOLDERS:
            rights.remove_folder(folder / name)
        (folder / "settings.toml").unlink(missing_ok=True)
        # What somebody else put there is not ours to remove.
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    _writing(remove)
    print(_("Nothing of this machine's own is left in {path}.").format(path=folder), file=out)
    return 0


def _reads_own(folder: Path) -> None:
    """Raise what is wrong with the settings that stand on the machine; there may be none."""
    file = folder / "settings.toml"
    if folder.exists() and not folder.is_dir():
        raise MachineFailed("unwritable", path=folder, why=os.strerror(errno.ENOTDIR))
    if file.exists():
        _reads(file)


def _reads(file: Path) -> None:
    """Raise what is wrong with a file, but not that this user may not read it: the system may."""
    if file.is_dir():  # which on Windows nobody may read
        raise SettingsError("unreadable", where=str(file), detail=os.strerror(errno.EISDIR))
    try:
        from_file(file)
    except SettingsError as error:
        if not isinstance(error.__cause__, PermissionError):
            raise


def _folder() -> Path:
    folder = paths.machine_data()
    if folder is None:
        raise MachineFailed("no_folder")
    return folder


def _writing(act: Callable[[], None]) -> None:
    try:
        act()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise MachineFailed("unwritable", path=error.filename or _folder(), why=why) from error


def _value(option: str, text: str) -> object:
    """Return an option's value as TOML has it; raises SettingsError that names the option."""
    key = OPTIONS[option]
    value = [one for one in _CODES.split(text) if one] if option == "--kommuner" else text
    reading.read(key, Given(where=option, value=value))
    return value


def _take(file: Path, out: TextIO) -> None:
    """Make the folders, and put aside what is there of somebody who is no administrator.

    Every user of Windows may make a folder of this name before the installer does.
    """
    folder = file.parent
    made = {folder: rights.make_folder(folder, rights.READ_BY_ALL)}
    made |= {folder / name: rights.make_folder(folder / name, FOLDERS[name]) for name in FOLDERS}
    made[file] = rights.put_aside(file)
    said = _("{path} was there and not an administrator's; it is {aside} now.")
    for path, aside in made.items():
        if aside is not None:
            print(said.format(path=path, aside=aside), file=out)


def _write(
    file: Path, wishes: Wishes, values: Mapping[Key, object], prove: Callable[[Path], None]
) -> None:
    old = wishes.config if wishes.config and not file.is_file() else file
    text = old.read_bytes().decode("utf-8-sig") if old.is_file() else _FIRST_LINE
    text = settings_file.changed(text, values)
    if ("sip", "address") in values:
        text = _with_kind(text)
    settings_file.replace(file, text, prove)


def _with_kind(text: str) -> str:
    """Say what kind of telephone the address is where nobody said it: with a name, a system's."""
    sip = settings_file.table(text, "sip")
    if sip.get("kind"):
        return text
    kind = "registrar" if sip.get("username") else "direct"
    return settings_file.changed(text, {("sip", "kind"): kind})


def _carried(config: Mapping[Key, Given], folder: Path) -> dict[Key, object]:
    """Return the keys of a file; certificates beside it are copied: it may lie on a share."""
    values: dict[Key, object] = {}
    for key, one in config.items():
        if one.value == {}:  # a heading without keys
            continue
        values[key] = one.value
        if key in reading.FILES and one.file and isinstance(one.value, str) and one.value:
            there = one.file.resolve().parent / one.value
            if there.is_file() and not Path(one.value).is_absolute():
                values[key] = f"certificates/{_copied(there, folder / 'certificates')}"
    return values


def _copied(file: Path, folder: Path) -> str:
    shutil.copyfile(file, folder / file.name)
    return file.name
