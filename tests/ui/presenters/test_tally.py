from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANNA, NOW, an_alarm
from ui.presenters.tally import Tally
from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Kind
from workstation.domain.queue import is_technical, next_untaken

alarms = st.builds(
    lambda name, kind, state, minutes, taken: an_alarm(
        name,
        kind=kind,
        state=state,
        received_at=NOW + timedelta(minutes=minutes),
        taken_by=ANNA if taken else None,
    ),
    st.sampled_from("abcdef"),
    st.sampled_from(Kind),
    st.sampled_from([state for state in State if state is not State.RESOLVED]),
    st.integers(0, 5),
    st.booleans(),
)


@given(st.lists(alarms | st.sampled_from("abcdef")))
def test_it_says_what_counting_all_of_them_would_say(changes):
    tally = Tally()
    shown: dict[str, Alarm] = {}
    for change in changes:
        if isinstance(change, str):
            tally.drop(change)
            shown.pop(change, None)
        else:
            tally.put(change)
            shown[change.id] = change
    everything = shown.values()
    people = [alarm for alarm in everything if not is_technical(alarm)]
    assert tally.alarms == shown
    assert tally.waiting == sum(alarm.is_untaken for alarm in people)
    assert tally.taken == sum(alarm.taken_by is not None for alarm in people)
    assert tally.shelved == sum(alarm.state is State.SHELVED for alarm in everything)
    assert tally.technical == sum(
        is_technical(alarm) and alarm.state is not State.SHELVED for alarm in everything
    )
    assert tally.next_untaken == next_untaken(everything)
