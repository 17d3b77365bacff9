"""Marks and must-haves: who said what when, only of who sat, only within the stage; a file all or nothing."""

from __future__ import annotations

import io
from fractions import Fraction

import openpyxl
import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.errors import NotFound, Refusal
from exam_server.models import AuditEntry, Mark
from exam_server.ranking import importing, mark_files, marks
from exam_server.ranking import refusals as no
from exam_server.ranking.mark_files import Row
from tests.factories import DAY, MINUTE, START, add_other_scene
from tests.ranking.stand import AFTER, CRITERIA, INTERVIEW, WITH_INTERVIEW, Stand, build

LATE = START + 14 * DAY


@pytest.fixture
def stand(db: Database) -> Stand:
    """Two who sat, one who did not; an interview counts up to 100."""
    return build(db, rights=[3, 1], criteria=WITH_INTERVIEW)


def give(stand: Stand, value: str = "80", *, index: int = 0, component: str = INTERVIEW.key, note: str = "",
         by: int | None = None, at: object = AFTER) -> None:  # fmt: skip
    person = [*stand.people, *stand.absent][index].run.public_id
    marks.give(stand.db, stand.place, person, component, value, note, by or stand.admin, at)  # type: ignore[arg-type]


def kept(stand: Stand) -> list[tuple[int, int]]:
    with stand.db.read() as tx:
        return [(one.attempt_id, one.value) for one in tx.scalars(sa.select(Mark).order_by(Mark.id))]


def test_a_mark_keeps_its_author_and_the_newest_counts(stand: Stand) -> None:
    give(stand, "80,5", note="Lancar")
    give(stand, "75.125", by=stand.second, at=AFTER + MINUTE)
    first = stand.people[0].attempt_id
    assert kept(stand) == [(first, 80_500), (first, 75_125)]
    with stand.db.read() as tx:
        said = marks.history(tx, first)
        given = sa.select(AuditEntry.actor_id).where(AuditEntry.act == "mark.given").order_by(AuditEntry.id)
        acts = list(tx.scalars(given))
    assert [(one.value, one.note, one.source, one.at) for one in said] == [
        (75 + Fraction(1, 8), "", "typed", AFTER + MINUTE), (Fraction(161, 2), "Lancar", "typed", AFTER),
    ]  # fmt: skip
    assert acts == [stand.admin, stand.second]


def test_the_same_word_of_the_same_official_is_kept_once(stand: Stand) -> None:
    give(stand)
    give(stand)
    assert len(kept(stand)) == 1


def test_who_did_not_sit_is_given_no_mark(stand: Stand) -> None:
    with pytest.raises(no.MarkForWhoDidNotSit) as refused:
        give(stand, index=2)
    assert refused.value.params == {"number": stand.absent[0].number}
    assert kept(stand) == []


