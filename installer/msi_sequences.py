"""Judges an MSI's versions, sequences, custom actions and properties."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from installer.msi_tables import Msi, Row

_EXECUTE: Final = "InstallExecuteSequence"
_SEQUENCES: Final = (_EXECUTE, "InstallUISequence", "AdminExecuteSequence", "AdvtExecuteSequence")
_VERSION: Final = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,5})(\.[0-9]+)?")
_NAMED: Final = re.compile(r"\[([A-Za-z_][\w.]*)\]")
_WORD: Final = re.compile(r"(?<![\"$?&!%\w.])([A-Za-z_][\w.]*)(?![\"\w])")
_PUBLIC: Final = re.compile(r"[A-Z_][A-Z0-9_.]*")
_SECRET: Final = re.compile(r"PASSW|PASSPHRASE|PWD|SECRET|TOKEN|PRIVATE_?KEY", re.IGNORECASE)
_ONLY_DETECT: Final = 2
_VERSION_MIN_INCLUSIVE: Final = 256
_VERSION_MAX_INCLUSIVE: Final = 512
_DEFERRED: Final = 1024
_HIDDEN_TARGET: Final = 8192
_KIND: Final = 63
_ERROR: Final = 19
_SETS: Final = 51
_SET: Final = {_SETS, 35}
_GOES_ON: Final = 64
_IN_BINARY: Final = {1, 2, 5, 6}
_IN_FILE: Final = {17, 18, 21, 22}
_IN_DIRECTORY: Final = {34}
_WITHOUT_IMPERSONATION: Final = 2048
_WINDOWS_INSTALLERS_OWN: Final = {
    "ALLUSERS", "REBOOT", "REINSTALL", "REINSTALLMODE", "REMOVE", "ADDLOCAL", "UPGRADINGPRODUCTCODE",
    "ARPNOMODIFY", "ARPNOREPAIR", "ARPNOREMOVE", "ARPPRODUCTICON", "ARPSYSTEMCOMPONENT",
    "ARPCOMMENTS", "ARPCONTACT", "ARPHELPLINK", "ARPHELPTELEPHONE", "ARPURLINFOABOUT",
    "ARPURLUPDATEINFO", "ARPINSTALLLOCATION", "ARPSIZE", "ARPREADME", "MSIFASTINSTALL",
    "MSIDISABLERMRESTART", "MSIRMSHUTDOWN",
    "MSIRESTARTMANAGERCONTROL", "MSIUSEREALADMINDETECTION", "MSIINSTALLPERUSER", "TARGETDIR",
    "DISABLEROLLBACK", "PROMPTROLLBACKCOST", "ROOTDRIVE", "AND", "OR", "NOT", "XOR", "EQV", "IMP",
}  # fmt: skip
_ORDER: Final = (
    "FindRelatedProducts", "LaunchConditions", "CostInitialize", "FileCost", "CostFinalize",
    "InstallValidate", "InstallInitialize", "ProcessComponents", "UnpublishFeatures",
    "RemoveRegistryValues", "RemoveShortcuts", "RemoveFiles", "RemoveFolders", "CreateFolders",
    "InstallFiles", "CreateShortcuts", "WriteRegistryValues", "RegisterProduct", "PublishFeatures",
    "PublishProduct", "InstallFinalize",
)  # fmt: skip
"""Windows Installer's own actions where they stand in this order."""
_ALWAYS: Final = (
    "CostInitialize", "FileCost", "CostFinalize", "InstallValidate", "InstallInitialize",
    "ProcessComponents", "UnpublishFeatures", "RegisterProduct", "PublishFeatures",
    "PublishProduct", "InstallFinalize",
)  # fmt: skip
_NEEDED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "CreateFolder": ("CreateFolders", "RemoveFolders"),
    "File": ("InstallFiles", "RemoveFiles"),
    "LaunchCondition": ("LaunchConditions",),
    "Registry": ("WriteRegistryValues", "RemoveRegistryValues"),
    "RemoveFile": ("RemoveFiles",),
    "RemoveRegistry": ("RemoveRegistryValues",),
    "ServiceControl": ("StartServices", "StopServices"),
    "ServiceInstall": ("InstallServices",),
    "Shortcut": ("CreateShortcuts", "RemoveShortcuts"),
    "Upgrade": ("FindRelatedProducts", "RemoveExistingProducts"),
}
"""Rows of a table do nothing without these actions."""
_AT_REMOVAL: Final = re.compile(r"(?<!NOT )(?<!NOT \()\bREMOVE\s*~?=", re.IGNORECASE)


