"""Stand-ins for what signing in needs; the contract tests hold the store to the real ones."""

from collections.abc import Sequence
from datetime import datetime

from workstation.application.errors import Changed, NotFound
from workstation.application.user_ports import Account
from workstation.domain.names import Kommune, Operator
from workstation.domain.rights import Role
from workstation.domain.tries import COUNTED, Attempt, Standing, Throttle, Tried, standing
from workstation.domain.user import User, UserDid, UserRefused, UserStep

START = datetime.fromisoformat("2026-03-14T18:00:00+00:00")


def a_user(name: str = "anna", role: Role = Role.OPERATOR, *kommuner: str) -> User:
    """Return a user who serves both kommuner when none are told."""
    return User(
        name=Operator(name),
        display=name.capitalize(),
        role=role,
        kommuner=frozenset(map(Kommune, kommuner or ("0510", "0860"))),
        created_at=START,
        created_by=Operator("it"),
        changed_at=START,
        changed_by=Operator("it"),
    )


class FakeUserStore:
    """Users in memory; `fault` is raised instead until it is None again."""

    def __init__(self, *users: User, password: str = "") -> None:
        self.fault: Exception | None = None
        self.accounts = {
            user.name: Account(user=user, password_hash=f"hash of {password or user.name}")
            for user in users
        }
        self.history: list[UserStep] = []
        self.log_lines: list[Attempt] = []

    def results(self, name: str = "anna") -> list[str]:
        return [str(one.result) for one in self.log_lines if one.name == name]

    async def users(self) -> list[User]:
        self._answer()
        return [self.accounts[name].user for name in sorted(self.accounts)]

    async def any(self) -> bool:
        self._answer()
        return bool(self.accounts)

    async def account(self, name: str) -> Account | None:
        self._answer()
        return self.accounts.get(Operator(name))

    async def add(self, user: User, password_hash: str) -> None:
        self._answer()
        if user.name in self.accounts:
            raise UserRefused("exists", name=user.name)
        self._put(user, UserDid.ADDED, password_hash)

    async def change(
        self, user: User, did: UserDid, *, expected_version: int, password_hash: str | None = None
    ) -> None:
        self._answer()
        stands = self.accounts.get(user.name)
        if stands is None:
            raise NotFound(user.name)
        if stands.user.version != expected_version:
            raise Changed(stands.user)
        self._put(user, did, password_hash or stands.password_hash)

    async def steps(self, name: str) -> list[UserStep]:
        self._answer()
        return [step for step in self.history if step.name == name]

    async def admit(self, attempt: Attempt, throttle: Throttle) -> Standing:
        self._answer()
        before = [
            one
            for one in self.log_lines
            if (one.name, one.source) == (attempt.name, attempt.source) and one.result in COUNTED
        ]
        stood = standing(before, throttle, attempt.at)
        if stood.refusal is not None or not stood.busy:
            result = stood.refusal or Tried.TRIED
            self.log_lines.append(
                Attempt(
                    at=attempt.at,
                    name=attempt.name,
                    source=attempt.source,
                    result=result,
                    offline=attempt.offline,
                )
            )
        return stood

    async def log(self, attempts: Sequence[Attempt]) -> None:
        self._answer()
        self.log_lines += attempts

    async def attempts(self, since: datetime) -> list[Attempt]:
        self._answer()
        return [one for one in self.log_lines if one.at >= since]

    def _answer(self) -> None:
        if self.fault is not None:
            raise self.fault

    def _put(self, user: User, did: UserDid, password_hash: str) -> None:
        self.accounts[user.name] = Account(user=user, password_hash=password_hash)
        self.history.append(
            UserStep(
                at=user.changed_at,
                by=user.changed_by,
                name=user.name,
                did=did,
                display=user.display,
                role=user.role,
                kommuner=user.kommuner,
            )
        )


class FakePasswords:
    """Hashes that cost nothing; `checked` tells against what was compared."""

    def __init__(self) -> None:
        self.checked: list[str | None] = []

    async def make(self, password: str) -> str:
        return f"hash of {password}"

    async def check(self, password_hash: str | None, password: str) -> bool:
        self.checked.append(password_hash)
        return password_hash == f"hash of {password}"


class FakeMemory:
    """A desk's memory without files."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[User, str, datetime]] = {}
        self.lines: list[Attempt] = []

    async def keep(self, user: User, password: str, until: datetime) -> None:
        self.kept[user.name] = (user, password, until)

    async def recall(self, name: str, password: str, now: datetime) -> User | None:
        user, right, until = self.kept.get(name, (None, "", now))
        return user if user is not None and right == password and now < until else None

    async def forget(self, name: str) -> None:
        self.kept.pop(name, None)

    async def names(self) -> list[str]:
        return sorted(self.kept)

    async def note(self, attempt: Attempt) -> None:
        self.lines.append(attempt)

    async def noted(self) -> list[Attempt]:
        return list(self.lines)

    async def told(self, number: int) -> None:
        del self.lines[:number]
