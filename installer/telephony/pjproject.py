"""pjproject itself, and the Python extension around it."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from installer.telephony.edits import EDITS
from installer.telephony.sources import unpack
from installer.telephony.targets import Target
from installer.telephony.workshop import Workshop

_WITHOUT: Final = (
    "--disable-video", "--disable-libyuv", "--disable-libwebrtc", "--disable-sdl",
    "--disable-ffmpeg", "--disable-v4l2", "--disable-openh264", "--disable-vpx", "--disable-upnp",
    "--disable-gsm-codec", "--disable-ilbc-codec", "--disable-g7221-codec", "--disable-silk",
    "--disable-opencore-amr", "--disable-bcg729", "--disable-lyra",
)  # fmt: skip
_PARTS: Final = ("pjlib", "pjlib-util", "pjmedia", "pjsip", "pjnath")


@dataclass(frozen=True, slots=True, kw_only=True)
class Python:
    """An interpreter the extension is made for."""

    tag: str
    """As `cp311`."""
    suffix: str
    """What the extension's file name ends with, as `.cpython-311-x86_64-linux-gnu.so`."""
    include: Path
    library: Path | None = None
    """What to link with, on Windows."""
    program: str = ""
    """Itself, where it runs on this machine."""


class Pjproject:
    """Compiled once; then an extension for each interpreter."""

    def __init__(self, shop: Workshop, target: Target, prefix: Path) -> None:
        self._shop = shop
        self._target = target
        self._prefix = prefix
        self.root = shop.folder / "pjproject"
        self._swig = self.root / "pjsip-apps/src/swig/python"

    def make(self, archive: Path) -> None:
        """Compile the libraries and have SWIG write the binding."""
        with self._shop.stage("pjproject") as wanted:
            if wanted:
                unpack(archive, self.root)
                self._configure()
                self._run("make", "dep")
                self._run("make", f"-j{self._shop.jobs}", "lib")
        with self._shop.stage("swig") as wanted:
            if wanted:
                includes = [f"-I{self.root / part / 'include'}" for part in _PARTS]
                self._shop.run(
                    "swig", "swig", *includes, "-c++", "-w312", "-threads", "-doxygen", "-python",
                    "-o", "pjsua2_wrap.cpp", "../pjsua2.i", cwd=self._swig,
                )  # fmt: skip

    @property
    def module(self) -> Path:
        """The binding's Python half."""
        return self._swig / "pjsua2.py"

    def extension(self, python: Python) -> Path:
        """Compile and link the binding's other half for one interpreter."""
        made = self._swig / f"_pjsua2{python.suffix}"
        wrapped = self._swig / f"pjsua2_wrap.{python.tag}.o"
        log = f"extension-{python.tag}"
        compiler = self._target.tools["CXX"]
        on_windows = ["-DMS_WIN64"] if self._target.host else []
        self._shop.run(
            log, compiler, "-c", "-w", "-fPIC", "-O1", "-g0", *on_windows, *self._told("cflags"),
            f"-I{python.include}", "pjsua2_wrap.cpp", "-o", wrapped, cwd=self._swig,
        )  # fmt: skip
        self._shop.run(
            log, compiler, "-shared", "-s", wrapped, "-o", made, *self._told("ldflags"),
            "-Wl,--start-group", *self._libraries(), "-lsrtp2", "-lspeexdsp", "-lspeex",
            "-Wl,--end-group", *self._target.system_libraries, *self._linking(python),
            cwd=self._swig,
        )  # fmt: skip
        if python.program:  # a name that no library has is noticed no earlier than this
            self._shop.run(log, python.program, "-c", "import _pjsua2", cwd=self._swig)
        return made

    def _configure(self) -> None:
        for edit in EDITS:
            edit.make(self.root)
        site = Path(__file__).with_name("config_site.h")
        shutil.copy(site, self.root / "pjlib/include/pj/config_site.h")
        flags = f"{self._target.flags} {self._target.pjproject_flags} -I{self._prefix}/include"
        libraries = [each for each in self._target.system_libraries if each != "-lssl"]
        ours = [f"--with-ssl={self._prefix}"] if self._target.host else []
        if self._target.host:
            libraries.insert(0, "-lcrypto")
        self._run(
            "./aconfigure", *self._target.for_host, *ours, f"--with-opus={self._prefix}",
            "--with-external-srtp", "--with-external-speex", "--enable-libsamplerate", *_WITHOUT,
            f"CFLAGS={flags}", f"CXXFLAGS={flags}", f"LDFLAGS=-L{self._prefix}/lib",
            f"LIBS={' '.join(libraries)}",
        )  # fmt: skip

    def _run(self, *command: object) -> None:
        self._shop.run("pjproject", *command, cwd=self.root)

    def _told(self, what: str) -> list[str]:
        """Return what pjproject's own makefile says an extension needs."""
        return self._shop.ask(
            "make", "--no-print-directory", "-s", "-f", "helper.mak", what, cwd=self._swig
        ).split()

    def _libraries(self) -> Iterable[str]:
        # mingw's C++ library is linked statically, its threads are not wanted.
        unwanted = {"stdc++", "pthread"} if self._target.host else set()
        return [f"-l{name}" for name in self._told("libs") if name not in unwanted]

    def _linking(self, python: Python) -> list[str]:
        if python.library:
            return [
                "-static", "-lole32", "-lwinmm", "-luuid", "-lsecur32", "-liphlpapi",
                str(python.library), "-Wl,--exclude-all-symbols", "-Wl,--no-insert-timestamp",
                "-Wl,--dynamicbase,--nxcompat,--high-entropy-va",
            ]  # fmt: skip
        return ["-Wl,--exclude-libs,ALL", "-Wl,-z,relro,-z,now", "-Wl,--as-needed"]
