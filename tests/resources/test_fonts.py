"""The typeface is in a format that Qt reads on every system."""

import pytest

from ui.fonts import WEIGHTS
from workstation import paths


@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_font_is_plain_truetype(weight: str) -> None:
    # FreeType also reads WOFF2 under this name; Windows does not, and the desk would not open there.
    content = (paths.resources() / "fonts" / f"Inter-{weight}.ttf").read_bytes()
    assert content.startswith(b"\x00\x01\x00\x00")
