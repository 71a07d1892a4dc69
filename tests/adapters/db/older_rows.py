"""What older programs had written: since which version, in which table, which rows."""

from datetime import timedelta
from typing import Any

from tests.adapters.db.making import START, at

LENGTH = timedelta(minutes=20)
LOOK = {
    "at": START, "operator": "anna", "citizen": "c1", "what": "cpr", "alarm": "a1", "why": "x",
}  # fmt: skip
_ALARM = {
    "kind": "emergency", "code": "sos", "text": "SOS", "device": "pendant-17", "kommune": "0510",
    "source": "hub", "raised_at": START, "received_at": START, "repeats": 0, "retained": False,
    "version": 0, "raw": b"\x00\xff", "state": "raised", "fold_key": "f1",
}  # fmt: skip
_CLOSED = {
    "state": "resolved",
    "outcome": "false_alarm",
    "resolved_at": at(9),
    "resolved_by": "anna",
}
_RAISED = {"kind": "raised", "at": START, "by": "system", "body": '{"text":"SOS"}'}
_RESOLVED = {"kind": "resolved", "at": at(9), "by": "anna", "body": '{"outcome":"false_alarm"}'}
_MESSAGE = {"key": None, "topic": "t", "received_at": START, "retained": False}
_ROLL_UP = {"series": 1, "at": START, "low": 71.0, "high": 71.0, "total": 71.0, "number": 1}
_VISIT = {
    "assignee": None, "state": "planned", "reason": None, "look": None, "note": "", "version": 0,
    "started_at": None, "ended_at": None, "by": None, "missed_at": None,
}  # fmt: skip
_CITIZEN = {
    "id": "c1", "kommune": "0510", "name": "Karen", "born": None, "address": "Vej 1",
    "postcode": "6100", "city": "Haderslev", "access": "nøgle", "notes": "",
}  # fmt: skip
_DEVICE = {
    "kommune": "0510", "name": "pendant-17", "device_class": "pendant", "citizen": "c1",
    "title": "Knap", "location": "", "silent_after": 60_000_000,
}  # fmt: skip
_CALL = {
    "id": "call", "operator": "anna", "target": "+4574621048", "started_at": START, "alarm": "a1",
    "citizen": "c1", "whom": "Karen Ærø", "sip_code": 0, "sip_reason": "", "machine": "desk-1",
}  # fmt: skip
_PLANNED = {
    "id": "v1", "at": START, "citizen": "c1", "kommune": "0510", "kind": "night_check",
    "length": LENGTH, "tolerance": LENGTH,
}  # fmt: skip
_USER = {
    "name": "anna", "display": "Anna", "role": "operator", "kommuner": "0510", "version": 0,
    "password_hash": "x", "created_at": START, "created_by": "it", "changed_at": START,
    "changed_by": "it",
}  # fmt: skip
_USER_STEP = {
    "at": START, "by": "it", "name": "anna", "did": "added", "display": "Anna", "role": "operator",
    "kommuner": "0510",
}  # fmt: skip
_HEARD = {"reader": "desk-1", "packet": 7, "body_hash": "h2", "alarm_id": "a2"}

WRITTEN: list[tuple[str, str, list[dict[str, Any]]]] = [
    (
        "0001",
        "alarm",
        [{**_ALARM, "id": "a1", "citizen": "c1"}, {**_ALARM, **_CLOSED, "id": "a2", "version": 1}],
    ),
    (
        "0001",
        "alarm_step",
        [
            {**_RAISED, "alarm_id": "a2"},
            {**_RESOLVED, "alarm_id": "a2"},
            {**_RAISED, "alarm_id": "a1"},
        ],
    ),
    (
        "0001",
        "message",
        [
            {**_MESSAGE, "key": "k1", "body_hash": "h1", "alarm_id": "a1"},
            {**_MESSAGE, "body_hash": "h2", "alarm_id": "a2", "retained": True},
        ],
    ),
    ("0001", "level", [{"name": "hub/0510/d/smoke", "active": True, "since": START}]),
    ("0002", "citizen", [_CITIZEN]),
    ("0002", "cpr", [{"citizen": "c1", "number": "3102380000"}]),
    ("0002", "device", [_DEVICE]),
    ("0003", "series", [{"kommune": "0510", "device": "d", "channel": "pulse"}]),
    ("0003", "reading", [{"series": 1, "at": START, "value": 71.0}]),
    ("0003", "reading_minute", [_ROLL_UP]),
    ("0003", "reading_hour", [_ROLL_UP]),
    (
        "0003",
        "device_health",
        [{"kommune": "0510", "device": "d", "heard_at": START, "battery": 0.5}],
    ),
    ("0004", "call_log", [_CALL]),
    ("0004", "visit", [{**_VISIT, **_PLANNED}]),
    ("0004", "visit_step", [{**_VISIT, "visit": "v1", "saved_at": START}]),
    ("0006", "message_reader", [{"name": "desk-1", "position": 2}]),
    ("0006", "message_heard", [_HEARD]),
    ("0007", "user_step", [_USER_STEP]),
    ("0007", "user_account", [_USER]),
]
