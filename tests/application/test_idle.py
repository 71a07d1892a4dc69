"""A desk that nobody touches is locked, but never under a call."""

from datetime import timedelta

from tests.fakes import FakeClock, FakeSession
from workstation.application.idle import IdleLock


def test_a_desk_locks_when_nobody_has_touched_it(clock: FakeClock) -> None:
    session, busy = FakeSession(), [False]
    idle = IdleLock(session=session, clock=clock, after=timedelta(minutes=10), busy=lambda: busy[0])
    session.sit()

    def after(seconds: float) -> bool:
        clock.advance(seconds)
        idle.look()
        return session.locked

    assert not after(599)
    idle.touched()
    assert not after(599)
    assert after(1)
    session.unlock()
    assert not after(0), "showing who one is is a touch"
    busy[0] = True
    assert not after(3600)
    busy[0] = False
    assert not after(599)
    assert after(1)


def test_there_is_nobody_to_lock_out_at_a_desk_without_sign_in(clock: FakeClock) -> None:
    session = FakeSession()
    idle = IdleLock(session=session, clock=clock, after=timedelta(minutes=1))
    clock.advance(3600)
    idle.look()
    assert not session.locked
