"""Qt's own words, in dialogs and in the menus of fields, in the operator's language."""

import logging

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

_log = logging.getLogger(__name__)


def speak(language: str, app: QCoreApplication) -> None:
    """Have Qt speak `language` (`da` or `en`) from now on.

    The words are Qt's translators'. Where they are missing Qt goes on in English.
    """
    for before in app.findChildren(QTranslator):
        app.removeTranslator(before)
        before.deleteLater()
    if language == "en":
        return  # what Qt says by itself
    words = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not words.load(f"qtbase_{language}", folder):
        _log.warning("Qt has no words in %s here", language)
        return
    app.installTranslator(words)
