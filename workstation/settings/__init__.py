"""The settings: what keys there are, what forms they have, and how the layers are read."""

from workstation.settings.forms import EMBEDDED, Form, FormName
from workstation.settings.reading import load
from workstation.settings.sections import (
    ACTIONS,
    KINDS,
    VISIT_KINDS,
    AlarmSettings,
    BrokerSettings,
    DatabaseSettings,
    HubSettings,
    LogSettings,
    Settings,
    SignInSettings,
    SipSettings,
    SoundSettings,
    TelemetrySettings,
    VisitSettings,
)
from workstation.settings.wrong import SettingsError, SettingsReason

__all__ = [
    "ACTIONS",
    "EMBEDDED",
    "KINDS",
    "VISIT_KINDS",
    "AlarmSettings",
    "BrokerSettings",
    "DatabaseSettings",
    "Form",
    "FormName",
    "HubSettings",
    "LogSettings",
    "Settings",
    "SettingsError",
    "SettingsReason",
    "SignInSettings",
    "SipSettings",
    "SoundSettings",
    "TelemetrySettings",
    "VisitSettings",
    "load",
]
