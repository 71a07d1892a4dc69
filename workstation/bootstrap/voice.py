"""From the parts of a station to the alarms that a call raises by itself."""

from workstation.application.voice_alarms import VoiceAlarms
from workstation.bootstrap import rules
from workstation.bootstrap.alarm_path import new_alarm_id
from workstation.bootstrap.station import Station
from workstation.settings import Settings


def voice_alarms(settings: Settings, one: Station) -> VoiceAlarms:
    """Return what raises an alarm for whoever calls in, at a desk and where no desk can take it."""
    return VoiceAlarms(
        board=one.board,
        directory=lambda: one.citizens.directory,
        file=one.file,
        clock=one.clock,
        home=rules.hub(settings).home,
        new_id=new_alarm_id,
    )
