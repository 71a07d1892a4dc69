"""A window of whose settings policy gives some: they are shown, and nobody changes them."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QPushButton
from shiboken6 import delete, isValid

from tests.builders import NOW
from tests.fakes import FakeClock
from ui.compose import Window
from workstation import paths, settings
from workstation.settings import Policy
from workstation.texts import speak


@pytest.fixture
def english():
    speak("en")
    yield
    speak("en")


def test_a_window_that_is_closed_has_no_theme_to_change(qapp, english):
    """A key, a minute or the system's night may come while the desk behind it is still ending."""
    found = settings.load(None, {}, defaults=paths.default_config())
    window = Window(qapp, found, ["nothing"], FakeClock(NOW))
    window.switch_theme()
    shown = window.looks().name
    window.close()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not isValid(window.frame)
    window.switch_theme()
    window._wanted = "light" if window._wanted == "dark" else "dark"
    window.follow_theme()
    assert window.looks().name == shown


@pytest.mark.parametrize("managed", [True, False])
def test_the_theme_that_policy_gives_stays(qapp, english, managed):
    values = {"hub.theme": "light"} if managed else {"hub.language": "en"}
    found = settings.load(
        None,
        {"WORKSTATION_HUB__THEME": "light"},
        defaults=paths.default_config(),
        policy=Policy(where="KEY\\", values=values),
    )
    window = Window(qapp, found, ["nothing"], FakeClock(NOW))
    try:
        window.switch_theme()
        assert (window.looks().name == "light") is managed
        said = [one.toolTip() for one in window.frame.findChildren(QPushButton)]
        assert ("The colours are managed by IT." in said) is managed
    finally:
        window.frame.hide()
        delete(window.frame)
