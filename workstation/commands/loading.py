"""The settings that every word begins with; imports no database and no broker, the window waits for it."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from workstation import paths, settings
from workstation.adapters.system.black_box import BlackBox
from workstation.adapters.system.log import open_log
from workstation.adapters.windows.event_log import event_log
from workstation.adapters.windows.policy import machine_policy
from workstation.settings import Policy, Settings, SettingsError
from workstation.texts import speak

LASTING = frozenset({"desk", "ingest"})
"""The words that run for days: on Windows their log lies in the machine's folder."""
WITHOUT_A_HUB = frozenset({"desk", "demo", "scaip-unit"})
"""The words that can do without settings of a hub."""


def load(
    wanted: Namespace,
    environ: Mapping[str, str] = os.environ,
    policy: Callable[[], Policy | None] = machine_policy,
) -> Settings:
    """Return the settings, speak their language and write their log from now on; raises SettingsError."""
    config, fixed = sources(wanted, policy)
    found = settings.load(
        config,
        environ,
        defaults=paths.default_config(),
        chosen=paths.chosen_sound(),
        policy=fixed,
    )
    speak(found.hub.language)
    if (
        found.broker.is_embedded
        and config is None
        and getattr(wanted, "word", "desk") not in WITHOUT_A_HUB
    ):
        folder = paths.machine_data() or Path()
        raise SettingsError("no_file", where=str(folder / "settings.toml"))
    _open_log(wanted, found)
    return found


def _open_log(wanted: Namespace, found: Settings) -> None:
    if getattr(wanted, "word", "") not in LASTING:
        open_log(found.log.level, found.log.file)
        return
    box, machine = BlackBox.named(), paths.machine_data()
    name = f"{wanted.word}{wanted.instance and '-'}{wanted.instance}.log"
    of_user = str(paths.data() / "logs" / name) if machine else None
    # Where IT has made no folder for all, a user's own must not take its place.
    of_all = str(machine / "logs" / name) if machine and (machine / "logs").is_dir() else of_user
    open_log(
        found.log.level,
        found.log.file or of_all,
        instead=of_user,
        more=[*event_log(), *(box.listen() if box else [])],
    )


def sources(
    wanted: Namespace, policy: Callable[[], Policy | None] = machine_policy
) -> tuple[Path | None, Policy | None]:
    """Return the settings file and the policy that hold; the demo has neither."""
    if getattr(wanted, "word", None) == "demo":
        return None, None
    return getattr(wanted, "config", None) or paths.machine_settings(), policy()
