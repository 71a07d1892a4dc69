"""What the build promises before a compiler runs: hashes, edits, packing, the shelf."""

import base64
import csv
import hashlib
import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from installer.telephony.build import main
from installer.telephony.edits import Edit
from installer.telephony.shelf import KEY_LENGTH, Shelf
from installer.telephony.sources import Archive, Store, listed
from installer.telephony.wheel import NAME, VERSION, Contents, pack
from installer.telephony.workshop import BuildFailedError, Workshop


def archive(content: bytes, **more: str) -> Archive:
    return Archive(
        name="it", version="1", licence="MIT", file="it.tar.gz",
        sha256=hashlib.sha256(content).hexdigest(), **more,
    )  # fmt: skip


def test_every_archive_says_where_it_is_and_which_bytes_it_has() -> None:
    for target in ("linux", "windows"):
        for each in listed(target).values():
            assert len(each.sha256) == 64
            assert bool(each.maven) != bool(each.package and each.suite)
    assert "openssl" in listed("windows")
    assert "openssl" not in listed("linux")


def test_a_kept_archive_is_taken_only_with_its_own_bytes(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "work", env={"PATH": ""})  # no registry's client is found
    store = Store(tmp_path / "archives", shop)
    kept = tmp_path / "archives/it.tar.gz"
    kept.write_bytes(b"right")
    assert store.fetch(archive(b"right", maven="a:b:1")) == kept
    kept.write_bytes(b"wrong")
    with pytest.raises(BuildFailedError):
        store.fetch(archive(b"right", maven="a:b:1"))


def test_a_registry_that_sends_other_bytes_ends_the_build(tmp_path: Path) -> None:
    client = tmp_path / "bin/mvn"
    client.parent.mkdir()
    client.write_text(f"#!/bin/sh\nprintf other >{tmp_path}/archives/it.tar.gz\n")
    client.chmod(0o755)
    shop = Workshop(tmp_path / "work", env={"PATH": f"{client.parent}:/usr/bin:/bin"})
    store = Store(tmp_path / "archives", shop)
    with pytest.raises(BuildFailedError, match="SHA-256 differs"):
        store.fetch(archive(b"right", maven="a:b:1"))


OPENSSL = Archive(
    name="openssl", version="3.5.7", licence="Apache-2.0", package="openssl", suite="trixie",
    file="openssl_3.5.7.orig.tar.gz", sha256="a" * 64,
)  # fmt: skip
PATCHES = Archive(
    name="openssl-patches", version="3.5.7-1", licence="Apache-2.0", package="openssl",
    suite="trixie", file="openssl_3.5.7-1.debian.tar.xz", sha256="a" * 64,
)  # fmt: skip


def suite_with(tmp_path: Path, *files: str, mirror: str = "file:/nowhere") -> Store:
    """A store on a machine whose suite lists these files, each with a SHA-256 of b's."""
    client = tmp_path / "bin/apt-get"
    client.parent.mkdir()
    lines = "".join(f"echo \"'{mirror}/pool/{one}' {one} 1 SHA256:{'b' * 64}\"\n" for one in files)
    client.write_text(
        '#!/bin/sh\ncase "$*" in\n*indextargets*) echo Debian Debian mirror ;;\n'
        f"*print-uris*)\necho NOTICE: packaged elsewhere\n{lines};;\nesac\n"
    )
    client.chmod(0o755)
    shop = Workshop(tmp_path / "work", env={"PATH": f"{client.parent}:/usr/bin:/bin"})
    return Store(tmp_path / "archives", shop)


def test_when_a_suite_has_moved_on_what_is_in_its_place_is_taken_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = suite_with(
        tmp_path, "openssl_3.5.9-1.dsc", "openssl_3.5.9.orig.tar.gz.asc",
        "openssl_3.5.9.orig.tar.gz", "openssl_3.5.9-1~deb13u1.debian.tar.xz",
    )  # fmt: skip
    source, patches = store.current(OPENSSL), store.current(PATCHES)
    assert (source.version, source.file) == ("3.5.9", "openssl_3.5.9.orig.tar.gz")
    assert (patches.version, patches.sha256) == ("3.5.9-1~deb13u1", "b" * 64)
    assert "openssl_3.5.9.orig.tar.gz now, not openssl_3.5.7" in capsys.readouterr().err


def test_what_the_mirror_still_has_is_taken_as_listed(tmp_path: Path) -> None:
    pool = tmp_path / "pool"
    pool.mkdir()
    kept = archive(b"right", package="it", suite="trixie")
    (pool / kept.file).write_bytes(b"right")
    store = suite_with(tmp_path, "it_2.orig.tar.gz", mirror=f"file:{tmp_path}")
    assert store.current(kept) == kept
    assert store.fetch(kept).read_bytes() == b"right"


def test_what_is_kept_needs_no_suite(tmp_path: Path) -> None:
    store = Store(tmp_path / "archives", Workshop(tmp_path / "work", env={"PATH": ""}))
    kept = archive(b"right", package="it", suite="trixie")
    (tmp_path / "archives" / kept.file).write_bytes(b"right")
    assert store.current(kept) == kept