def places(msi: Msi, table: str = _EXECUTE) -> dict[str, int]:
    """Return the number at which each action of a sequence runs."""
    found = {row["Action"]: row["Sequence"] for row in msi.rows(table)}
    return {name: int(number) for name, number in found.items() if number}


def _ice24(msi: Msi) -> Iterator[str]:
    if _parts(msi.property("ProductVersion")) is None:
        yield f"ProductVersion is {msi.property('ProductVersion')!r}"
    if not msi.property("ProductLanguage").isdigit():
        yield "ProductLanguage is no number"
    yield from (
        f"there is no {name}"
        for name in ("ProductCode", "ProductName", "Manufacturer", "UpgradeCode")
        if not msi.property(name)
    )


def _parts(version: str) -> tuple[int, int, int] | None:
    found = _VERSION.fullmatch(version)
    if found is None:
        return None
    major, minor, patch = int(found[1]), int(found[2]), int(found[3])
    fits = max(major, minor) < 2**8 and patch < 2**16
    return (major, minor, patch) if fits else None


def _ice26(msi: Msi) -> Iterator[str]:
    known = places(msi)
    yield from (f"{_EXECUTE} has no {name}" for name in _ALWAYS if name not in known)
    for table, actions in _NEEDED_BY.items():
        missing = [one for one in actions if one not in known]
        if msi.rows(table) and missing:
            yield f"{table} has rows, and {_EXECUTE} no {', '.join(missing)}"
    ours = [name for name in _ORDER if name in known]
    for before, after in itertools.pairwise(ours):
        if known[before] >= known[after]:
            yield f"{after} does not stand after {before}"


def _ice61(msi: Msi) -> Iterator[str]:
    code, now = msi.property("UpgradeCode"), _parts(msi.property("ProductVersion"))
    own = [row for row in msi.rows("Upgrade") if row["UpgradeCode"] == code]
    removes = [row for row in own if not int(row["Attributes"]) & _ONLY_DETECT]
    refuses = [row for row in own if int(row["Attributes"]) & _ONLY_DETECT and row["VersionMin"]]
    if not removes:
        yield "no earlier version is replaced"
    if not any(_is_refused(msi, row["ActionProperty"]) for row in refuses):
        yield "nothing refuses an installation over a newer version"
    if now is not None:
        yield from (what for row in removes if (what := _removes_too_much(row, now)))
        yield from (what for row in refuses if (what := _refuses_too_much(row, now)))


def _removes_too_much(row: Row, now: tuple[int, int, int]) -> str:
    latest, name = _parts(row["VersionMax"]), row["ActionProperty"]
    if latest is None or latest > now:
        return f"{name} removes a version newer than this one"
    is_now = latest == now and int(row["Attributes"]) & _VERSION_MAX_INCLUSIVE
    return f"{name} removes this very version" if is_now else ""


def _refuses_too_much(row: Row, now: tuple[int, int, int]) -> str:
    earliest = _parts(row["VersionMin"])
    if earliest is None or earliest < now:
        return f"{row['ActionProperty']} refuses a version older than this one"
    is_now = earliest == now and int(row["Attributes"]) & _VERSION_MIN_INCLUSIVE
    return (
        f"{row['ActionProperty']} refuses this very version, and with it a repair" if is_now else ""
    )


