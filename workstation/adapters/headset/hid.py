"""The buttons of the first headset that is found, on a thread of its own, through hidapi."""

from __future__ import annotations

import logging
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any, Final, Protocol

from workstation.domain.headset import HeadsetFound, Lights, Press
from workstation.wire.errors import WireError
from workstation.wire.hid_telephony import PAGE, Buttons, presses, read_buttons, show

_log = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 2.0
_LISTEN_MS: Final = 50
"""Between two looks at what is to be shown; a press wakes it at once."""
_LONGEST: Final = 1024
_FAREWELL_S: Final = 1.0
# What hidapi raises: OSError when the device has gone, ValueError when it was closed.
_GONE: Final = (OSError, ValueError)


class _Device(Protocol):
    """An open HID device of hidapi's."""

    def open_path(self, path: bytes) -> None: ...
    def get_report_descriptor(self) -> list[int]: ...
    def read(self, max_length: int, timeout_ms: int) -> list[int]: ...
    def write(self, buff: bytes) -> int: ...
    def close(self) -> None: ...


class _Hid(Protocol):
    """The part of hidapi's module that is used."""

    def enumerate(self) -> list[dict[str, Any]]: ...
    def device(self) -> _Device: ...


def hidapi() -> _Hid:
    """Return hidapi; raises ImportError where it, or what it stands on, is not there.

    On Linux by way of the kernel, which leaves the headset's sound and keys alone; the other way
    takes the device away from it.
    """
    # Not before it is wanted: where it cannot be loaded, everything else still works.
    if sys.platform == "linux":
        import hidraw as found  # noqa: PLC0415 - as said above
    else:
        import hid as found  # noqa: PLC0415 - as said above
    hid: _Hid = found
    return hid


class HidHeadset:
    """A `Headset`; one that is unplugged is looked for again, with any other."""

    def __init__(self, hid: _Hid, *, look_every_s: float = _LOOK_EVERY_S) -> None:
        self._hid = hid
        self._look_every_s = look_every_s
        self._on_press: Callable[[Press], None] = lambda _press: None
        self._on_found: Callable[[HeadsetFound], None] = lambda _found: None
        self._lights = Lights()
        self._shows: queue.SimpleQueue[Lights] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._refused: set[bytes] = set()
        self._thread = threading.Thread(target=self._keep, name="headset", daemon=True)

    def listen(
        self, on_press: Callable[[Press], None], on_found: Callable[[HeadsetFound], None]
    ) -> None:
        """Say where presses go, and which headset is heard; before `start`."""
        self._on_press, self._on_found = on_press, on_found

    def start(self) -> None:
        """Look for one, and go on looking whenever there is none."""
        self._thread.start()

    def show(self, lights: Lights) -> None:
        """Show this, also on the headset that comes next."""
        self._shows.put(lights)

    def stop(self) -> None:
        """Put its lights out and let go of it; waits a second at most."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_FAREWELL_S)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            for path, name in self._candidates():
                self._try(path, name)
            self._stopping.wait(self._look_every_s)

    def _candidates(self) -> list[tuple[bytes, str]]:
        try:
            there = self._hid.enumerate()
        except _GONE as error:
            _log.warning("headsets cannot be looked for: %s", error)
            return []
        found = [
            (bytes(one["path"]), str(one.get("product_string") or "headset"))
            for one in there
            if one.get("usage_page") == PAGE
        ]
        self._refused &= {path for path, _ in found}  # plugged in anew, it is tried anew
        return [one for one in dict.fromkeys(found) if one[0] not in self._refused]

    def _try(self, path: bytes, name: str) -> None:
        device = self._hid.device()
        try:
            device.open_path(path)
            buttons = read_buttons(bytes(device.get_report_descriptor()))
        except (*_GONE, WireError) as error:
            # On Linux mostly that the user may not open it: said once for each.
            _log.warning("a headset cannot be used: %s", error)
            self._refused.add(path)
            device.close()
            return
        self._on_found(HeadsetFound(name=name))
        try:
            self._serve(device, buttons)
        except _GONE as error:
            _log.info("the headset is gone: %s", error)
        finally:
            device.close()
            self._on_found(HeadsetFound(name=""))

    def _serve(self, device: _Device, buttons: Buttons) -> None:
        now: frozenset[int] = frozenset()
        self._write(device, buttons, self._lights)
        while not self._stopping.is_set():
            while not self._shows.empty():
                self._lights = self._shows.get()
                self._write(device, buttons, self._lights)
            report = device.read(_LONGEST, _LISTEN_MS)
            if not report:
                continue
            now, told = presses(buttons, now, bytes(report))
            for press in told:
                self._on_press(press)
        self._write(device, buttons, Lights())

    def _write(self, device: _Device, buttons: Buttons, lights: Lights) -> None:
        for report in show(buttons, lights):
            if device.write(report) < 0:
                raise OSError("the headset takes no lights")
