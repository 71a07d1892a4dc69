"""The alarm unit at the other end of a call, and what it is told by tones."""

from __future__ import annotations

from collections.abc import Callable

from workstation.application.phone_view import CITIZEN, PhoneView
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Device
from workstation.domain.kind import Source
from workstation.domain.names import AlarmId, DeviceName, Kommune
from workstation.domain.unit_voice import TONES, UnitAct, VoiceProfile, profile_of


class Units:
    """Knows the unit by the alarm that a call belongs to; on the loop only."""

    def __init__(
        self,
        *,
        alarm_of: Callable[[AlarmId], Alarm | None],
        device_of: Callable[[Kommune, DeviceName], Device | None],
        hub: VoiceProfile,
    ) -> None:
        """`alarm_of` gives open alarms; `hub` is the profile of units whose row says none."""
        self._alarm_of = alarm_of
        self._device_of = device_of
        self._hub = hub

    def is_unit(self, view: PhoneView, front: Alarm | None) -> bool:
        """Whether a unit is at the other end; `front` is the alarm in front, which may be closed."""
        alarm = self._alarm(view, front)
        if alarm is None or view.whom != CITIZEN:
            return False
        voice = alarm.voice or ""
        if (
            alarm.source is Source.VOICE
            and view.target == voice
            and self._device(alarm) is not None
        ):
            return True  # it called, and the register knows it by its name
        # A citizen's telephone is known by its number; a unit by the address of its voice.
        return alarm.source is Source.SCAIP or voice.startswith(("sip:", "sips:"))

    def tone(self, view: PhoneView, front: Alarm | None, act: UnitAct) -> str:
        """Return the digit that asks this of the unit at the other end."""
        return TONES[self._profile(self._alarm(view, front))][act]

    def _profile(self, alarm: Alarm | None) -> VoiceProfile:
        known = self._device(alarm) if alarm is not None else None
        return profile_of(known.profile if known is not None else "", self._hub)

    def _device(self, alarm: Alarm) -> Device | None:
        return self._device_of(alarm.kommune, alarm.device)

    def _alarm(self, view: PhoneView, front: Alarm | None) -> Alarm | None:
        if view.alarm is None:
            return None
        if front is not None and front.id == view.alarm:
            return front
        return self._alarm_of(view.alarm)
