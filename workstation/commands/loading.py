"""The settings that every word begins with; imports no database and no broker, the window waits for it."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from workstation import paths, settings
from workstation.adapters.system.log import open_log
from workstation.settings import Settings
from workstation.texts import speak


def load(wanted: Namespace, environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings, speak their language and write their log from now on; raises SettingsError."""
    config: Path | None = getattr(wanted, "config", None)
    found = settings.load(
        config, environ, defaults=paths.default_config(), chosen=paths.chosen_sound()
    )
    speak(found.hub.language)
    open_log(found.log.level, found.log.file)
    return found
