"""Finds texts in the code that would reach a screen without passing the catalogues."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SOURCES = ("workstation", "ui", "main.py")
SCREENS = ("ui/", "workstation/commands", "main.py")
"""Where texts are shown; elsewhere literals are names and data."""

DANISH_DATA = (
    # The people, streets and stories of the demo are Danish as they are.
    "workstation/adapters/simulated/",
    "workstation/domain/kommuner.py",  # proper names are the same in every language
)

MARKS = frozenset({"_", "N_", "_title", "ngettext"})

SHOWS = frozenset(
    {
        # widgets made with their text first
        *("QAction", "QCheckBox", "QDockWidget", "QGroupBox", "QLabel", "QLineEdit", "QMenu"),
        *("QMessageBox", "QPushButton", "QRadioButton", "QTableWidgetItem", "QToolButton"),
        # adding something that has a text
        *("addAction", "addItem", "addItems", "addMenu", "addRow", "addTab", "addToolBar"),
        *("insertItem", "insertTab", "showMessage", "showText", "drawText"),
        # QMessageBox and QInputDialog
        *("about", "critical", "information", "question", "warning", "getText", "getItem"),
        # setters
        *("setAccessibleDescription", "setAccessibleName", "setHeaderLabels", "setHtml"),
        *("setHorizontalHeaderLabels", "setIconText", "setInformativeText", "setItemText"),
        *("setLabel", "setLabelText", "setMarkdown", "setPlaceholderText", "setPlainText"),
        *("setPrefix", "setStatusTip", "setSubTitle", "setSuffix", "setTabText"),
        *("setTabToolTip", "setText", "setTitle", "setToolTip", "setWhatsThis"),
        *("setWindowTitle",),
    }
)
"""Calls whose literal arguments an operator reads."""

SHOWN_AS = frozenset(
    {
        "accessible_name",
        "hint",
        "label",
        "message",
        "placeholder",
        "sentence",
        "text",
        "title",
        "tip",
    }
)
"""Keyword arguments an operator reads, whatever is called."""

NOT_SHOWN = frozenset({"critical", "debug", "error", "exception", "info", "log", "warning"})
"""What a logger is asked for: the log is English."""

LOGGERS = frozenset({"log", "logger", "logging"})
HELP = frozenset({"description", "epilog", "help", "metavar", "prog", "usage"})
"""argparse's own texts are for IT, in English."""

WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"^[A-ZÆØÅ][a-zæøå]+[,:]? ([\w-]+[,:;]? )*[a-zæøå]{2,}[\w ,:;-]*[.!?…]?$")
"""A capital first and a small word after it: "Noto Sans" is a name, "No sound" is a sentence."""
COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}")
DANISH = re.compile(r"[æøåÆØÅ]")


def sources(root: Path) -> list[Path]:
    """Return the files whose texts are extracted, in a fixed order."""
    return sorted(
        path
        for name in SOURCES
        for path in ([root / name] if name.endswith(".py") else (root / name).rglob("*.py"))
        if path.exists()
    )


def complaints(root: Path) -> Iterator[str]:
    """Yield a sentence for every text that bypasses the catalogues."""
    for path in sources(root):
        place = path.relative_to(root).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        finder = _Finder(shown=place.startswith(SCREENS))
        finder.visit(tree)
        yield from (f"{place}:{line}: {text}" for line, text in finder.found)
        if not place.startswith(DANISH_DATA):
            yield from (f"{place}:{line}: {text}" for line, text in _danish(tree))


def _danish(tree: ast.Module) -> Iterator[tuple[int, str]]:
    told = _docstrings(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if node not in told and DANISH.search(text):
                yield node.lineno, f"Danish belongs in the catalogue: {text!r}"
            case _:
                continue


def _docstrings(tree: ast.Module) -> set[ast.Constant]:
    """Return every string that stands alone: docstrings and notes below a field."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _literals(node: ast.expr) -> Iterator[str]:
    """Yield the literal parts of an expression; what is wrapped or computed has none."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
            for part in parts:
                yield from _literals(part)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _literals(left)
            yield from _literals(right)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _literals(body)
            yield from _literals(orelse)
        case _:
            return


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _is_log(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=word):
            return word in NOT_SHOWN and owner.strip("_").lower() in LOGGERS
        case _:
            return False


class _Finder(ast.NodeVisitor):
    """Walks one file; `found` are lines and what is wrong there."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self.found: list[tuple[int, str]] = []

    def visit_Raise(self, node: ast.Raise) -> None:
        """Judge nothing here: errors speak to developers, operators read the catalogue."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """Judge nothing here either."""

    def visit_Expr(self, node: ast.Expr) -> None:
        """Leave out docstrings: nobody is shown them."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Judge the arguments of a call."""
        if _name(node) in MARKS:
            self._judge_mark(node)
        elif not _is_log(node):
            if self._shown:
                self._judge_call(node)
            self.visit(node.func)
            for argument in node.args:
                self.visit(argument)
            for keyword in node.keywords:
                if keyword.arg not in HELP:
                    self.visit(keyword.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Refuse a whole sentence wherever it stands: it is meant to be read."""
        if self._shown and isinstance(node.value, str) and SENTENCE.match(node.value):
            self._complain(node, node.value)

    def _judge_mark(self, call: ast.Call) -> None:
        wanted = 2 if _name(call) == "ngettext" else 1
        for argument in call.args[:wanted]:
            if isinstance(argument, ast.JoinedStr | ast.BinOp):
                text = "an f-string cannot be looked up: use a placeholder and .format()"
                self.found.append((argument.lineno, text))

    def _judge_call(self, call: ast.Call) -> None:
        shown = list(call.args) if _name(call) in SHOWS else []
        shown += [keyword.value for keyword in call.keywords if keyword.arg in SHOWN_AS]
        for argument in shown:
            for text in _literals(argument):
                if WORD.search(COLOUR.sub("", text)) and not SENTENCE.match(text):
                    self._complain(argument, text)

    def _complain(self, node: ast.expr, text: str) -> None:
        self.found.append((node.lineno, f"not for the catalogue: {text!r}; wrap it in _()"))
