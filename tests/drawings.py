"""Draws the documents' diagrams and tables from the tables in the code.

`python -m tests.drawings` writes them anew between their marks; `tests/test_docs.py` fails while
a document says something else than the code.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from installer.policy.governed import REGISTRY_TYPES, Governed, Shape, governed
from ui import words
from ui.keys import KEYS, WHERE_TITLES, bindings, shown
from workstation.adapters.db.steps import STEPS
from workstation.application.tones import EVERY
from workstation.domain.alarm import TRANSITIONS, State
from workstation.domain.citizen import SILENT_AFTER, DeviceClass
from workstation.domain.kind import Kind
from workstation.domain.rights import RIGHTS, Role
from workstation.domain.round import TRANSITIONS as VISIT_TRANSITIONS
from workstation.domain.round import VisitState
from workstation.domain.steps import Step
from workstation.paths import default_config
from workstation.texts import speak

ROOT = Path(__file__).resolve().parent.parent
MARKED = re.compile(r"(<!-- drawn: (\S+) -->\n).*?(<!-- /drawn -->)", re.DOTALL)
QUOTED = re.compile(r"“([^”]+)”")
_STEP_NAMES: dict[type[Step], str] = {
    step: word.replace("_", " ") for word, step in STEPS.items() if step in TRANSITIONS
}


def drawn(text: str) -> str:
    """Return a document with everything between its marks drawn anew."""
    speak("en")
    return MARKED.sub(lambda found: f"{found[1]}{DRAWINGS[found[2]](text)}\n{found[3]}", text)


def quoted(text: str) -> list[str]:
    """Return the words of the screen that a document quotes, in their order, each once."""
    found = QUOTED.findall(MARKED.sub("", text))
    return list(dict.fromkeys(" ".join(one.split()) for one in found))


def danish(message: str) -> str:
    """Return a text as the Danish screen has it; raises LookupError for one that is on no screen."""
    found = catalogue().get(message)
    if found is None:
        raise LookupError(message)
    return str(found.string or message)


@cache
def catalogue() -> Catalog:
    """Return the Danish catalogue, which a guard holds complete."""
    path = ROOT / "resources" / "translations" / "da" / "LC_MESSAGES" / "workstation.po"
    with path.open("rb") as file:
        return read_po(file)


def alarm_states(_text: str = "") -> str:
    """Return the diagram of the steps that lead an alarm from one state to another."""
    edges: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step, moves in TRANSITIONS.items():
        for old, new in moves.items():
            if old is not new:
                edges[old, new].append(_STEP_NAMES[step])
    ends = [state for state in State if not any(old == state for old, _new in edges)]
    return _diagram(State.RAISED, edges, ends)


def visit_states(_text: str = "") -> str:
    """Return the diagram of the states a visit may go to."""
    edges = {(old, new): [""] for old in VISIT_TRANSITIONS for new in _sorted_visits(old)}
    ends = [state for state, targets in VISIT_TRANSITIONS.items() if not targets]
    return _diagram(VisitState.PLANNED, edges, ends)


def _sorted_visits(old: VisitState) -> list[VisitState]:
    return [state for state in VisitState if state in VISIT_TRANSITIONS[old]]


def _diagram(first: str, edges: Mapping[tuple[str, str], list[str]], ends: Iterable[str]) -> str:
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR", f"    [*] --> {first}"]
    for (old, new), names in edges.items():
        label = ", ".join(filter(None, names))
        lines.append(f"    {old} --> {new}" + (f" : {label}" if label else ""))
    lines += [f"    {state} --> [*]" for state in ends]
    return "\n".join([*lines, "```"])


def alarm_steps(_text: str = "") -> str:
    """Return which step leads where from each state."""
    rows = (
        [_STEP_NAMES[step], *(_target(moves, state) for state in State)]
        for step, moves in TRANSITIONS.items()
    )
    return _table(["Step", *(f"from {state}" for state in State)], rows)


def _target(moves: Mapping[State, State], old: State) -> str:
    new = moves.get(old)
    return "illegal" if new is None else ("stays" if new is old else f"**{new}**")


def keys(_text: str = "") -> str:
    """Return every key of the window under its heading."""
    made = bindings({})
    rows = ([WHERE_TITLES[key.where], f"`{shown(made[key.action])}`", key.title] for key in KEYS)
    return _table(["", "Key", "What it does"], _said_once(rows))


def waits(_text: str = "") -> str:
    """Return what the hub does by itself with each kind of alarm, as it is shipped."""
    alarms = tomllib.loads(default_config().read_text(encoding="utf-8"))["alarms"]
    escalate, untouched = alarms["escalate_after_s"], alarms["untouched_after_s"]
    rows = (
        [
            words.kind(kind),
            f"every {EVERY[kind]:.0f} s" if kind in EVERY else "once",
            _span(timedelta(seconds=escalate[kind])),
            _span(timedelta(seconds=untouched[kind])),
        ]
        for kind in Kind
    )
    head = ["Kind", "Sounds until taken", "Escalated after", "Taken but untouched: back after"]
    return _table(head, rows)


def silences(_text: str = "") -> str:
    """Return how long each class of device may be silent."""
    classes: dict[timedelta, list[DeviceClass]] = defaultdict(list)
    for device_class, patience in SILENT_AFTER.items():
        classes[patience].append(device_class)
    rows = (
        [_span(patience), ", ".join(words.device_class(one) for one in classes[patience])]
        for patience in sorted(classes)
    )
    return _table(["Silent for", "Devices"], rows)


def rights(_text: str = "") -> str:
    """Return which role has which right."""
    rows = (
        [f"`{right}`", *("×" if role in roles else "–" for role in Role)]
        for right, roles in RIGHTS.items()
    )
    return _table(["", *Role], rows)


def policies(_text: str = "") -> str:
    """Return which setting is which value in the registry; the keys are one row."""
    rows = [
        [f"`{one.dotted}`", f"`{REGISTRY_TYPES[one.shape]}`", _policy_form(one)]
        for one in governed()
        if one.key[0] != "keys"
    ]
    key = next(one for one in governed() if one.key[0] == "keys")
    rows.append(["`keys.ACTION`", f"`{REGISTRY_TYPES[key.shape]}`", _policy_form(key)])
    return _table(["Value", "Type", "What it is"], rows)


def _policy_form(one: Governed) -> str:
    return "1 or 0" if one.shape is Shape.FLAG else one.form_text("en")


def screen_words(text: str) -> str:
    """Return the words of the screen that the document quotes, with those of the Danish one."""
    return _table(["Here", "On the Danish screen"], ([one, danish(one)] for one in quoted(text)))


def _span(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    if seconds or minutes < 2:
        return f"{minutes * 60 + seconds} s"
    return f"{minutes} min" if minutes % 60 else f"{minutes // 60} h"


def _said_once(rows: Iterable[list[str]]) -> Iterable[list[str]]:
    before = ""
    for first, *rest in rows:
        yield ["" if first == before else f"**{first}**", *rest]
        before = first


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


DRAWINGS: dict[str, Callable[[str], str]] = {
    "alarm-states": alarm_states,
    "alarm-steps": alarm_steps,
    "visit-states": visit_states,
    "keys": keys,
    "waits": waits,
    "silences": silences,
    "policies": policies,
    "rights": rights,
    "screen-words": screen_words,
}
"""What can stand between marks, by name."""


def documents() -> list[Path]:
    """Return every document of ours."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


if __name__ == "__main__":
    for path in documents():
        old = path.read_text(encoding="utf-8")
        new = drawn(old)
        if new != old:
            path.write_text(new, encoding="utf-8")
            print(path.relative_to(ROOT))
