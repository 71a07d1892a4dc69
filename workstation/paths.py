"""Where the program finds what it ships and keeps what is its own."""

import os
import sys
from pathlib import Path

from platformdirs import user_config_path, user_data_path

APP = "e-team-workstation"
BLACK_BOX = "WORKSTATION_BLACK_BOX"
"""The variable that tells a desk where to leave what its parent wants to know when it dies."""
KEEPER = "WORKSTATION_KEEPER"
"""The variable that tells it its parent's number: not every Windows gives that to a child that asks."""
DIED = "WORKSTATION_DIED"
"""The variable that tells it when the desk died in whose place it is, ISO 8601."""
MACHINE_FOLDER = "E-Team Workstation"


def root() -> Path:
    """Return the folder that holds `resources/` and `config/` (the bundle's in a frozen program)."""
    return Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent))


def resources() -> Path:
    """Return the folder of icons, sounds, fonts, styles and translations."""
    return root() / "resources"


def default_config() -> Path:
    """Return the settings that the program is shipped with."""
    return root() / "config" / "default.toml"


def data() -> Path:
    """Return this user's folder for what the program keeps; created when missing."""
    return user_data_path(APP, appauthor=False, ensure_exists=True)


def user_settings() -> Path:
    """Return this user's folder for settings and the machine's id; created when missing."""
    return user_config_path(APP, appauthor=False, ensure_exists=True)


def machine_data() -> Path | None:
    r"""Return the folder of what all users of this machine share; it need not be there.

    `%ProgramData%\E-Team Workstation` on Windows. Elsewhere IT names a settings file with --config:
    None, unless WORKSTATION_MACHINE_DATA names a folder.
    """
    named = os.environ.get("WORKSTATION_MACHINE_DATA")
    if named:
        return Path(named)
    folder: Path | None = None
    if sys.platform == "win32":
        folder = Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / MACHINE_FOLDER
    return folder


def machine_settings() -> Path | None:
    """Return the machine's settings file, where there is one."""
    folder = machine_data()
    file = folder / "settings.toml" if folder else None
    return file if file and file.is_file() else None


def chosen_sound() -> Path:
    """Return the file of the sound devices that this user chose; it need not be there."""
    return user_settings() / "sound.toml"


WINDOW, CONSOLE = "workstation", "workstationctl"
"""The names of the two frozen programs: they are one, but for their windows."""
_SCRIPT = "main.py"
"""What it is called that is not frozen."""


def is_window_program() -> bool:
    """Whether this is the frozen program that has no console: what it prints nobody reads."""
    return _is_frozen() and Path(sys.executable).stem.lower() == WINDOW


def own_name() -> str:
    """Return what this very program is called, as its usage says it."""
    return Path(sys.executable).stem.lower() if _is_frozen() else _SCRIPT


def command_name() -> str:
    """Return what a person types in front of a word: frozen, the program that has a console."""
    return CONSOLE if _is_frozen() else _SCRIPT


def window_program() -> Path | None:
    """Return the frozen program that has the window; None where nothing is frozen."""
    mine = Path(sys.executable)
    return mine.with_name(WINDOW + mine.suffix) if _is_frozen() else None


def this_program() -> list[str]:
    """Return how this very program is started again."""
    return [sys.executable] if _is_frozen() else [sys.executable, str(root() / _SCRIPT)]


def own_command() -> list[str]:
    """Return what starts this program's own processes (`sip-line`, …), which talk by pipes.

    Frozen, that is the program with a console; they are started so that none shows (`NO_CONSOLE`).
    """
    if is_window_program():
        mine = Path(sys.executable)
        console = mine.with_name(CONSOLE + mine.suffix)
        if console.is_file():
            return [str(console)]
    return this_program()


NO_CONSOLE = 0x08000000 if sys.platform == "win32" else 0
"""`creationflags` of a process that is not to show a console of its own."""


def _is_frozen() -> bool:
    return bool(getattr(sys, "frozen", False))
