"""The volume that Windows has for a sound device: Core Audio, asked by its own interfaces."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, Self

from workstation.application.health import Volume

_RENDER, _CONSOLE, _ACTIVE = 0, 0, 1
_ANY_THREAD: Final = 0  # COINIT_MULTITHREADED
_EVERYWHERE: Final = 23  # CLSCTX_ALL
_TEXT: Final = 31  # VT_LPWSTR
_ENUMERATOR: Final = "{BCDE0395-E52F-467C-8E3D-C4579291692E}"
_I_ENUMERATOR: Final = "{A95664D2-9614-4F35-A746-DE8DB63617E6}"
_I_VOLUME: Final = "{5CDF2C82-841E-4546-9722-0CF74078229A}"
_FRIENDLY_NAME: Final = ("{A45C254E-DF1C-4EFD-8020-67D146A850E0}", 14)
# Places in the interfaces' tables of functions (mmdeviceapi.h, endpointvolume.h, propsys.h).
_RELEASE: Final = 2
_ENUM_ENDPOINTS, _DEFAULT_ENDPOINT = 3, 4
_COUNT, _ITEM = 3, 4
_ACTIVATE, _OPEN_PROPERTIES = 3, 4
_GET_VALUE: Final = 5
_GET_SCALAR, _GET_MUTE = 9, 15

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _Id(ctypes.Structure):
        _fields_ = (
            ("first", wintypes.DWORD),
            ("second", wintypes.WORD),
            ("third", wintypes.WORD),
            ("rest", ctypes.c_ubyte * 8),
        )

        @classmethod
        def of(cls, written: str) -> _Id:
            made = cls()
            _check(ctypes.windll.ole32.CLSIDFromString(written, ctypes.byref(made)))
            return made

    class _Key(ctypes.Structure):
        _fields_ = (("of", _Id), ("number", wintypes.DWORD))

    class _Value(ctypes.Structure):
        _fields_ = (
            ("kind", wintypes.USHORT),
            ("reserved", wintypes.USHORT * 3),
            ("text", ctypes.c_wchar_p),
            ("more", ctypes.c_void_p),
        )

    class _Thing:
        """A COM object; given back at the end of its context."""

        def __init__(self) -> None:
            self.at = ctypes.c_void_p()

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_error: object) -> None:
            if self.at.value:
                _function(self.at, _RELEASE, 0)(self.at)

        def ask(self, place: int, *words: Any) -> None:  # noqa: ANN401 - what C takes
            """Call a function of its table; raises OSError when it is refused."""
            _check(_function(self.at, place, len(words))(self.at, *words))

        def get(self, place: int, *words: Any) -> _Thing:  # noqa: ANN401 - as above
            """Return the object that a function of its table gives."""
            found = _Thing()
            self.ask(place, *words, ctypes.byref(found.at))
            return found

    def _function(at: ctypes.c_void_p, place: int, words: int) -> Any:  # noqa: ANN401 - as above
        """Return a function of an object's table; each word fills a register, whatever it is."""
        table = ctypes.cast(at, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p))).contents
        kind = ctypes.WINFUNCTYPE(ctypes.c_long, *[ctypes.c_void_p] * (words + 1))
        return kind(table[place] or 0)

    def _check(result: int) -> None:
        if result < 0:
            raise OSError(result, "Core Audio")

    class WindowsLoudspeaker:
        """A `Loudspeaker`; tells nothing where Windows has no sound device."""

        def volume(self, device: str) -> Volume | None:
            """Return mute and volume of the device so named, else of Windows' own."""
            with in_this_thread(), suppress(OSError):
                return _volume_of(device)
            return None

    @contextmanager
    def in_this_thread() -> Iterator[None]:
        """Have objects in this thread; it may have some already."""
        ole = ctypes.windll.ole32
        begun = ole.CoInitializeEx(None, _ANY_THREAD) >= 0
        try:
            yield
        finally:
            if begun:
                ole.CoUninitialize()

    def _volume_of(device: str) -> Volume:
        muted, share = wintypes.BOOL(), ctypes.c_float()
        with _enumerator() as every, _endpoint(every, device) as one:
            kind = ctypes.byref(_Id.of(_I_VOLUME))
            with one.get(_ACTIVATE, kind, _EVERYWHERE, None) as volume:
                volume.ask(_GET_MUTE, ctypes.byref(muted))
                volume.ask(_GET_SCALAR, ctypes.byref(share))
        return Volume(muted=bool(muted.value), percent=round(share.value * 100))

    def _enumerator() -> _Thing:
        found = _Thing()
        create = ctypes.windll.ole32.CoCreateInstance
        kind, interface = _Id.of(_ENUMERATOR), _Id.of(_I_ENUMERATOR)
        _check(
            create(
                ctypes.byref(kind),
                None,
                _EVERYWHERE,
                ctypes.byref(interface),
                ctypes.byref(found.at),
            )
        )
        return found

    def _endpoint(every: _Thing, device: str) -> _Thing:
        with every.get(_ENUM_ENDPOINTS, _RENDER, _ACTIVE) as all_of_them:
            count = wintypes.UINT()
            all_of_them.ask(_COUNT, ctypes.byref(count))
            for number in range(count.value if device else 0):
                one = all_of_them.get(_ITEM, number)
                if _name(one) == device:
                    return one
                one.__exit__()
        return every.get(_DEFAULT_ENDPOINT, _RENDER, _CONSOLE)

    def _name(one: _Thing) -> str:
        key = _Key(_Id.of(_FRIENDLY_NAME[0]), _FRIENDLY_NAME[1])
        value = _Value()
        with one.get(_OPEN_PROPERTIES, 0) as properties:
            properties.ask(_GET_VALUE, ctypes.byref(key), ctypes.byref(value))
        try:
            return value.text or "" if value.kind == _TEXT else ""
        finally:
            ctypes.windll.ole32.PropVariantClear(ctypes.byref(value))
