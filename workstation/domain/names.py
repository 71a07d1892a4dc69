"""The identifiers that everything else is keyed by."""

from typing import NewType

AlarmId = NewType("AlarmId", str)
CitizenId = NewType("CitizenId", str)
CallId = NewType("CallId", str)
VisitId = NewType("VisitId", str)
DeviceName = NewType("DeviceName", str)
"""The name a device has in its topic, e.g. `pendant-17`."""
Kommune = NewType("Kommune", str)
"""A municipality's four-digit code, e.g. `0510` (Haderslev)."""
Operator = NewType("Operator", str)
"""The short name of the person who acts; `SYSTEM` where a rule of the hub acted."""

SYSTEM = Operator("system")
