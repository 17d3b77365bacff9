"""Check C, after every fault: what was acknowledged is there, nothing else is, and it all agrees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import sqlalchemy as sa

from exam_server.models import Attempt, ResponseJournal
from exam_server.rehearsal.journal import Journal, Row
from exam_server.verify import service as verify
from tests.servers import SECRET_KEY
from tests.worlds import Somebody, World

Sat = Sequence[tuple[Somebody, Journal]]
"""Who sat, with what was sent and told."""


def complaints(world: World, sat: Sat) -> list[str]:
    """Everything that is wrong after a fault; empty when all is well."""
    return [
        *(f"{person.email}: {what}" for person, journal in sat for what in _of(world, person, journal)),
        *damage(world),
        *disagreements(world),
        *not_scored_once(world),
    ]


def _of(world: World, person: Somebody, journal: Journal) -> Iterable[str]:
    yield from journal.lost(world.stored(person))
    yield from misplayed(versions(world, person), journal)


def versions(world: World, person: Somebody) -> list[Row]:
    """Every version that was ever stored for this person, in the order in which it was."""
    with world.db.read() as tx:
        rows = tx.execute(
            sa.select(ResponseJournal.position, ResponseJournal.seq, ResponseJournal.option)
            .join(Attempt, Attempt.id == ResponseJournal.attempt_id)
            .where(Attempt.candidate_id == person.id)
            .order_by(ResponseJournal.id)
        )
        return [Row(*row) for row in rows]


def misplayed(stored: Sequence[Row], journal: Journal) -> list[str]:
    """Versions that were never sent, came twice, or came after a newer one."""
    said, newest = [], dict[int, int]()
    for row in stored:
        sent = journal.sent.get((row.position, row.seq))
        if sent is None or sent.option != row.option:
            said.append(f"{row} is a version that was never sent")
        if row.seq <= newest.get(row.position, 0):
            said.append(f"{row} was stored after seq {newest[row.position]}")
        newest[row.position] = row.seq
    return said


def not_the_last_word(world: World, sat: Sat) -> list[str]:
    """Positions at which something else is stored than what the person chose last."""
    said = []
    for person, journal in sat:
        wanted = {Row(*entry[:3]) for entry in journal.newest.values()}
        said += [f"{person.email}: {row} was chosen last" for row in wanted - set(world.stored(person))]
    return said


def damage(world: World) -> list[str]:
    """What the database itself has to complain about, and versions that no trigger kept."""
    said = _sqlite_damage(world) if world.db.sqlite else _postgres_damage(world)
    newest = (
        "SELECT count(*) FROM response r WHERE NOT EXISTS (SELECT 1 FROM response_journal j WHERE "
        "j.attempt_id = r.attempt_id AND j.position = r.position AND j.seq = r.seq)"
    )
    if world.scalar(newest):
        said.append("a response without its journal entry")
    return said


def _sqlite_damage(world: World) -> list[str]:
    found = world.scalar("PRAGMA integrity_check")
    return [] if found == "ok" else [f"integrity_check: {found}"]


def _postgres_damage(world: World) -> list[str]:
    """Every table's pages and every index against its table, by PostgreSQL's own amcheck."""
    with world.db.write() as tx:
        tx.execute(sa.text("CREATE EXTENSION IF NOT EXISTS amcheck"))
    ours = "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'"
    heap = f"SELECT count(*) FROM (SELECT c.oid {ours} AND c.relkind = 'r') t, verify_heapam(t.oid) v"
    tree = f"""SELECT count(bt_index_check(c.oid, true)::text) {ours} AND c.relkind = 'i' AND c.relam =
               (SELECT oid FROM pg_am WHERE amname = 'btree')"""
    torn = world.scalar(heap)
    world.scalar(tree)  # raises for an index that does not agree with its table
    return [f"verify_heapam: {torn} rows"] if torn else []


def disagreements(world: World) -> list[str]:
    """What `exam-server verify` says: every journal replayed, every seal, score and receipt made again.

    The people of a test world have rows for their documents and no files.
    """
    found = verify.look(world.db, Path(), SECRET_KEY).problems
    return [verify.told(problem, "id") for problem in found if problem.sentence != verify.DOCUMENT]


def not_scored_once(world: World) -> list[str]:
    """Closed attempts that have more than one score, or none."""
    with world.db.read() as tx:
        rows = tx.execute(sa.text(
            "SELECT a.id, (SELECT count(*) FROM score s WHERE s.attempt_id = a.id) AS scores FROM attempt a "
            "WHERE a.finalised_at IS NOT NULL ORDER BY a.id"
        ))  # fmt: skip
        return [f"attempt {row.id} is closed and has {row.scores} scores" for row in rows if row.scores != 1]
