"""F1, results: the server is killed with -9 in the middle of what decides about people; nothing is ever half.

Before each write of the transaction, before its commit and right after it: afterwards everything is as it was
before, or as it is after, the verification agrees, and doing it again works (or says that it is done).
"""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.accounts import service as accounts
from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.models import (
    Approval,
    AuditEntry,
    ItemKey,
    Mail,
    PlaceEvent,
    Placing,
    Reminder,
    ResultAnnouncement,
    ResultVersion,
    Score,
    SelectionList,
)
from exam_server.schema import upgrade
from exam_server.verify import service as verify
from exam_server.verify.corrections import NOT_APPLIED
from tests.announcements.announcing import publish
from tests.corrections.samples import NOW, OTHER, turned
from tests.faults.crowd import until
from tests.faults.sizes import full
from tests.placings.samples import DAY_OF_RESULT, LATER, Places
from tests.ranking.stand import SECRET, Stand, build
from tests.servers import ExamServer
from tests.worlds import wall

pytestmark = pytest.mark.slow

DYING = Path(__file__).with_name("dying.py")
OVER = LATER + timedelta(hours=72)
OUT = 1
"""The letter that the result is out."""

TABLES = (ItemKey, Score, ResultVersion, SelectionList, Placing, PlaceEvent, ResultAnnouncement)
WITHIN = 30.0
CSRF = re.compile(r'<meta\s+name="csrf"\s+content="([^"]+)"')

Facts = dict[str, Any]


