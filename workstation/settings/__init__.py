"""The settings: what keys there are, what forms they have, and how the layers are read."""

from workstation.settings.forms import EMBEDDED, Form, FormName
from workstation.settings.layers import Origins, Policy
from workstation.settings.reading import load
from workstation.settings.recording import RecordingSettings
from workstation.settings.sections import (
    ACTIONS,
    KINDS,
    UNIT_KINDS,
    UNIT_PROFILES,
    VISIT_KINDS,
    AlarmSettings,
    AuditSettings,
    BrokerSettings,
    DatabaseSettings,
    HubSettings,
    LogSettings,
    RetentionSettings,
    ScaipSettings,
    Settings,
    SipSettings,
    SoundSettings,
    VisitSettings,
)
from workstation.settings.sign_in import SignInSettings
from workstation.settings.wrong import SettingsError, SettingsReason

__all__ = [
    "ACTIONS",
    "EMBEDDED",
    "KINDS",
    "UNIT_KINDS",
    "UNIT_PROFILES",
    "VISIT_KINDS",
    "AlarmSettings",
    "AuditSettings",
    "BrokerSettings",
    "DatabaseSettings",
    "Form",
    "FormName",
    "HubSettings",
    "LogSettings",
    "Origins",
    "Policy",
    "RecordingSettings",
    "RetentionSettings",
    "ScaipSettings",
    "Settings",
    "SettingsError",
    "SettingsReason",
    "SignInSettings",
    "SipSettings",
    "SoundSettings",
    "VisitSettings",
    "load",
]
