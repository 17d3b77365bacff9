"""Every frozen list, made once more from the journals: scores, everybody's shares, ranks, quotas, reserves.

The scores themselves are made again from the journals by another check; this one ranks by them, with the
criteria and the quota that the list names, as its version of the results had them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.errors import N_, Refusal
from exam_server.models import Activity, Criteria, Quota, SelectionList
from exam_server.ranking import listing, lists
from exam_server.ranking.listing import Line
from exam_server.verify.problems import Found, Problem
from exam_server.verify.records import snapshot

NAMED = 5
"""So many candidates are named one by one."""

CHANGED = N_("Daftar seleksi {activity} ke-{number}: isinya tidak sesuai dengan sidiknya.")
REBUILT = N_("Daftar seleksi {activity} ke-{number}: peserta {who} tidak berada pada tempat menurut hitung "
             "ulang dari jurnal, kriteria, dan kuotanya.")  # fmt: skip
EXTRA = N_("Daftar seleksi {activity} ke-{number}: peserta {who} ada pada daftar, tetapi tidak pada hitung "
           "ulang.")  # fmt: skip
LACKS = N_("Daftar seleksi {activity} ke-{number}: peserta {who} tidak ada pada daftar, tetapi ada pada "
           "hitung ulang.")  # fmt: skip
UNREADABLE = N_("Daftar seleksi {activity} ke-{number}: tidak dapat dihitung ulang, karena kriteria, "
                "kuota, atau nilainya tidak terbaca.")  # fmt: skip


def look(db: Database) -> Found:
    """How many lists there are, and what does not agree."""
    wanted = sa.select(SelectionList.id).order_by(SelectionList.id)
    with snapshot(db) as tx:
        found = list(tx.scalars(wanted))
    problems: list[Problem] = []
    for list_id in found:
        with snapshot(db) as tx:
            problems += _disagreements(tx, tx.get_one(SelectionList, list_id))
    return len(found), problems


def _disagreements(tx: Session, frozen: SelectionList) -> Iterator[Problem]:
    activity = tx.get_one(Activity, frozen.activity_id).public_id
    told = {"activity": activity, "number": frozen.number}
    stored = lists.lines(tx, frozen.id)
    if listing.seal(stored) != frozen.sha256:
        yield Problem(CHANGED, told)
    try:
        fresh = _again(tx, frozen)
    except (Refusal, KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError):
        yield Problem(UNREADABLE, told)
        return
    yield from _differences(stored, fresh, told)


def _again(tx: Session, frozen: SelectionList) -> list[Line]:
    criteria, quota = tx.get_one(Criteria, frozen.criteria_id), tx.get_one(Quota, frozen.quota_id)
    wanted = listing.wanted(frozen.activity_id, criteria.content, quota.content, quota.reserves,
                            frozen.result_number)  # fmt: skip
    return listing.compute_here(tx, wanted)


def _differences(stored: list[Line], fresh: list[Line], told: dict[str, Any]) -> Iterator[Problem]:
    here, there = ({one["attempt_id"]: one for one in lines} for lines in (stored, fresh))
    pairs = (
        (EXTRA, here.keys() - there.keys(), here), (LACKS, there.keys() - here.keys(), there),
        (REBUILT, {one for one in here.keys() & there.keys() if here[one] != there[one]}, there),
    )  # fmt: skip
    for sentence, attempts, lines in pairs:
        if attempts:
            numbers = sorted(str(lines[one]["detail"]["number"]) for one in attempts)
            more = " …" if len(numbers) > NAMED else ""
            yield Problem(sentence, told | {"who": ", ".join(numbers[:NAMED]) + more})
