"""Core Audio's mute switch and volume; on Windows, or in the lab."""

import sys

import pytest

if sys.platform != "win32":
    pytest.skip("Windows only", allow_module_level=True)

from workstation.adapters.windows import volume


def test_it_tells_of_a_device_or_that_there_is_none() -> None:
    """A machine that builds may have no sound; then every call on the way there was understood."""
    speaker = volume.WindowsLoudspeaker()
    for name in ("", "no such device"):
        found = speaker.volume(name)
        assert found is None or 0 <= found.percent <= 100


def test_devices_are_known_by_name() -> None:
    with volume.in_this_thread(), volume._enumerator() as every:
        try:
            one = volume._endpoint(every, "")
        except OSError:
            pytest.skip("no sound device here")
        with one:
            name = volume._name(one)
        assert name
        with volume._endpoint(every, name) as again:
            assert volume._name(again) == name
