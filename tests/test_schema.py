"""The schema refuses what must never happen, and a fresh one is the same as one that was upgraded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError, StatementError

from exam_server import audit
from exam_server.bank.service import import_items
from exam_server.db import Database
from exam_server.exam import pledge
from exam_server.exam import service as exam
from exam_server.exam.saves import store
from exam_server.exam.settling import settle
from exam_server.models import (
    Application,
    ApplicationVersion,
    Approval,
    Attempt,
    Base,
    Booking,
    ContactGap,
    Criteria,
    GateCheck,
    ImportBatch,
    ImportRow,
    Incident,
    ItemReview,
    ItemRevision,
    LateAnswer,
    Mark,
    Message,
    Outage,
    OutageScope,
    OutageStruck,
    PageEvent,
    Picture,
    PlaceEvent,
    Placing,
    Quota,
    RescueFile,
    ResultAnnouncement,
    ResultVersion,
    RevisionNote,
    RevisionPicture,
    SaveTrouble,
    Score,
    ScoreOpening,
    ScreeningEvent,
    SelectionList,
    SittingMove,
    SittingRecord,
)
from exam_server.schema import upgrade
from tests.catalogue import describe
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add,
    add_accepted,
    add_account,
    add_extra_time,
    add_other_scene,
    add_running,
    add_scene,
    add_sitting,
    answer,
    make_item,
    make_picture,
    make_sitting,
)

ONLY_GROW = (
    "audit",
    "item_revision",
    "item_key",
    "picture",
    "booking",
    "paper",
    "response_journal",
    "late_answer",
    "ledger_entry",
    "server_outage",
    "attempt_journal",
    "score",
    "receipt",
    "integrity_pledge",
    "rescue_file",
    "sitting_move",
    "message",
    "incident",
    "page_event",
    "contact_gap",
    "save_trouble",
    "outage_scope",
    "outage_struck",
    "sitting_record",
    "revision_note",
    "revision_picture",
    "item_review",
    "import_row",
    "result_version",
    "selection_criteria",
    "score_opening",
    "selection_quota",
    "selection_mark",
    "selection_gate",
    "selection_list",
    "selection_placing",
    "place_event",
    "result_announcement",
)


@pytest.fixture
def fresh(db: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of the same kind, made from the models instead of the migrations."""
    url = f"sqlite:///{tmp_path / 'fresh.db'}" if db.sqlite else request.getfixturevalue("postgres").fresh()
    database = Database(url)
    with database.engine.connect() as connection:
        Base.metadata.create_all(connection)
        connection.commit()
    yield database
    database.close()


def test_a_fresh_schema_equals_an_upgraded_one(db: Database, fresh: Database) -> None:
    made, upgraded = describe(fresh.engine), describe(db.engine)
    assert made - upgraded == set()
    assert upgraded - made == set()


def test_the_comparison_notices_a_missing_trigger(db: Database, fresh: Database) -> None:
    with fresh.write() as tx:
        tx.execute(sa.text("DROP TRIGGER booking_keeps_update" + ("" if fresh.sqlite else " ON booking")))
    (missing,) = describe(db.engine) - describe(fresh.engine)
    assert missing.startswith("trigger booking_keeps_update: ")


def test_the_comparison_sees_every_table_and_check(db: Database) -> None:
    said = "\n".join(describe(db.engine))
    for table in Base.metadata.tables.values():
        assert table.name in said
        for constraint in table.constraints:
            assert not isinstance(constraint, sa.CheckConstraint) or str(constraint.name) in said


def test_upgrading_twice_changes_nothing(db: Database) -> None:
    before = describe(db.engine)
    upgrade(db)
    assert describe(db.engine) == before


@pytest.fixture
def run(db: Database, scene: Scene) -> Run:
    return add_running(db, scene)


@pytest.fixture
def scene(db: Database) -> Scene:
    scene = add_scene(db)
    item = make_item(90, picture="peta.png", picture_alt="peta")
    import_items(db, scene.office.id, [item], {"peta.png": make_picture()}, START)
    return scene


