"""What the tests of the window share."""

import pytest

from tests.ui.whole import Whole
from ui.fonts import load_fonts
from ui.theme import apply, light
from workstation.paths import resources


@pytest.fixture
def dressed(qapp):
    """The program in its own fonts and style sheet, undressed again afterwards."""
    load_fonts(resources())
    apply(qapp, light(), resources())
    yield qapp
    qapp.setStyleSheet("")


@pytest.fixture
def whole(qtbot):
    """The alarm side of the window over the real use cases, in the size of a small screen."""
    made = Whole()
    qtbot.addWidget(made.window)
    made.window.resize(1280, 800)
    made.telephone_is_ready()
    yield made
    made.close()


@pytest.fixture
def shown(dressed, whole, qtbot):
    """The same, on the screen and in its own looks."""
    with qtbot.waitExposed(whole.window):
        whole.window.show()
    return whole
