"""Qt's own words, in dialogs and in the menus of fields, in the operator's language."""

import logging

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator

_log = logging.getLogger(__name__)


def speak(language: str, window: QObject) -> None:
    """Have Qt speak `language` (`da` or `en`) for as long as `window` lives.

    The words are Qt's translators'. Where they are missing Qt goes on in English.
    """
    if language == "en":
        return  # what Qt says by itself
    words = QTranslator(window)  # and taken out of the program with it
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not words.load(f"qtbase_{language}", folder):
        _log.warning("Qt has no words in %s here", language)
        return
    QCoreApplication.installTranslator(words)
