"""Who may sign in: from the page to the use cases and back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject

from ui.tasks import Tasks
from ui.views.details import Details
from ui.views.users_page import UserDraft, UsersPage
from workstation.application.ports import Clock
from workstation.complaints import sentence
from workstation.domain.names import Kommune, Operator
from workstation.domain.rights import Right, Role
from workstation.domain.user import User
from workstation.texts import _

PAGE = "users"
"""The key of its page."""


class _Everybody(Protocol):
    """What this needs of `Users`."""

    async def all(self) -> list[User]: ...
    async def add(
        self, *, name: str, display: str, role: Role, kommuner: frozenset[Kommune], password: str
    ) -> User: ...
    async def change(
        self, name: Operator, *, display: str, role: Role, kommuner: frozenset[Kommune]
    ) -> User: ...
    async def disable(self, name: Operator) -> User: ...
    async def enable(self, name: Operator) -> User: ...
    async def set_password(self, name: Operator, password: str) -> User: ...


class _Seat(Protocol):
    """What this needs of `Session`."""

    def may(self, right: Right) -> bool: ...
    def watch(self, changed: Callable[[], None]) -> None: ...


class UsersPresenter(QObject):
    """Shows the page to those who may manage users, and to nobody else."""

    def __init__(
        self,
        *,
        users: _Everybody,
        session: _Seat,
        kommuner: Sequence[Kommune],
        clock: Clock,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._users = users
        self._session = session
        self._kommuner = kommuner
        self._clock = clock
        self._tasks = tasks
        self._known: dict[str, User] = {}

    def attach(self, page: UsersPage, details: Details) -> None:
        """Show in this page, under its tab, from now on."""
        self._page, self._details = page, details
        page.offer_kommuner(self._kommuner)
        page.show_user(None)
        page.chosen.connect(lambda name: page.show_user(self._known.get(name)))
        page.saved.connect(lambda draft: self._do(self._save(draft)))
        page.disabled.connect(lambda name: self._do(self._users.disable(Operator(name))))
        page.enabled.connect(lambda name: self._do(self._users.enable(Operator(name))))
        details.page_opened.connect(self._opened)
        self._session.watch(self._look)
        self._look()

    def _look(self) -> None:
        self._details.show_tab(PAGE, shown=self._session.may(Right.MANAGE_USERS))

    def _opened(self, key: str) -> None:
        if key == PAGE:
            self._tasks.start(self._load(), failed=self._refused)

    async def _load(self) -> None:
        found = await self._users.all()
        self._known = {user.name: user for user in found}
        self._page.show_users(found, self._clock.now())

    def _do(self, work: Coroutine[Any, Any, User]) -> None:
        async def done() -> None:
            user = await work
            await self._load()
            self._page.show_user(user)
            self._page.tell(_("Saved."))

        self._tasks.start(done(), failed=self._refused)

    async def _save(self, draft: UserDraft) -> User:
        known = self._known.get(draft.name)
        if known is None:
            return await self._users.add(
                name=draft.name,
                display=draft.display,
                role=draft.role,
                kommuner=draft.kommuner,
                password=draft.password,
            )
        user = known
        as_it_was = (known.display, known.role, known.kommuner)
        # Kommuner that this desk does not serve stay as they are.
        served = draft.kommuner | (known.kommuner - frozenset(self._kommuner))
        if as_it_was != (draft.display, draft.role, served):
            user = await self._users.change(
                known.name, display=draft.display, role=draft.role, kommuner=served
            )
        if draft.password:
            user = await self._users.set_password(known.name, draft.password)
        return user

    def _refused(self, error: BaseException) -> None:
        self._page.tell(sentence(error), fault=True)
