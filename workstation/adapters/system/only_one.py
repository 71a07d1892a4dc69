"""One window for each user and place: a lock that the kernel keeps, and a channel to who holds it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from workstation import paths
from workstation.application.errors import StillOpen

if TYPE_CHECKING:
    from workstation.adapters.system.window_channel import Channel

_LOOK_EVERY_S: Final = 0.05
_ASK_EVERY_S: Final = 0.25
_LOCK: Final = ".lock"
_TAKEN: Final = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK, 0})
"""What a lock that another has is refused with; wine says nothing of it."""
FRONT, CLOSE = "front", "close"
"""What a window is asked through its channel."""


def folder() -> Path:
    """Return where this user's locks lie."""
    return paths.data() / "running"


class Turn(Enum):
    """What became of a start."""

    FIRST = "first"
    SHOWN = "shown"
    """Another window stands there already, and has come to the front."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where there may be one window: told apart by what the program was started with."""

    folder: Path
    """This user's own folder for locks."""
    name: str

    @classmethod
    def of(cls, folder: Path, *told_apart_by: str) -> Place:
        """Return the place of a start in `folder`; the same words are the same place."""
        words = "\0".join((str(folder.absolute()), *told_apart_by))
        return cls(folder, blake2b(words.encode(), digest_size=8).hexdigest())

    @property
    def lock(self) -> Path:
        """The file that is locked while the window is there; it stays behind, empty."""
        return self.folder / f"{self.name}{_LOCK}"


class OnlyOne:
    """The claim of one start to a place: `come`, `listen` once there is a loop, `hear_no_more`, `leave`."""

    def __init__(self, place: Place, *, keeper: int | None = None) -> None:
        """Nothing is locked yet; `keeper` is the process that ends together with this one."""
        self._place = place
        self._processes = [os.getpid(), *([keeper] if keeper else [])]
        self._file: int | None = None
        self._channel: Channel | None = None

    def come(self, *, within_s: float = 20.0) -> Turn:
        """Take the place, or bring who has it to the front; raises StillOpen, OSError.

        Who is about to end is waited for, and so is who has not got as far as its channel. The
        kernel gives a lock back when its process ends in whatever way, so none is ever stale.
        """
        end = monotonic() + within_s
        while True:
            self._file = locked(self._place.lock)
            if self._file is not None:
                return Turn.FIRST
            if _asked_to_front(self._place, end - monotonic()):
                return Turn.SHOWN
            if monotonic() >= end:
                raise StillOpen("no_answer")
            Event().wait(_LOOK_EVERY_S)

    def listen(self, front: Callable[[], object], close: Callable[[], object]) -> None:
        """Call `front` and `close` when another process asks for it, in a thread of the channel.

        A window without its channel is one all the same; the reason is raised as OSError.
        """
        from workstation.adapters.system.window_channel import Channel  # noqa: PLC0415 - the first picture needs none

        self._channel = Channel(self._place.name, {FRONT: front, CLOSE: close}, self._processes)
        Thread(target=self._channel.serve, name="only-one", daemon=True).start()

    def hear_no_more(self) -> None:
        """Begin the end: who starts now waits for it, and has a window of its own then."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def leave(self) -> None:
        """Give the place back."""
        self.hear_no_more()
        if self._file is not None:
            os.close(self._file)
            self._file = None


def locked(file: Path) -> int | None:
    """Return the open file once it is ours, None when another process has it; raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - of one system only

            msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - as above

            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(opened)
        if error.errno in _TAKEN:
            return None
        raise
    return opened


def places(folder: Path) -> list[Place]:
    """Return where this user's windows are now."""
    found = []
    for file in sorted(folder.glob(f"*{_LOCK}")):
        opened = locked(file)
        if opened is None:
            found.append(Place(folder, file.name.removesuffix(_LOCK)))
        else:
            os.close(opened)
    return found


def close_all(folder: Path, *, within_s: float) -> int:
    """Let every window that this user may reach end in order; return how many there were.

    Raises StillOpen when one has not ended `within_s`. An installer sees no lock of another user's,
    so a window that has no channel yet, or none any more, is known by its process. That is waited for
    and not insisted on: it may be a box that says why there is no desk, and nobody to close it.
    """
    from workstation.adapters.system.window_channel import open_windows, reachable  # noqa: PLC0415 - as above

    end = monotonic() + within_s
    closed: set[str] = set()
    while True:
        names = {one.name for one in places(folder)} | reachable()
        asked = [_Closing(name, folder, end) for name in sorted(names)]
        for one in asked:
            one.start()
        for one in asked:
            one.join()
        if not all(one.ended for one in asked):
            break
        closed |= names
        if not open_windows() or monotonic() >= end:
            return len(closed)
        Event().wait(_ASK_EVERY_S)
    raise StillOpen("not_closed", seconds=round(within_s))


class _Closing(Thread):
    """Asks one window to end, and waits for it."""

    def __init__(self, name: str, folder: Path, end: float) -> None:
        super().__init__(name=f"closing-{name}", daemon=True)
        self._place = Place(folder, name)
        self._end = end
        self.ended = False

    def run(self) -> None:
        """Ask until it is heard: a window that has only just been started has no channel yet."""
        from workstation.adapters.system.window_channel import ask, has_ended  # noqa: PLC0415 - as above

        while not self.ended and monotonic() < self._end:
            try:
                processes = ask(self._place.name, CLOSE, within_s=self._end - monotonic())
            except PermissionError:  # another user's, which this one may not end
                self.ended = True
                return
            if processes is not None:
                ends = [has_ended(one, within_s=self._end - monotonic()) for one in processes]
                self.ended = all(ends)
            elif not self._is_there():
                self.ended = True
            else:
                Event().wait(_ASK_EVERY_S)

    def _is_there(self) -> bool:
        """Whether it holds its lock, or has a channel that does not answer."""
        from workstation.adapters.system.window_channel import reachable  # noqa: PLC0415 - as above

        return self._place in places(self._place.folder) or self._place.name in reachable()


def _asked_to_front(place: Place, within_s: float) -> bool:
    from workstation.adapters.system.window_channel import ask  # noqa: PLC0415 - the first needs none

    with suppress(OSError):
        return ask(place.name, FRONT, within_s=within_s) is not None
    return False
