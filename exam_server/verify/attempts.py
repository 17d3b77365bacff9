"""Every attempt, told a second time from its journal: what is stored besides must say the same.

A journal seals the order of facts; what seals the journal itself is the receipt, whose code nobody can make
without the secret.
"""

from __future__ import annotations

from collections.abc import Iterator

from exam_server.db import Database
from exam_server.errors import N_
from exam_server.exam.replay import Contradiction, Granted, Replayed, What, replay
from exam_server.verify import proofs
from exam_server.verify.problems import Found, Problem
from exam_server.verify.records import Record, records

JOURNAL = N_("Pengerjaan {attempt}: catatan jurnal nomor {number} tidak benar: {why}.")
JOURNAL_AT = N_("Pengerjaan {attempt}, soal nomor {position}: catatan jurnal nomor {number} tidak benar: "
                "{why}.")  # fmt: skip
FACT = N_("Pengerjaan {attempt}: {what} yang tersimpan tidak sama dengan jurnalnya.")
RESPONSE = N_("Pengerjaan {attempt}, soal nomor {position}: jawaban yang tersimpan tidak sama dengan "
              "jurnalnya.")  # fmt: skip
VERSIONS = N_("Pengerjaan {attempt}, soal nomor {position}: riwayat jawaban tidak sama dengan jurnalnya.")
LEDGER = N_("Pengerjaan {attempt}: catatan pemberian waktu tidak sama dengan jurnalnya.")
DEADLINE = N_("Pengerjaan {attempt}: batas waktu bukan waktu mulai ditambah semua waktu yang diberikan.")
UNSEEN = N_("Pengerjaan {attempt}, soal nomor {position}: jawaban terlambat ikut dihitung, tetapi buktinya "
            "tidak ada.")  # fmt: skip
NO_RESCUE = N_(
    "Pengerjaan {attempt}: jawaban dari berkas penyelamat ikut dihitung, tetapi berkasnya tidak ada."
)

WHY: dict[What, str] = {
    "broken_seal": N_("catatan ini tidak sesuai dengan segelnya"),
    "gap": N_("ada catatan sebelumnya yang hilang"),
    "unreadable": N_("isinya tidak terbaca"),
    "unknown_kind": N_("jenisnya tidak dikenal"),
    "drawn_again": N_("naskah soal ditarik dua kali"),
    "pledged_again": N_("pakta integritas disetujui dua kali"),
    "no_paper": N_("tes dimulai tanpa naskah soal"),
    "started_again": N_("tes dimulai dua kali"),
    "not_started": N_("tes belum dimulai"),
    "lease_not_next": N_("perangkat mendapat nomor yang bukan gilirannya"),
    "after_closing": N_("jawaban disimpan setelah tes ditutup"),
    "seq_not_growing": N_("jawaban lama menggantikan jawaban yang lebih baru"),
    "too_late": N_("jawaban tiba setelah batas waktu dan masa tenggangnya"),
    "time_after_handing_in": N_("waktu diberikan setelah tes dikumpulkan"),
    "deadline_disagrees": N_("batas waktunya bukan jumlah waktu yang diberikan"),
    "counted_without_time": N_("jawaban terlambat dihitung tanpa tambahan waktu dan tanpa berkas penyelamat"),
    "counted_after_handing_in": N_("jawaban terlambat dihitung setelah tes dikumpulkan"),
    "closed_again": N_("tes ditutup dua kali"),
    "closed_at_another_instant": N_("tes ditutup pada waktu yang bukan batas waktunya"),
    "reopened_without_time": N_("tes dibuka lagi tanpa tambahan waktu"),
}
STARTED, UNTIL, CLOSED = N_("waktu mulai"), N_("batas waktu"), N_("waktu penutupan")
HOW, ALLOWED, GRACE = N_("cara penutupan"), N_("waktu pengerjaan"), N_("masa tenggang")
LEASE, PLEDGED = N_("nomor perangkat"), N_("pakta integritas")
WORDS = {*WHY.values(), STARTED, UNTIL, CLOSED, HOW, ALLOWED, GRACE, LEASE, PLEDGED}


def look(db: Database, secret: str | None) -> Found:
    """How many attempts there are, and what does not agree; without `secret` codes are not made again."""
    count, problems = 0, []
    for count, record in enumerate(records(db), 1):  # noqa: B007 - the last number is the answer
        problems += [
            Problem(one.sentence, {"attempt": record.attempt.public_id} | one.params)
            for one in disagreements(record, secret)
        ]
    return count, problems


def disagreements(record: Record, secret: str | None) -> Iterator[Problem]:
    """What is stored of one attempt against its replayed journal."""
    told = replay(record.attempt.id, record.journal)
    yield from map(_contradiction, told.contradictions)
    yield from _facts(record, told)
    yield from _time(record, told)
    yield from _answers(record, told)
    yield from _counted(record, told)
    yield from proofs.disagreements(record, told, secret)


def _contradiction(one: Contradiction) -> Problem:
    params: dict[str, object] = {"number": one.number, "why": WHY[one.what]}
    if one.position is None:
        return Problem(JOURNAL, params)
    return Problem(JOURNAL_AT, params | {"position": one.position})


def _facts(record: Record, told: Replayed) -> Iterator[Problem]:
    stored = record.attempt
    pairs = [
        (STARTED, stored.started_at, told.started_at), (UNTIL, stored.deadline_at, told.deadline_at),
        (CLOSED, stored.finalised_at, told.finalised_at), (HOW, stored.how, told.how),
        (PLEDGED, record.pledged_at, told.pledged_at),
    ]  # fmt: skip
    if told.started_at is not None:
        pairs += [(ALLOWED, stored.allowed_seconds, told.allowed_seconds),
                  (GRACE, stored.grace_seconds, told.grace_seconds)]  # fmt: skip
    if told.lease is not None:
        pairs.append((LEASE, stored.lease, told.lease))
    yield from (Problem(FACT, {"what": what}) for what, here, there in pairs if here != there)


def _time(record: Record, told: Replayed) -> Iterator[Problem]:
    granted = sum(one.seconds for one in record.ledger)
    if not _same_time(record.ledger, granted, told):
        yield Problem(LEDGER, {})
    started_at, until = record.attempt.started_at, record.attempt.deadline_at
    if started_at is not None and until != started_at + granted * 1_000_000:
        yield Problem(DEADLINE, {})


def _same_time(stored: list[Granted], granted: int, told: Replayed) -> bool:
    """Of what was granted before there were journals only the sum is known."""
    if not told.adopted:
        return stored == told.ledger
    later = told.ledger[1:]
    return granted == told.seconds and stored[len(stored) - len(later) :] == later


def _answers(record: Record, told: Replayed) -> Iterator[Problem]:
    for position in sorted(record.responses.keys() | told.responses.keys()):
        if record.responses.get(position) != told.responses.get(position):
            yield Problem(RESPONSE, {"position": position})
    for position in sorted(record.versions.keys() | told.history.keys()):
        stored, sealed = record.versions.get(position, []), told.history.get(position, [])
        if (
            told.adopted and sealed
        ):  # versions from before there were journals stand before the first sealed one
            stored = stored[max(0, len(stored) - len(sealed)) :]
        if stored != sealed:
            yield Problem(VERSIONS, {"position": position})


def _counted(record: Record, told: Replayed) -> Iterator[Problem]:
    for source, position, answer in told.counted:
        if source == "late" and (position, answer) not in record.late:
            yield Problem(UNSEEN, {"position": position})
    if any(source == "rescue" for source, *_ in told.counted) and not record.rescue_files:
        yield Problem(NO_RESCUE, {})
