"""A window of whose settings policy gives some: they are shown, and nobody changes them."""

import pytest
from PySide6.QtWidgets import QPushButton
from shiboken6 import delete

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