@pytest.fixture
def full(db: Database, run: Run, scene: Scene) -> Database:
    """At least one row in every table that only grows."""
    with db.write() as tx:
        store(tx, [run.save(answer(), at=START + MINUTE), run.save(answer(2), at=START + 2 * HOUR)])
        pledge.confirm(tx, run.attempt_id, START)
    add_extra_time(db, 60, run.candidate_id, attempt_id=run.attempt_id)
    with db.write() as tx:
        exam.submit(tx, run.attempt_id, run.session_id, run.lease, START + 2 * MINUTE)
        settle(tx, run.attempt_id, "secret", START + 2 * MINUTE)
    add(db, Outage(public_id="outage", began_at=START, ended_at=START + MINUTE))
    add(db, RescueFile(attempt_id=run.attempt_id, sha256="0" * 64, content="{}", uploaded_by=run.candidate_id,
                       uploaded_at=START))  # fmt: skip
    with db.read() as tx:
        application_id = tx.scalars(sa.select(Application.id)).first()
    add(db, ScreeningEvent(application_id=application_id, version=1, kind="sent", at=START,
                           actor_id=run.candidate_id, fields=[]))  # fmt: skip
    approval = add(db, Approval(
        kind="sitting.moved", office_id=scene.office.id, object_kind="sitting", object_id=scene.sitting.id,
        payload={}, evidence={}, reason="listrik padam", asked_by=run.candidate_id, asked_at=START,
        expires_at=START + HOUR,
    ))  # fmt: skip
    add(db, SittingMove(
        sitting_id=scene.sitting.id, approval_id=approval.id, from_starts_at=START,
        from_ends_at=START + HOUR, to_starts_at=START + HOUR, to_ends_at=START + 2 * HOUR,
        reason="listrik padam", moved_at=START,
    ))  # fmt: skip
    watched(db, run, scene)
    authored(db, run, scene)
    selected(db, run, scene)
    return db


def selected(db: Database, run: Run, scene: Scene) -> None:
    """What became of scores: criteria, marks, a frozen list, its places and its announcement."""
    other = add_account(db, "kedua@jepara.example")
    activity, attempt = scene.selection.id, run.attempt_id
    with db.read() as tx:
        score = tx.scalars(sa.select(Score).where(Score.attempt_id == attempt)).one()
        revision = tx.scalars(sa.select(ItemRevision.id).limit(1)).one()
    sat = {"attempt_id": attempt, "receipt_number": score.number}
    two = {"asked_by": run.candidate_id, "granted_by": other.id}
    recorded = {"activity_id": activity, "number": 1, "recorded_by": other.id, "recorded_at": START}
    add(db, ResultVersion(activity_id=activity, number=2, revision_id=revision, key_version=2, kind="void",
                          reason="ganda", note={}, effect={}, applied_at=START, **two))  # fmt: skip
    criteria = add(db, Criteria(content={}, **recorded))
    quota = add(db, Quota(content=[], reserves=1, reason="", **recorded))
    add(db, ScoreOpening(activity_id=activity, criteria_id=criteria.id, opened_by=other.id, opened_at=START))
    add(db, Mark(component="mark:wawancara", value=80_000, note="", source="", author_id=other.id,
                 given_at=START, **sat))  # fmt: skip
    add(db, GateCheck(requirement=1, met=True, note="", author_id=other.id, given_at=START, **sat))
    frozen = add(db, SelectionList(activity_id=activity, number=1, criteria_id=criteria.id, quota_id=quota.id,
                                   result_number=1, reason="", sha256="0" * 64, frozen_at=START,
                                   **two))  # fmt: skip
    add(db, Placing(list_id=frozen.id, keys_sha256=score.keys_sha256, rank=1, outcome="accepted", total=0,
                    detail={}, **sat))  # fmt: skip
    add(db, PlaceEvent(activity_id=activity, attempt_id=attempt, kind="withdrew", at=START, reason=""))
    add(db, ResultAnnouncement(activity_id=activity, number=1, list_id=frozen.id, policy={}, content="{}",
                               sha256="0" * 64, made_at=START, publish_at=START, **two))  # fmt: skip


