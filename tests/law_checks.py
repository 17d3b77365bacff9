"""What each house rule looks for: a checker reads one file and yields one line of text per fault."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

LONGEST_MODULE, LONGEST_FUNCTION = 300, 40


@dataclass(frozen=True)
class Source:
    """One file: its path below the project folder, and what stands in it."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))


Checker = Callable[[Source], Iterator[str]]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a chain of names; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def imported(source: Source) -> Iterator[tuple[int, str]]:
    """(line, full name) of everything that is imported."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def wall_clock(source: Source) -> Iterator[str]:
    """Reading any clock; `time.monotonic` measures and is nobody's `now`."""
    readings = {
        "time.time",
        "time.time_ns",
        "time.clock_gettime",
        "datetime.now",
        "datetime.utcnow",
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "date.today",
        "datetime.date.today",
    }
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and dotted(node) in readings:
            yield f"{node.lineno}: {dotted(node)}"
    for line, name in imported(source):
        if name in readings:
            yield f"{line}: imports {name}"


def commits(source: Source) -> Iterator[str]:
    for node in source.nodes:
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in ("commit", "rollback"):
            yield f"{called.lineno}: .{called.attr}()"


def forbidden_import(*names: str) -> Checker:
    def check(source: Source) -> Iterator[str]:
        for line, name in imported(source):
            if any(name == bad or name.startswith(bad + ".") for bad in names):
                yield f"{line}: imports {name}"

    return check


def asserts(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, ast.Assert):
            yield f"{node.lineno}: assert vanishes under python -O"


def evaluates(source: Source) -> Iterator[str]:
    dangerous = ("eval", "exec", "compile", "__import__", "yaml.load", "os.system", "marshal.loads")
    for node in source.nodes:
        if isinstance(node, ast.Call) and dotted(node.func) in dangerous:
            yield f"{node.lineno}: {dotted(node.func)}()"
    yield from forbidden_import("pickle", "marshal", "shelve", "dill")(source)


def too_long(source: Source) -> Iterator[str]:
    lines = source.text.count("\n")
    if lines > LONGEST_MODULE:
        yield f"{lines} lines in the module"
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{node.lineno}: {length} lines in {node.name}"


def without_docstring(source: Source) -> Iterator[str]:
    """A module says which rule it owns, and each function that it offers says what it promises."""
    if not ast.get_docstring(source.tree):
        yield "1: the module does not say which rule it owns"
    functions = [node for node in source.tree.body if isinstance(node, ast.FunctionDef)]
    for node in functions:
        if node.name[0] != "_" and _is_long(node) and not ast.get_docstring(node):
            yield f"{node.lineno}: {node.name} promises nothing"


def _is_long(node: ast.FunctionDef) -> bool:
    """A name and its types say enough of a function that only returns one expression, or is an overload."""
    if any(dotted(decorator) == "overload" for decorator in node.decorator_list):
        return False
    return len(node.body) > 1 or not isinstance(node.body[0], ast.Return)


TESTING = re.compile(r"(?i:pytest|unittest|under.test)|\bTESTING\b")


def knows_of_tests(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if TESTING.search(line):
            yield f"{number}: {line.strip()[:60]}"


def _is_fixture(node: ast.FunctionDef) -> bool:
    return any(
        "fixture" in ast.dump(decorator) or "listens_for" in ast.dump(decorator)
        for decorator in node.decorator_list
    )


def without_prefix(source: Source) -> Iterator[str]:
    """A function of a test module that asserts, is used by nobody and is no fixture: it never runs."""
    used = {node.id for node in source.nodes if isinstance(node, ast.Name)}
    used |= {node.attr for node in source.nodes if isinstance(node, ast.Attribute)}
    for node in _functions(source):
        name = node.name
        if not name.startswith(("test_", "_")) and name not in used and not _is_fixture(node):
            yield f"{node.lineno}: {name} is neither a test nor used"


def _functions(source: Source) -> list[ast.FunctionDef]:
    """The functions of a test module, and the methods of its test classes."""
    groups = [source.tree.body]
    groups += [node.body for node in source.tree.body
               if isinstance(node, ast.ClassDef) and node.name.startswith("Test")]  # fmt: skip
    return [node for group in groups for node in group if isinstance(node, ast.FunctionDef)]


PROVERS = re.compile(r"raises|warns|fail$|(^|\.)_?(assert|expect|check|must|prove|refused|holds|until)")


def proves_nothing(source: Source) -> Iterator[str]:
    """A test without an assertion of its own, of a helper beside it, or of one named like a proof."""
    functions = _functions(source)
    inside = [(node.name, list(ast.walk(node))) for node in functions]
    proving: set[str] = set()
    while found := {  # a helper may prove by another helper
        name
        for name, nodes in inside
        if name not in proving and any(_proves(inner, proving) for inner in nodes)
    }:
        proving |= found
    for node in functions:
        if node.name.startswith("test_") and node.name not in proving:
            yield f"{node.lineno}: {node.name} asserts nothing"


def _proves(node: ast.AST, helpers: set[str]) -> bool:
    if isinstance(node, ast.Assert):
        return True
    called = dotted(node.func) if isinstance(node, ast.Call) else ""
    return called in helpers or bool(PROVERS.search(called))


def sleeps(source: Source) -> Iterator[str]:
    """Sleeping is only allowed while waiting for a condition, in a loop."""
    loops = [node for node in source.nodes if isinstance(node, ast.While | ast.For)]
    waiting = {id(inner) for loop in loops for inner in ast.walk(loop)}
    for node in source.nodes:
        if (
            isinstance(node, ast.Call)
            and dotted(node.func) in ("time.sleep", "sleep")
            and id(node) not in waiting
        ):
            yield f"{node.lineno}: sleeps and hopes"


INLINE = re.compile(r"<[a-z][^<>]*?\s(on[a-z]+|style)\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<(script|style)\b([^>]*)>", re.IGNORECASE)
FOREIGN = re.compile(
    r"""(?:src|href)\s*=\s*["'](?:https?:)?//[^"']*\.(?:js|css|woff2?|png|svg)""", re.IGNORECASE
)


def inline_code(source: Source) -> Iterator[str]:
    """Handlers, styles and scripts in the page itself, and assets from another host."""
    for found in INLINE.finditer(source.text):
        yield f"{_line(source, found)}: {found[1]}= in a tag"
    for found in SCRIPT.finditer(source.text):
        named = "src=" in found[2] or "nonce=" in found[2] or "application/json" in found[2]
        if not named:
            yield f"{_line(source, found)}: <{found[1]}> without nonce or src"
    for found in FOREIGN.finditer(source.text):
        yield f"{_line(source, found)}: an asset from another host"


def _line(source: Source, found: re.Match[str]) -> int:
    return source.text.count("\n", 0, found.start()) + 1


SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|TRIGGER))\b",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)


def sql_text(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            yield f"{node.lineno}: {node.value.strip()[:40]!r}"


WORKPLACE = re.compile(r"(?<![\w.$-])/(?:home|Users|root|tmp)/\w|--(?:extra-)?index-url|--find[-]links")


def names_a_workplace(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if WORKPLACE.search(line):
            yield f"{number}: {line.strip()[:60]}"
