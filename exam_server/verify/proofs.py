"""What was made of a closed attempt: its paper, scores and receipts, each made once more and compared."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from exam_server.errors import N_
from exam_server.exam import receipts
from exam_server.exam.journal import canonical
from exam_server.exam.papers import read_paper
from exam_server.exam.replay import Replayed, replay
from exam_server.models import Receipt, Response, from_micros
from exam_server.verify.problems import Problem
from exam_server.verify.records import Marked, Record
from question_bank.blueprint import Drawn
from question_bank.scoring import score

PAPER = N_("Pengerjaan {attempt}: naskah soal yang tersimpan bukan yang ditarik.")
OUTSIDE = N_("Pengerjaan {attempt}, soal nomor {position}: jawaban menunjuk soal atau pilihan yang tidak ada "
             "di naskah soalnya.")  # fmt: skip
OPEN = N_("Pengerjaan {attempt}: ada nilai atau tanda terima pada catatan jurnal nomor {number}, sedangkan "
          "tes belum ditutup pada catatan itu.")  # fmt: skip
UNPAIRED = N_("Pengerjaan {attempt}: pada catatan jurnal nomor {number} hanya ada salah satu dari nilai dan "
              "tanda terima.")  # fmt: skip
VERSIONS = N_("Pengerjaan {attempt}: kunci yang disebut nilai pada catatan jurnal nomor {number} bukan kunci "
              "yang dipakai.")  # fmt: skip
NO_KEY = N_("Pengerjaan {attempt}: kunci soal nomor {position} yang disebut nilainya tidak ada atau tidak "
            "terbaca.")  # fmt: skip
SCORE = N_(
    "Pengerjaan {attempt}: nilai pada catatan jurnal nomor {number} tidak sama dengan hasil hitung ulang."
)
RECEIPT = N_("Pengerjaan {attempt}: tanda terima {code} tidak sesuai dengan yang tersimpan.")
FORGED = N_("Pengerjaan {attempt}: tanda terima {code} tidak dibuat oleh server ini, atau isinya diubah.")


def disagreements(record: Record, told: Replayed, secret: str | None) -> Iterator[Problem]:
    """Paper, scores and receipts of one attempt; `told` is its whole replayed journal."""
    paper = _paper(record, told)
    if paper is None:
        if record.paper is not None or told.paper_sha256 is not None:
            yield Problem(PAPER, {})
    else:
        yield from _outside(record, paper)
    states = {told.number: told}
    scored, vouched = ({one.number for one in made} for made in (record.scores, record.receipts))
    for number in sorted(scored | vouched):
        if (number in scored) is not (number in vouched):
            yield Problem(UNPAIRED, {"number": number})
        if number not in states:
            until = [entry for entry in record.journal if entry.number <= number]
            states[number] = replay(record.attempt.id, until)
        if states[number].number != number or states[number].how is None:
            yield Problem(OPEN, {"number": number})
    for marked in record.scores if paper is not None else ():
        yield from _score(record, paper or [], marked, states[marked.number])
    for row in record.receipts:
        yield from _receipt(record, row, states[row.number], secret)


def _paper(record: Record, told: Replayed) -> list[Drawn] | None:
    """The paper, when it is the one that was drawn."""
    if record.paper is None:
        return None
    content, sha256 = record.paper
    if hashlib.sha256(content.encode()).hexdigest() != sha256 or sha256 != told.paper_sha256:
        return None
    try:
        return read_paper(content)
    except (TypeError, ValueError):
        return None


def _outside(record: Record, paper: list[Drawn]) -> Iterator[Problem]:
    for position, answer in sorted(record.responses.items()):
        known = 1 <= position <= len(paper)
        if not known or answer.option not in (None, *range(1, len(paper[position - 1].order) + 1)):
            yield Problem(OUTSIDE, {"position": position})


def _score(record: Record, paper: list[Drawn], marked: Marked, state: Replayed) -> Iterator[Problem]:
    if marked.keys is None or [revision for revision, _ in marked.keys] != [one.id for one in paper] or (
        hashlib.sha256(canonical(marked.keys).encode()).hexdigest() != marked.keys_sha256
    ):  # fmt: skip
        yield Problem(VERSIONS, {"number": marked.number})
        return
    missing = [position for position, pair in enumerate(marked.keys, 1) if pair not in record.keys]
    if missing:
        yield from (Problem(NO_KEY, {"position": position}) for position in missing)
        return
    chosen = {position - 1: None if answer.option is None else answer.option - 1
              for position, answer in state.responses.items()}  # fmt: skip
    found = score(paper, chosen, {pair[0]: record.keys[pair] for pair in marked.keys})
    if (found.correct, found.wrong, found.blank, found.out_of) != (
        marked.correct, marked.wrong, marked.blank, marked.out_of
    ):  # fmt: skip
        yield Problem(SCORE, {"number": marked.number})


def _receipt(record: Record, row: Any, state: Replayed, secret: str | None) -> Iterator[Problem]:
    answered = sum(answer.option is not None for answer in state.responses.values())
    here = (row.paper_sha256, row.journal_seal, row.started_at, row.finalised_at, row.how, row.answered)
    there = (state.paper_sha256, state.seal, state.started_at, state.finalised_at, state.how, answered)
    unsealed = secret is not None and row.answers_seal != _answers_seal(state, secret)
    if here != there or unsealed:
        yield Problem(RECEIPT, {"code": row.code})
    if secret is not None and not hmac.compare_digest(row.code.encode(), _code(record, row, secret).encode()):
        yield Problem(FORGED, {"code": row.code})


def _answers_seal(state: Replayed, secret: str) -> str:
    answers = [Response(position=position, seq=one.seq, option=one.option, flagged=one.flagged)
               for position, one in sorted(state.responses.items())]  # fmt: skip
    return receipts.seal_answers(state.attempt_id, answers, secret)


def _code(record: Record, row: Any, secret: str) -> str:
    """The code that belongs to what is stored; empty where no receipt could say that."""
    values = dict(row._mapping)
    try:
        for name in ("started_at", "finalised_at", "issued_at"):
            values[name] = from_micros(values[name])
        return receipts.code_of(Receipt(**values), record.attempt.public_id, secret)
    except (OverflowError, TypeError):
        return ""
