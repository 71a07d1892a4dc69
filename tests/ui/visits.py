"""Visits and a round for the tests of the day's plan."""

import asyncio
from datetime import date, timedelta

from ui.models.rounds import VisitRow
from ui.tasks import Tasks
from workstation.domain.names import CitizenId, Kommune, Operator, VisitId
from workstation.domain.round import Visit, VisitKind, VisitState

ME = Operator("Anna")
NAMES = {f"c{place}": name for place, name in enumerate(("Erik Lund", "Tove Lind", "Aksel Juhl"))}


def visit(key, at, **more):
    """Return a planned screen visit of 15 minutes, or what `more` says."""
    base = {
        "id": VisitId(key),
        "at": at,
        "citizen": CitizenId("c0"),
        "kommune": Kommune("0510"),
        "kind": VisitKind.SCREEN_VISIT,
        "length": timedelta(minutes=15),
    }
    return Visit(**(base | more))


def visit_row(key, at, **more):
    return VisitRow(visit=visit(key, at, **more), name="Erik Lund", me=ME)


class FakeRound:
    """A day's round that does what it is told and remembers it."""

    def __init__(self, visits=()):
        self.visits = list(visits)
        self.operator = ME
        self.day = date(2026, 3, 14)
        self.did = []
        self.loaded = []
        self._changed = []

    def watch(self, changed):
        self._changed.append(changed)

    def next_visit(self):
        mine = [
            one
            for one in self.visits
            if one.state is VisitState.PLANNED and one.assignee in (None, self.operator)
        ]
        return min(mine, key=lambda one: one.at, default=None)

    def put(self, *visits):
        """Have these instead, and tell."""
        self.visits = list(visits)
        for changed in self._changed:
            changed()

    async def load(self, day=None):
        self.loaded.append(day)

    async def start(self, visit):
        self.did.append(("start", visit))

    async def finish(self, visit, *, note=""):
        self.did.append(("finish", visit, note))

    async def record_look(self, visit, look, note=""):
        self.did.append(("look", visit, look, note))

    async def cancel(self, visit, reason, note=""):
        self.did.append(("cancel", visit, reason, note))

    async def not_done(self, visit, reason, note=""):
        self.did.append(("not_done", visit, reason, note))

    async def back(self, visit):
        self.did.append(("back", visit))

    async def assign(self, visit, operator):
        self.did.append(("assign", visit, operator))


class FakeNames:
    """A register of names."""

    def __init__(self):
        self._changed = []

    def name_of(self, citizen):
        return NAMES.get(citizen, "")

    def watch(self, changed):
        self._changed.append(changed)


class AtOnce(Tasks):
    """Runs what is started to its end before `start` returns; failures are kept in `failures`."""

    def __init__(self):
        self.failures: list[BaseException] = []
        super().__init__(self.failures.append)

    def start(self, coroutine, *, failed=None):

        try:
            asyncio.run(coroutine)
        except Exception as error:  # noqa: BLE001 - as Tasks: every failure goes to one place
            self.failures.append(error)
