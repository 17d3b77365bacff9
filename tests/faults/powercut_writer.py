"""What the power is cut under: the application's own writer and intake of files, telling every promise.

A promise is one line in a file of its own, written at the moment at which a candidate would hear of it. Run
as a program with the path of a plan (JSON, see `Plan`), whose `weak` names what is left unsynced.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from exam_server import db as foundations
from exam_server.db import Database
from exam_server.documents import files, receiving
from exam_server.exam.autosave import Act, GroupCommit
from exam_server.exam.rules import Item
from exam_server.exam.saves import Save, Stored

MOST_AT_ONCE = 6
POSITIONS, OPTIONS = 4, 4


@dataclass(frozen=True)
class Plan:
    """How much is done, by whom (attempt, session, lease, account) and where."""

    folder: str
    database: str
    promises: str
    picture: str
    now: str
    people: list[list[int]]
    rounds: int
    uploads: int
    seed: int
    weak: str


class Writer:
    """Saves and uploads, one round after another; promises are told in the order in which they were made."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._now = plan, datetime.fromisoformat(plan.now)
        self._dice = random.Random(plan.seed)
        self._db = Database(plan.database)
        self._saving = GroupCommit(self._db)
        self._promises = os.open(plan.promises, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._seqs: dict[tuple[int, int], int] = {}

    def run(self) -> None:
        if not self._plan.weak:
            self._db.check()
        self._saving.start()
        every = max(1, self._plan.rounds // max(1, self._plan.uploads))
        for number in range(self._plan.rounds):
            if self._plan.uploads and number % every == every // 2:
                self._upload(number // every)
            self._save_together()
        self._saving.stop()
        self._db.close()

    def _save_together(self) -> None:
        """A few candidates at once, as one commit or two."""
        together = self._dice.sample(self._plan.people, self._dice.randint(1, MOST_AT_ONCE))
        left = threading.Semaphore(0)
        for attempt, session, lease, _ in together:
            item = self._item(attempt)
            save = Save(attempt, session, lease, (item,), self._now)
            self._saving.put(Act(save, self._telling(attempt, item, left)))
        for _ in together:
            left.acquire()

    def _item(self, attempt: int) -> Item:
        position = self._dice.randint(1, POSITIONS)
        seq = self._seqs[attempt, position] = self._seqs.get((attempt, position), 0) + 1
        return Item(position, seq, self._dice.randint(1, OPTIONS), False)

    def _telling(self, attempt: int, item: Item, left: threading.Semaphore) -> Any:
        def done(outcome: Any) -> None:
            if isinstance(outcome, Stored) and outcome.fates[item.position][0] == "saved":
                self._promise("saved", attempt, item.position, item.seq, item.option)
            left.release()

        return done

    def _upload(self, number: int) -> None:
        account = self._plan.people[number % len(self._plan.people)][3]
        with open(self._plan.picture, "rb") as picture:
            held = receiving.receive(self._db, Path(self._plan.folder), lambda act, *args: act(*args),
                                     account, "ktp", picture, self._now)  # fmt: skip
        self._promise("kept", held.public_id)

    def _promise(self, *said: object) -> None:
        os.write(self._promises, (" ".join(map(str, said)) + "\n").encode())


def weak_commits() -> None:
    """NORMAL: the kernel writes commits when it likes."""
    foundations.SQLITE_PRAGMAS["synchronous"] = 1


def weak_files() -> None:
    """The kernel writes uploaded files and their folders when it likes."""
    files._on_disk = lambda path: None  # type: ignore[assignment]


def weak_root() -> None:
    """All is synced but the folder in which the first upload makes the folder of all uploads."""
    sync = files._on_disk
    files._on_disk = lambda path: sync(path) if path.name != "data" else None  # type: ignore[assignment]


WEAKNESSES = {"commits": weak_commits, "files": weak_files, "root": weak_root}


if __name__ == "__main__":
    plan = Plan(**json.loads(Path(sys.argv[1]).read_text()))
    if plan.weak:
        WEAKNESSES[plan.weak]()
    Writer(plan).run()
