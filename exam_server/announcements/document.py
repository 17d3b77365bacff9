"""The announcement as a document: a frozen list, what happened to its places, and what the office publishes.

Pure: the same facts are the same bytes. Nothing of a person is in it but what the policy names; never an
identity number, a day of birth or an address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from exam_server.announcements.facts import Basis, Facts, Letterhead, Person
from exam_server.announcements.method import FINAL, sentences
from exam_server.announcements.rules import Policy, published_name
from exam_server.placings.rules import GONE
from exam_server.ranking.chain import Standing, standings

FORMAT = 1
COLUMNS = ("number", "name", "kecamatan", "rank", "total", "outcome", "reserve", "quota")
"""Of each row; a column that the policy closes holds nothing in any row."""

NUMBER, NAME, KECAMATAN, RANK, TOTAL, OUTCOME, RESERVE, QUOTA = range(len(COLUMNS))
LISTED = ("accepted", "offered", "reserve")
NOT_ACCEPTED = "not_accepted"

Row = list[Any]
Content = dict[str, Any]


@dataclass(frozen=True)
class Issue:
    """Which announcement of the activity this is, when it comes out, and what the one before said."""

    number: int
    publish_at: datetime
    before: Mapping[str, Any] | None = None


def compose(facts: Facts, policy: Policy, issue: Issue, now: datetime) -> Content:
    """The whole content as everybody reads it; where everybody stands is as of `now`."""
    where = standings([one.placed for one in facts.people], facts.events, now)
    rows = _rows(facts.people, where, policy)
    content: Content = {
        "format": FORMAT, "number": issue.number, "document_number": policy.document_number,
        "published_at": issue.publish_at.astimezone(facts.letterhead.zone).isoformat(timespec="seconds"),
        "zone": facts.letterhead.zone.key, **_letterhead(facts.letterhead, policy), **_basis(facts.basis),
        "counts": facts.counts | {name: sum(row[OUTCOME] == name for row in rows) for name in LISTED},
        "columns": list(COLUMNS), "rows": rows,
        "replaced": _replaced(facts, where),
        "changes": _changes(issue.before, rows), "since": issue.before["number"] if issue.before else None,
        "policy": {name: getattr(policy, name) for name in ("names", "kecamatan", "rank", "total",
                                                            "not_accepted")},
        "final": FINAL,
    }  # fmt: skip
    return content | {"method": sentences(content, "id")}


def _letterhead(head: Letterhead, policy: Policy) -> Content:
    lines = [head.office, head.address, " · ".join(filter(None, (head.phone, head.email)))]
    return {
        "letterhead": [line for line in lines if line], "activity": head.public_id,
        "activity_name": head.activity, "title": head.title, "year": head.year, "place": head.place,
        "signatories": [{"title": one.get("title", ""), "name": one.get("name", "")}
                        for one in head.signatories],
        "contact": policy.contact or " · ".join(filter(None, (head.office, head.phone, head.email))),
    }  # fmt: skip


def _basis(basis: Basis) -> Content:
    return {
        "list": {"number": basis.number, "sha256": basis.sha256, "result": basis.result},
        "criteria": basis.criteria, "gates": basis.gates, "quotas": basis.quotas, "reserves": basis.reserves,
        "corrections": basis.corrections,
    }  # fmt: skip


def _rows(people: Sequence[Person], where: Mapping[int, Standing], policy: Policy) -> list[Row]:
    """Accepted by rank, then offers and reserves quota by quota, then the others by their numbers alone.

    Where ranks are not published their order is not either: who is accepted stands by number then.
    """
    taken, waiting, others = [], [], []
    for one in people:
        stands = where[one.placed.attempt].where
        if stands == "accepted":
            taken.append(one)
        elif stands in LISTED:
            waiting.append(one)
        elif stands not in GONE and policy.not_accepted == "numbers":
            others.append(one.number)
    taken.sort(key=lambda one: (one.placed.rank or 0 if policy.rank else 0, one.number))
    waiting.sort(key=lambda one: (one.placed.quota or 0, one.placed.reserve or 0))
    rows = [_row(one, where[one.placed.attempt].where, policy) for one in (*taken, *waiting)]
    blank = [None] * (len(COLUMNS) - OUTCOME - 1)
    return rows + [[number, "", "", None, None, NOT_ACCEPTED, *blank] for number in sorted(others)]


def _row(one: Person, stands: str, policy: Policy) -> Row:
    placed = one.placed
    return [
        one.number, published_name(policy, one.name), one.kecamatan if policy.kecamatan else "",
        placed.rank if policy.rank else None, one.total if policy.total else None, stands,
        placed.reserve if stands != "accepted" else None, placed.quota,
    ]  # fmt: skip


def _replaced(facts: Facts, where: Mapping[int, Standing]) -> list[dict[str, Any]]:
    """Whose place was left, and who was offered it or has it; why is nobody's business but theirs."""
    numbers = {one.placed.attempt: one.number for one in facts.people}
    had = {one.placed.attempt for one in facts.people if one.placed.outcome == "accepted"}
    had |= {event.attempt for event in facts.events if event.kind == "offered"}
    heir = {event.vacated_by: event.attempt for event in facts.events if event.kind == "offered"}
    left = [one for one in had if one in where and where[one].where in GONE]
    told = [{"left": numbers[one], "by": numbers.get(heir[one]) if one in heir else None} for one in left]
    return sorted(told, key=lambda one: str(one["left"]))


def _changes(before: Mapping[str, Any] | None, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Whose outcome is another one than in the announcement before; an empty word: not listed."""
    if before is None:
        return []
    was = {row[NUMBER]: _outcome(row) for row in before["rows"]}
    now = {row[NUMBER]: _outcome(row) for row in rows}
    return [
        {"number": number, "was": was.get(number, ""), "now": now.get(number, "")}
        for number in sorted({*was, *now}) if was.get(number) != now.get(number)
    ]  # fmt: skip


def _outcome(row: Row) -> str:
    return f"{row[OUTCOME]} {row[RESERVE]}" if row[RESERVE] else str(row[OUTCOME])
