"""`exam-server verify` and `create-admin` as real processes beside the running server, on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.accounts import service as accounts
from exam_server.exam import service as exam
from exam_server.exam.rules import Item
from exam_server.exam.saves import Save, store
from exam_server.exam.settling import settle
from exam_server.models import AuditEntry, Document
from tests.databases import database_url as database_url
from tests.databases import server as server
from tests.databases import world as world
from tests.processes import ROOT
from tests.servers import SECRET_KEY, ExamServer
from tests.verify.stored import write_files
from tests.worlds import World, wall


@pytest.fixture
def command(server: ExamServer, tmp_path: Path) -> Any:
    """Runs `exam-server` with the settings of that server."""
    env = os.environ | {
        "SECRET_KEY": "only-for-tests-" + "0" * 32, "BANK_KEY": "only-for-tests-" + "1" * 32,
        "EXAM_ENV": "demo", "DATA_DIR": str(tmp_path), "DATABASE_URL": server.database_url,
        "BASE_URL": server.url, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    program = [sys.executable, "-c", "from exam_server.cli import main; main()"]
    named: dict[str, Any] = {"env": env, "cwd": ROOT, "capture_output": True, "text": True, "timeout": 60}
    return lambda *words: subprocess.run([*program, *words], check=False, **named)


def test_verify_names_an_edited_row_beside_a_running_server(
    world: World, server: ExamServer, command: Any, tmp_path: Path
) -> None:
    world.booked(3, world.sitting())
    with world.db.read() as tx:
        for document in tx.scalars(sa.select(Document)):
            write_files(tmp_path, document)
    good = command("verify", "--json")
    assert good.returncode == 0, good.stdout + good.stderr
    assert json.loads(good.stdout)["ok"] is True
    with world.db.read() as tx:
        row = tx.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id).offset(3).limit(1)).one()
    with world.db.engine.begin() as connection:
        connection.execute(
            sa.text("DROP TRIGGER audit_keeps_update" + ("" if world.db.sqlite else " ON audit"))
        )
        connection.execute(sa.text("UPDATE audit SET at = at + 1 WHERE id = :id"), {"id": row})
    bad = command("verify", "--json")
    told = json.loads(bad.stdout)
    assert (bad.returncode, told["ok"]) == (1, False)
    assert len(told["problems"]) == 1
    assert f"baris {row} " in told["problems"][0]
    assert told["checked"]["audit"] > 3
    spoken = command("verify")
    assert spoken.returncode == 1
    assert f"baris {row} " in spoken.stdout
    assert "1 hal tidak cocok." in spoken.stdout
    assert server.healthy()


def test_verify_tells_every_attempt_again_beside_a_running_server(
    world: World, server: ExamServer, command: Any, tmp_path: Path
) -> None:
    (person,) = world.booked(1, world.sitting())
    with world.db.read() as tx:
        for document in tx.scalars(sa.select(Document)):
            write_files(tmp_path, document)
    attempt = world.attempt(person)
    session = accounts.live_session(world.db, world.token(person), wall())
    assert session is not None
    with world.db.write() as tx:
        exam.begin(tx, attempt.id, wall())
        lease = exam.join(tx, attempt.id, session.session_id, "uji", False, wall())
        store(tx, [Save(attempt.id, session.session_id, lease, (Item(1, 1, 2, False),), wall())])
        exam.submit(tx, attempt.id, session.session_id, lease, wall())
        settle(tx, attempt.id, SECRET_KEY, wall())
    good = command("verify", "--json")
    assert good.returncode == 0, good.stdout + good.stderr
    assert json.loads(good.stdout)["checked"]["attempts"] == 1
    with world.db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE response SET option = 3, seq = 9"))
    bad = command("verify", "--json")
    assert bad.returncode == 1
    assert f"Pengerjaan {attempt.public_id}, soal nomor 1: jawaban" in json.loads(bad.stdout)["problems"][0]
    assert server.healthy()


def test_a_superadmin_is_invited_beside_a_running_server(
    world: World, server: ExamServer, command: Any
) -> None:
    made = command("create-admin", "--email", "pusat@kantor.example", "--name", "Admin Pusat")
    assert made.returncode == 0, made.stderr
    link = made.stdout.splitlines()[-1]
    assert link.startswith(server.url + "/join/")
    with urllib.request.urlopen(link, timeout=10) as page:
        assert "pusat@kantor.example" in page.read().decode()
    again = command("create-admin", "--email", "pusat@kantor.example", "--name", "Admin Pusat")
    assert again.returncode == 1
    assert "masih berlaku" in again.stderr
