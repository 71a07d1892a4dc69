"""Reads the layers, later ones over earlier ones, into checked settings."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from workstation.settings import forms
from workstation.settings.forms import Each, Form, Misfit
from workstation.settings.layers import (
    Given,
    Key,
    Origins,
    Policy,
    as_toml,
    from_environment,
    from_file,
    from_policy,
)
from workstation.settings.sections import Settings
from workstation.settings.wrong import SettingsError

OWN_WITH_CONFIG: tuple[Key, ...] = (
    ("hub", "kommuner"),
    ("database", "url"),
    ("broker", "url"),
    ("sip", "kind"),
)
"""What a desk with a file of its own must say itself: nothing embedded is inherited."""

FILES: frozenset[Key] = frozenset(
    {
        ("broker", "ca_file"),
        ("broker", "certificate_file"),
        ("broker", "key_file"),
        ("sip", "ca_file"),
        ("database", "ca_file"),
        ("sign_in", "oidc", "ca_file"),
    }
)
"""Files that must be there; relative ones lie beside the file that names them."""

_OPEN: tuple[Key, ...] = (("sign_in", "oidc", "roles"), ("sign_in", "oidc", "kommuner"))
"""Tables whose names are not ours: each is one value."""


CHOSEN: frozenset[Key] = frozenset(
    {("sip", "sound"), ("sip", "microphone"), ("sound", "ring_device")}
)
"""What whoever sits at a desk may choose in its window, over the hub's file."""


def load(
    config: Path | None,
    environ: Mapping[str, str],
    *,
    defaults: Path,
    chosen: Path | None = None,
    policy: Policy | None = None,
) -> Settings:
    """Return `defaults` ⊕ `config` ⊕ `chosen` ⊕ the environment ⊕ `policy`; raises SettingsError.

    `chosen` is a file of this user's, which need not be there; only the keys of CHOSEN count.
    """
    file = from_file(config) if config else {}
    fixed = from_policy(policy)
    named = from_environment(environ)
    if config is not None or fixed.keys() & set(OWN_WITH_CONFIG):
        _check_own({**file, **named, **fixed}, str(config or (policy and policy.where)))
    layers = [from_file(defaults, "default"), file, _of_user(chosen), named, fixed]
    values: dict[Key, Given] = {}
    for layer in layers:
        values.update(_tables_whole(layer))
    return _settings(values, config)


def left_open(config: Path, *, defaults: Path) -> list[str]:
    """Check a file by itself, and return what of OWN_WITH_CONFIG it leaves to environment or policy.

    Raises SettingsError for what is wrong with what it does say.
    """
    file = from_file(config)
    _settings({**from_file(defaults, "default"), **_tables_whole(file)}, config)
    return [".".join(key) for key in OWN_WITH_CONFIG if key not in file]


def read(key: Key, one: Given) -> object:
    """Return the value of a key that there is; raises SettingsError as `load` does."""
    return _read(key, one, dict(schema())[key])


def _of_user(chosen: Path | None) -> dict[Key, Given]:
    if chosen is None or not chosen.is_file():
        return {}
    return {key: one for key, one in from_file(chosen, "user").items() if key in CHOSEN}


def _tables_whole(layer: Mapping[Key, Given]) -> dict[Key, Given]:
    """Put what stands under each open table together again: a later layer's replaces it whole."""
    found: dict[Key, Given] = {}
    for key, one in layer.items():
        table = next((table for table in _OPEN if key[: len(table)] == table != key), None)
        if table is None:
            found[key] = one
            continue
        rows = found[table].value if table in found else {}
        name = ".".join(key[len(table) :])
        found[table] = replace(
            one, value={**(rows if isinstance(rows, dict) else {}), name: one.value}
        )
    return found


def _check_own(own: Mapping[Key, Given], where: str) -> None:
    missing = [".".join(key) for key in OWN_WITH_CONFIG if key not in own]
    if missing:
        raise SettingsError("missing", where=where, key=", ".join(missing))


def _settings(given: Mapping[Key, Given], config: Path | None) -> Settings:
    known = dict(schema())
    values: dict[Key, object] = {}
    for key, one in given.items():
        if key in known:
            values[key] = _read(key, one, known[key])
        elif one.value != {} or not _is_table(key, known):
            raise _unknown(key, one, known)
    for key in known.keys() - values.keys():  # only when the shipped file was tampered with
        raise SettingsError("missing", where=str(config or ""), key=".".join(key))
    settings: Settings = _built(Settings, (), values)
    origins = {".".join(key): (one.layer, one.where) for key, one in given.items() if key in known}
    settings = replace(settings, source=config, origins=Origins(given=origins))
    _check_together(settings, given)
    return settings