def authored(db: Database, run: Run, scene: Scene) -> None:
    """What officials did to the bank."""
    with db.read() as tx:
        revision = tx.scalars(sa.select(ItemRevision.id).limit(1)).one()
        picture = tx.scalars(sa.select(Picture.id).limit(1)).one()
    add(db, RevisionNote(revision_id=revision, why="lebih jelas"))
    add(db, RevisionPicture(revision_id=revision, picture_id=picture))
    add(db, ItemReview(revision_id=revision, reviewer_id=run.candidate_id, verdict="accepted", note="",
                       reviewed_at=START))  # fmt: skip
    batch = add(db, ImportBatch(office_id=scene.office.id, filename="soal.csv", format="csv", sha256="0" * 64,
                                imported_by=run.candidate_id, imported_at=START))  # fmt: skip
    add(db, ImportRow(batch_id=batch.id, revision_id=revision))


def watched(db: Database, run: Run, scene: Scene) -> None:
    """What officials noted and the server noticed."""
    sitting, attempt, person = scene.sitting.id, run.attempt_id, run.candidate_id
    with db.read() as tx:
        activity = tx.scalars(sa.select(Attempt.activity_id).where(Attempt.id == attempt)).one()
        outage = tx.scalars(sa.select(Outage.id)).one()
    add(db, Message(activity_id=activity, author_id=person, text="tenang", sent_at=START))
    add(db, Incident(sitting_id=sitting, attempt_id=attempt, kind="noise", text="hujan", author_id=person,
                     noted_at=START))  # fmt: skip
    add(db, PageEvent(attempt_id=attempt, kind="left", at=START))
    add(db, ContactGap(attempt_id=attempt, began_at=START, ended_at=START + MINUTE))
    add(db, SaveTrouble(attempt_id=attempt, began_at=START, ended_at=START, saves=1))
    add(db, OutageScope(outage_id=outage, sitting_id=sitting, evidence={}))
    add(db, OutageStruck(outage_id=outage, attempt_id=attempt))
    add(db, SittingRecord(sitting_id=sitting, number=1, content="{}", sha256="0" * 64, made_by=person,
                          made_at=START))  # fmt: skip


def change(table: str) -> str:
    column = {"paper": "seed", "booking": "chosen_at", "audit": "act"}.get(table)
    columns = Base.metadata.tables[table].columns
    column = column or next((c.name for c in columns if not c.primary_key), next(iter(columns)).name)
    return f"UPDATE {table} SET {column} = {column}"


def test_tables_that_only_grow_refuse_every_change(full: Database) -> None:
    for table in ONLY_GROW:
        count = count_of(full, table)
        assert count, f"{table} has no row to change"
        for statement in (change(table), f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="never change"), full.write() as tx:
                tx.execute(sa.text(statement))
        assert count_of(full, table) == count


def test_such_tables_are_neither_emptied_nor_replaced(full: Database) -> None:
    for table in ONLY_GROW:
        replace = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        with pytest.raises(DatabaseError, match="never change"), full.write() as tx:
            tx.execute(sa.text(replace if full.sqlite else f"TRUNCATE {table} CASCADE"))


