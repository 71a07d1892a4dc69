"""The licences of what is inside go in, with the offer of the source."""

from pathlib import Path

from installer.notices import add_notices
from installer.shipped import Package


def packages(folder: Path) -> list[Package]:
    made = []
    for name, version, texts in (
        ("pyside6-essentials", "6.11.3", ("LicenseRef-Qt-Commercial.txt",)),
        ("psycopg", "3.3.9", ("LICENSE.txt",)),
        ("msgspec", "0.21.1", ("LICENSE",)),
    ):
        about = folder / f"{name}.dist-info"
        (about / "licenses").mkdir(parents=True)
        (about / "METADATA").write_text("Name: it", encoding="utf-8")
        for text in texts:
            (about / "licenses" / text).write_text("You may", encoding="utf-8")
        made.append(Package(name=name, version=version, about=about))
    return [*made, Package(name="cpython", version="3.12.1")]


def test_each_package_s_texts_go_in_but_not_the_licence_that_is_bought(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    add_notices(program, packages(tmp_path), "1.2.3")
    files = {one.relative_to(program / "licences").as_posix() for one in program.rglob("*.*")}
    assert (program / "licences/msgspec/licenses/LICENSE").is_file()
    assert {"psycopg/licenses/LICENSE.txt", "cpython.txt", "carried-libraries.txt"} <= files
    assert {"GPL-3.0.txt", "LGPL-3.0.txt", "MPL-2.0.txt", "Inter-OFL-1.1.txt"} <= files
    assert not [name for name in files if "Commercial" in name or "METADATA" in name]


def test_the_offer_names_what_must_be_offered(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    add_notices(program, packages(tmp_path), "1.2.3")
    offer = (program / "licences/README.txt").read_text(encoding="utf-8")
    assert "three years" in offer
    assert "put other versions" in offer
    for named in (
        "Xpjproject.tar.xz",
        "openssl_3.5",
        "  pyside6-essentials 6.11.3",
        "  psycopg 3.3.9",
    ):
        assert named in offer, named
    assert "  msgspec" not in offer
    assert max(map(len, offer.splitlines())) <= 120
