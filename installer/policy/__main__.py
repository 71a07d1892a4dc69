"""Writes the templates anew from the table of settings: `python -m installer.policy`."""

import sys
from pathlib import Path

from installer.policy.governed import LANGUAGES, governed
from installer.policy.templates import adml, admx


def files() -> dict[Path, str]:
    """Return every file of the templates, beside this one, with what belongs into it."""
    folder, settings = Path(__file__).parent, tuple(governed())
    return {
        folder / "workstation.admx": admx(settings),
        **{
            folder / place / "workstation.adml": adml(settings, language)
            for language, place in LANGUAGES.items()
        },
    }


def put(folder: Path) -> None:
    """Write the templates as Windows' `PolicyDefinitions` has them."""
    here = Path(__file__).parent
    for path, text in files().items():
        target = folder / path.relative_to(here)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\r\n")


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"{path}\n")
