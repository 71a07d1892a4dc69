"""What the headset's use case needs: the headset itself, and the telephone it works on."""

from collections.abc import Callable, Sequence
from typing import Protocol

from workstation.application.phone_view import PhoneView
from workstation.domain.headset import HeadsetFound, Lights, Press


class Headset(Protocol):
    """A headset with buttons; its callbacks run on a thread of its own, nothing here blocks."""

    def listen(
        self, on_press: Callable[[Press], None], on_found: Callable[[HeadsetFound], None]
    ) -> None:
        """Say where presses go, and which headset is heard; before `start`."""
        ...

    def start(self) -> None:
        """Look for one, and go on looking whenever there is none."""
        ...

    def show(self, lights: Lights) -> None:
        """Show this, also on the headset that comes next."""
        ...

    def stop(self) -> None:
        """Put its lights out and let go of it; waits a second at most."""
        ...


class Talking(Protocol):
    """The desk's telephone, as far as a headset's buttons work on it."""

    @property
    def view(self) -> PhoneView: ...  # noqa: D102
    def watch(self, changed: Callable[[PhoneView], None]) -> None: ...  # noqa: D102
    def hang_up(self) -> None: ...  # noqa: D102
    def mute(self, on: bool) -> None: ...  # noqa: D102, FBT001 - as Callback
    def hold(self, on: bool) -> None: ...  # noqa: D102, FBT001 - as Callback
    async def redial(self) -> None: ...  # noqa: D102


class Ringing(Protocol):
    """The calls that ring at this desk."""

    def watch(self, changed: Callable[[], None]) -> None: ...  # noqa: D102
    def waiting(self) -> Sequence[object]: ...  # noqa: D102
    def answer(self) -> None: ...  # noqa: D102
