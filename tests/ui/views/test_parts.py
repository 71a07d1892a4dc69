from PySide6.QtWidgets import QWidget

from ui.views.parts import Elided, Flow, button, label, row, word


def test_a_button_says_its_word_and_its_key(qtbot):
    made = button("Give & take", key="F1")
    qtbot.addWidget(made)
    assert made.text() == "Give && take   F1"
    assert made.accessibleName() == "Give & take, F1"
    word(made, "Light")
    assert (made.text(), made.accessibleName()) == ("Light", "Light")


def test_what_a_device_sent_is_never_markup(qtbot):
    made = label("<b>x</b>")
    qtbot.addWidget(made)
    assert made.textFormat().name == "PlainText"


def test_a_flow_goes_on_in_the_next_line(qtbot):
    page, flow = QWidget(), Flow(gap=6)
    qtbot.addWidget(page)
    page.setLayout(flow)
    buttons = [button(f"Outcome number {number}") for number in range(6)]
    for one in buttons:
        flow.addWidget(one)
    wide = sum(one.sizeHint().width() + 6 for one in buttons)
    assert flow.heightForWidth(wide) < flow.heightForWidth(wide // 2)
    page.resize(wide // 2, flow.heightForWidth(wide // 2))
    with qtbot.waitExposed(page):
        page.show()
    assert len({one.y() for one in buttons}) == 2
    assert all(one.geometry().right() <= page.width() for one in buttons)
    assert all(one.width() >= one.sizeHint().width() for one in buttons)


def test_a_cut_line_says_the_rest_in_its_tool_tip(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    made = Elided("Dosis klokken 20 er ikke taget")
    page.setLayout(row(made))
    page.resize(100, 40)
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: made.toolTip() == "Dosis klokken 20 er ikke taget")
    page.resize(600, 40)
    qtbot.waitUntil(lambda: not made.toolTip())