@dataclass
class Scene:
    """A server that can be told where to die, over a database with a selection in it."""

    db: Database
    folder: Path
    server: ExamServer

    def told(self, name: str, what: object) -> None:
        (self.folder / name).write_text(str(what))

    def said(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def facts(self) -> Facts:
        """Whatever a decision about results leaves behind."""
        with self.db.read() as tx:
            found: Facts = {one.__tablename__: tx.scalar(sa.select(sa.func.count()).select_from(one))
                            for one in TABLES}  # fmt: skip
            found["approvals"] = tx.scalars(sa.select(Approval.outcome).order_by(Approval.id)).all()
            letters = sa.select(Mail.account_id, Mail.subject).where(Mail.subject.contains("tempat"))
            found["letters"] = [tuple(row) for row in tx.execute(letters.order_by(Mail.id))]
            found["told"] = tx.scalars(
                sa.select(Reminder.object_id).where(Reminder.kind == "offer_lapsed")
            ).all()
            deeds = AuditEntry.act.not_in(("session.opened", "access.refused"))
            found["trail"] = tx.scalars(sa.select(AuditEntry.act).where(deeds).order_by(AuditEntry.id)).all()
        return found

    def agrees(self) -> None:
        """Whatever is counted again is as it was told."""
        assert verify.look(self.db, self.folder, SECRET).problems == []


@contextmanager
def serving(
    db: Database, folder: Path, now: datetime, mark: str = "", at: str = "", **env: str
) -> Iterator[Scene]:
    """`now` is the server's; `mark` and `at` are what it is told before it starts."""
    dies = folder / "dies"
    dies.mkdir()
    (dies / "mark").write_text(mark)
    (dies / "at").write_text(at)
    server = ExamServer(
        folder, db.engine.url.render_as_string(hide_password=False), script=DYING,
        env={"EXAM_DIES": str(dies), "EXAM_SHIFT": str((now - wall()).total_seconds()), "SECRET_KEY": SECRET,
             "BANK_KEY": "b" * 40, **env},
    )  # fmt: skip
    try:
        yield Scene(db, dies, server)
    finally:
        server.close()


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    db = Database(database_url)
    upgrade(db)
    yield db
    db.close()


class Official:
    """The second official's browser."""

    def __init__(self, scene: Scene, account_id: int, now: datetime) -> None:
        self._scene = scene
        self._cookie = f"exam={accounts.open_session(scene.db, account_id, 'uji', now)}"

    def grant(self, asked: str) -> int | None:
        """The status of the answer; None when there was none."""
        path = f"/approvals/{asked}"
        try:
            found = CSRF.search(self._sent(path).decode())
            assert found
            self._sent(f"{path}/grant", {"X-CSRF": found[1], "Accept": "application/json"}, b"")
        except urllib.error.HTTPError as problem:
            return problem.code
        except OSError:
            return None
        return 200

    def _sent(self, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> bytes:
        named = {"Cookie": self._cookie, **(headers or {})}
        request = urllib.request.Request(self._scene.server.url + path, data=body, headers=named)
        with urllib.request.urlopen(request, timeout=WITHIN) as answer:
            return bytes(answer.read())


def places_to_die(count: int) -> list[int]:
    """Before each of the writes, or before one in the middle; always before the commit and after it."""
    writes = range(1, count + 1) if full() else [count // 2 + 1]
    return [*writes, count + 1, count + 2]


def killed_while_granting(scene: Scene, official: Official, asked: str) -> tuple[Facts, Facts]:
    """The facts before and after; the server was killed everywhere in between."""
    scene.told("mark", "^UPDATE approval SET")
    before = scene.facts()
    scene.told("at", 0)
    assert official.grant(asked) == 500
    assert scene.facts() == before
    for at in places_to_die(int(scene.said("count"))):
        scene.told("at", at)
        assert official.grant(asked) is None
        assert until(lambda: not scene.server.alive, WITHIN)
        if scene.said("last") != "done":
            assert scene.facts() == before, scene.said("last")
        scene.agrees()
        scene.server.start()
    assert scene.said("last") == "done"
    after = scene.facts()
    assert official.grant(asked) == 409
    assert scene.facts() == after
    return before, after


def more(before: Facts, after: Facts) -> Facts:
    """What there is more of."""
    return {one.__tablename__: grown for one in TABLES
            if (grown := after[one.__tablename__] - before[one.__tablename__])}  # fmt: skip


def test_a_correction_is_granted_whole_or_not_at_all_whenever_the_server_dies(
    empty: Database, tmp_path: Path
) -> None:
    case = turned(empty, frozen=True)
    asked = case.ask(Wish("key", OTHER))
    with serving(empty, tmp_path, NOW) as scene:
        before, after = killed_while_granting(scene, Official(scene, case.stand.second, NOW), asked)
        assert more(before, after) == {"item_key": 1, "score": 5, "result_version": 1, "selection_list": 1,
                                       "selection_placing": 5}  # fmt: skip
        assert after["trail"][len(before["trail"]) :].count("key.corrected") == 1
        agrees_at_the_command_line(scene)


def test_a_list_is_frozen_whole_or_not_at_all_whenever_the_server_dies(
    empty: Database, tmp_path: Path
) -> None:
    stand: Stand = build(empty)
    asked = stand.ask()
    with serving(empty, tmp_path, NOW) as scene:
        before, after = killed_while_granting(scene, Official(scene, stand.second, NOW), asked)
        assert more(before, after) == {"selection_list": 1, "selection_placing": 5}
        assert after["trail"][len(before["trail"]) :] == ["approval.granted", "selection.frozen"]


OFFER, LETTER = "^INSERT INTO place_event", r"^INSERT INTO reminder .* RETURNING (reminder\.)?object_id$"


@pytest.mark.parametrize("mark", [OFFER, LETTER], ids=["offer", "letter"])
def test_after_a_lapse_one_offer_and_one_letter_are_made_whenever_the_server_dies(
    empty: Database, tmp_path: Path, mark: str
) -> None:
    places = Places(empty, stand=build(empty, frozen=True))
    publish(places.stand, publish_at=DAY_OF_RESULT)
    places.withdraw(1)
    assert places.where(OVER)[2:4] == ["lapsed", "reserve"]
    with serving(empty, tmp_path, OVER, mark=mark, at="0") as scene:
        assert until(lambda: bool(scene.said("count")), WITHIN)
        assert until(lambda: bool(scene.facts()["told"]) or mark == LETTER, WITHIN)
        scene.server.kill()
        before = scene.facts()
        for at in places_to_die(int(scene.said("count"))):
            scene.told("at", at)
            scene.server.spawn()
            assert until(lambda: not scene.server.alive, WITHIN)
            if scene.said("last") != "done":
                assert scene.facts() == before, scene.said("last")
            scene.agrees()
        after = scene.facts()
        assert (scene.said("last"), after == before) == ("done", False)
        scene.told("at", "")
        scene.server.start()
        assert until(lambda: scene.facts()["told"] == [places[3].attempt_id], WITHIN)
        scene.server.restart()
        assert places.events() == [("withdrew", 1), ("offered", 3), ("offered", 4)]
        assert [len(places.letters(rank)) for rank in (3, 4)] == [2 + OUT, 1 + OUT]
        scene.agrees()


def test_control_a_correction_in_two_steps_is_seen_half_done(empty: Database, tmp_path: Path) -> None:
    case = turned(empty, frozen=True)
    asked = case.ask(Wish("key", OTHER))
    with serving(empty, tmp_path, NOW, mark="^UPDATE approval SET", EXAM_SPLIT="yes") as scene:
        before = scene.facts()
        scene.told("at", 6)
        assert Official(scene, case.stand.second, NOW).grant(asked) is None
        assert until(lambda: not scene.server.alive, WITHIN)
        assert scene.said("last") != "done"
        assert scene.facts() != before
        (problem,) = verify.look(scene.db, scene.folder, SECRET).problems
        assert problem.sentence == NOT_APPLIED


def agrees_at_the_command_line(scene: Scene) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from exam_server.cli import main; main()", "verify"],
        env=scene.server.environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
