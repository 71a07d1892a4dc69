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
    def view(self) -> PhoneView:
        """The call in front."""
        ...

    def watch(self, changed: Callable[[PhoneView], None]) -> None:
        """Tell of every change of `view`."""
        ...

    def hang_up(self) -> None:
        """End or cancel the call; with no call it does nothing."""
        ...

    def mute(self, on: bool) -> None:  # noqa: FBT001 - as Callback
        """Stop or resume sending the operator's voice."""
        ...

    def hold(self, on: bool) -> None:  # noqa: FBT001 - as Callback
        """Put the call on hold or resume it."""
        ...

    async def redial(self) -> None:
        """Call again whoever was called last; raises NoNumber, LineBusy or LineFailed."""
        ...


class Ringing(Protocol):
    """The calls that ring at this desk."""

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell when one begins or ends to ring."""
        ...

    def waiting(self) -> Sequence[object]:
        """Return those that ring, in the order to answer them."""
        ...

    def answer(self) -> None:
        """Answer the first."""
        ...
