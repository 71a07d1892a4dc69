"""The settings' command that calls for help: run without a shell, for a time, with nothing personal."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC
from pathlib import Path

from workstation.application.errors import CommandFailed
from workstation.application.watching import Unwatched

_log = logging.getLogger(__name__)
_OURS = "WORKSTATION_"
_PREFIX = f"{_OURS}WATCH_"
_SHOWN = 500


class SystemCommand:
    """Runs a program with the facts filled into its arguments and standing in its environment."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        hub: str,
        timeout_s: float,
        secrets: Collection[str] = (),
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """`command` is program and arguments; `hub` the hub's name.

        It is somebody else's program: what stands in the variables `secrets`, and in any other of
        ours, is kept from it.
        """
        self._command = tuple(command)
        self._hub = hub
        self._timeout_s = timeout_s
        self._environ = {
            name: value
            for name, value in environ.items()
            if name not in secrets and not name.startswith(_OURS)
        }

    async def run(self, told: Unwatched) -> None:
        """Run it to its end; raises CommandFailed (`not_found`, `timeout`, `exit`)."""
        facts = {
            "kommuner": ",".join(told.kommuner),
            "since": told.since.astimezone(UTC).isoformat(timespec="seconds"),
            "why": told.why.value,
            "hub": self._hub,
        }
        environ = {f"{_PREFIX}{name.upper()}": value for name, value in facts.items()}
        arguments = [_filled(argument, facts) for argument in self._command]
        await asyncio.to_thread(self._run, arguments, {**self._environ, **environ})

    def _run(self, arguments: list[str], environ: dict[str, str]) -> None:
        try:
            process = subprocess.Popen(  # noqa: S603 - IT's own command, without a shell
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environ,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise CommandFailed("not_found", detail=Path(arguments[0]).name) from error
        with process:
            try:
                said, _nothing = process.communicate(timeout=self._timeout_s)
            except subprocess.TimeoutExpired as error:
                _end(process)
                raise CommandFailed("timeout", detail=f"{self._timeout_s:.0f}") from error
        # It may name the person on call: for whoever looks for a fault only.
        _log.debug("the command said: %s", said[-_SHOWN:])
        if process.returncode != 0:
            raise CommandFailed("exit", detail=str(process.returncode))


def _filled(argument: str, facts: Mapping[str, str]) -> str:
    for name, value in facts.items():
        argument = argument.replace(f"{{{name}}}", value)
    return argument


def _end(process: subprocess.Popen[str]) -> None:
    """End it and whatever it has started."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
