"""What an office has in its bank goes out in every format and comes back the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from exam_server.bank import export, service
from exam_server.cli import main
from exam_server.db import Database
from exam_server.models import BankItem
from question_bank.formats import WRITERS, load
from question_bank.items import Item
from question_bank.pictures import name_of
from tests.factories import START, Scene, add_other_scene, add_scene, make_item, make_picture

Run = Callable[..., Result]


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


@pytest.fixture
def run(db: Database, tmp_path: Path) -> Run:
    env = {
        "SECRET_KEY": "s" * 40, "BANK_KEY": "b" * 40, "EXAM_ENV": "demo", "DATA_DIR": str(tmp_path / "var"),
        "DATABASE_URL": db.engine.url.render_as_string(False), "BASE_URL": "http://localhost",
    }  # fmt: skip
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], env=env)


def taken_out(db: Database, scene: Scene) -> tuple[list[Item], dict[str, bytes]]:
    with db.read() as tx:
        return export.items_of(tx, scene.office.id)


def test_items_come_out_as_they_went_in(db: Database, scene: Scene) -> None:
    items = [make_item(1), make_item(2, explanation="karena", shuffle=False), make_item(3, code="")]
    service.import_items(db, scene.office.id, items, {}, START)
    add_other_scene(db)
    assert sorted(taken_out(db, scene)[0], key=lambda item: item.stem) == sorted(
        items, key=lambda item: item.stem
    )


def test_the_newest_wording_comes_out_and_what_is_retired_does_not(db: Database, scene: Scene) -> None:
    service.import_items(db, scene.office.id, [make_item(1), make_item(2)], {}, START)
    newer = replace(make_item(1), stem="Lain?", key=0)
    service.import_items(db, scene.office.id, [newer], {}, START)
    with db.write() as tx:
        tx.execute(sa.update(BankItem).where(BankItem.code == make_item(2).code).values(state="retired"))
    assert taken_out(db, scene)[0] == [newer]


def test_pictures_come_out_by_a_name_of_their_content(db: Database, scene: Scene) -> None:
    item = make_item(1, stem='Lihat <img src="a.png" alt="peta">', picture="b.png", picture_alt="bagan")
    service.import_items(
        db, scene.office.id, [item], {"a.png": make_picture(), "b.png": make_picture(50)}, START
    )
    (out,), pictures = taken_out(db, scene)
    assert set(pictures) == {name_of("", data) for data in pictures.values()}
    assert len(pictures) == 2
    assert out.picture in pictures
    assert out.stem.removeprefix('Lihat <img src="').removesuffix('" alt="peta">') in pictures


@pytest.mark.parametrize("format_name", WRITERS)
def test_the_command_writes_a_file_that_reads_back(
    db: Database, scene: Scene, run: Run, tmp_path: Path, format_name: str
) -> None:
    items = [make_item(number) for number in range(1, 6)]
    service.import_items(db, scene.office.id, items, {}, START)
    out = tmp_path / "bank.out"
    done = run("bank", "export", "--office", "jepara", "--format", format_name, "--out", out)
    assert done.exit_code == 0, done.output
    assert "5 soal" in done.stderr
    again = [located.item for located in load(out.name, out.read_bytes()).items]
    assert [(item.stem, item.options, item.key) for item in again] == [
        (item.stem, item.options, item.key) for item in items
    ]


def test_without_a_file_it_goes_to_standard_output(db: Database, scene: Scene, run: Run) -> None:
    service.import_items(db, scene.office.id, [make_item(1)], {}, START)
    done = run("bank", "export", "--office", "3320", "--format", "csv")
    assert done.stdout.startswith("kode,topik")


def test_an_unknown_office_and_an_unwritable_file_are_refused(db: Database, scene: Scene, run: Run) -> None:
    assert run("bank", "export", "--office", "demak", "--format", "csv").exit_code == 1
    beyond = run("bank", "export", "--office", "jepara", "--format", "csv", "--out", "/nowhere/bank.csv")
    assert beyond.exit_code == 2
    assert "/nowhere/bank.csv" in beyond.stderr


def test_a_workbook_with_pictures_is_checked_and_imported_whole(
    db: Database, scene: Scene, run: Run, tmp_path: Path
) -> None:
    item = make_item(1, stem='Lihat <img src="a.png" alt="peta">')
    service.import_items(db, scene.office.id, [item], {"a.png": make_picture()}, START)
    out = tmp_path / "bank.xlsx"
    assert run("bank", "export", "--office", "jepara", "--format", "xlsx", "--out", out).exit_code == 0
    told = json.loads(run("bank", "check", out, "--json").stdout)
    assert (told["format"], told["items"][0]["stem"], told["errors"]) == ("xlsx", "Lihat", [])
    again = run("bank", "import", out, "--office", "jepara")
    assert again.exit_code == 0, again.output
    assert "0 baru" in again.stdout
