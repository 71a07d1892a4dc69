"""When an attempt is given up, and when the far end is asked for hold again."""

from workstation.adapters.sip.deadlines import NO_REPLY_S, Deadlines
from workstation.adapters.sip.hold_wish import HoldWish


def test_no_reply_is_given_up_early():
    limits = Deadlines(100, ring_for_s=35)
    assert limits.missed(100 + NO_REPLY_S - 0.1) is None
    assert limits.missed(100 + NO_REPLY_S) == "no_reply"


def test_a_reply_gives_it_the_whole_time():
    limits = Deadlines(100, ring_for_s=35)
    limits.replied()
    assert limits.missed(134.9) is None
    assert limits.missed(135) == "rang_out"


def test_a_short_time_without_a_reply_is_no_ringing():
    assert Deadlines(100, ring_for_s=2).missed(102) == "no_reply"


def test_nothing_is_due_once_answered():
    limits = Deadlines(100, ring_for_s=35)
    limits.over()
    assert limits.missed(1000) is None


def test_hold_is_asked_for_until_it_is_so():
    wish = HoldWish()
    assert not wish.due(1.0, held=False)
    wish.want(held=True)
    assert wish.due(1.0, held=False)
    assert not wish.due(1.1, held=False)
    assert wish.due(1.3, held=False)
    assert wish.fulfilled(held=True)
    assert not wish.due(2.0, held=True)


def test_a_changed_mind_asks_at_once():
    wish = HoldWish()
    wish.want(held=True)
    assert wish.due(1.0, held=False)
    wish.want(held=False)
    assert wish.due(1.01, held=True)
