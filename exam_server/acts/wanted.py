"""What a proctor wants done, as the page sends it; nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from exam_server.acts.refusals import ActUnknown, NobodyChosen, ReasonEmpty, ReasonTooLong, TooManyChosen
from exam_server.acts.rules import ACTS, MOST, Act
from exam_server.errors import BadRequest
from exam_server.extra_time import wanted as time_wanted
from exam_server.incidents import service as incidents
from exam_server.messages import service as messages
from exam_server.messages.rules import is_plain, tidy

LONGEST_REASON = 500


@dataclass(frozen=True)
class Wanted:
    """One act: to whom (public ids, sorted), in which words, and what else it takes.

    `sitting`: public id of a whole sitting, of which only an incident can be noted.
    """

    act: Act
    attempts: tuple[str, ...]
    text: str
    seconds: int = 0
    reason_code: str = ""
    kind: str = ""
    sitting: str = ""

    def told(self, board: str) -> str:
        """All of it as one text: what a confirmation is tied to."""
        return json.dumps([board, asdict(self)], sort_keys=True)


def read(payload: Mapping[str, Any]) -> Wanted:
    """Raises ActUnknown, NobodyChosen, TooManyChosen, BadRequest, and what the act's own words raise."""
    act = payload.get("act")
    if not isinstance(act, str) or act not in ACTS:
        raise ActUnknown
    text = _text(payload.get("text", ""))
    if act == "incident":
        return _incident(payload, text)
    attempts = _attempts(payload.get("attempts"))
    if act == "message":
        return Wanted("message", attempts, messages.read(text))
    if act == "time":
        form = {"minutes": str(payload.get("minutes", "")), "reason": text,
                "reason_code": _word(payload.get("reason_code", ""))}  # fmt: skip
        asked = time_wanted.read(form)
        return Wanted("time", attempts, asked.reason, asked.seconds, asked.reason_code)
    return Wanted("close" if act == "close" else "release", attempts, _reason(text))


def _incident(payload: Mapping[str, Any], text: str) -> Wanted:
    sitting = _word(payload.get("sitting", ""))
    attempts = () if sitting else _attempts(payload.get("attempts"))
    note = incidents.read(payload.get("kind"), text)
    return Wanted("incident", attempts, note.text, kind=note.kind, sitting=sitting)


def _attempts(told: object) -> tuple[str, ...]:
    if not isinstance(told, list) or not told:
        raise NobodyChosen
    if len(told) > MOST:
        raise TooManyChosen(most=MOST)
    return tuple(sorted({_word(one) for one in told}))


def _reason(text: str) -> str:
    if not text:
        raise ReasonEmpty
    if len(text) > LONGEST_REASON:
        raise ReasonTooLong(most=LONGEST_REASON)
    return text


def _text(told: object) -> str:
    """Anything that people type: no database holds the rest."""
    if not isinstance(told, str) or not is_plain(tidy(told)):
        raise BadRequest
    return tidy(told)


def _word(told: object) -> str:
    if not isinstance(told, str) or not (told.isascii() and told.isprintable()):
        raise BadRequest
    return told
