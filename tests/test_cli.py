"""The operator's commands: what they print, what they leave behind, and the number they end with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from exam_server.cli import main
from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.lock import InstanceLock
from exam_server.models import BankItem, Invitation, Mail
from exam_server.staff import joining
from tests.factories import add_scene

HEADER = "kode,topik,kesulitan,soal,a,b,c,d,kunci\n"
GOOD = HEADER + "A1,umum,mudah,Satu tambah satu?,1,2,3,4,b\nA2,umum,sulit,Dua tambah dua?,1,2,3,4,d\n"
BROKEN = GOOD + "A3,umum,mudah,Tiga tambah tiga?,5,6,7,8,x\n"

Run = Callable[..., Result]


@pytest.fixture
def run(db: Database, tmp_path: Path) -> Run:
    """Calls `exam-server` with the settings of this test's own installation."""
    env = {
        "SECRET_KEY": "s" * 40, "BANK_KEY": "b" * 40, "EXAM_ENV": "demo", "DATA_DIR": str(tmp_path / "var"),
        "DATABASE_URL": db.engine.url.render_as_string(False), "BASE_URL": "http://localhost",
    }  # fmt: skip
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], env=env)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "soal.csv"
    path.write_text(GOOD)
    return path


def codes(db: Database) -> list[str]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(BankItem.code).order_by(BankItem.code)))


def test_a_good_file_is_checked_and_nothing_is_written(run: Run, file: Path, db: Database) -> None:
    result = run("bank", "check", file)
    assert result.exit_code == 0
    assert "2 soal" in result.stdout
    assert codes(db) == []


def test_the_check_speaks_json(run: Run, file: Path) -> None:
    result = run("bank", "check", file, "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert set(told) == {"format", "items", "skipped", "warnings", "errors"}
    assert told["format"] == "csv"
    assert told["items"][0] == {"stem": "Satu tambah satu?", "options": ["1", "2", "3", "4"], "key": 1}
    assert told["errors"] == []


def test_a_broken_file_ends_with_one_and_names_the_line(run: Run, file: Path) -> None:
    file.write_text(BROKEN)
    result = run("bank", "check", file, "--json")
    assert result.exit_code == 1
    (error,) = json.loads(result.stdout)["errors"]
    assert error["where"] == "baris 4, kolom I"
    assert "Kunci" in error["what"]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 40, None], ids=["empty", "binary", "missing"])
def test_a_file_that_cannot_be_read_ends_with_two(run: Run, file: Path, content: bytes | None) -> None:
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    result = run("bank", "check", file, "--json")
    assert result.exit_code == 2
    assert result.stderr
    assert result.stdout == ""


def test_an_import_brings_everything_in_once(run: Run, file: Path, db: Database) -> None:
    add_scene(db, items=0)
    first, second = (
        run("bank", "import", file, "--office", "jepara"),
        run("bank", "import", file, "--office", "3320"),
    )
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert "2 baru, 0 diperbarui, 0 tetap" in first.stdout
    assert "0 baru, 0 diperbarui, 2 tetap" in second.stdout
    assert codes(db) == ["A1", "A2"]


def test_an_import_of_a_broken_file_brings_in_nothing(run: Run, file: Path, db: Database) -> None:
    add_scene(db, items=0)
    file.write_text(BROKEN)
    assert run("bank", "import", file, "--office", "jepara").exit_code == 1
    assert codes(db) == []


def test_an_import_for_an_unknown_office_is_refused(run: Run, file: Path, db: Database) -> None:
    result = run("bank", "import", file, "--office", "demak")
    assert result.exit_code == 1
    assert "tidak terdaftar" in result.stderr
    assert codes(db) == []


def test_a_second_process_beside_a_running_sqlite_server_is_refused(
    run: Run, file: Path, db: Database, tmp_path: Path
) -> None:
    add_scene(db, items=0)
    lock = InstanceLock(Path(db.engine.url.database or "").parent if db.sqlite else tmp_path)
    result = run("bank", "import", file, "--office", "jepara")
    lock.release()
    if db.sqlite:
        assert result.exit_code == 2
        assert "PostgreSQL" in result.stderr
        assert codes(db) == []
    else:
        assert result.exit_code == 0, "PostgreSQL has room for several"


def test_a_first_superadmin_is_invited_by_a_link_and_not_by_a_password(run: Run, db: Database) -> None:
    result = run("create-admin", "--email", "Pusat@Kantor.example", "--name", "Admin Pusat")
    assert result.exit_code == 0, result.output
    path = result.stdout.splitlines()[-1].removeprefix("http://localhost")
    opened = joining.look(db, "s" * 40, path.removeprefix("/join/"), Clock().now())
    assert (opened.email, opened.role, opened.inviter) == ("pusat@kantor.example", "superadmin", None)
    with db.read() as tx:
        assert tx.scalars(sa.select(Mail)).all() == [], "whoever ran the command hands the link over"


def test_create_admin_makes_a_new_database_ready(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'exam.db'}"
    env = {"SECRET_KEY": "s" * 40, "BANK_KEY": "b" * 40, "EXAM_ENV": "demo", "DATABASE_URL": url,
           "DATA_DIR": str(tmp_path / "new")}  # fmt: skip
    words = ["create-admin", "--email", "a@kantor.example", "--name", "Ayu"]
    result = CliRunner().invoke(main, words, env=env)
    assert result.exit_code == 0, result.output
    assert "/join/" in result.stdout


@pytest.mark.parametrize(("email", "name"), [("kantor", "Ayu"), ("a@kantor.example", " ")])
def test_a_superadmin_without_address_or_name_is_refused(
    run: Run, db: Database, email: str, name: str
) -> None:
    result = run("create-admin", "--email", email, "--name", name)
    assert result.exit_code == 1
    assert result.stderr
    with db.read() as tx:
        assert tx.scalars(sa.select(Invitation)).all() == []


def test_verify_ends_with_zero_when_everything_agrees(run: Run, db: Database) -> None:
    add_scene(db)
    spoken, told = run("verify"), run("verify", "--json", "--language", "en")
    assert (spoken.exit_code, told.exit_code) == (0, 0), spoken.output + told.output
    assert "Semua cocok." in spoken.stdout
    answer = json.loads(told.stdout)
    assert (answer["ok"], answer["problems"], answer["checked"]["sittings"]) == (True, [], 1)


def test_verify_of_nothing_ends_with_two(tmp_path: Path) -> None:
    env = {"SECRET_KEY": "s" * 40, "BANK_KEY": "b" * 40, "EXAM_ENV": "demo", "DATA_DIR": str(tmp_path),
           "DATABASE_URL": f"sqlite:///{tmp_path / 'exam.db'}"}  # fmt: skip
    assert CliRunner().invoke(main, ["verify"], env=env).exit_code == 2
    Path(tmp_path / "exam.db").touch()
    result = CliRunner().invoke(main, ["verify", "--json"], env=env)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "upgrade" in result.stderr


def test_an_upgrade_may_be_repeated(run: Run, db: Database) -> None:
    assert run("upgrade").exit_code == 0
    assert codes(db) == []


def test_a_missing_secret_stops_every_command_that_writes(file: Path) -> None:
    result = CliRunner().invoke(main, ["upgrade"], env={"SECRET_KEY": "", "BANK_KEY": ""})
    assert result.exit_code == 2
    assert "SECRET_KEY" in result.stderr
