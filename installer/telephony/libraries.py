"""The libraries inside the wheel, each compiled into one folder, `prefix`, as a static library."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from installer.telephony.sources import Archive, Store, unpack
from installer.telephony.targets import Target
from installer.telephony.workshop import Workshop

# Windows reads no configuration file and no module from a path that any user could create
# (OSSL_WINCTX: such paths come from the machine's registry only, and are none where it is silent),
# and has only the ciphers that TLS 1.2, TLS 1.3 and SRTP can use.
_OPENSSL: Final = (
    "no-shared", "no-tests", "no-apps", "no-docs", "no-module", "no-engine", "no-dso", "no-comp",
    "no-quic", "no-autoload-config", "no-async", "no-psk", "no-srp", "no-idea", "no-seed",
    "no-camellia", "no-aria", "no-mdc2", "no-rc2", "no-rc4", "no-rc5", "no-whirlpool", "no-bf",
    "no-cast", "no-des", "no-sm2", "no-sm3", "no-sm4", "no-gost", "no-cms", "no-ts", "no-ct",
    "no-ocsp", "-DOSSL_WINCTX=pjsua2",
)  # fmt: skip

LICENCE_FILES: Final = {
    "openssl": "LICENSE.txt",
    "libsrtp": "LICENSE",
}
"""Where a library's licence is not in COPYING."""


class Libraries:
    """Compiles what is listed for a target, each library in a stage of its own."""

    def __init__(self, shop: Workshop, target: Target, store: Store) -> None:
        self._shop = shop
        self._target = target
        self._store = store
        self.prefix = shop.folder / "prefix"
        self.licences = shop.folder / "licences"
        self.licences.mkdir(exist_ok=True)

    def make(self, archives: dict[str, Archive]) -> None:
        """Compile all of them; raises BuildFailedError with the log of the one that fails."""
        how: dict[str, Callable[[Path], None]] = {
            "opus": self._by_configure,
            "speex": self._by_configure,
            "speexdsp": self._by_configure,
            "libsamplerate": self._by_cmake,
            "openssl": lambda folder: self._openssl(folder, archives["openssl-patches"]),
            "libsrtp": self._libsrtp,
        }
        for name in ("openssl", "opus", "speex", "speexdsp", "libsamplerate", "libsrtp"):
            if name not in archives:
                continue
            # The version, since a build that broke off may go on when its suite has moved on.
            with self._shop.stage(f"{name}-{archives[name].version}") as wanted:
                if wanted:
                    self._make(archives[name], how[name])

    def _make(self, archive: Archive, how: Callable[[Path], None]) -> None:
        folder = self._shop.folder / archive.name
        unpack(self._store.fetch(archive), folder)
        how(folder)
        text = folder / LICENCE_FILES.get(archive.name, "COPYING")
        shutil.copy(text, self.licences / f"{archive.name}.txt")
        shutil.rmtree(folder)

    def _run(self, folder: Path, *command: object) -> None:
        self._shop.run(folder.name, *command, cwd=folder)

    def _by_configure(self, folder: Path) -> None:
        self._run(
            folder, "./configure", f"--prefix={self.prefix}", *self._target.for_host,
            "--disable-shared", "--enable-static", "--with-pic", "--disable-doc",
            "--disable-extra-programs", "--disable-examples", "--disable-binaries",
            f"CFLAGS={self._target.flags}",
        )  # fmt: skip
        self._run(folder, "make", f"-j{self._shop.jobs}")
        self._run(folder, "make", "install")

    def _by_cmake(self, folder: Path) -> None:
        system = ["-DCMAKE_SYSTEM_NAME=Windows"] if self._target.host else []
        self._run(
            folder, "cmake", "-S", ".", "-B", "made", *system, "-DCMAKE_BUILD_TYPE=Release",
            "-DBUILD_SHARED_LIBS=OFF", "-DCMAKE_POSITION_INDEPENDENT_CODE=ON",
            "-DBUILD_TESTING=OFF", "-DLIBSAMPLERATE_EXAMPLES=OFF", "-DLIBSAMPLERATE_INSTALL=ON",
            f"-DCMAKE_INSTALL_PREFIX={self.prefix}", "-DCMAKE_INSTALL_LIBDIR=lib",
            f"-DCMAKE_C_FLAGS={self._target.flags}",
        )  # fmt: skip
        self._run(folder, "cmake", "--build", "made", f"-j{self._shop.jobs}")
        self._run(folder, "cmake", "--install", "made")

    def _openssl(self, folder: Path, patches: Archive) -> None:
        debian = folder.with_name("openssl-patches")
        unpack(self._store.fetch(patches), debian)
        for name in (debian / "patches/series").read_text().split():
            change = (debian / "patches" / name).read_bytes()
            self._shop.run("openssl", "patch", "-s", "-p1", cwd=folder, stdin=change)
        shutil.rmtree(debian)
        self._run(
            folder, "perl", "Configure", "mingw64", *_OPENSSL,
            f"--prefix={self.prefix}", "--libdir=lib",
        )  # fmt: skip
        self._run(folder, "make", f"-j{self._shop.jobs}", "build_libs")
        self._run(folder, "make", "install_dev")

    def _libsrtp(self, folder: Path) -> None:
        options = [*self._target.for_host, f"--prefix={self.prefix}", "--enable-openssl"]
        flags = self._target.flags
        if self._target.host:
            options.append(f"--with-openssl-dir={self.prefix}")
            options.append(f"LDFLAGS=-L{self.prefix}/lib")
            options.append(f"LIBS={' '.join(self._target.system_libraries)}")
            flags += f" -I{self.prefix}/include"
        self._run(folder, "./configure", *options, f"CFLAGS={flags}")
        self._run(folder, "make", f"-j{self._shop.jobs}", "libsrtp2.a")
        self._run(folder, "make", "install")
