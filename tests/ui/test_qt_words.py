"""What Qt itself says is in the operator's language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPlainTextEdit
from shiboken6 import delete

from tests.builders import NOW
from tests.fakes import FakeClock
from ui import qt_words
from ui.compose import Window
from workstation import paths, settings

CANCEL, SAVE = QDialogButtonBox.StandardButton.Cancel, QDialogButtonBox.StandardButton.Save
DANISH = {"buttons": {"Gem", "Annuller"}, "paste": "Sæt ind"}
ENGLISH = {"buttons": {"Save", "Cancel"}, "paste": "Paste"}


@pytest.fixture(autouse=True)
def english(qapp) -> Iterator[None]:
    qt_words.speak("en", qapp)
    yield
    qt_words.speak("en", qapp)


def said(qtbot) -> dict[str, object]:
    """What stands on a dialog's buttons, and in the menu of a field for pasting."""
    box, line, text = QDialogButtonBox(SAVE | CANCEL), QLineEdit(), QPlainTextEdit()
    pastes = set()
    for one in (box, line, text):
        qtbot.addWidget(one)
    for field in (line, text):
        menu = field.createStandardContextMenu()
        found = [one.text().partition("\t")[0] for one in menu.actions()]
        pastes |= {one.replace("&", "") for one in found} & {DANISH["paste"], ENGLISH["paste"]}
    assert len(pastes) == 1
    buttons = {one.text().replace("&", "") for one in box.buttons()}
    return {"buttons": buttons, "paste": pastes.pop()}


def test_dialogs_and_fields_speak_danish_and_english_again(qapp, qtbot) -> None:
    assert said(qtbot) == ENGLISH
    qt_words.speak("da", qapp)
    assert said(qtbot) == DANISH
    qt_words.speak("da", qapp)
    qt_words.speak("en", qapp)
    assert said(qtbot) == ENGLISH


def test_without_its_translations_qt_goes_on_in_english(
    qapp, qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    monkeypatch.setattr(QLibraryInfo, "path", lambda _which: str(tmp_path))
    qt_words.speak("da", qapp)
    assert said(qtbot) == ENGLISH
    assert "no words in da" in caplog.text


@pytest.mark.parametrize(("language", "words"), [("da", DANISH), ("en", ENGLISH)])
def test_the_whole_window_speaks_as_the_hub_does(qapp, qtbot, language: str, words) -> None:
    found = settings.load(
        None, {"WORKSTATION_HUB__LANGUAGE": language}, defaults=paths.default_config()
    )
    made = Window(qapp, found, ["nothing"], FakeClock(NOW))
    try:
        assert said(qtbot) == words
    finally:
        made.frame.hide()
        delete(made.frame)