def schema(shape: Any = Settings, at: Key = ()) -> Iterator[tuple[Key, Form]]:  # noqa: ANN401 - a class
    """Yield every key there is with its form."""
    for name, hint in get_type_hints(shape, include_extras=True).items():
        key, mark = (*at, name), _mark(hint)
        if is_dataclass(hint):
            yield from schema(hint, key)
        elif isinstance(mark, Each):
            yield from (((*key, one), mark.form) for one in mark.names)
        elif mark is not None:
            yield key, mark


def _mark(hint: object) -> Form | Each | None:
    for mark in getattr(hint, "__metadata__", ()):
        if isinstance(mark, Form | Each):
            return mark
    return None


def _built(shape: Any, at: Key, values: Mapping[Key, object]) -> Any:  # noqa: ANN401 - a class
    found: dict[str, object] = {}
    for name, hint in get_type_hints(shape, include_extras=True).items():
        key, mark = (*at, name), _mark(hint)
        if is_dataclass(hint):
            found[name] = _built(hint, key, values)
        elif isinstance(mark, Each):
            found[name] = {one: values[(*key, one)] for one in mark.names}
        elif mark is not None:
            found[name] = values[key]
    return shape(**found)


def _is_table(key: Key, known: Mapping[Key, Form]) -> bool:
    return any(other[: len(key)] == key for other in known)


def _unknown(key: Key, one: Given, known: Mapping[Key, Form]) -> SettingsError:
    dotted = ".".join(key)
    for length in range(1, len(key)):
        if key[:length] in known:  # a table where a value belongs
            return _wrong(key[:length], one, known[key[:length]])
    if _is_table(key, known):  # a value where a table belongs
        return _wrong(key, one, forms.table)
    near = difflib.get_close_matches(dotted, [".".join(other) for other in known], n=1)
    return SettingsError("unknown_key", where=one.where, key=dotted, detail=near[0] if near else "")


def _wrong(key: Key, one: Given, form: Form) -> SettingsError:
    return SettingsError(
        "wrong_value", where=one.where, key=".".join(key), expected=form, got=one.value
    )


def _read(key: Key, one: Given, form: Form) -> object:
    shared = one.layer != "environment"  # which alone nobody but this user can read
    if shared and isinstance(one.value, str) and _has_password(one.value):
        raise SettingsError("secret_in_file", where=one.where, key=".".join(key))
    for written in _ways_to_read(one):
        with suppress(Misfit):
            value = form.read(written)
            return _existing(key, one, value) if key in FILES and value else value
    raise _wrong(key, one, form)


def _ways_to_read(one: Given) -> Iterator[object]:
    if one.layer == "policy" and one.value in (0, 1):  # the registry has no other yes and no
        yield bool(one.value)
    # A name such as 1234 or true needs no quotes in the environment: text is the second way.
    if one.file is None and isinstance(one.value, str):
        yield as_toml(one.value)
    yield one.value


def _has_password(text: str) -> bool:
    try:
        return urlsplit(text).password is not None
    except ValueError:
        return False


def _existing(key: Key, one: Given, value: object) -> str:
    path = Path(str(value))
    if one.file is not None:
        path = one.file.resolve().parent / path
    if not path.is_file():
        raise SettingsError("no_file", where=one.where, key=".".join(key), got=path)
    return str(path)


def _check_together(settings: Settings, given: Mapping[Key, Given]) -> None:
    for section, line in (("sip", settings.sip), ("scaip", settings.scaip)):
        for name, value in (("address", line.address), ("username", line.username)):
            if line.kind == "registrar" and value is None:
                why = f'{section}.kind = "registrar"'
                raise _needed((section, name), given, (section, "kind"), why)
    _check_provider(settings, given)


def _check_provider(settings: Settings, given: Mapping[Key, Given]) -> None:
    oidc, issuer = settings.sign_in.oidc, ("sign_in", "oidc", "issuer")
    if settings.sign_in.kind == "oidc" and oidc.issuer is None:
        raise _needed(issuer, given, ("sign_in", "kind"), 'sign_in.kind = "oidc"')
    for name, value in (("client_id", oidc.client_id), ("roles", oidc.roles)):
        if oidc.issuer is not None and not value:
            raise _needed(("sign_in", "oidc", name), given, issuer, ".".join(issuer))


def _needed(key: Key, given: Mapping[Key, Given], by: Key, detail: str) -> SettingsError:
    return SettingsError("needed_with", where=given[by].where, key=".".join(key), detail=detail)