@pytest.mark.parametrize(
    ("value", "refusal"),
    [("", no.NotANumber), ("baik", no.NotANumber), ("1,2345", no.NotANumber), ("1e2", no.NotANumber),
     ("٣", no.NotANumber), ("-1", no.OutOfRange), ("100,001", no.OutOfRange), ("1000000000", no.OutOfRange)],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(stand: Stand, value: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        give(stand, value)
    assert kept(stand) == []


@pytest.mark.parametrize("value", ["0", "100", "100,000", " 50 "])
def test_the_bounds_themselves_are_marks(stand: Stand, value: str) -> None:
    give(stand, value)
    assert len(kept(stand)) == 1


@pytest.mark.parametrize("component", ["mark:tari", "test", "preference:2", ""])
def test_a_component_that_is_not_in_the_criteria_takes_no_mark(stand: Stand, component: str) -> None:
    with pytest.raises(no.UnknownComponent):
        give(stand, component=component, note="x")


def test_a_preference_is_overruled_with_0_or_1_and_a_note(db: Database) -> None:
    stand = build(db, rights=[3], criteria=CRITERIA)
    with pytest.raises(no.NoteMissing):
        give(stand, "1", component="preference:2")
    for value in ("0,5", "2"):
        with pytest.raises(no.OutOfRange):
            give(stand, value, component="preference:2", note="Ijazah")
    give(stand, "0", component="preference:2", note="Ijazah tidak cocok")
    assert kept(stand) == [(stand.people[0].attempt_id, 0)]


def test_outside_the_stage_nothing_is_marked(stand: Stand) -> None:
    with pytest.raises(no.DecisionOutsidePhase):
        give(stand, at=LATE)
    with pytest.raises(no.DecisionOutsidePhase):
        gate(stand, met=False, note="Sakit", at=LATE)
    give(stand, at=LATE - MINUTE)


def test_after_the_freeze_nothing_is_marked(stand: Stand) -> None:
    give(stand)
    give(stand, index=1)
    stand.freeze()
    with pytest.raises(no.SelectionFrozen):
        give(stand, "90")
    with pytest.raises(no.SelectionFrozen):
        gate(stand, met=False, note="Sakit")


def test_without_criteria_there_is_nothing_to_mark(db: Database) -> None:
    with pytest.raises(no.CriteriaMissing):
        give(build(db, rights=[1], criteria=None))


def test_a_note_has_an_end(stand: Stand) -> None:
    with pytest.raises(no.NoteTooLong):
        give(stand, note="x" * 501)
    give(stand, note="x" * 500)


def test_an_attempt_of_another_activity_is_not_found(stand: Stand, db: Database) -> None:
    other = build(db, add_other_scene(db), rights=[1], criteria=None)
    with pytest.raises(NotFound):
        marks.give(db, stand.place, other.people[0].run.public_id, INTERVIEW.key, "1", "", stand.admin, AFTER)


def gate(stand: Stand, *, met: bool, note: str = "", position: int = 1, index: int = 0,
         at: object = AFTER) -> None:  # fmt: skip
    person = [*stand.people, *stand.absent][index].run.public_id
    marks.check_gate(stand.db, stand.place, person, position, met, note, stand.admin, at)  # type: ignore[arg-type]


def test_the_newest_word_on_a_must_have_counts_and_the_former_stays_visible(stand: Stand) -> None:
    gate(stand, met=False, note="Surat sakit")
    gate(stand, met=True, at=AFTER + MINUTE)
    with stand.db.read() as tx:
        said = marks.history(tx, stand.people[0].attempt_id)
    assert [(one.component, one.met, one.note) for one in said] == [
        ("gate:1", True, ""), ("gate:1", False, "Surat sakit"),
    ]  # fmt: skip


def test_a_must_have_is_denied_with_a_note_only(stand: Stand) -> None:
    with pytest.raises(no.NoteMissing):
        gate(stand, met=False)


def test_only_gates_of_the_criteria_are_checked_and_only_of_who_sat(stand: Stand) -> None:
    with pytest.raises(no.UnknownRequirement):
        gate(stand, met=False, note="x", position=2)
    with pytest.raises(no.MarkForWhoDidNotSit):
        gate(stand, met=False, note="x", index=2)


# a file of marks


def row(number: str, value: str, line: int = 2, note: str = "", name: str = "") -> Row:
    cells = {"number": f"A{line}", "value": f"C{line}", "note": f"D{line}"}
    return Row(line, number, name, value, note, cells)


def test_a_file_is_taken_in_as_a_whole_with_its_name(stand: Stand) -> None:
    rows = [row(stand.people[0].number.lower(), "80"), row(stand.people[1].number, "70,5", 3, "Gugup")]
    count = importing.take_in(stand.db, stand.place, INTERVIEW.key, rows, "nilai.csv", stand.admin, AFTER)
    assert count == 2
    assert [value for _, value in kept(stand)] == [80_000, 70_500]
    with stand.db.read() as tx:
        (entry,) = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "marks.imported"))
        assert {one.source for one in tx.scalars(sa.select(Mark))} == {"nilai.csv"}
    assert (entry.detail["count"], entry.detail["file"], entry.actor_id) == (2, "nilai.csv", stand.admin)


def test_a_long_file_takes_no_more_statements_than_a_short_one(stand: Stand) -> None:
    heard: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        heard.append(statement)

    def taken(*numbers: str) -> tuple[int, int]:
        heard.clear()
        rows = [row(one, "60", line) for line, one in enumerate(numbers, 2)]
        count = importing.take_in(stand.db, stand.place, INTERVIEW.key, rows, "n.csv", stand.admin, AFTER)
        return count, len(heard)

    sa.event.listen(stand.db.engine, "before_cursor_execute", hear)
    first, second = (one.number for one in stand.people)
    one, short = taken(first)
    again, long = taken(first, second)
    assert (one, again, long) == (1, 1, short), "the word that was given before is not kept again"


