"""The server is killed with -9 while a file is imported: all of it is in the bank afterwards or nothing is.

Begun again it comes in once, and every picture that an item of the bank names is there and whole.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import random
import re
import signal
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from exam_server import audit
from exam_server.bank.codec import unseal
from exam_server.imports.service import IMPORTING, PATIENCE
from exam_server.models import (
    AuditEntry,
    BankItem,
    ImportBatch,
    ImportDraft,
    ImportRow,
    ItemKey,
    ItemRevision,
    Picture,
    RevisionPicture,
)
from question_bank.formats import dump
from tests.factories import make_item, make_picture
from tests.faults import check
from tests.faults.crowd import seed_said
from tests.faults.sizes import size
from tests.processes import until
from tests.servers import ExamServer
from tests.worlds import World

pytestmark = pytest.mark.slow

KILLED_INSIDE = Path(__file__).with_name("killed_inside.py")
ITEMS = size(24, 150)
PICTURES = 4
"""So many of the items bring a picture of their own inside their text."""

STATEMENTS = 5
"""Of each import at least, whatever the database: so that a kill falls between what it writes."""

KILLS_INSIDE = size(1, 10)
"""Each before another statement of the transaction; what comes after the last of them is killed always."""

BLIND_KILLS = size(1, 12)
"""From outside, at any instant."""

OTHERS_AT_WORK = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend' AND state <> 'idle'
"""
GONE = (http.client.HTTPException, OSError)
COUNTED = (BankItem, ItemRevision, ItemKey, ImportBatch, ImportRow)


