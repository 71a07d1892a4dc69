"""How a start reaches the window that is there: a named pipe on Windows, a local socket elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Client, Connection, Listener
from typing import Any, Final

from workstation import paths

_PREFIX: Final = "eteam-workstation-"
_PIPES: Final = "\\\\.\\pipe\\"
_WORD_S: Final = 2.0
"""How long a process that has connected may take for its word."""
_LONGEST: Final = 64
_WAITING: Final = 64
"""How many may wait to be heard: who hangs must not make them hang."""
_HEARD: Final = b"yes"


def address(name: str) -> str:
    """Return where the window of a place is reached.

    On Linux the name is no file: it goes with its process, as a pipe's name does on Windows.
    """
    if sys.platform == "win32":
        return f"{_PIPES}{_PREFIX}{name}"
    return f"\0{_PREFIX}{os.getuid()}-{name}"


def reachable() -> set[str]:
    """Return the names of all channels of this machine that are ours to ask.

    For the system's own account on Windows, which installs, these are the channels of everybody.
    """
    if sys.platform == "win32":
        with suppress(OSError):
            pipes = os.listdir(_PIPES)  # noqa: PTH208 - no folder, and a Path of it loses its end
            return {pipe.removeprefix(_PREFIX) for pipe in pipes if pipe.startswith(_PREFIX)}
    return set()


class Channel:
    """Hears what other processes of the same user ask, one after the other."""

    def __init__(
        self, name: str, acts: Mapping[str, Callable[[], object]], processes: Sequence[int]
    ) -> None:
        """Be there under a name; raises OSError where somebody else is.

        `processes` are those that end with the window, its own first.
        """
        self._address = address(name)
        self._processes = " ".join(map(str, processes)).encode()
        self._acts = acts
        self._closing = False
        self._listener = Listener(self._address, backlog=_WAITING)

    def serve(self) -> None:
        """Hear until `close`; for a thread of its own."""
        while not self._closing:
            with suppress(OSError, EOFError), self._listener.accept() as asking:
                if is_ours(asking):
                    self._hear(asking)

    def close(self) -> None:
        """Hear no more."""
        self._closing = True
        # Whoever waits for the next one to ask is woken by being asked.
        with suppress(OSError), Client(self._address):
            pass
        self._listener.close()

    def _hear(self, asking: Connection[Any, Any]) -> None:
        asking.send_bytes(self._processes)
        if asking.poll(_WORD_S) and not self._closing:
            act = self._acts.get(asking.recv_bytes(_LONGEST).decode(errors="replace"))
            if act is not None:
                act()
                asking.send_bytes(_HEARD)


def open_windows() -> set[int]:
    """Return the processes of the installed program's windows that this user may end.

    For the system's own account that is everybody's. Empty where the program is not installed.
    """
    program = paths.window_program()
    if sys.platform == "win32" and program is not None:
        from workstation.adapters.system import windows_process  # noqa: PLC0415 - of one system

        return windows_process.running(program) - {os.getpid()}
    return set()


def ask(name: str, what: str, *, within_s: float) -> list[int] | None:
    """Ask a window for something; return its processes once it has heard, None when none hears.

    Raises PermissionError for another user's.
    """
    try:
        with _connected(address(name), within_s) as window:
            if not (is_ours(window) and window.poll(max(within_s, 0.0))):
                return None
            processes = [int(one) for one in window.recv_bytes(_LONGEST).split()]
            _let_come_to_front(processes[0])
            window.send_bytes(what.encode())
            if window.poll(max(within_s, 0.0)) and window.recv_bytes(_LONGEST) == _HEARD:
                return processes
    except PermissionError:
        raise
    except (OSError, EOFError, ValueError, IndexError):
        pass  # nobody there, not yet, or no longer; who asks decides how long to try
    return None


def _connected(where: str, within_s: float) -> Connection[Any, Any]:
    if sys.platform == "win32":
        from workstation.adapters.system import windows_pipe  # noqa: PLC0415 - of one system

        return windows_pipe.connected(where, within_s=within_s)
    return Client(where)


def is_ours(other: Connection[Any, Any]) -> bool:
    """Whether the process at the other end is this user's; a pipe of Windows lets no other in."""
    if sys.platform == "win32":
        return True
    import socket  # noqa: PLC0415 - of one system only
    import struct  # noqa: PLC0415 - as above

    with socket.socket(fileno=os.dup(other.fileno())) as end:
        found = end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _process, user, _group = struct.unpack("3i", found)
    return user in (0, os.getuid())


def has_ended(process: int, *, within_s: float) -> bool:
    """Wait until a process has ended, `within_s` at most; return whether it has."""
    if sys.platform == "win32":
        from workstation.adapters.system import windows_process  # noqa: PLC0415 - of one system

        return windows_process.has_ended(process, within_s=within_s)
    import select  # noqa: PLC0415 - of one system only

    try:
        opened = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([opened], [], [], max(within_s, 0.0))[0])
    finally:
        os.close(opened)


def _let_come_to_front(process: int) -> None:
    """Hand the right to come to the front on: Windows gives it to who was started by the user."""
    if sys.platform == "win32":
        from workstation.adapters.system import windows_process  # noqa: PLC0415 - of one system

        windows_process.let_come_to_front(process)
