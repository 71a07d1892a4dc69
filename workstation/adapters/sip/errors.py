"""Errors of the telephone line that have a name of their own."""

from workstation.application.errors import LineFailed


class NoSoundDevice(LineFailed):
    """The settings want a sound device, and the SIP library has none (`no_sound_device`)."""

    def __init__(self, **facts: object) -> None:
        super().__init__("no_sound_device", **facts)
