"""The house rules as small programs: each law has a reason, a checker, one good and one bad sample."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.law_checks import (
    Checker,
    Source,
    asserts,
    commits,
    evaluates,
    forbidden_import,
    inline_code,
    knows_of_tests,
    names_a_workplace,
    proves_nothing,
    sleeps,
    sql_text,
    too_long,
    wall_clock,
    without_docstring,
    without_prefix,
)

ROOT = Path(__file__).resolve().parents[1]


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


@cache
def paths() -> tuple[str, ...]:
    """Of every file of the project that somebody wrote, relative to its folder."""
    found = [*ROOT.glob("*")]
    for folder in ("exam_server", "question_bank", "tests", "templates", "static", "docs", "bench"):
        found += sorted((ROOT / folder).rglob("*"))
    return tuple(file.relative_to(ROOT).as_posix() for file in found if file.is_file())


def sources(pattern: str) -> list[Source]:
    """Every file of the project whose whole path matches."""
    return [_source(path) for path in paths() if re.fullmatch(pattern, path)]


@cache
def faults() -> dict[str, list[str]]:
    """Name of a law -> where it is broken. Each file is read and parsed once for all of its laws."""
    broken: dict[str, list[str]] = {law.name: [] for law in LAWS}
    for path in paths():
        laws = [law for law in LAWS if re.fullmatch(law.holds_for, path)]
        if laws:
            source = _source(path)
            for law in laws:
                broken[law.name] += [f"{path}:{fault}" for fault in law.check(source)]
    return broken


def _source(path: str) -> Source:
    return Source(path, (ROOT / path).read_text("utf-8"))


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
        r"exam_server/(models/.*|db|clock|errors|audit|language|lock|rounds|schema|mail|tokens|throttle|"
        r".*/(service|rules|letters|saves|autosave|papers|"
        r"refusals|sweeper|postman|carrier|message|acts|joining|desk|pictures|intake|codec))\.py",
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
        r"postman|carrier|message|acts|joining|desk|audit|mail|tokens|throttle|letters|db|auth|live|lock|clock|blueprint|scoring|validate|items)\.py",
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
        r"(config|wsgi|exam_server/(?!migrations/|models/|db\.py|throttle\.py|.*/(service|saves|journal|late)\.py).*)\.py",
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
