"""The real server and the whole hostile corpus: its memory stays, and others are answered meanwhile."""

from __future__ import annotations

import http.client
import io
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import IO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.schema import upgrade
from tests.documents import corpus
from tests.factories import add_account
from tests.processes import ROOT
from tests.servers import ExamServer

pytestmark = pytest.mark.slow

MEGABYTE = 1024 * 1024
LONGEST_WAIT = 1.5
"""Seconds; others get the processor too on a machine that runs tests."""


class Browser:
    """One signed-in candidate in front of the real server."""

    def __init__(self, server: ExamServer, db: Database) -> None:
        now = datetime.now(UTC)
        person = add_account(db, created_at=now, activated_at=now)
        self._address = ("127.0.0.1", server.port)
        self._cookie = f"exam={accounts.open_session(db, person.id, 'uji', now)}"
        page = self.ask("GET", "/documents")[1].decode()
        found = re.search(r'name="csrf" content="(\w+)"', page)
        assert found
        self._csrf = found[1]

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(*self._address, timeout=60)
        try:
            connection.request(method, path, body, {"Cookie": self._cookie} | headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def send(self, data: bytes, name: str, accept: str = "application/json") -> tuple[int, bytes]:
        form = {"file": FileStorage(_opened(data), name), "csrf": self._csrf}
        boundary, body = encode_multipart(form)
        kind = f'multipart/form-data; boundary="{boundary}"'
        return self.ask("POST", "/documents/ktp", body, **{"Content-Type": kind, "Accept": accept})


def _opened(data: bytes) -> IO[bytes]:
    return io.BytesIO(data)


class Watch:
    """Asks for a page again and again until it is left; how often and how long each took, in seconds."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.took: list[float] = []

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._over.wait(0.02):
            began = time.monotonic()
            status, _ = self._browser.ask("GET", "/healthz")
            if status == 200:
                self.took.append(time.monotonic() - began)


def memory(pid: int, which: str) -> int:
    """VmRSS or VmHWM (the highest so far) of a process, in bytes."""
    text = Path(f"/proc/{pid}/status").read_text()
    found = re.search(rf"{which}:\s+(\d+) kB", text)
    assert found
    return int(found[1]) * 1024


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'exam.db'}")
    upgrade(database)
    yield database
    database.close()


@pytest.fixture(params=["eventlet", "gevent", "threading"])
def server(request: pytest.FixtureRequest, db: Database, tmp_path: Path) -> Iterator[ExamServer]:
    serving = ExamServer(tmp_path, async_mode=request.param)
    yield serving
    serving.close()


def test_the_corpus_is_refused_in_little_memory_while_others_are_answered(
    server: ExamServer, db: Database
) -> None:
    first = Browser(server, db)
    assert first.send(corpus.jpeg(4000, 3000), "ktp.jpg")[0] == 200
    before, answers = memory(server.pid, "VmRSS"), {}
    with Watch(first) as watch:
        browser = first
        for number, (name, (data, _)) in enumerate(corpus.hostile().items()):
            if number % 15 == 14:  # nobody may send more than twenty a day
                browser = Browser(server, db)
            status, told = browser.send(data, name)
            answers[name] = (status, json.loads(told)["code"])
        status, _ = browser.send(corpus.busy_pdf(), "lama.pdf")
        assert status == 200, server.log[-4000:]
    assert answers == {name: (422, code) for name, (_, code) in corpus.hostile().items()}
    assert memory(server.pid, "VmHWM") - before < 200 * MEGABYTE
    assert len(watch.took) > 30
    assert max(watch.took) < LONGEST_WAIT, sorted(watch.took)[-5:]


def test_a_file_over_the_limit_gets_its_sentence_from_the_real_server(
    server: ExamServer, db: Database
) -> None:
    browser = Browser(server, db)
    status, page = browser.send(bytes(5 * MEGABYTE + 1), "besar.jpg", accept="text/html")
    assert status == 413
    assert "lebih besar dari 5 MB" in unescape(page.decode())


PATCHES = {
    "eventlet": "import eventlet; eventlet.monkey_patch()",
    "gevent": "from gevent import monkey; monkey.patch_all()",
    "threading": "",
}
GIVE_UP = """
import sys, pathlib
from exam_server.documents import intake
intake.CHILD, intake.PATIENCE = pathlib.Path(sys.argv[1]), 0.3
try:
    intake.examine(intake.CHILD, intake.CHILD)
except intake.ExaminerBusy as problem:
    print(problem.code)
"""


@pytest.mark.parametrize("mode", PATCHES)
def test_a_child_that_takes_too_long_is_ended_under_every_server(tmp_path: Path, mode: str) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("while True: pass")
    command = [sys.executable, "-W", "ignore", "-c", PATCHES[mode] + GIVE_UP, str(slow)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "examiner_busy\n", done.stderr


def test_many_uploads_at_once_are_examined_one_after_another(server: ExamServer, db: Database) -> None:
    people = [Browser(server, db) for _ in range(6)]
    answers: list[int] = []

    def send(browser: Browser) -> None:
        answers.append(browser.send(corpus.jpeg(4000, 3000), "ktp.jpg")[0])

    threads = [threading.Thread(target=send, args=(one,)) for one in people]
    with Watch(people[0]) as watch:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [200] * 6
    assert max(watch.took) < LONGEST_WAIT, sorted(watch.took)[-5:]