def count_of(db: Database, table: str) -> int:
    with db.read() as tx:
        return int(tx.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.mark.parametrize("table", ["application_version", "screening_event"])
def test_what_was_sent_and_decided_changes_only_to_forget_a_person(full: Database, table: str) -> None:
    with full.read() as tx:
        application_id = tx.scalars(sa.select(Application.id)).first()
    add(full, ApplicationVersion(application_id=application_id, number=1, sent_at=START, data={"nik": "3"},
                                 documents={}))  # fmt: skip
    assert count_of(full, table)
    replace = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    emptied = replace if full.sqlite else f"TRUNCATE {table} CASCADE"
    for statement in (f"UPDATE {table} SET application_id = application_id", f"DELETE FROM {table}", emptied):
        with pytest.raises(DatabaseError, match="never change"), full.write() as tx:
            tx.execute(sa.text(statement))
    with full.write() as tx:
        assert tx.connection().execute(sa.text(f"UPDATE {table} SET purged_at = 1")).rowcount


def test_every_guarded_table_is_in_the_list(db: Database) -> None:
    guarded = {line.split()[1].removesuffix("_keeps_update:") for line in describe(db.engine)
               if line.startswith("trigger ") and "_keeps_update:" in line}  # fmt: skip
    assert guarded == set(ONLY_GROW)


def test_a_second_booking_of_a_person_is_refused(full: Database, run: Run, scene: Scene) -> None:
    other = add_sitting(full, scene.selection.id, label="Sesi 2")
    with pytest.raises(DatabaseError):
        add(full, Booking(candidate_id=run.candidate_id, activity_id=scene.selection.id, sitting_id=other.id,
                          chosen_at=START))  # fmt: skip


def test_a_booking_of_a_sitting_of_another_activity_is_refused(db: Database, scene: Scene) -> None:
    elsewhere, candidate = add_other_scene(db), add_accepted(db, scene)
    with pytest.raises(IntegrityError):
        add(db, Booking(candidate_id=candidate.id, activity_id=scene.selection.id,
                        sitting_id=elsewhere.sitting.id, chosen_at=START))  # fmt: skip


def test_a_booking_needs_an_entry_in_that_activity(db: Database, scene: Scene) -> None:
    elsewhere = add_other_scene(db)
    candidate = add_accepted(db, elsewhere)
    with pytest.raises(IntegrityError):
        add(
            db,
            Booking(
                candidate_id=candidate.id,
                activity_id=scene.selection.id,
                sitting_id=scene.sitting.id,
                chosen_at=START,
            ),
        )


@pytest.mark.parametrize("taken", [-1, 31])
def test_a_sitting_is_never_overbooked(db: Database, scene: Scene, taken: int) -> None:
    with pytest.raises(DatabaseError), db.write() as tx:
        tx.execute(sa.text(f"UPDATE sitting SET taken = {taken}"))


def test_a_taken_seat_stays_taken_and_a_sitting_stays(full: Database) -> None:
    for statement in ("UPDATE sitting SET taken = taken - 1", "DELETE FROM sitting"):
        with pytest.raises(DatabaseError, match="never change"), full.write() as tx:
            tx.execute(sa.text(statement))


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": START},
        {"capacity": 0},
        {"allowed_seconds": 0},
        {"grace_seconds": -1},
        {"ends_at": START + timedelta(minutes=59)},
    ],
    ids=["ends before it starts", "no seat", "no time", "negative grace", "shorter than one exam"],
)
def test_a_sitting_that_cannot_be_sat_is_refused(
    db: Database, scene: Scene, wrong: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError):
        add(db, make_sitting(scene.selection.id, **wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadline_at": None},
        {"deadline_at": START - MINUTE},
        {"finalised_at": START + HOUR},
        {"how": "submitted"},
        {"finalised_at": START - MINUTE, "how": "clock"},
        {"finalised_at": START + HOUR, "how": "somehow"},
    ],
    ids=str,
)
def test_an_attempt_with_impossible_instants_is_refused(
    db: Database, run: Run, wrong: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), db.write() as tx:
        tx.execute(sa.update(Attempt).where(Attempt.id == run.attempt_id).values(**wrong))


def test_an_instant_comes_back_as_it_was_stored(db: Database, run: Run) -> None:
    at = START + timedelta(microseconds=1)
    kept = add(
        db,
        LateAnswer(
            attempt_id=run.attempt_id,
            position=1,
            seq=1,
            option=None,
            flagged=False,
            lease=1,
            arrived_at=at,
            reason="closed",
        ),
    )
    with db.read() as tx:
        assert tx.get_one(LateAnswer, kept.id).arrived_at == at


def test_a_naive_instant_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="naive"):
        add_scene(db, sitting={"starts_at": START.replace(tzinfo=None)})


def test_the_trail_is_written_without_a_person_too(db: Database) -> None:
    with db.write() as tx:
        audit.record(tx, now=START, act="attempt.closed", object_kind="attempt", object_id=1)
    with db.read() as tx:
        assert audit.broken_at(tx) == []
