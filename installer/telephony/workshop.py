"""Where a wheel is made: commands with their output kept in a log, stages that are done once."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class BuildFailedError(Exception):
    """What could not be done; `str()` of it is for the person who builds."""


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Wait until nobody else on this machine holds the lock, then hold it."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


class Workshop:
    """A folder; each stage leaves a stamp in it, so that a build that broke off goes on there."""

    def __init__(
        self, folder: Path, *, env: Mapping[str, str] | None = None, jobs: int = 1
    ) -> None:
        self.folder = folder
        self.jobs = jobs
        self._env = dict(os.environ) | dict(env or {})
        folder.mkdir(parents=True, exist_ok=True)

    def run(
        self,
        log: str,
        *command: object,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
    ) -> None:
        """Run a command, adding what it says to `<log>.log`.

        Raises BuildFailedError with the last lines of it when the command fails or is not installed.
        """
        words = [str(word) for word in command]
        path = self.folder / f"{log}.log"
        with path.open("ab") as output:
            output.write(f"\n$ {' '.join(words)}\n".encode())
            output.flush()
            try:
                done = subprocess.run(  # noqa: S603  # the words are the build's own
                    words,
                    cwd=cwd,
                    env=self._env | dict(env or {}),
                    input=stdin,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=False,
                )
            except FileNotFoundError as missing:
                raise BuildFailedError(f"{words[0]} is not installed") from missing
        if done.returncode:
            last = path.read_text(errors="replace").splitlines()[-25:]
            raise BuildFailedError("\n".join([*last, f"{words[0]} failed; all of it: {path}"]))

    def ask(self, *command: object, cwd: Path | None = None) -> str:
        """Return what a command prints; raises BuildFailedError when it fails."""
        words = [str(word) for word in command]
        try:
            done = subprocess.run(  # noqa: S603  # the words are the build's own
                words, cwd=cwd, env=self._env, capture_output=True, text=True, check=False
            )
        except FileNotFoundError as missing:
            raise BuildFailedError(f"{words[0]} is not installed") from missing
        if done.returncode:
            raise BuildFailedError(f"{' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    @contextmanager
    def stage(self, name: str) -> Iterator[bool]:
        """Yield whether the stage is still to be done; it is done once the block ends well."""
        stamp = self.folder / f"{name}.done"
        wanted = not stamp.exists()
        start = time.monotonic()
        yield wanted
        if wanted:
            stamp.touch()
            sys.stderr.write(f"telephony: {name} ({time.monotonic() - start:.0f} s)\n")