def test_a_suite_without_anything_of_the_kind_ends_the_build(tmp_path: Path) -> None:
    with pytest.raises(BuildFailedError, match="nothing in its place"):
        suite_with(tmp_path, "openssl_3.5.9-1.dsc").current(OPENSSL)


def test_a_command_that_fails_tells_its_last_words(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    with pytest.raises(BuildFailedError, match="no such compiler"):
        shop.run("log", "sh", "-c", "echo no such compiler; exit 3")


def test_a_stage_that_failed_is_done_again_and_one_that_ended_is_not(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    with pytest.raises(BuildFailedError), shop.stage("opus"):
        raise BuildFailedError("broke off")
    with shop.stage("opus") as wanted:
        assert wanted
    with shop.stage("opus") as wanted:
        assert not wanted


def test_an_edit_that_does_not_fit_ends_the_build(tmp_path: Path) -> None:
    (tmp_path / "file.c").write_text("old")
    edit = Edit(file="file.c", old="old", new="new")
    edit.make(tmp_path)
    assert (tmp_path / "file.c").read_text() == "new"
    with pytest.raises(BuildFailedError, match=r"file\.c"):
        edit.make(tmp_path)


def packed(tmp_path: Path, name: str = "out") -> Path:
    (tmp_path / "licences").mkdir(exist_ok=True)
    (tmp_path / "licences/opus.txt").write_text("opus")
    (tmp_path / "pjsua2.py").write_text("import _pjsua2\n")
    (tmp_path / "_pjsua2.so").write_bytes(b"\x7fELF")
    return pack(
        Contents(
            python="cp311", platform="linux_x86_64", module=tmp_path / "pjsua2.py",
            extension=tmp_path / "_pjsua2.so", licences=tmp_path / "licences",
            archives=listed("linux").values(), key="k",
        ),
        tmp_path / name,
    )  # fmt: skip


def test_a_wheel_records_every_file_and_lists_what_is_inside(tmp_path: Path) -> None:
    about = f"{NAME}-{VERSION}.dist-info"
    with zipfile.ZipFile(packed(tmp_path)) as wheel:
        rows = list(csv.reader(wheel.read(f"{about}/RECORD").decode().splitlines()))
        assert {name for name, _, _ in rows} == set(wheel.namelist())
        for name, digest, size in rows[:-1]:
            content = wheel.read(name)
            wanted = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            assert (digest, size) == (f"sha256={wanted.decode()}", str(len(content)))
        inside = json.loads(wheel.read(f"{about}/sboms/telephony.cdx.json"))
        assert {"pjproject", "opus", "libsrtp"} <= {each["name"] for each in inside["components"]}
        assert f"{about}/licenses/opus.txt" in wheel.namelist()
        assert b"GPL-3.0-or-later" in wheel.read(f"{about}/METADATA")


def test_equal_contents_are_equal_wheels(tmp_path: Path) -> None:
    assert packed(tmp_path, "one").read_bytes() == packed(tmp_path, "two").read_bytes()


def test_what_another_checkout_used_lately_stays_on_the_shelf(tmp_path: Path) -> None:
    shelf = Shelf("linux", tmp_path)
    shelf.wheels.mkdir(parents=True)
    lately, long_ago = (tmp_path / (digit * KEY_LENGTH) / "linux" for digit in "01")
    for wheels in (lately, long_ago):
        wheels.mkdir(parents=True)
    (tmp_path / ("0" * KEY_LENGTH) / "windows").mkdir()
    os.utime(long_ago, (0, 0))
    shelf.forget_others()
    assert lately.exists()
    assert not long_ago.parent.exists()


def test_what_is_kept_is_said_without_building(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["build", "linux", "--kept", "--cache", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", words)
    assert main() == 0
    assert capsys.readouterr().out == ""
    shelf = Shelf("linux", tmp_path)
    shelf.wheels.mkdir(parents=True)
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    wheel = shelf.wheels / f"eteam_pjsua2-1-{tag}-{tag}-linux_x86_64.whl"
    wheel.touch()
    assert main() == 0
    assert capsys.readouterr().out == f"{wheel}\n"


def test_the_shelf_finds_its_own_and_forgets_what_is_older(tmp_path: Path) -> None:
    shelf = Shelf("linux", tmp_path)
    assert shelf.wheel("cp311") is None
    shelf.wheels.mkdir(parents=True)
    wheel = shelf.wheels / "eteam_pjsua2-1-cp311-cp311-linux_x86_64.whl"
    wheel.touch()
    older = tmp_path / ("0" * KEY_LENGTH)
    (older / "linux-work").mkdir(parents=True)
    others = tmp_path / ("1" * KEY_LENGTH)
    (others / "windows").mkdir(parents=True)
    shelf.archives.mkdir()
    shelf.forget_others()
    assert shelf.wheel("cp311") == wheel
    assert shelf.wheel("cp312") is None
    assert not older.exists()
    assert (others / "windows").exists()
    assert shelf.archives.exists()
