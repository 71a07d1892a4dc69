"""The table of keys against the files and tables it must agree with."""

import tomllib

from ui.keys import KEYS
from workstation.domain.citizen import DeviceClass
from workstation.domain.kind import Kind
from workstation.domain.round import VisitKind
from workstation.domain.unit_voice import VoiceProfile
from workstation.paths import default_config
from workstation.settings import ACTIONS, KINDS, UNIT_KINDS, UNIT_PROFILES, VISIT_KINDS
from workstation.settings.layers import from_file
from workstation.settings.reading import schema


def test_the_shipped_file_is_complete() -> None:
    assert set(from_file(default_config())) == {key for key, _ in schema()}


def test_every_key_of_the_shipped_file_is_explained() -> None:
    lines = default_config().read_text(encoding="utf-8").splitlines()
    keys = [number for number, line in enumerate(lines) if line[:1].isalpha() and " = " in line]
    assert len(keys) == len(list(schema()))
    assert [lines[number] for number in keys if not lines[number - 1].startswith("# ")] == []


def test_the_kinds_are_the_domain_s() -> None:
    assert tuple(Kind) == KINDS
    assert tuple(VisitKind) == VISIT_KINDS
    assert tuple(DeviceClass) == UNIT_KINDS
    assert tuple(VoiceProfile) == UNIT_PROFILES


def test_the_keys_are_the_window_s() -> None:
    shipped = tomllib.loads(default_config().read_text(encoding="utf-8"))["keys"]
    assert shipped == {key.action: key.sequence for key in KEYS}
    assert tuple(key.action for key in KEYS) == ACTIONS
