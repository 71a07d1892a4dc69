"""What is made ready before the programs are frozen."""

import gettext
import shutil
from pathlib import Path

from installer import freeze, product

CATALOGUE = "da/LC_MESSAGES/workstation"


def test_the_danish_texts_go_in_also_where_nobody_has_compiled_them(tmp_path: Path) -> None:
    source = tmp_path / f"{CATALOGUE}.po"
    source.parent.mkdir(parents=True)
    shutil.copy(product.ROOT / f"resources/translations/{CATALOGUE}.po", source)
    freeze.compile_texts(tmp_path)
    danish = gettext.translation("workstation", tmp_path, ["da"])
    assert danish.gettext("Emergency") == "N\N{LATIN SMALL LETTER O WITH STROKE}dkald"
    made = source.with_suffix(".mo")
    before = made.stat().st_mtime_ns
    freeze.compile_texts(tmp_path)
    assert made.stat().st_mtime_ns == before