def _is_refused(msi: Msi, name: str) -> bool:
    """Whether an installation ends where a property is set."""
    conditions = [row["Condition"] for row in msi.rows("LaunchCondition")]
    actions = msi.by_key("CustomAction")
    ends = [
        row["Action"]
        for row in msi.rows(_EXECUTE)
        if name in _WORD.findall(row["Condition"])
        and int(actions.get(row["Action"], {}).get("Type", 0)) & _KIND == _ERROR
    ]
    return bool(ends) or any(
        re.search(rf"\bNOT\s+{name}\b", one, re.IGNORECASE) for one in conditions
    )


def _ice63(msi: Msi) -> Iterator[str]:
    known = places(msi)
    removal = known.get("RemoveExistingProducts")
    begin, end = known.get("InstallInitialize"), known.get("InstallFinalize")
    if removal is None or begin is None or end is None:
        return  # ICE26 has said so
    if removal < begin:
        yield "an upgrade that fails leaves nothing: the old version goes before InstallInitialize"
    elif removal < end:
        between = [name for name, at in known.items() if begin < at < removal]
        if between and not {"InstallExecute", "InstallExecuteAgain"}.intersection(between):
            yield f"{', '.join(between)} run between InstallInitialize and RemoveExistingProducts"


def _ice77(msi: Msi) -> Iterator[str]:
    known = places(msi)
    begin, end = known.get("InstallInitialize", 0), known.get("InstallFinalize", 0)
    for name, row in msi.by_key("CustomAction").items():
        at, kind = known.get(name), int(row["Type"])
        if kind & _DEFERRED and at is not None and not begin < at < end:
            yield f"{name} is deferred and does not run between InstallInitialize and InstallFinalize"
        if kind & _DEFERRED and not kind & _WITHOUT_IMPERSONATION:
            yield f"{name} changes the machine as whoever installs, not as the system"


def _ice68(msi: Msi) -> Iterator[str]:
    sources = ((_IN_BINARY, "Binary"), (_IN_FILE, "File"), (_IN_DIRECTORY, "Directory"))
    actions = msi.by_key("CustomAction")
    for name, row in actions.items():
        for kinds, table in sources:
            if int(row["Type"]) & _KIND in kinds and row["Source"] not in msi.by_key(table):
                yield f"{name} runs {row['Source']}, which is not in {table}"
    run = {row["Action"] for table in _SEQUENCES for row in msi.rows(table)}
    yield from (f"nothing runs {name}" for name in actions.keys() - run)


def _ice75(msi: Msi) -> Iterator[str]:
    known, actions = places(msi), msi.by_key("CustomAction")
    put, gone = known.get("InstallFiles", 0), known.get("RemoveFiles", 0)
    there_already = {"Installed", *(row["ActionProperty"] for row in msi.rows("Upgrade"))}
    for row in msi.rows(_EXECUTE):
        kind = int(actions.get(row["Action"], {}).get("Type", 0)) & _KIND
        if kind not in _IN_FILE:
            continue
        at, condition = int(row["Sequence"]), row["Condition"]
        if _AT_REMOVAL.search(condition):
            if at > gone:
                yield f"{row['Action']} runs its file when that is removed already"
        elif at < put and not there_already.intersection(_WORD.findall(condition)):
            yield f"{row['Action']} runs its file before that is there"


def _secrets(msi: Msi) -> Iterator[str]:
    """Say where a password could come into a log: a property is written there as it was given."""
    hidden = set(msi.listed("MsiHiddenProperties"))
    for name in sorted(_mentioned(msi) | set(msi.by_key("Property")) | hidden):
        if _SECRET.search(name):
            yield f"{name} would hold a secret, and stand in logs and on command lines"
    urls = {name for name in _own_public(msi) if name.endswith(("URL", "URI"))}
    yield from (
        f"{name} may be given with a password and is not hidden" for name in sorted(urls - hidden)
    )
    for name, row in msi.by_key("CustomAction").items():
        shown = hidden.intersection(_NAMED.findall(row["Target"]))
        if shown and not int(row["Type"]) & _HIDDEN_TARGET:
            yield f"{name} writes {', '.join(sorted(shown))} into the log"
        if shown and int(row["Type"]) & _KIND == _SETS and row["Source"] not in hidden:
            yield f"{row['Source']} is set to {', '.join(sorted(shown))} and is not hidden"


