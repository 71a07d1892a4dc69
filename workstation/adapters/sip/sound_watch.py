"""Notices that a far end's sound stopped coming, from how many packets have come."""

STALL_S = 1.4
"""How long nothing may come: with the look at it and the way to the desk, told within 1.5 s."""


class SoundWatch:
    """Watches one call's count of received RTP packets.

    It starts with the first packet (half-duplex units and some peers send nothing for long) and
    is off while either side holds the call. A far end that has been heard is expected to be heard
    again after a hold, so the waiting then starts with the resumption.
    """

    def __init__(self, *, stall_s: float = STALL_S) -> None:
        self._stall_s = stall_s
        self._packets = 0
        self._heard = False
        self._last_at = 0.0
        self._paused = True
        self._lost = False

    def observe(self, packets: int, now: float, *, held: bool) -> bool | None:
        """Take a reading; return True when sound has just been lost, False when it is back.

        `packets` is the stream's counter (it starts anew with each stream), `now` monotonic
        seconds. None means that nothing changed.
        """
        came = packets != self._packets and packets > 0
        resumed = self._paused and not held
        self._packets, self._paused = packets, held
        self._heard = self._heard or came
        if came or resumed or held:
            self._last_at = now
            return self._turn(lost=False)
        return self._turn(lost=self._heard and now - self._last_at >= self._stall_s)

    def _turn(self, *, lost: bool) -> bool | None:
        changed = lost != self._lost
        self._lost = lost
        return lost if changed else None
