"""The programs' icon and version resources."""

import struct

from installer import dressing, product


def test_the_icon_has_a_picture_for_each_scale_of_windows(qapp):
    content = dressing.icon(product.ROOT / "resources/icons/app.svg")
    _, kind, many = struct.unpack_from("<HHH", content)
    assert (kind, many) == (1, len(dressing.SIZES))
    for number, size in enumerate(dressing.SIZES):
        entry = struct.unpack_from("<BBBBHHII", content, 6 + 16 * number)
        assert entry[0] == entry[1] == size % 256
        assert content[entry[7] :].startswith(b"\x89PNG")
        assert entry[7] + entry[6] <= len(content)


def test_both_programs_say_which_version_they_are(tmp_path, qapp):
    dressing.dress(tmp_path, "1.2.3")
    for program, described in product.PROGRAMS.items():
        text = (tmp_path / f"{program}.version").read_text(encoding="utf-8")
        assert "filevers=(1, 2, 3, 0)" in text
        assert f"'{described}'" in text
        assert f"'{program}.exe'" in text
