"""The two settings that the window's first picture needs, before all of them are read and checked."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING, Final

from workstation import paths
from workstation.adapters.windows import registry

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

_THEMES: Final = frozenset({"light", "dark", "auto", "clock"})
"""As in `settings.sections`; a test holds the two together."""
_OVERRIDE: Final = "WORKSTATION_HUB__"


def theme_and_name(wanted: Namespace, environ: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """Return `hub.theme` and `hub.name`, which has the hub in the title of its window.

    Only the files are read, for checking every key takes as long as painting the window. Where
    that is not enough all settings are loaded instead, so that a file that cannot be read is told
    before any window is there; raises SettingsError then.
    """
    try:
        return _from_files(wanted, environ)
    except (OSError, ValueError, LookupError, RecursionError):
        from workstation.commands.loading import load  # noqa: PLC0415 - what is to be avoided

        hub = load(wanted, environ).hub
        return hub.theme, hub.name


def _from_files(wanted: Namespace, environ: Mapping[str, str]) -> tuple[str, str]:
    """Raise LookupError for what is not plainly written in a file."""
    if any(name.startswith(_OVERRIDE) for name in environ):
        raise LookupError(_OVERRIDE)
    hub: dict[str, object] = {}
    demo = getattr(wanted, "word", None) == "demo"
    own = None if demo else getattr(wanted, "config", None) or paths.machine_settings()
    if not demo and any(name.startswith("hub.") for name in registry.policy_values()):
        raise LookupError(registry.KEY)
    for file in (paths.default_config(), own):
        if file is not None:
            found = tomllib.loads(file.read_bytes().decode("utf-8-sig")).get("hub", {})
            hub.update(found if isinstance(found, dict) else {"theme": None})
    theme, name = hub["theme"], hub["name"]
    if not isinstance(theme, str) or theme not in _THEMES:
        raise LookupError("theme")
    if not isinstance(name, str) or not name.strip():
        raise LookupError("name")
    return theme, name
