"""Where an installer is made: commands that are run, and folders that are kept by what went in."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

KEY_LENGTH: Final = 16
_LAST_LINES: Final = 40
_FORGOTTEN_AFTER_S: Final = 14 * 24 * 3600


class BuildFailedError(Exception):
    """What could not be done; `str()` of it is for the person who builds."""


def cache() -> Path:
    """Return the folder in the user's cache that is the installer's."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData/Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "eteam-workstation" / "installer"


def run(*command: object, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Return what a command printed on both its outputs.

    Raises BuildFailedError with the last lines of it when the command fails or is not installed.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(  # noqa: S603  # the words are the build's own
            words,
            cwd=cwd,
            env=dict(os.environ) | dict(env or {}),
            # A Windows program in Wine has standard streams only where these are pipes.
            input=b"",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except FileNotFoundError as missing:
        raise BuildFailedError(f"{words[0]} is not installed") from missing
    said = done.stdout.decode(errors="replace")
    if done.returncode:
        last = said.splitlines()[-_LAST_LINES:]
        raise BuildFailedError(
            "\n".join([*last, f"{' '.join(words)}: exit code {done.returncode}"])
        )
    return said


def key_of(*parts: object) -> str:
    """Return a name for what is made of these: files and folders by content, all else by `str()`."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            for file in _files(part):
                digest.update(file.relative_to(part.parent).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(file.read_bytes()).digest())
        else:
            digest.update(str(part).encode() + b"\0")
    return digest.hexdigest()[:KEY_LENGTH]


def kept(name: str, key: str, make: Callable[[Path], None], root: Path | None = None) -> Path:
    """Return the folder of this name and key, calling `make` with an empty one if there is none.

    A build that broke off leaves nothing behind that could be taken for a finished one. Two builds
    wait for each other; what nobody used for two weeks is removed.
    """
    root = root or cache()
    root.mkdir(parents=True, exist_ok=True)
    folder = root / f"{name}-{key}"
    with _alone(root / f"{name}.lock"):
        if not folder.is_dir():
            begun = time.monotonic()
            making = root / f"{name}-{key}.making"
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            make(making)
            making.replace(folder)
            say(f"{name}: made in {time.monotonic() - begun:.0f} s")
        os.utime(folder)
        _forget(root.glob(f"{name}-*"), but=folder)
    return folder


def say(sentence: str) -> None:
    """Tell the person who builds how far it is, beside what is printed as the result."""
    sys.stderr.write(f"installer: {sentence}\n")
    sys.stderr.flush()


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(
        file
        for file in place.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"
    )


def _forget(folders: Iterable[Path], *, but: Path) -> None:
    before = but.stat().st_mtime - _FORGOTTEN_AFTER_S
    for folder in folders:
        if folder != but and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415  # this or the other is there

            msvcrt.locking(held.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # noqa: PLC0415  # this or the other is there

            fcntl.flock(held, fcntl.LOCK_EX)
        yield
