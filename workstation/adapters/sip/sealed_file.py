"""The file that a call is recorded into: sealed piece by piece, so that no sound lies there openly."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from workstation.adapters.sip.orders import Record
from workstation.adapters.sip.protocol import Event, Recorded
from workstation.domain.recording import BYTES_A_SECOND

log = logging.getLogger(__name__)

_MOST_WAITING: Final = 3000
"""Frames of 20 ms that wait for a slow disk: a minute. Then the recording ends, not the call."""
_REASONS: Final = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EACCES: "not_writable",
    errno.EPERM: "not_writable",
    errno.EROFS: "not_writable",
    errno.ENOENT: "no_folder",
    errno.ENOTDIR: "no_folder",
}


class _TooSlow(Exception):
    """The disk takes sound more slowly than it comes."""


class SealedFile(threading.Thread):
    """Writes on a thread of its own: neither a call nor the line ever waits for a disk.

    It tells `on` once the file is there, and at its end `ended` or `failed`. At most the last second
    is in memory only.
    """

    def __init__(self, order: Record, report: Callable[[Event], None]) -> None:
        super().__init__(name="recording")
        self.is_done = False
        self._order = order
        self._report = report
        self._sound: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._is_late = False
        self._hash = hashlib.sha256()
        self._size = 0
        self._heard = 0

    def put(self, sound: bytes) -> None:
        """Take a frame; never waits, from any thread."""
        if not self.is_done and not self._is_late:
            self._is_late = self._sound.qsize() > _MOST_WAITING
            self._sound.put(sound)

    def finish(self) -> None:
        """There will be no more."""
        self._sound.put(None)

    def run(self) -> None:
        """Write until `finish`, or until it cannot be written."""
        try:
            self._write_all()
        except _TooSlow:
            self._tell("failed", "disk_slow")
        except OSError as error:
            log.warning("a recording could not be written: %s", type(error).__name__)
            self._tell("failed", _REASONS.get(error.errno or 0, "disk_failed"))
        except Exception:
            # It must be told whatever it was: nobody may believe in a recording that there is not.
            log.exception("a recording failed")
            self._tell("failed", "disk_failed")
        else:
            self._tell("ended", "")
        finally:
            self.is_done = True

    def _write_all(self) -> None:
        path = Path(self._order.file)
        # Its parents are not made: of a share that is not there only the folder's name is left.
        path.parent.mkdir(mode=0o700, exist_ok=True)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0) as file:
            self._put(file.fileno(), self._order.head)
            self._tell("on", "")
            self._copy(file.fileno())
            os.fsync(file.fileno())

    def _copy(self, file: int) -> None:
        # A line that was killed is back 50 ms earlier without it, and most lines never record.
        from workstation.wire.sealed_sound import Sealing  # noqa: PLC0415 - as said above

        sealing = Sealing(self._order.recording, self._order.key)
        sound = bytearray()
        while (frame := self._sound.get()) is not None:
            sound += frame
            if self._is_late:
                raise _TooSlow
            if len(sound) >= BYTES_A_SECOND:
                self._seal(file, sealing.piece(bytes(sound)), len(sound))
                sound.clear()
        self._seal(file, sealing.piece(bytes(sound), last=True), len(sound))

    def _seal(self, file: int, piece: bytes, heard: int) -> None:
        self._put(file, piece)
        self._heard += heard

    def _put(self, file: int, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(file, rest) :]
        self._hash.update(content)
        self._size += len(content)

    def _tell(self, state: Literal["on", "ended", "failed"], reason: str) -> None:
        self._report(
            Recorded(
                id=self._order.id,
                recording=self._order.recording,
                state=state,
                reason=reason,
                seconds=self._heard / BYTES_A_SECOND,
                size=self._size,
                sha256=self._hash.hexdigest(),
            )
        )
