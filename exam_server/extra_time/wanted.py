"""What an official typed about time: minutes, a reason from the list, and words; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from exam_server.exam.ledger import LONGEST
from exam_server.extra_time.refusals import MinutesUnreadable, ReasonUnknown, WordsMissing, WordsTooLong
from exam_server.extra_time.rules import REASONS
from exam_server.unseen import without_unseen

MOST_WORDS = 500
WHOLE = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True)
class Wanted:
    """Seconds somebody wants to add, and why."""

    seconds: int
    reason_code: str
    reason: str


def read(form: Mapping[str, str]) -> Wanted:
    """What the form says; raises MinutesUnreadable, ReasonUnknown, WordsMissing, WordsTooLong."""
    minutes = form.get("minutes", "").strip()
    if not WHOLE.fullmatch(minutes) or not 0 < int(minutes) * 60 <= LONGEST:
        raise MinutesUnreadable
    code = form.get("reason_code", "")
    if code not in REASONS:
        raise ReasonUnknown
    return Wanted(int(minutes) * 60, code, words(form))


def words(form: Mapping[str, str]) -> str:
    """The words of the form; raises WordsMissing, WordsTooLong."""
    said = without_unseen(form.get("reason", "")).strip()
    if not said:
        raise WordsMissing
    if len(said) > MOST_WORDS:
        raise WordsTooLong(most=MOST_WORDS)
    return said
