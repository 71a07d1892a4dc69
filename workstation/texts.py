"""Turns message ids into the operator's language, for the window and the command line alike."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from typing import Final

from workstation.paths import resources

DOMAIN: Final = "workstation"
LANGUAGES: Final = ("da", "en")


class _Chosen:
    """The language of this process; Danish until `speak` is called."""

    catalogue: gettext.NullTranslations = gettext.NullTranslations()
    language: str = "en"


def speak(language: str) -> None:
    """Use `language` (`da` or `en`) for every text from now on; raises LookupError for another."""
    if language not in LANGUAGES:
        raise LookupError(language)
    _Chosen.language = language
    # The message ids are plain English, so English needs no catalogue.
    _Chosen.catalogue = (
        gettext.NullTranslations()
        if language == "en"
        # A desk whose catalogue is missing still works, in English; a test holds ours complete.
        else gettext.translation(DOMAIN, resources() / "translations", [language], fallback=True)
    )


def _(message: str) -> str:
    """Return the text of `message` in the chosen language."""
    return _Chosen.catalogue.gettext(message)


def localized(row: Mapping[str, str]) -> str:
    """Return the text of a row of data that has one per language; English where ours is missing."""
    return row.get(_Chosen.language) or row["en"]


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the form of a counted text that fits `number`."""
    return _Chosen.catalogue.ngettext(singular, plural, number)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark `message` for translation; `_` translates it where it is shown."""
    return message
