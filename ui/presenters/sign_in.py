"""Who sits here: signing in and out, over to a colleague, and back to a locked desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from ui.presenters.front import Front, InFront
from ui.tasks import Tasks
from ui.views.covered import Covered
from ui.views.leaving import Colleague, LeavingPanel
from ui.views.notices import Notices
from ui.views.person_column import PersonColumn
from ui.views.sign_in_panel import Asking, SignInPanel
from ui.views.strip import Strip
from workstation.application.proving import SignInRefused
from workstation.application.session import SignedIn
from workstation.complaints import sentence
from workstation.complaints.people import ROLES
from workstation.domain.alarm import Alarm
from workstation.domain.names import Operator
from workstation.domain.rights import Right
from workstation.texts import _, ngettext


class _Seat(Protocol):
    """What this needs of `Session`."""

    @property
    def guarded(self) -> bool: ...
    @property
    def locked(self) -> bool: ...
    @property
    def signed_in(self) -> SignedIn | None: ...
    def who(self) -> Operator: ...
    def lock(self) -> None: ...
    def could(self, right: Right, alarm: Alarm) -> bool: ...
    def watch(self, changed: Callable[[], None]) -> None: ...


class _Passwords(Protocol):
    """The way in by name and password: `SignIn`, or the offline way of an identity provider."""

    async def sign_in(self, name: str, password: str) -> list[Alarm]: ...
    async def unlock(self, password: str) -> None: ...
    async def change_password(self, old: str, new: str) -> None: ...
    async def sign_out(self, to: Operator | None = None) -> list[Alarm]: ...
    async def has_users(self) -> bool: ...
    def watch_put_out(self, told: Callable[[str], None]) -> None: ...


class _Provider(Protocol):
    """The way in through the browser: `SignInOidc`."""

    @property
    def provider(self) -> str: ...
    @property
    def waiting(self) -> bool: ...
    def cancel(self) -> None: ...
    async def sign_in(self) -> list[Alarm]: ...
    async def unlock(self) -> None: ...
    async def sign_out(self, to: Operator | None = None) -> list[Alarm]: ...
    async def set_offline_password(self, password: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInViews:
    """Where it is shown."""

    panel: SignInPanel
    leaving: LeavingPanel
    person: PersonColumn
    plan: Covered
    strip: Strip
    notices: Notices


class SignInPresenter(QObject):
    """Asks who sits here wherever that has to be known; alarms are shown and sound meanwhile."""

    came = Signal()
    """Somebody else sits here, or nobody: whose alarm is whose has changed."""

    def __init__(
        self,
        *,
        session: _Seat,
        passwords: _Passwords,
        provider: _Provider | None,
        open_of: Callable[[Operator], Sequence[Alarm]],
        colleagues: Callable[[], Sequence[Colleague]],
        front: Front,
        tasks: Tasks,
    ) -> None:
        """`open_of` lists what somebody has, `colleagues` who else sits at a desk now."""
        super().__init__()
        self._session = session
        self._passwords = passwords
        self._provider = provider
        self._open_of = open_of
        self._colleagues = colleagues
        self._front = front
        self._tasks = tasks
        self._who: SignedIn | None = None
        self._asked: Asking | None = None

    def attach(self, views: SignInViews) -> None:
        """Ask in these views from now on."""
        self._views = views
        panel, strip = views.panel, views.strip
        panel.offer_provider(self._provider.provider if self._provider is not None else "")
        panel.entered.connect(self._enter)
        panel.renewed.connect(self._renew)
        panel.provider_wanted.connect(self._go_to_provider)
        panel.switch_wanted.connect(self.switch)
        panel.cancelled.connect(self._cancel)
        views.leaving.left.connect(self._leave)
        views.leaving.cancelled.connect(views.leaving.hide)
        strip.switch_requested.connect(self.switch)
        strip.lock_requested.connect(self.lock)
        strip.sign_out_requested.connect(self.sign_out)
        strip.password_requested.connect(self._ask_new_password)
        self._session.watch(self._look)
        self._passwords.watch_put_out(self._put_out)
        self._front.brought.connect(self._show_front)
        self._front.changed.connect(self._show_front)
        self._look()

    # --- wishes -------------------------------------------------------------------------------

    def lock(self) -> None:
        """Ask for the password again; alarms go on."""
        self._session.lock()

    def switch(self) -> None:
        """Let somebody else sign in; what the present one has goes over, or back to the queue."""
        if self._session.guarded and self._session.signed_in is not None:
            self._asked = Asking.SWITCH
            said = _("Your open alarms go to whoever signs in now, or back to the queue.")
            self._views.panel.ask(Asking.SWITCH, said=said)

    def sign_out(self) -> None:
        """Leave the desk, after what is open has found new hands."""
        person = self._session.signed_in
        if person is None or self._session.locked:
            return
        mine = self._open_of(person.operator)
        if mine:
            self._views.leaving.ask(len(mine), self._colleagues())
        else:
            self._leave("")

    def _ask_new_password(self) -> None:
        person = self._session.signed_in
        if person is not None and not self._session.locked:
            self._asked = Asking.OFFLINE if self._is_vouched_for() else Asking.PASSWORD
            self._views.panel.ask(self._asked, name=person.operator)

    def _is_vouched_for(self) -> bool:
        """Whether the identity provider says who sits here."""
        person = self._session.signed_in
        return self._provider is not None and person is not None and person.way == "oidc"

    def _cancel(self) -> None:
        if self._provider is not None:
            self._provider.cancel()
        self._asked = None
        self._look()

    def _enter(self, name: str, password: str) -> None:
        if self._views.panel.asking is Asking.UNLOCK:
            self._begin(self._passwords.unlock(password))
        else:
            self._begin(self._sign_in(self._passwords.sign_in(name, password)))

    def _renew(self, old: str, new: str) -> None:
        self._begin(self._renewed(old, new))

    def _go_to_provider(self) -> None:
        if self._provider is None:
            return
        unlocks = self._views.panel.asking is Asking.UNLOCK
        self._begin(self._provider.unlock() if unlocks else self._sign_in(self._provider.sign_in()))
        said = _("Go on in the browser; this desk waits for five minutes.")
        self._views.panel.tell(said, waits=True)

    def _begin(self, work: Awaitable[object]) -> None:
        async def done() -> None:
            await work

        self._tasks.start(done(), failed=self._refused)

    async def _sign_in(self, way: Awaitable[list[Alarm]]) -> None:
        self._tell_left(await way)
        self._asked = None
        self._look()

    async def _renewed(self, old: str, new: str) -> None:
        if self._provider is not None and self._is_vouched_for():
            await self._provider.set_offline_password(new)
        else:
            await self._passwords.change_password(old, new)
        self._asked = None
        self._views.notices.tell(_("Your password has been changed."), key="password")
        self._look()

    def _leave(self, to: str) -> None:
        self._views.leaving.hide()
        self._tasks.start(self._left(Operator(to) if to else None))

    async def _left(self, to: Operator | None) -> None:
        way = self._provider or self._passwords
        self._tell_left(await way.sign_out(to))

    def _tell_left(self, left: Sequence[Alarm]) -> None:
        if left:
            said = ngettext(
                "{count} alarm could not be handed over; the hub raises it again in a while.",
                "{count} alarms could not be handed over; the hub raises them again in a while.",
                len(left),
            )
            self._views.notices.tell(said.format(count=len(left)))

    def _put_out(self, reason: str) -> None:
        """Say why the one who sat here sits here no more; their alarms are in the queue again."""
        self._views.leaving.hide()
        self._views.panel.tell(
            " ".join((_("The hub has signed you out."), sentence(SignInRefused(reason))))
        )

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, SignInRefused) and error.reason == "cancelled":
            # By whoever asked again, or turned to something else.
            self._views.panel.tell("")
            return
        self._views.panel.tell(sentence(error))

    # --- shown --------------------------------------------------------------------------------

    def _look(self) -> None:
        """Show who sits here, and ask where that is not known."""
        session, person = self._session, self._session.signed_in
        role = _(ROLES[person.role]) if person is not None else ""
        if person is not None and person.offline:
            role = _("{role} · known by this desk").format(role=role)
        nobody = _("Nobody") if session.guarded else session.who()
        if session.guarded and person is None:
            # Translators: under "Nobody", where somebody's role stands.
            role = _("is signed in")
        self._views.strip.show_operator(
            person.name if person is not None else nobody,
            role,
            leaves=person is not None and not session.locked,
        )
        self._ask()
        self._show_front(self._front.now)
        if person != self._who:
            self._who = person
            self.came.emit()

    def _ask(self) -> None:
        session, person, panel = self._session, self._session.signed_in, self._views.panel
        if session.guarded and person is None:
            panel.ask(Asking.SIGN_IN, said=self._break_glass())
            self._tasks.start(self._say_whether_anybody_can(), failed=lambda _error: None)
        elif session.locked and person is not None and self._asked is not Asking.SWITCH:
            panel.ask(Asking.UNLOCK, name=person.operator, said=self._break_glass())
        elif self._asked is None or (person != self._who and not session.locked):
            self._asked = None
            panel.close_question()

    def _break_glass(self) -> str:
        return _(
            "Alarms are shown and sound. An emergency can be taken (F1) and called (F2) at once; "
            "that is logged."
        )

    async def _say_whether_anybody_can(self) -> None:
        if not await self._passwords.has_users():
            self._views.panel.tell(sentence(SignInRefused("no_users")))

    def _show_front(self, front: object) -> None:
        """Show no card at a locked desk but that of an emergency that may be called."""
        session = self._session
        open_desk = not session.guarded or (session.signed_in is not None and not session.locked)
        alarm = front.alarm if isinstance(front, InFront) else None
        glass = alarm is not None and session.could(Right.CALL, alarm)
        self._views.person.show_parts(person=open_desk or glass, details=open_desk)
        self._views.plan.cover("" if open_desk else _("Sign in to see the day's round."))
