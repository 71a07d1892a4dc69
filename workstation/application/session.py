"""Who sits at this desk now, and what that person may do; on the loop only."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from workstation.application.changes import Watchers
from workstation.domain.alarm import Alarm
from workstation.domain.names import Kommune, Operator
from workstation.domain.rights import Right, Role, breaks_glass, concerns, glass_breaker, has

_log = logging.getLogger(__name__)
Why = Literal["nobody", "locked", "role", "kommune", "not_yours"]


class NotAllowed(Exception):
    """The person at the desk may not do that; `why` says what stands against it.

    `nobody` is signed in, the desk is `locked`, the `role` lacks the right, the person does not
    serve the `kommune`, or the user is `not_yours` to manage.
    """

    def __init__(
        self, right: Right, role: Role | None, *, why: Why = "role", kommune: Kommune | None = None
    ) -> None:
        super().__init__(right, role, why, kommune)
        self.right = right
        self.role = role
        self.why: Why = why
        self.kommune = kommune


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The person who sits here."""

    operator: Operator
    """The short name that stands in every history."""
    name: str
    """The name colleagues know."""
    role: Role
    kommuner: frozenset[Kommune]
    """Those the person serves; what counts is their intersection with the desk's."""
    at: datetime
    offline: bool = False
    """Known by this desk's own memory: the database could not be asked."""
    way: str = "password"
    """How the person showed who they are: by `password`, or at the identity provider (`oidc`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """In whose name something is done."""

    by: Operator
    glass: bool = False
    """Done at a locked desk, or by nobody signed in, for the sake of an emergency."""


class Session:
    """The one place that knows who sits here; every use case asks it at each act.

    A desk without sign-in (`guarded` is False) has one operator who may do everything.
    """

    def __init__(
        self,
        kommuner: Iterable[Kommune],
        *,
        desk: str,
        operator: Operator | None = None,
        guarded: bool = True,
    ) -> None:
        """`kommuner` are those of the settings; `operator` acts where no sign-in is asked for."""
        self.desk = desk
        self._served = frozenset(kommuner)
        self._unnamed = operator or glass_breaker(desk)
        self._glass = glass_breaker(desk)
        self._guarded = guarded
        self._signed_in: SignedIn | None = None
        self._locked = False
        self._changed: Watchers[[]] = Watchers()

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell when somebody signs in or out, and when the desk is locked or unlocked."""
        self._changed.add(changed)

    @property
    def guarded(self) -> bool:
        """Whether this desk asks for a sign-in at all."""
        return self._guarded

    @property
    def signed_in(self) -> SignedIn | None:
        """Who sits here; None for nobody, and at a desk without sign-in."""
        return self._signed_in

    @property
    def locked(self) -> bool:
        """Whether the person must show again who they are."""
        return self._locked

    @property
    def nobody(self) -> Operator:
        """The name under which glass is broken while nobody is signed in."""
        return self._glass

    @property
    def kommuner(self) -> frozenset[Kommune]:
        """The kommuner this desk may show now: the person's of the desk's, else the desk's."""
        if self._signed_in is None:
            return self._served
        return self._served & self._signed_in.kommuner

    def who(self) -> Operator:
        """Return the short name under which an act at this desk is recorded now."""
        if not self._guarded:
            return self._unnamed
        return self._glass if self._signed_in is None else self._signed_in.operator

    def may(self, right: Right, kommune: Kommune | None = None) -> bool:
        """Whether `require` would let it pass."""
        return self._against(right, kommune) is None

    def require(self, right: Right, kommune: Kommune | None = None) -> None:
        """Raise NotAllowed unless whoever sits here may do that (in that kommune)."""
        why = self._against(right, kommune)
        if why is not None:
            raise self._refusal(right, why, kommune)

    def acting(self, right: Right, alarm: Alarm | None, kommune: Kommune | None = None) -> Acting:
        """Return who does something about `alarm` (None: about none) in `kommune`; raises NotAllowed.

        A locked desk, and one where nobody is signed in, may still take and call an emergency.
        """
        found = self._acting(right, alarm, kommune)
        if isinstance(found, Acting):
            return found
        raise self._refusal(right, found, kommune if alarm is None else concerns(alarm))

    def could(self, right: Right, alarm: Alarm) -> bool:
        """Whether `acting` would let it pass."""
        return isinstance(self._acting(right, alarm, None), Acting)

    def sees(self, kommune: Kommune | None) -> bool:
        """Whether this desk shows and sounds that kommune's alarms now, locked or not; None: anybody's."""
        if not self._guarded:
            return True
        person = self._signed_in
        if person is not None and not has(person.role, Right.SEE_ALARMS):
            return False
        return kommune is None or kommune in self.kommuner

    def begin(self, person: SignedIn) -> None:
        """Let a person sit here, unlocked; whoever sat here before has left."""
        self._signed_in = person
        self._locked = False
        self._guarded = True
        self._changed.tell()

    def end(self) -> None:
        """Nobody sits here any more."""
        if self._signed_in is not None:
            self._signed_in = None
            self._locked = False
            self._changed.tell()

    def lock(self) -> None:
        """Ask whoever sits here to show again who they are; with nobody signed in it does nothing."""
        if self._signed_in is not None and not self._locked:
            self._locked = True
            self._changed.tell()

    def unlock(self) -> None:
        """Go on: the person has shown who they are."""
        if self._locked:
            self._locked = False
            self._changed.tell()

    def guard(self, *, guarded: bool = True) -> None:
        """Ask for a sign-in from now on, or (`guarded=False`) let the one operator do everything."""
        if guarded != self._guarded:
            self._guarded = guarded
            self._signed_in = None
            self._locked = False
            self._changed.tell()

    def update(self, person: SignedIn) -> None:
        """Take what has become of the person meanwhile: another role, other kommuner, online again."""
        current = self._signed_in
        if current is None or current.operator != person.operator:
            return
        person = replace(person, at=current.at)
        if person != current:
            self._signed_in = person
            self._changed.tell()

    def _against(self, right: Right, kommune: Kommune | None) -> Why | None:
        if not self._guarded:
            return None
        if self._signed_in is None:
            return "nobody"
        if self._locked:
            return "locked"
        if not has(self._signed_in.role, right):
            return "role"
        return None if kommune is None or kommune in self.kommuner else "kommune"

    def _acting(self, right: Right, alarm: Alarm | None, kommune: Kommune | None) -> Acting | Why:
        where = kommune if alarm is None else concerns(alarm)
        why = self._against(right, where) or self._against(right, kommune)
        if why in ("nobody", "locked") and breaks_glass(right, alarm) and self._serves(where):
            return Acting(by=self.who(), glass=True)
        return Acting(by=self.who()) if why is None else why

    def _serves(self, kommune: Kommune | None) -> bool:
        return kommune is None or kommune in self._served

    def _refusal(self, right: Right, why: Why, kommune: Kommune | None) -> NotAllowed:
        role = self._signed_in.role if self._signed_in is not None else None
        _log.warning("%s (%s) was refused %s: %s", self.who(), role or "nobody", right, why)
        return NotAllowed(right, role, why=why, kommune=kommune)
