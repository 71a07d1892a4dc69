import pytest

from ui.views.notices import Notices


@pytest.fixture
def notices(qtbot):
    made = Notices()
    qtbot.addWidget(made)
    return made


def close(notices, place=0):
    list(notices._shown.values())[place]._close.click()


def test_a_sentence_stands_until_it_is_closed(notices):
    notices.tell("The database is full; call IT.", lasting=True)
    assert not notices.isHidden()
    assert notices.sentences == ["The database is full; call IT."]
    close(notices)
    assert notices.sentences == []
    assert notices.isHidden()


def test_the_same_again_is_counted(notices):
    for _time in range(3):
        notices.tell("Taken by Bo.", lasting=True)
    assert notices.sentences == ["Taken by Bo."]
    assert next(iter(notices._shown.values()))._times.text() == "×3"


def test_one_of_the_same_key_is_replaced(notices):
    notices.tell("The broker is away.", key="alarms", lasting=True)
    notices.tell("The broker refuses the password.", key="alarms", lasting=True)
    assert notices.sentences == ["The broker refuses the password."]
    notices.forget("alarms")
    notices.forget("alarms")
    assert notices.sentences == []


def test_no_more_than_three_take_room(notices):
    for number in range(5):
        notices.tell(f"Sentence {number}.", lasting=True)
    assert notices.sentences == ["Sentence 2.", "Sentence 3.", "Sentence 4."]


def test_what_goes_by_itself_makes_room_before_what_stays(notices):
    notices.tell("The sound is off.", lasting=True)
    notices.tell("Taken by Bo.")
    for number in range(2):
        notices.tell(f"Sentence {number}.", lasting=True)
    assert notices.sentences == ["The sound is off.", "Sentence 0.", "Sentence 1."]


def test_a_key_closes_the_newest_and_stands_on_its_button_alone(qtbot):
    notices = Notices(close_key="F11")
    qtbot.addWidget(notices)
    notices.close_newest()
    for number in range(2):
        notices.tell(f"Sentence {number}.", lasting=True)

    def buttons():
        return [one._close.text() for one in notices._shown.values()]

    assert buttons() == ["Close", "Close   F11"]
    notices.close_newest()
    assert notices.sentences == ["Sentence 0."]
    assert buttons() == ["Close   F11"]
    notices.close_newest()
    assert notices.isHidden()


def test_what_needs_no_answer_goes_by_itself(notices, qtbot):
    notices.tell("Taken by Bo.")
    timer = next(iter(notices._shown.values()))._timer
    assert timer.isActive()
    timer.setInterval(0)
    qtbot.waitUntil(lambda: notices.sentences == [])


def test_what_is_still_there_can_say_something_newer_and_what_was_closed_does_not_come_back(
    notices,
):
    notices.tell("2 entries are kept here.", key="database", lasting=True)
    notices.amend("3 entries are kept here.", key="database")
    assert notices.sentences == ["3 entries are kept here."]
    assert next(iter(notices._shown.values()))._times.text() == ""
    close(notices)
    notices.amend("4 entries are kept here.", key="database")
    assert notices.sentences == []
