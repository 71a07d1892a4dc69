"""The two systems a wheel is made for, and what their compilers are told."""

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`host` is empty where the build runs on what it builds for."""

    name: str
    platform: str
    """The wheel's platform tag."""
    host: str = ""
    tools: dict[str, str] = field(default_factory=dict)
    """The environment's names of compilers and their company."""
    flags: str
    """For every library."""
    pjproject_flags: str = ""
    """For pjproject beside those."""
    system_libraries: tuple[str, ...]
    """What a linker is told besides our own static libraries."""

    @property
    def for_host(self) -> list[str]:
        """The option by which configure scripts learn that they build for another system."""
        return [f"--host={self.host}"] if self.host else []


_MINGW: Final = "x86_64-w64-mingw32"

LINUX: Final = Target(
    name="linux",
    platform="linux_x86_64",
    tools={"CC": "gcc", "CXX": "g++", "AR": "gcc-ar", "RANLIB": "gcc-ranlib"},
    # NDEBUG: a misuse is an error to catch, not the end of the process.
    flags="-O2 -DNDEBUG -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2",
    system_libraries=("-lssl", "-lcrypto"),
)

WINDOWS: Final = Target(
    name="windows",
    platform="win_amd64",
    host=_MINGW,
    # mingw's own threads, not winpthread: one DLL less, and CPython has none either.
    tools={
        "CC": f"{_MINGW}-gcc-win32",
        "CXX": f"{_MINGW}-g++-win32",
        "AR": f"{_MINGW}-gcc-ar-win32",
        "RANLIB": f"{_MINGW}-gcc-ranlib-win32",
        "RC": f"{_MINGW}-windres",
    },
    flags="-O2 -DNDEBUG",
    pjproject_flags="-D_WIN32_WINNT=0x0A00 -DUNICODE -D_UNICODE",
    # libssp by its file: opus was compiled with the stack's protection on.
    system_libraries=(
        "-l:libssp.a", "-lws2_32", "-lcrypt32", "-lbcrypt", "-lgdi32", "-ladvapi32", "-luser32",
    ),
)  # fmt: skip

TARGETS: Final = {target.name: target for target in (LINUX, WINDOWS)}
