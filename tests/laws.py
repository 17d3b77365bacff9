"""The house rules as small programs: each law has a reason, a checker, one good and one bad sample.

A checker reads one file and returns what is wrong with it, one line of text per fault.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40


@dataclass(frozen=True)
class Source:
    """One file: its path below the project folder, and what stands in it."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))


Checker = Callable[[Source], Iterator[str]]


@dataclass(frozen=True)
class Law:
    """`holds_for` is a regular expression over paths; the samples are shown to the checker as `sample`."""

    name: str
    reason: str
    check: Checker
    holds_for: str
    good: str
    bad: str
    sample: str = "exam_server/exam/service.py"


PRODUCT = r"(config|wsgi|(exam_server|question_bank)/(?!migrations/).*)\.py"
TESTS = r"tests/.*\.py"
TEMPLATES = r"templates/.*\.html"


def sources(pattern: str) -> list[Source]:
    """Every file of the project whose whole path matches."""
    found = []
    for folder in ("", "exam_server", "question_bank", "tests", "templates", "static", "docs", "bench"):
        files = (ROOT / folder).rglob("*") if folder else ROOT.glob("*")
        for file in sorted(files):
            path = file.relative_to(ROOT).as_posix()
            if re.fullmatch(pattern, path) and file.is_file():
                found.append(Source(path, file.read_text("utf-8")))
    return found


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
    proving: set[str] = set()
    for _ in functions:  # a helper may prove by another helper
        proving |= {
            node.name for node in functions if any(_proves(inner, proving) for inner in ast.walk(node))
        }
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


WORKPLACE = re.compile(r"(?<![\w.$-])/(?:home|Users|root|tmp)/\w|--(?:extra-)?index-url|--find-links")


