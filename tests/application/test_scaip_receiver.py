"""Kept first, answered next, each once; and never a false OK."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.application.scaip_hub import Hub
from tests.waiting import at_once
from workstation.domain.kind import Kind, Source
from workstation.domain.names import CitizenId
from workstation.domain.scaip import CONTENT_TYPE, Answer, Receiver, Reply, Speech
from workstation.wire import scaip


@pytest.fixture
def hub() -> Hub:
    return Hub()


def test_an_alarm_is_answered_once_it_is_kept_and_not_before(hub):
    hub.stores = False
    assert hub.say() is None
    hub.store()
    assert hub.replies() == [
        Reply(
            ref="1",
            speech=Speech.DUPLEX,
            receiver=Receiver.GIVEN,
            tnu="sip:voice@hub.example",
        )
    ]
    to, content_type, _body = hub.line.sent[0]
    assert (to, content_type) == ("sip:4711@10.0.0.7:5060", CONTENT_TYPE)


def test_without_a_telephone_system_a_unit_is_answered_where_it_sends_from():
    hub = Hub(is_direct=True)
    hub.say(sender="sip:4711@10.0.0.7", crd="-")
    assert hub.line.sent[0][0] == "sip:4711@10.0.0.7:5060"
    assert hub.reports[0].alarm.voice == "sip:4711@10.0.0.7:5060"


def test_the_alarm_is_the_citizens(hub):
    hub.say(lco="11", ite="note", did="77")
    [report] = hub.reports
    alarm = report.alarm
    assert (alarm.kind, alarm.code) == (Kind.EMERGENCY, "scaip_0003_0010:77")
    assert (alarm.citizen, alarm.source) == (CitizenId("c1"), Source.SCAIP)
    assert (alarm.location, alarm.text, alarm.message_id) == ("lco:011", "note", "1")
    assert alarm.voice == "sip:4711@units"
    assert b"<mrq>" in alarm.raw


@pytest.mark.parametrize(
    ("crd", "voice"),
    [
        ("sip:4711@units", "sip:4711@units"),
        ("sip-pp:4711@units", "sip:4711@units"),
        ("tel:+4574520000", "+4574520000"),
        ("gsm:+4520200000", "+4520200000"),
        ("gsm:", "sip:4711@10.0.0.7:5060"),
        ("-", "sip:4711@10.0.0.7:5060"),
        ("no-voice:", None),
    ],
)
def test_where_the_unit_can_be_spoken_to(hub, crd, voice):
    hub.say(crd=crd)
    assert hub.reports[0].alarm.voice == voice


def test_the_register_says_where_when_the_unit_does_not(hub):
    hub.say()
    assert hub.reports[0].alarm.location == "Stue"


def test_without_an_address_of_ours_the_unit_calls_its_own(hub):
    assert Hub(tnu="").say() == Reply(ref="1", speech=Speech.DUPLEX, receiver=Receiver.OWN)


@pytest.mark.parametrize("crd", ["no-voice:", "-"])
def test_a_unit_without_voice_is_not_called(hub, crd):
    assert hub.say(crd=crd) == Reply(ref="1")


def test_the_same_message_is_one_alarm_and_has_the_same_reply(hub):
    first = hub.say()
    hub.clock.advance(599)
    assert hub.say() == first
    assert len(hub.reports) == 1


def test_repeated_before_it_is_kept_each_is_answered_then(hub):
    hub.stores = False
    hub.say()
    hub.say()
    assert len(hub.reports) == 1
    hub.store()
    assert len(hub.replies()) == 2


def test_after_ten_minutes_the_same_ref_is_a_new_alarm(hub):
    hub.say()
    hub.clock.advance(601)
    at_once(hub.receiver.look())
    assert hub.say() is not None
    assert len(hub.reports) == 2


@pytest.mark.parametrize("looked", [True, False])
def test_old_messages_are_forgotten_or_passed_over(hub, looked):
    hub.say()
    hub.clock.advance(601)
    if looked:
        at_once(hub.receiver.look())
    assert len(hub.receiver._messages) == (0 if looked else 1)


def test_the_same_ref_with_another_content_is_a_new_alarm(hub):
    hub.say()
    hub.say(dty="0005")
    assert [one.alarm.code for one in hub.reports] == ["scaip_0003_0010", "scaip_0005_0010"]
    assert len({one.key for one in hub.reports}) == 2


def test_a_unit_that_has_started_counts_from_one_again(hub):
    hub.say()
    hub.say(mty="RE", ref="0")
    hub.say()
    assert len(hub.reports) == 2


def same(one, other) -> bool:
    """Whether the database takes two reports for the same message."""
    return other.key in (one.key, *one.also) or one.key in (other.key, *other.also)


@pytest.mark.parametrize(
    ("later_s", "is_same"), [(0, True), (61, True), (540, True), (661, False), (86_400, False)]
)
def test_another_receiver_knows_the_message_for_ten_minutes(later_s, is_same):
    first, standby = Hub(), Hub()
    first.say()
    standby.clock.advance(later_s)
    standby.say()
    assert same(first.reports[0], standby.reports[0]) is is_same


def test_a_receiver_whose_clock_is_behind_knows_it_too():
    first, standby = Hub(), Hub()
    first.clock.advance(60)
    first.say()
    standby.clock.advance(58)
    standby.say()
    assert same(first.reports[0], standby.reports[0])


@pytest.mark.parametrize("changed", [{"ref": "2"}, {"dty": "0005"}, {"did": "8"}, {"cid": "4712"}])
def test_another_message_is_never_the_same(changed):
    first, standby = Hub(), Hub()
    first.say()
    standby.say(**changed)
    assert not same(first.reports[0], standby.reports[0])


def test_what_a_unit_says_after_a_start_is_new_to_the_database_too(hub):
    hub.say()
    hub.say(mty="RE", ref="0")
    hub.say()
    assert not same(*hub.reports)


def test_what_has_no_ref_is_never_the_same(hub):
    for _ in range(2):
        hub.say(ref="-")
    keys = [one.key for one in hub.reports if one.alarm.kind is Kind.EMERGENCY]
    assert len(set(keys)) == 2
    assert all(not one.also for one in hub.reports)


def test_what_comes_again_unreadable_is_known_to_another_receiver():
    first, standby = Hub(), Hub()
    for one in (first, standby):
        one.give(b"<mrq><ref>9</ref>")
    assert [same(*both) for both in zip(first.reports, standby.reports, strict=True)] == [True] * 2
    assert not same(*first.reports)


def test_without_a_ref_each_counts(hub):
    first, again = (hub.say(ref="-") for _ in range(2))
    assert first == again == Reply(ref="", answer=Answer.MISSING_TAG, ste="ref")
    assert [one.alarm.kind for one in hub.reports].count(Kind.EMERGENCY) == 2


@pytest.mark.parametrize(
    ("changed", "answer"),
    [({"ite": "x" * 200}, 1), ({"mty": "XX"}, 3), ({"dty": ""}, 7), ({"cid": ""}, 7)],
)
def test_a_faulty_message_alarms_all_the_same(hub, changed, answer):
    reply = hub.say(**changed)
    assert reply is not None
    assert reply.answer == answer
    kinds = [(one.alarm.kind, one.alarm.code) for one in hub.reports]
    assert kinds[0][0] is Kind.EMERGENCY
    assert kinds[1] == (Kind.TECHNICAL, "flawed_message")


def test_an_unknown_unit_is_sent_away_and_alarms_in_its_own_way(hub):
    reply = hub.say(cid="999", sender="sip:999@x")
    assert reply is not None
    assert reply.answer is Answer.NOT_TREATED
    [report] = hub.reports
    assert (report.alarm.kind, report.alarm.code) == (Kind.EMERGENCY, "unknown_unit")
    assert (report.alarm.device, report.alarm.text) == ("999", "scaip_0003_0010")


def test_an_unknown_unit_that_only_says_it_lives_is_a_technical_alarm(hub):
    hub.say(cid="999", sender="sip:999@x", mty="PI", crd="no-voice:")
    assert hub.reports[0].alarm.kind is Kind.TECHNICAL
    assert hub.works == []


def test_without_a_number_a_unit_is_known_by_its_sip_user(hub):
    hub.say(cid="-")
    assert hub.reports[0].alarm.citizen == CitizenId("c1")


def test_another_number_is_not_the_citizens_whose_sip_user_sends_it(hub):
    hub.say(cid="999")
    assert hub.reports[0].alarm.citizen is None
    assert hub.reports[0].alarm.code == "unknown_unit"


def test_an_unreadable_message_sounds_until_someone_has_looked(hub):
    reply = hub.give(b"<mrq><ref>9</ref><cid>4711</cid><dty>0003")
    assert reply == Reply(ref="9", answer=Answer.INVALID_FORMAT, ste="not_xml")
    assert [(one.alarm.kind, one.alarm.code) for one in hub.reports] == [
        (Kind.EMERGENCY, "unreadable"),
        (Kind.TECHNICAL, "flawed_message"),
    ]
    assert hub.reports[0].alarm.text == "not_xml 1:41"
    assert hub.reports[0].alarm.citizen == CitizenId("c1")


def test_an_unreadable_message_without_a_ref_sounds_and_has_no_reply(hub):
    assert hub.give(b"\x00\xff") is None
    assert [one.alarm.kind for one in hub.reports] == [Kind.EMERGENCY]


def test_what_comes_again_unreadable_is_one_alarm(hub):
    for _ in range(2):
        hub.give(b"<mrq><ref>9</ref>")
    assert len(hub.replies()) == 2
    assert len(hub.reports) == 2  # the alarm, and the one about the unit


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"hello", "text/plain"), (b"<mrs><ref>1</ref><snu>3</snu></mrs>", CONTENT_TYPE)],
)
def test_what_is_no_alarm_is_shown_and_not_answered(hub, body, content_type):
    assert hub.give(body, content_type) is None
    assert [one.alarm.kind for one in hub.reports] == [Kind.TECHNICAL]


@pytest.mark.parametrize(
    ("changed", "channel"),
    [
        ({"mty": "PI", "crd": "no-voice:"}, "heartbeat"),
        ({"stc": "0102"}, "test_transmission"),
        ({"stc": "0103"}, "test_transmission"),
        ({"mty": "RE"}, "unit_message"),
        ({"mty": "IN"}, "unit_message"),
        ({"stc": "0019"}, "unit_message"),
    ],
)
def test_what_disturbs_nobody_is_kept_and_acknowledged(hub, changed, channel):
    assert hub.say(**changed) == Reply(ref="1")
    assert hub.reports == []
    assert [sample.channel for work in hub.works for sample in work.samples] == [channel]


def test_every_message_shows_that_the_unit_lives(hub):
    hub.say()
    assert [one.device for work in hub.works for one in work.health] == ["4711"]


def test_a_heartbeat_is_heard(hub):
    hub.say(mty="PI")
    assert hub.heard == [(("0510", "4711"), hub.clock.now())]


def test_a_low_battery_lasts_until_it_is_in_order(hub):
    hub.say(stc="0016", did="77")
    hub.say(stc="0015", did="77", ref="2")
    low, *ended = hub.reports
    assert (low.level, low.active, low.alarm.kind) == (
        "scaip/0510/4711/scaip_0003_0016:77", True, Kind.TECHNICAL,
    )  # fmt: skip
    restored = {one.level: one for one in ended}[low.level]
    assert not restored.active
    assert restored.fold_key == low.fold_key


def test_nothing_keeps_it_the_unit_is_sent_on_and_never_told_ok(hub):
    hub.stores = False
    hub.say()
    hub.clock.advance(4.9)
    at_once(hub.receiver.look())
    assert hub.replies() == []
    hub.clock.advance(0.2)
    at_once(hub.receiver.look())
    assert [one.answer for one in hub.replies()] == [Answer.NOT_TREATED]
    hub.say()
    assert hub.line.answered[-1][1] == 503  # at once, where the library lets us
    hub.store()
    assert [one.answer for one in hub.replies()] == [Answer.NOT_TREATED, Answer.OK]
    hub.say()
    assert hub.line.answered[-1][1] == 200
    assert hub.replies()[-1].answer is Answer.OK
    assert len(hub.reports) == 1


def test_a_heartbeat_does_not_say_that_the_disk_works_again(hub):
    hub.stores = False
    hub.say()
    hub.clock.advance(6)
    at_once(hub.receiver.look())
    hub.say(mty="PI", ref="2")
    hub.say(ref="3")
    assert hub.line.answered[-1][1] == 503


def test_a_reply_that_cannot_be_sent_is_no_fault(hub):
    hub.line.fails = True
    hub.say()
    hub.line.fails = False
    assert hub.say() is not None
    assert len(hub.reports) == 1


def test_no_number_goes_to_the_log(hub, caplog):
    hub.line.code = 408
    with caplog.at_level(logging.DEBUG):
        hub.say()
        hub.give(b"<mrq><ref>9</ref><cid>4711</cid>")
    assert caplog.text
    assert "4711" not in caplog.text


def test_a_fault_of_ours_sounds(hub, monkeypatch):
    def broken(_found, _message):
        monkeypatch.undo()
        raise KeyError("x")

    monkeypatch.setattr(hub.receiver._units, "of", broken)
    assert hub.say() is None
    assert hub.reports[0].alarm.text == "our_fault KeyError"
    assert hub.reports[0].alarm.kind is Kind.EMERGENCY


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=30))
def test_any_message_is_taken(body, content_type, sender):
    hub = Hub()
    hub.give(body, content_type, sender)
    assert hub.reports
    assert all(one.alarm.source is Source.SCAIP for one in hub.reports)


@given(
    st.dictionaries(
        st.sampled_from(list(scaip.TAGS)), st.text(max_size=20) | st.sampled_from(["4711", "ME"])
    )
)
def test_what_can_be_read_is_never_ok_without_being_kept(fields):
    hub = Hub()
    hub.stores = False
    body = scaip.write(fields).encode("utf-8", "replace")
    reply = hub.give(body)
    assert not hub.reports or reply is None
