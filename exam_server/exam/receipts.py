"""Receipts: a code under which the server vouches for a closed attempt without telling an answer.

The code is the first 100 bits of an HMAC-SHA256 (RFC 2104) over everything the receipt says, in base 32; the
answers go in under a keyed seal of their own, since thirty choices could be guessed from a plain hash.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from exam_server.exam.journal import canonical
from exam_server.exam.papers import read_paper
from exam_server.models import Attempt, Paper, Receipt, Response, to_micros

CODE_BYTES = 13
CODE_LENGTH = 20
GROUP = 4


def issue(
    attempt: Attempt, paper: Paper, answers: Sequence[Response], number: int, seal: str, secret: str,
    now: datetime,
) -> Receipt:  # fmt: skip
    """The receipt of an attempt as it stands; the caller adds it to its transaction."""
    made = Receipt(
        attempt_id=attempt.id, number=number, paper_sha256=paper.sha256, journal_seal=seal,
        answers_seal=seal_answers(attempt.id, answers, secret), started_at=attempt.started_at,
        finalised_at=attempt.finalised_at, how=attempt.how, items=len(read_paper(paper.content)),
        answered=sum(one.option is not None for one in answers), issued_at=now,
    )  # fmt: skip
    made.code = code_of(made, attempt.public_id, secret)
    return made


def seal_answers(attempt_id: int, answers: Sequence[Response], secret: str) -> str:
    """A keyed seal over every response of this attempt: position, seq, option and mark."""
    said = canonical([attempt_id, [[one.position, one.seq, one.option, one.flagged] for one in answers]])
    return _hmac(secret, "answers", said).hex()


def code_of(receipt: Receipt, attempt: str, secret: str) -> str:
    """The code that belongs to what a receipt says, in groups of four."""
    said = canonical([
        attempt, receipt.number, receipt.paper_sha256, receipt.answers_seal, receipt.journal_seal,
        to_micros(receipt.started_at), to_micros(receipt.finalised_at), receipt.how, receipt.answered,
        receipt.items, to_micros(receipt.issued_at),
    ])  # fmt: skip
    return grouped(base64.b32encode(_hmac(secret, "receipt", said)[:CODE_BYTES]).decode()[:CODE_LENGTH])


def grouped(letters: str) -> str:
    """The letters of a code as they are written: in groups of four."""
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def _hmac(secret: str, purpose: str, said: str) -> bytes:
    return hmac.new(secret.encode(), f"{purpose}\0{said}".encode(), hashlib.sha256).digest()