def names_a_workplace(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if WORKPLACE.search(line):
            yield f"{number}: {line.strip()[:60]}"


LAWS = (
    Law(
        "the clock is read in clock.py only",
        "time enters once and travels down as now; a second reading is a second truth",
        wall_clock,
        PRODUCT.replace("(?!", "(?!clock\\.py|", 1),
        "def late(deadline, now):\n    return now >= deadline\n",
        "def late(deadline):\n    return datetime.now(UTC) >= deadline\n",
    ),
    Law(
        "commit and rollback stand in db.py only",
        "one function = one transaction; a commit in the middle makes half an act durable",
        commits,
        PRODUCT.replace("(?!", "(?!db\\.py|", 1),
        "def act(db):\n    with db.write() as tx:\n        tx.add(1)\n",
        "def act(tx):\n    tx.add(1)\n    tx.commit()\n",
    ),
    Law(
        "rules are pure",
        "a rule that knows no clock, chance, framework or database can be proved at every cut",
        forbidden_import(
            "random",
            "secrets",
            "time",
            "flask",
            "sqlalchemy",
            "exam_server.clock",
            "exam_server.db",
            "exam_server.models",
            "exam_server.extensions",
            "os",
            "socket",
        ),
        r"exam_server/.*/rules\.py|question_bank/(?!formats).*\.py",
        "from datetime import timedelta\n",
        "import random\n",
    ),
    Law(
        "views and sockets know no tables",
        "one service layer serves page, API and socket, so none of them can go around a rule",
        forbidden_import("sqlalchemy", "exam_server.models", "exam_server.audit"),
        r"exam_server/(auth|live|pages|extensions|.*/(views|sockets|publisher))\.py",
        "from exam_server.board import service\n",
        "from exam_server.models import Attempt\n",
    ),
    Law(
        "services know no framework",
        "what needs a browser's request to run can be run neither by a command nor by the sweeper",
        forbidden_import(
            "flask",
            "flask_login",
            "flask_socketio",
            "werkzeug",
            "socketio",
            "exam_server.auth",
            "exam_server.extensions",
            "exam_server.live",
        ),
        r"exam_server/(models/.*|db|clock|errors|audit|language|lock|rounds|schema|.*/(service|rules|saves|autosave|papers|"
        r"refusals|sweeper|desk|pictures|intake|codec))\.py",
        "from exam_server.db import Database\n",
        "from flask import g\n",
    ),
    Law(
        "only wsgi.py knows the async server",
        "eventlet is being retired; changing it must be one file's work",
        forbidden_import("eventlet", "gevent", "greenlet"),
        r"(config|(exam_server|question_bank)/.*)\.py",
        "import threading\n",
        "from eventlet import tpool\n",
    ),
    Law(
        "product code does not assert",
        "assert vanishes under python -O; what must hold is refused by a named error or by the schema",
        asserts,
        PRODUCT,
        "def act(x):\n    if x < 0:\n        raise ValueError\n",
        "def act(x):\n    assert x >= 0\n",
    ),
    Law(
        "nothing is evaluated or unpickled",
        "questions and answers come from strangers; other exam systems were taken over this way",
        evaluates,
        PRODUCT,
        "import json\nvalue = json.loads(text)\n",
        "value = eval(text)\n",
    ),
    Law(
        "modules and functions stay short",
        "giants are models that grew behaviour or views cut by layer",
        too_long,
        PRODUCT,
        "x = 1\n",
        "def f():\n" + "    x = 1\n" * 41,
    ),
    Law(
        "what a module offers says what it promises",
        "a public function has one sentence that is a promise",
        without_docstring,
        r"(exam_server|question_bank)/(?!migrations/)(.*/)?(service|rules|saves|autosave|papers|"
        r"desk|audit|db|auth|live|lock|clock|blueprint|scoring|validate|items)\.py",
        '"""Owns a rule."""\ndef choose(x):\n    """One choice."""\n    y = x\n    return y\n',
        '"""Owns a rule."""\ndef choose(x):\n    y = x\n    return y\n',
    ),
    Law(
        "product code does not know that it is being tried out",
        "a branch that only a test takes proves nothing about the branch that people take",
        knows_of_tests,
        PRODUCT,
        "sitting = 1\n",
        "if app.config['TESTING']:\n    grace = 0\n",
    ),
    Law(
        "SQL stands beside the tables it names",
        "a statement in a view or a page goes around the rule that its service owns",
        sql_text,
        r"(config|wsgi|exam_server/(?!migrations/|models/|db\.py|.*/(service|saves)\.py).*)\.py",
        'said = "select one of the sessions"\n',
        'found = "SELECT id FROM attempt"\n',
    ),
    Law(
        "a test function has the prefix",
        "a test without its prefix never ran, in code that was admired for its tests",
        without_prefix,
        r"tests/(.*/)?test_.*\.py",
        "def test_one_is_one():\n    assert 1 == 1\n",
        "def one_is_one():\n    assert 1 == 1\n",
        "tests/test_sample.py",
    ),
    Law(
        "every test asserts",
        "a test without an assertion is green whatever happens",
        proves_nothing,
        r"tests/(.*/)?test_.*\.py",
        "def test_a_choice():\n    assert choose(1) == 1\n",
        "def test_a_choice():\n    choose(1)\n",
        "tests/test_sample.py",
    ),
    Law(
        "no test sleeps and hopes",
        "a sleep is too short on a busy machine and too long on every other",
        sleeps,
        TESTS,
        "while not ready():\n    time.sleep(0.01)\n",
        "time.sleep(1)\n",
        "tests/test_sample.py",
    ),
    Law(
        "pages carry no inline code",
        "the content security policy refuses it, and nothing comes from another host",
        inline_code,
        TEMPLATES,
        '<script nonce="{{ nonce() }}">1</script><button type="button" class="on">x</button>',
        '<button onclick="go()" style="color:red">x</button><script>go()</script>',
        "templates/exam/sample.html",
    ),
    Law(
        "no file names the place where it was written",
        "it must run on any machine, with any index of packages",
        names_a_workplace,
        rf"{PRODUCT}|{TEMPLATES}|tests/(?!laws\.py).*\.(py|sh)|bench/.*\.(py|c)|static/(?!lib/).*\.(js|css)|docs/.*\.md|Makefile|"
        r"[^/.][^/]*\.(md|toml|cfg|in|txt)",
        "ROOT = Path(__file__).parent\n",
        "ROOT = Path('/home/somebody/exam')\n",
    ),
)