def _secure(msi: Msi) -> Iterator[str]:
    """Say which public properties do not reach the part of an installation that runs as the system."""
    secure = set(msi.listed("SecureCustomProperties"))
    yield from (
        f"{name} is not in SecureCustomProperties" for name in sorted(_own_public(msi) - secure)
    )
    yield from (
        f"SecureCustomProperties names {name}, which is not public"
        for name in sorted(secure)
        if not _PUBLIC.fullmatch(name)
    )


def _own_public(msi: Msi) -> set[str]:
    """Return the public properties that are ours: set, searched for, asked after or handed on."""
    set_here = {row["ActionProperty"] for row in msi.rows("Upgrade")}
    found = {row["Property"] for row in msi.rows("AppSearch")}
    names = _mentioned(msi) | set(msi.by_key("Property")) | set_here | found
    others = _WINDOWS_INSTALLERS_OWN | set(msi.by_key("Directory"))
    return {name for name in names - others if _PUBLIC.fullmatch(name)}


def _refusals(msi: Msi) -> Iterator[str]:
    """Say which actions may end an upgrade at once when the old version is gone already."""
    known = places(msi)
    removal = known.get("RemoveExistingProducts", 0)
    for name, row in msi.by_key("CustomAction").items():
        kind = int(row["Type"])
        may_refuse = kind & _KIND not in _SET and not kind & (_DEFERRED | _GOES_ON)
        if may_refuse and 0 < removal < known.get(name, 0):
            yield f"{name} may refuse, and stands behind RemoveExistingProducts"


def _handed(msi: Msi) -> Iterator[str]:
    """Say what goes to the system as it was given: a quotation mark in it would begin another word."""
    actions, given = msi.by_key("CustomAction"), _own_public(msi)
    for name, row in actions.items():
        runs = actions.get(row["Source"], {})
        of_system = int(runs.get("Type", 0)) & _WITHOUT_IMPERSONATION
        named = given.intersection(_NAMED.findall(row["Target"]))
        if int(row["Type"]) & _KIND == _SETS and of_system and named:
            yield f"{name} hands {', '.join(sorted(named))} to {row['Source']} as it was given"


def _mentioned(msi: Msi) -> set[str]:
    """Return the properties that conditions, custom actions, shortcuts and registry values name."""
    texts = [row["Target"] for row in msi.rows("CustomAction")]
    texts += [row["Value"] for row in msi.rows("Registry")]
    texts += [row["Arguments"] for row in msi.rows("Shortcut")]
    conditions = [row["Condition"] for table in _SEQUENCES for row in msi.rows(table)]
    conditions += [row["Condition"] for row in msi.rows("Component")]
    conditions += [row["Condition"] for row in msi.rows("LaunchCondition")]
    named = {name for text in texts for name in _NAMED.findall(text)}
    plain = (re.sub(r'"[^"]*"', "", text) for text in conditions)
    return named | {name for text in plain for name in _WORD.findall(text)}


RULES: Sequence[tuple[str, Callable[[Msi], Iterator[str]]]] = (
    ("ICE24", _ice24),
    ("ICE26", _ice26),
    ("ICE61", _ice61),
    ("ICE63", _ice63),
    ("ICE68", _ice68),
    ("ICE75", _ice75),
    ("ICE77", _ice77),
    ("secrets", _secrets),
    ("secure", _secure),
    ("refusals", _refusals),
    ("handed on", _handed),
)
"""Each rule of this module by its name; the last four are our own."""
