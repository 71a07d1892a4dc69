"""What the service desk asks for beside what `check` tries: what is installed, and who set what."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Final

from cryptography import x509

from workstation import __version__, paths
from workstation.adapters.system.black_box import can_write
from workstation.application.errors import MachineFailed
from workstation.application.ports import Clock
from workstation.bootstrap import secrets
from workstation.bootstrap.hub_watch import secret_names
from workstation.settings import Settings
from workstation.settings.reading import FILES
from workstation.texts import _

_TELEPHONY: Final = ("eteam-pjsua2", "pjsua2-python")
_SOON: Final = timedelta(days=30)
_KEYS: Final = frozenset({"key_file"})


def facts(settings: Settings) -> Mapping[str, object]:
    """Return what is installed and who gave each setting; of no key its value, of no secret itself."""
    given = {
        key: {"layer": layer, "where": where}
        for key, (layer, where) in settings.origins.given.items()
        if layer != "default"
    }
    return {
        "version": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "frozen": bool(getattr(sys, "frozen", False)),
        "telephony": _telephony(),
        "file": str(settings.source) if settings.source else None,
        "managed": list(settings.origins.managed),
        "given": given,
        "secrets": {name: secrets.place_of(name) for name in sorted(secret_names(settings))},
        "machine": _machine(),
    }


def certificate_files(settings: Settings) -> Mapping[str, Path]:
    """Return the files of certificates that the settings name, by key."""
    found: dict[str, Path] = {}
    for key in sorted(FILES):
        value: object = settings
        for part in key:
            value = getattr(value, part)
        if isinstance(value, str) and key[-1] not in _KEYS:
            found[".".join(key)] = Path(value)
    return found


def certificates(settings: Settings, clock: Clock) -> str:
    """Return until when each file's certificates hold; raises MachineFailed for one that does not."""
    told = []
    for key, file in certificate_files(settings).items():
        first = min(one.not_valid_after_utc for one in _read(key, file))
        left = first - clock.now()
        if left < timedelta(0):
            raise MachineFailed("certificate_expired", key=key, at=f"{first:%Y-%m-%d}")
        said = _("{key} holds until {day}")
        if left < _SOON:
            said = _("{key} holds until {day} only: have it renewed")
        told.append(said.format(key=key, day=f"{first:%Y-%m-%d}"))
    return "; ".join(told)


def _read(key: str, file: Path) -> Sequence[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise MachineFailed("certificate_unreadable", key=key, path=file) from error


def _telephony() -> str | None:
    for name in _TELEPHONY:
        try:
            return f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:  # the next one, or none on this system
            continue
    return None


def _machine() -> Mapping[str, object] | None:
    folder = paths.machine_data()
    if folder is None:
        return None
    return {
        "folder": str(folder),
        "writable": {name: can_write(folder / name) for name in ("logs", "crashes")},
        "reports": len(list((folder / "crashes").glob("crash-*.txt"))),
    }
