"""What any KeptReminders does."""

from dataclasses import replace
from datetime import timedelta

from tests.adapters.db.making import ANNA, KOMMUNE, at, run
from workstation.application.reminders import KeptReminders, Reminder
from workstation.domain.names import AlarmId, CitizenId, Operator

FULL = Reminder(
    at=at(300),
    target="+4500000001",
    whom="citizen",
    by=ANNA,
    after=timedelta(minutes=15),
    citizen=CitizenId("c1"),
    alarm=AlarmId("a1"),
    kommune=KOMMUNE,
)
BARE = Reminder(at=at(200), target="sip:9@x", whom="9", by=Operator("bo"))


class RemindersContract:
    """A subclass has the fixture `reminders`."""

    def test_all_are_there_the_first_due_first(self, reminders: KeptReminders) -> None:
        assert run(reminders.listed()) == []
        for one in (FULL, BARE):
            run(reminders.put(one))
        assert run(reminders.listed()) == [BARE, FULL]

    def test_one_for_each_number_of_an_operator(self, reminders: KeptReminders) -> None:
        later = replace(FULL, at=at(900))
        bo = replace(FULL, by=Operator("bo"))
        for one in (FULL, later, bo):
            run(reminders.put(one))
        assert run(reminders.listed()) == [bo, later]

    def test_what_is_forgotten_is_gone_but_not_what_took_its_place(
        self, reminders: KeptReminders
    ) -> None:
        later = replace(FULL, at=at(900))
        run(reminders.put(later))
        run(reminders.forget(FULL))
        assert run(reminders.listed()) == [later]
        run(reminders.forget(later))
        run(reminders.forget(later))
        assert run(reminders.listed()) == []
