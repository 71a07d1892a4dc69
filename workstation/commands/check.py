"""`main.py check`: tries what a desk needs one by one and says what to do."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TextIO

from workstation.application.errors import WorldError
from workstation.application.ports import Clock
from workstation.application.proving import SignInRefused
from workstation.complaints import sentence
from workstation.settings import Origins, Settings, SettingsError
from workstation.texts import N_, _

_log = logging.getLogger(__name__)

NAMES: Final = {
    "settings": N_("Settings"),
    "database": N_("Database"),
    "broker": N_("Broker"),
    "sip": N_("Telephone"),
    "sound": N_("Sound"),
}
"""What is tried, in this order."""
WHERE_SET: Final = {
    # Translators: citizens' cards kept on this computer for while the database is away.
    "cards": N_("Kept cards"),
    "identity": N_("Sign-in"),
    "certificates": N_("Certificates"),
    # Translators: what receives the alarm units' messages over SIP.
    "scaip": N_("Alarm units"),
    # Translators: the recording of calls.
    "recording": N_("Recording"),
}
"""What is tried after it where the settings name one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One thing to try: `run` returns what it found, or raises a WorldError."""

    name: str
    """A key of `NAMES` or `WHERE_SET`."""
    run: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one probe; `what` it found, or what `todo` when it is not ok."""

    name: str
    ok: bool
    ms: float
    what: str = ""
    todo: str = ""


def run(
    load: Callable[[], Settings],
    probes: Callable[[Settings], Sequence[Probe]],
    *,
    facts: Callable[[Settings], Mapping[str, object]] = lambda _settings: {},
    clock: Clock,
    as_json: bool,
    out: TextIO,
) -> int:
    """Print a line for each thing that was tried; return 0 when all are ok, else 1.

    `facts` go beside the settings, which come first, where it is printed as JSON.
    """
    found: list[Settings] = []

    def read() -> str:
        found.append(load())
        return str(found[0].source or _("embedded"))

    results = [_try(Probe(name="settings", run=read), clock)]
    more = facts(found[0]) if found and as_json else {}
    _print(results[0], as_json=as_json, out=out, more=more)
    if found and not as_json:
        _print_managed(found[0].origins, out)
    rest = probes(found[0]) if found else [_untried(name) for name in list(NAMES)[1:]]
    for probe in rest:
        results.append(_try(probe, clock))
        _print(results[-1], as_json=as_json, out=out)
    return 0 if all(result.ok for result in results) else 1


def _try(probe: Probe, clock: Clock) -> Tried:
    started = clock.monotonic()
    what = todo = ""
    try:
        what = probe.run()
    except (WorldError, SettingsError, SignInRefused) as error:
        todo = sentence(error)
    except Exception as error:  # noqa: BLE001 - our own fault must not keep the others from being tried
        _log.exception("the probe of %s failed", probe.name)
        todo = sentence(error)
    ms = round((clock.monotonic() - started) * 1000, 1)
    return Tried(name=probe.name, ok=not todo, ms=ms, what=what, todo=todo)


def _untried(name: str) -> Probe:
    def refuse() -> str:
        raise WorldError("no_settings")

    return Probe(name=name, run=refuse)


def _print_managed(origins: Origins, out: TextIO) -> None:
    # Translators: a setting that group policy gives; the same words stand in the window.
    managed = _("managed by IT")
    for key in origins.managed:
        print(f"{'':<14}{key}: {managed}", file=out)


def _print(
    tried: Tried, *, as_json: bool, out: TextIO, more: Mapping[str, object] | None = None
) -> None:
    if as_json:
        row = {
            "what": tried.name,
            "ok": tried.ok,
            "ms": tried.ms,
            "detail": tried.what,
            "todo": tried.todo,
            **(more or {}),
        }
        text = json.dumps(row)
    else:
        word = _("ok") if tried.ok else _("NOT OK")
        name = _({**NAMES, **WHERE_SET}[tried.name])
        text = f"{name:<14}{word:<10}{tried.ms:>9.1f} ms  {tried.what or tried.todo}"
    print(text, file=out, flush=True)
