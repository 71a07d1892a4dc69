"""An operator at each headless desk: takes, notes, resolves, and remembers what the desk promised."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from tests.chaos.actors import Gone, HeadlessDesk

_OUTCOMES: Final = ("solved_by_phone", "false_alarm", "technical", "test")
_WORLDS: Final = frozenset(
    {
        "AlreadyTaken",
        "Changed",
        "IllegalStep",
        "JournalFailed",
        "NotFound",
        "StoreUnavailable",
        "NotAllowed",
    }
)
"""What a desk may answer with: its sentences for a colleague who was faster, or a world that is down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something a desk said was done."""

    by: str
    what: str
    """As in the column `kind` of the steps."""
    alarm: str
    about: str
    """Its device and code."""
    at: str
    """When, as the desk said it."""
    text: str
    promise: str
    """`committed`; `provisional`: journaled and shown so; `ahead`: of an alarm on its way, not durable."""


class Operator:
    """Works at one desk, as fast as somebody might, until told to stop."""

    def __init__(self, desk: HeadlessDesk, seed: int) -> None:
        self.desk = desk
        self.deeds: list[Deed] = []
        self.answers: Counter[str] = Counter()
        self.faults: list[str] = []
        """Answers that no operator should ever see, and desks that gave none."""
        self.excused = threading.Event()
        """Set while the desk is frozen: it cannot answer."""
        self._dice = random.Random(f"{seed}-{desk.name}")
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"operator-{desk.name}")
        self._notes = 0
        self._held: list[str] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let what was begun be answered, and go home."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(self._dice.uniform(0.1, 0.6)):
            try:
                self._act()
            except Gone:
                self._held.clear()
                self._ending.wait(0.2)
            except TimeoutError as error:
                self.faults.append(f"{self.desk.name} gave no answer: {error}")

    def _act(self) -> None:
        dice = self._dice.random()
        if self._held and dice < 0.4:
            self._resolve(self._held.pop(0))
        elif self._held and dice < 0.6:
            self._note(self._dice.choice(self._held))
        elif self._held and dice < 0.65:
            self._done("released", self._ask("release", alarm=self._held.pop()))
        elif dice > 0.97:
            self._ask("look")
        elif len(self._held) < 4:
            done = self._done("taken", self._ask("take_next"))
            if done is not None:
                self._held.append(done["id"])

    def _resolve(self, alarm: str) -> None:
        outcome = self._dice.choice(_OUTCOMES)
        self._done("resolved", self._ask("resolve", alarm=alarm, outcome=outcome))

    def _note(self, alarm: str) -> None:
        self._notes += 1
        text = f"{self.desk.name}-{self.desk.starts}-{self._notes}"
        self._done("noted", self._ask("note", alarm=alarm, text=text), text)

    def _ask(self, do: str, **order: object) -> dict[str, Any]:
        answer = self.desk.ask(do, **order)
        error = answer.get("error")
        self.answers[error or do] += 1
        if error is not None and error not in _WORLDS:
            self.faults.append(f"{self.desk.name} {do}: {answer}")
        return answer

    def _done(self, what: str, answer: dict[str, Any], text: str = "") -> dict[str, Any] | None:
        alarm: dict[str, Any] | None = answer.get("alarm")
        if alarm is None:
            return None
        if what == "taken" and alarm["taken_by"] != self.desk.name:
            self.faults.append(f"{self.desk.name} took {alarm} and does not have it")
        shown = answer["shown"] or alarm
        promise = "committed"
        if shown["provisional"] is not None:
            promise = "provisional"
        elif not shown["saved"]:
            promise = "ahead"
        fields = {"taken": "taken_at", "resolved": "resolved_at"}
        self.deeds.append(
            Deed(
                by=self.desk.name,
                what=what,
                alarm=alarm["id"],
                about=alarm["about"],
                at=alarm[fields.get(what, "touched_at")] or "",
                text=text,
                promise=promise,
            )
        )
        return alarm
