"""The few lines of pjproject that we change, and why; an edit that does not fit ends the build."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from installer.telephony.workshop import BuildFailedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """`old` becomes `new` wherever it is in the file; it must be there."""

    file: str
    old: str
    new: str

    def make(self, root: Path) -> None:
        """Change the file below `root`; raises BuildFailedError where `old` is not in it."""
        path = root / self.file
        text = path.read_bytes()
        if self.old.encode() not in text:
            raise BuildFailedError(f"{self.file} no longer has {self.old!r}: look at edits.py")
        path.write_bytes(text.replace(self.old.encode(), self.new.encode()))


_WMME: Final = "pjmedia/src/pjmedia-audiodev/wmme_dev.c"
_SPEEX: Final = "pjmedia/src/pjmedia/echo_speex.c"
_PYTHON: Final = '#ifdef SWIGPYTHON\n  %feature("director:except") {'
_OURS: Final = """
#ifdef SWIGPYTHON
  %apply int { pjmedia_aud_dev_index };
  %exception {
    try {
      $action
    } catch (pj::Error &error) {
      SWIG_Python_Raise(
        SWIG_NewPointerObj(new pj::Error(error), SWIGTYPE_p_pj__Error, SWIG_POINTER_OWN),
        "pj::Error", SWIGTYPE_p_pj__Error);
      SWIG_fail;
    } catch (std::exception &error) {
      PyErr_SetString(PyExc_RuntimeError, error.what());
      SWIG_fail;
    }
  }
#endif

"""

EDITS: Final = (
    # The distribution's archive leaves this file out.
    Edit(file="pjmedia/build/Makefile", old=" bdimad_dev.o", new=""),
    # Texts are UTF-8 between pjlib and Windows: names of devices, paths of files.
    Edit(file="pjlib/src/pj/unicode_win32.c", old="CP_ACP", new="CP_UTF8"),
    # mingw has these functions.
    Edit(
        file="pjlib/include/pj/compat/string.h",
        old='#       error "Implement Unicode string functions"',
        new="",
    ),
    # The case of letters matters where we build.
    Edit(file=_WMME, old="<Guiddef.h>", new="<guiddef.h>"),
    Edit(
        file=_WMME,
        old="<FunctionDiscoveryKeys_devpkey.h>",
        new="<functiondiscoverykeys_devpkey.h>",
    ),
    # A C++ error is Python's wherever it comes from. As it comes, only methods that declare theirs
    # are caught: a second Endpoint, for one, ends the process. And a sound device's number is a
    # number: as it comes, `AudioDevInfo.id` is an object that no function takes.
    Edit(file="pjsip-apps/src/swig/pjsua2.i", old=_PYTHON, new=_OURS + _PYTHON),
    # Gain control and noise suppression are the operator's settings (MediaConfig.ecOptions), as
    # with the other cancellers; as it comes, the Speex one always does both, and takes a steady
    # tone for noise.
    Edit(
        file=_SPEEX,
        old="enabled = PJMEDIA_SPEEX_AEC_USE_AGC;",
        new="enabled = (options & PJMEDIA_ECHO_USE_GAIN_CONTROLLER) != 0;",
    ),
    Edit(
        file=_SPEEX,
        old="enabled = PJMEDIA_SPEEX_AEC_USE_DENOISE;",
        new="enabled = (options & PJMEDIA_ECHO_USE_NOISE_SUPPRESSOR) != 0;",
    ),
)