def test_every_wrong_row_is_told_with_its_cell_and_none_is_kept(stand: Stand) -> None:
    first, second, away = (one.number for one in (*stand.people, *stand.absent))
    rows = [
        row("TIDAKADA", "80", 2), row(first, "80", 3), row(first, "81", 4), row(away, "80", 5),
        row(second, "baik", 6), row("X", "", 7),
    ]  # fmt: skip
    found = importing.dry_run(stand.db, stand.place, INTERVIEW.key, rows, AFTER)
    assert [(one.cell, type(one.problem)) for one in found.wrong] == [
        ("A2", no.NumberUnknown), ("A4", no.NumberDoubled), ("A5", no.MarkForWhoDidNotSit),
        ("C6", no.NotANumber),
    ]  # fmt: skip
    assert (len(found.taken), found.empty) == (1, 1)
    with pytest.raises(no.MarksFileWrong) as refused:
        importing.take_in(stand.db, stand.place, INTERVIEW.key, rows, "nilai.csv", stand.admin, AFTER)
    assert refused.value.params == {"count": 4}
    assert kept(stand) == []


def test_a_value_out_of_range_and_a_note_too_long_are_told_by_their_cells(stand: Stand) -> None:
    rows = [row(stand.people[0].number, "101", 2), row(stand.people[1].number, "1", 3, "x" * 501)]
    found = importing.dry_run(stand.db, stand.place, INTERVIEW.key, rows, AFTER)
    assert [(one.cell, type(one.problem)) for one in found.wrong] == [
        ("C2", no.OutOfRange), ("D3", no.NoteTooLong),
    ]  # fmt: skip


def test_another_name_beside_a_number_is_pointed_out(stand: Stand) -> None:
    rows = [row(stand.people[0].number, "80", name="Orang Lain"),
            row(stand.people[1].number, "80", 3, name=stand.people[1].name.upper())]  # fmt: skip
    found = importing.dry_run(stand.db, stand.place, INTERVIEW.key, rows, AFTER)
    assert [one.other_name for one in found.taken] == [True, False]


def test_a_file_outside_the_stage_or_for_the_test_itself_is_refused(stand: Stand) -> None:
    rows = [row(stand.people[0].number, "80")]
    with pytest.raises(no.DecisionOutsidePhase):
        importing.take_in(stand.db, stand.place, INTERVIEW.key, rows, "n.csv", stand.admin, LATE)
    with pytest.raises(no.UnknownComponent):
        importing.take_in(stand.db, stand.place, "test", rows, "n.csv", stand.admin, AFTER)
    assert kept(stand) == []


# reading it: one database is enough


def read(sqlite_url: str, data: bytes, name: str = "nilai.csv") -> list[Row]:
    return mark_files.read(sqlite_url, name, data)


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for one in rows:
        book.active.append(one)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_columns_are_found_by_what_their_headings_mean(sqlite_url: str) -> None:
    text = "Daftar wawancara;;;\nNama;Nilai Wawancara;NO. PESERTA;Keterangan\nAni;80,5;AB12CD34;Lancar\n;;;\n"
    (found,) = read(sqlite_url, text.encode())
    assert (found.line, found.number, found.name, found.value, found.note) == (
        3, "AB12CD34", "Ani", "80,5", "Lancar",
    )  # fmt: skip
    assert (found.cells["number"], found.cells["value"]) == ("C3", "B3")


def test_a_workbook_says_the_same(sqlite_url: str) -> None:
    data = workbook(["nomor peserta", "nama", "nilai"], ["AB12CD34", "Ani", 80.5], [12345678, "Budi", 70])
    found = read(sqlite_url, data, "nilai.xlsx")
    assert [(one.number, one.value.replace(".", ","), one.cells["value"]) for one in found] == [
        ("AB12CD34", "80,5", "C2"), ("12345678", "70", "C3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", no.NoMarksFile),
        (b"x" * (mark_files.MOST_BYTES + 1), no.MarksFileTooLarge),
        (b"\x00\x01\x02\xff" * 40, no.MarksFileUnreadable),
        (b"PK\x03\x04 broken", no.MarksFileUnreadable),
        (b"nama,nilai\nAni,80\n", no.HeadingsMissing),
        (b"nomor peserta,nilai\n" + b"A,1\n" * (mark_files.MOST_ROWS + 1), no.MarksFileTooLarge),
    ],
    ids=["empty", "large", "bytes", "broken", "headless", "long"],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    sqlite_url: str, data: bytes, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        read(sqlite_url, data)