class Admin:
    """Somebody who keeps the bank, before the real server."""

    def __init__(self, world: World, server: ExamServer) -> None:
        self._server, self._cookie = server, f"exam={world.token(world.official('admin'))}"
        _, page = self.ask("GET", "/bank/imports")
        self._csrf = re.findall(r'name="csrf" content="(\w+)"', page)[0]

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=60)
        try:
            connection.request(method, path, body, {"Cookie": self._cookie} | headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def post(self, path: str, **form: Any) -> tuple[int, dict[str, Any]]:
        boundary, body = encode_multipart(form | {"csrf": self._csrf})
        kind = f'multipart/form-data; boundary="{boundary}"'
        status, said = self.ask("POST", path, body, **{"Content-Type": kind, "Accept": "application/json"})
        return status, json.loads(said)

    def upload(self, data: bytes) -> str:
        """The address of the draft."""
        status, said = self.post("/bank/imports", file=FileStorage(io.BytesIO(data), "soal.xml"))
        assert status == 200, said
        return str(said["page"])

    def seen(self, address: str) -> str:
        return self.ask("GET", address)[1].partition('name="seen" value="')[2].partition('"')[0]

    def bring_in(self, address: str, seen: str) -> tuple[int, dict[str, Any]]:
        return self.post(f"{address}/import", seen=seen)


def file(turn: int) -> bytes:
    """Items that no other turn has, some with pictures that no other item has."""
    items, pictures = [], {}
    for number in range(ITEMS):
        said = f"Giliran {turn}, soal {number}"
        if number < PICTURES:
            name = f"g{turn}-{number}.png"
            pictures[name] = make_picture(20 + turn, 20 + number)
            said += f' <img src="{name}" alt="Gambar {number}">'
        options = tuple(f"pilihan {turn}.{number}.{letter}" for letter in "abcd")
        items.append(make_item(number, stem=said, options=options, code="", topic="impor"))
    return dump(items, "moodle_xml", pictures)


def counts(world: World) -> dict[str, int]:
    """Rows of what an import makes."""
    with world.db.read() as tx:
        return {table.__tablename__: tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in COUNTED}  # fmt: skip


def with_all_of_it(before: dict[str, int]) -> dict[str, int]:
    more = {table.__tablename__: ITEMS for table in COUNTED} | {ImportBatch.__tablename__: 1}
    return {name: count + more[name] for name, count in before.items()}


def complaints(world: World) -> list[str]:
    """What an import cut in two, or a lost picture, would leave; empty when all is well."""
    with world.db.read() as tx:
        broken = [f"row {one} of the trail" for one in audit.broken_at(tx)]
        batches = tx.scalars(sa.select(ImportBatch.id)).all()
        told = tx.scalars(
            sa.select(AuditEntry.object_id)
            .where(AuditEntry.act == "bank.imported", AuditEntry.object_kind == "import_batch")
        ).all()  # fmt: skip
        rows = tx.execute(sa.select(ImportRow.batch_id, sa.func.count()).group_by(ImportRow.batch_id)).all()
        keyed = sa.select(ItemKey.revision_id)
        keyless = tx.scalars(sa.select(ItemRevision.id).where(ItemRevision.id.not_in(keyed))).all()
        wordless = sa.select(BankItem.id).where(BankItem.id.not_in(sa.select(ItemRevision.item_id)))
        broken += [f"item {one} without a wording" for one in tx.scalars(wordless)]
    broken += [f"batch {one[0]} holds {one[1]} items" for one in rows if one[1] != ITEMS]
    broken += [f"revision {one} without a key" for one in keyless]
    if sorted(batches) != sorted(told) or len(batches) != len(rows):
        broken.append(f"batches {batches}, in the trail {told}, with rows {rows}")
    return broken + lost_pictures(world) + check.damage(world)


def lost_pictures(world: World) -> list[str]:
    """Pictures that wordings name and that are not there, or not as they were."""
    with world.db.read() as tx:
        inside = sa.select(RevisionPicture.revision_id, RevisionPicture.picture_id)
        named = {row.revision_id: row.picture_id for row in tx.execute(inside)}
        kept = {one.id: one for one in tx.scalars(sa.select(Picture))}
        texts = {one.id: unseal(one.content).decode() for one in tx.scalars(sa.select(ItemRevision))}
    said = [f"revision {one} shows a picture that nobody kept" for one, text in texts.items()
            if "<img" in text and (one not in named or kept[named[one]].sha256 not in text)]  # fmt: skip
    return said + [f"picture {one.id} is not what its hash says" for one in kept.values()
                   if hashlib.sha256(unseal(one.content)).hexdigest() != one.sha256]  # fmt: skip


@pytest.fixture
def order(tmp_path: Path) -> Path:
    """The file that tells the server where to die."""
    return tmp_path / "die"


@pytest.fixture
def mortal(world: World, database_url: str, tmp_path: Path, order: Path) -> Iterator[ExamServer]:
    server = ExamServer(tmp_path, database_url, script=KILLED_INSIDE, env={"EXAM_KILL_AT": str(order)})
    yield server
    server.close()


def killed(world: World, server: ExamServer, admin: Admin, address: str, seen: str) -> None:
    """The import was begun, and the server is dead; nothing that it left open goes on."""
    try:
        admin.bring_in(address, seen)
        # a blind kill may come after the answer
        assert until(lambda: not server.alive, 10)
    except GONE:
        assert until(lambda: not server.alive, 10)
    assert world.db.sqlite or until(lambda: world.scalar(OTHERS_AT_WORK) == 0, 20)


def wait_patiently(world: World) -> None:
    """As if so much time had passed that whoever imported is taken for dead."""
    with world.db.write() as tx:
        for row in tx.scalars(sa.select(ImportDraft)):
            mark = row.choices[IMPORTING]
            at = world.now - PATIENCE - timedelta(minutes=1)
            row.choices = row.choices | {IMPORTING: mark | {"at": at.isoformat()}}


def is_draft(world: World) -> bool:
    with world.db.read() as tx:
        return tx.scalar(sa.select(sa.func.count()).select_from(ImportDraft)) == 1


def begun_again(world: World, admin: Admin, address: str, seen: str, before: dict[str, int]) -> None:
    """It comes in once, whether it was in the bank already or not, and once more changes nothing."""
    if is_draft(world):
        assert admin.bring_in(address, seen)[1]["code"] == "import_running"
        wait_patiently(world)
    for _ in range(2):
        assert admin.bring_in(address, seen) == (200, {"ok": True, "page": address})
    assert counts(world) == with_all_of_it(before)
    assert not is_draft(world)


def test_an_import_that_is_killed_anywhere_is_there_whole_or_not_at_all(
    world: World, mortal: ExamServer, order: Path
) -> None:
    admin, dice = Admin(world, mortal), random.Random(seed_said())
    told = int(_statements(world, mortal, admin, order))
    assert told >= STATEMENTS
    inside = dice.sample(range(2, told + 1), min(KILLS_INSIDE, told - 1))
    for turn, place in enumerate([*map(str, inside), "commit", "committed"], 1):
        before = counts(world)
        address = admin.upload(file(turn))
        seen = admin.seen(address)
        order.write_text(place)
        killed(world, mortal, admin, address, seen)
        order.unlink()
        assert counts(world) == (with_all_of_it(before) if place == "committed" else before), place
        assert is_draft(world) is (place != "committed")
        assert complaints(world) == [], place
        mortal.start()
        begun_again(world, admin, address, seen, before)
    assert complaints(world) == []
    assert coming_again(world, admin, turn) == with_all_of_it(before)


def _statements(world: World, server: ExamServer, admin: Admin, order: Path) -> str:
    """How many statements the transaction of an import has."""
    before, address = counts(world), admin.upload(file(0))
    assert admin.bring_in(address, admin.seen(address))[1]["ok"]
    assert counts(world) == with_all_of_it(before)
    return order.with_name(order.name + ".counted").read_text()


def coming_again(world: World, admin: Admin, turn: int) -> dict[str, int]:
    """What there is after the same file was uploaded and imported once more; only its batch is new."""
    address = admin.upload(file(turn))
    assert admin.bring_in(address, admin.seen(address))[1]["ok"]
    found = counts(world)
    return found | {ImportBatch.__tablename__: found[ImportBatch.__tablename__] - 1}


def test_an_import_that_is_killed_at_any_instant_is_there_whole_or_not_at_all(
    world: World, server: ExamServer
) -> None:
    admin, dice = Admin(world, server), random.Random(seed_said())
    address = admin.upload(file(0))
    seen, began = admin.seen(address), time.monotonic()
    assert admin.bring_in(address, seen)[1]["ok"]
    takes = time.monotonic() - began
    for turn in range(1, BLIND_KILLS + 1):
        before, address = counts(world), admin.upload(file(turn))
        seen = admin.seen(address)
        bomb = threading.Timer(takes * dice.uniform(0.3, 1.2), server.signal, [signal.SIGKILL])
        bomb.start()
        killed(world, server, admin, address, seen)
        bomb.join()
        assert counts(world) in (before, with_all_of_it(before))
        assert complaints(world) == []
        server.start()
        if is_draft(world) and not _was_begun(world):
            continue
        begun_again(world, admin, address, seen, before)


def _was_begun(world: World) -> bool:
    with world.db.write() as tx:
        (row,) = tx.scalars(sa.select(ImportDraft)).all()
        begun = IMPORTING in row.choices
        if not begun:
            tx.delete(row)
        return begun


def test_control_an_import_in_two_transactions_leaves_half_of_it(
    world: World, mortal: ExamServer, order: Path
) -> None:
    admin = Admin(world, mortal)
    address = admin.upload(file(1))
    seen = admin.seen(address)
    order.write_text("halves")
    killed(world, mortal, admin, address, seen)
    assert complaints(world) != []
