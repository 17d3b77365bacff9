"""F2: the power is cut under the application's own writer: no promised answer is missing, and no file."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from exam_server.db import Database
from exam_server.schema import upgrade
from tests.factories import MINUTE, START, add_running, add_scene, make_picture
from tests.faults.crowd import seed_said
from tests.faults.powercut_images import VARIANTS, Image
from tests.faults.powercut_tape import Promised, Tape, record
from tests.faults.powercut_writer import MOST_AT_ONCE, Plan
from tests.faults.sizes import size
from tests.processes import missing

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).with_name("powercut_writer.py")
PEOPLE = 8
ROUNDS, UPLOADS, CUTS = size(70, 600), size(1, 6), size(40, 400)


@dataclass
class Found:
    """What was wrong with the images of one tape."""

    cuts: int = 0
    images: int = 0
    lost: int = 0
    worst: int = 0
    files_lost: int = 0
    corrupt: list[str] = field(default_factory=list)


@dataclass
class Recorded:
    """A run of the writer: its tape, the folder as it was left, and room for images."""

    tape: Tape
    folder: Path
    room: Path


@pytest.fixture
def workshop(quick_folder: Path, tmp_path: Path) -> Iterator[Path]:
    if shutil.which("strace") is None:
        missing("strace", "strace")
    folder = quick_folder / f"powercut-{tmp_path.name}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def running_exam(folder: Path) -> list[list[int]]:
    """(attempt, session, lease, account) of everybody whose exam runs in the new database of this folder."""
    db = Database(f"sqlite:///{folder / 'exam.db'}")
    upgrade(db)
    scene = add_scene(db)
    runs = [add_running(db, scene) for _ in range(PEOPLE)]
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return [[run.attempt_id, run.session_id, run.lease, run.candidate_id] for run in runs]


def recorded(
    workshop: Path, seed: int, weak: str = "", rounds: int = ROUNDS, uploads: int = UPLOADS
) -> Recorded:
    """The writer ran to its end under a trace."""
    folder, before = workshop / "data", workshop / "before"
    folder.mkdir()
    people = running_exam(folder)
    shutil.copytree(folder, before)
    picture, promises, plan_file = (workshop / name for name in ("ktp.jpg", "promises", "plan.json"))
    picture.write_bytes(make_picture(900, 600, "JPEG"))
    plan = Plan(
        folder=str(folder), database=f"sqlite:///{folder / 'exam.db'}", promises=str(promises),
        picture=str(picture), now=(START + MINUTE).isoformat(), people=people, rounds=rounds,
        uploads=uploads, seed=seed, weak=weak,
    )  # fmt: skip
    plan_file.write_text(json.dumps(dataclasses.asdict(plan)))
    record([str(PROGRAM), str(plan_file)], workshop / "trace")
    return Recorded(Tape(folder, before, promises, workshop / "trace"), folder, workshop)


def cut_everywhere(run: Recorded, seed: int) -> Found:
    """CUTS random moments after the first promise, each with every variant of what the disk may hold."""
    dice, found = random.Random(seed), Found()
    events = run.tape.events
    first = next(place for place, event in enumerate(events) if isinstance(event, Promised)) + 1
    for cut in sorted(dice.sample(range(first, len(events)), CUTS)):
        promises = [event.words for event in events[:cut] if isinstance(event, Promised)]
        found.cuts += 1
        for variant in VARIANTS:
            folder = run.room / "image"
            Image(run.tape, cut, variant, dice).write(folder)
            judge(folder, promises, run.folder, found)
            shutil.rmtree(folder)
    return found


def judge(folder: Path, promises: list[tuple[str, ...]], whole: Path, found: Found) -> None:
    """Open the image as after a crash, and hold it against everything that was promised before the cut."""
    found.images += 1
    with contextlib.closing(sqlite3.connect(folder / "exam.db")) as image:
        damage = damage_of(image)
        if damage:
            found.corrupt.append(damage)
            return
        lost = sum(not holds_answer(image, one[1:]) for one in promises if one[0] == "saved")
        files = sum(not holds_file(image, folder, whole, one[1]) for one in promises if one[0] == "kept")
    found.lost += bool(lost)
    found.worst = max(found.worst, lost)
    found.files_lost += bool(files)


def damage_of(image: sqlite3.Connection) -> str:
    try:
        said = str(image.execute("PRAGMA integrity_check").fetchone()[0])
        unwritten = image.execute(
            "SELECT count(*) FROM response r WHERE NOT EXISTS (SELECT 1 FROM response_journal j WHERE "
            "j.attempt_id = r.attempt_id AND j.position = r.position AND j.seq = r.seq)"
        ).fetchone()[0]
    except sqlite3.DatabaseError as problem:
        return str(problem)
    return "" if (said, unwritten) == ("ok", 0) else f"{said}, {unwritten} responses without a journal entry"


def holds_answer(image: sqlite3.Connection, promise: tuple[str, ...]) -> bool:
    """That version of the answer is in the journal, and the response is as new or newer."""
    attempt, position, seq, option = map(int, promise)
    row = image.execute(
        "SELECT r.seq, j.option FROM response r JOIN response_journal j ON j.attempt_id = r.attempt_id "
        "AND j.position = r.position WHERE r.attempt_id = ? AND r.position = ? AND j.seq = ?",
        (attempt, position, seq),
    ).fetchone()
    return row is not None and row[0] >= seq and row[1] == option


def holds_file(image: sqlite3.Connection, folder: Path, whole: Path, document: str) -> bool:
    """The row is there and names a folder in which every picture is as it was made."""
    row = image.execute("SELECT stored_name FROM document WHERE public_id = ?", (document,)).fetchone()
    if row is None:
        return False
    place = Path("documents") / row[0][:2] / row[0]
    wanted = list((whole / place).iterdir())
    return len(wanted) >= 2 and all(
        (folder / place / path.name).is_file()
        and (folder / place / path.name).read_bytes() == path.read_bytes()
        for path in wanted
    )


def test_no_promise_is_missing_wherever_the_power_was_cut(workshop: Path) -> None:
    seed = seed_said()
    run = recorded(workshop, seed)
    promises = [event for event in run.tape.events if isinstance(event, Promised)]
    assert len(promises) > ROUNDS
    assert sum(one.words[0] == "kept" for one in promises) == UPLOADS
    assert_the_tape_is_whole(run)
    found = cut_everywhere(run, seed)
    print(f"{len(promises)} promises, {len(run.tape.events)} events, {found}")
    assert (found.corrupt, found.lost, found.files_lost) == ([], 0, 0)
    assert found.images == CUTS * len(VARIANTS)


def assert_the_tape_is_whole(run: Recorded) -> None:
    """Played to its end, with everything kept, it leaves the very files that lie in the folder."""
    copy = run.room / "copy"
    Image(run.tape, len(run.tape.events), "kept", random.Random()).write(copy)
    left, played = ({path.relative_to(top): path.read_bytes() for path in top.rglob("*") if path.is_file()}
                    for top in (run.folder, copy))  # fmt: skip
    assert played == left
    assert left


def test_control_a_writer_that_leaves_commits_to_the_kernel_loses_answers(workshop: Path) -> None:
    seed = seed_said()
    run = recorded(workshop, seed, "commits", uploads=0)
    assert_the_tape_is_whole(run)
    found = cut_everywhere(run, seed)
    print(f"control: {found}")
    assert found.lost > CUTS
    assert found.worst > MOST_AT_ONCE


@pytest.mark.parametrize("weak", size(["root"], ["files", "root"]))
def test_control_an_intake_that_leaves_syncing_to_the_kernel_loses_files(workshop: Path, weak: str) -> None:
    seed = seed_said()
    run = recorded(workshop, seed, weak, rounds=size(30, 200), uploads=1)
    found = cut_everywhere(run, seed)
    print(f"control: {found}")
    assert found.lost == 0
    assert found.files_lost > 0
