"""How far each office has come: what its checklist stands on, a few statements for any number of offices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.models import (
    Activity,
    Channel,
    Invitation,
    Office,
    OfficeDetail,
    Phase,
    Recruitment,
    Requirement,
    RoleGrant,
    Sitting,
)
from exam_server.offices.service import OfficeCard, card_of
from exam_server.recruitments import rules
from exam_server.recruitments.rules import Facts, Item
from question_bank.blueprint import Blueprint, shortfall


@dataclass(frozen=True)
class Desk:
    """One office on the home page: its checklist is about the newest of its `years`."""

    office: OfficeCard
    years: tuple[tuple[int, bool], ...]
    items: tuple[Item, ...]

    @property
    def left(self) -> int:
        return sum(not item.done for item in self.items)


Count = dict[int, int]


def desks(db: Database, office_ids: list[int] | None, now: datetime) -> list[Desk]:
    """The offices (None: all of them) by name, each with what is still missing there."""
    with db.read() as tx:
        wanted = sa.select(Office).order_by(Office.name)
        if office_ids is not None:
            wanted = wanted.where(Office.id.in_(office_ids))
        offices = list(tx.scalars(wanted))
        found = sa.select(Recruitment).where(Recruitment.office_id.in_([one.id for one in offices]))
        years: dict[int, list[Recruitment]] = defaultdict(list)
        for one in tx.scalars(found.order_by(Recruitment.year.desc())):
            years[one.office_id].append(one)
        facts = facts_of(tx, offices, {key: listed[0] for key, listed in years.items()}, now)
        return [
            Desk(card_of(one), tuple((it.year, it.published_at is not None) for it in years[one.id]),
                 tuple(rules.checklist(facts[one.id])))
            for one in offices
        ]  # fmt: skip


def facts_of(
    tx: Session, offices: Iterable[Office], newest: dict[int, Recruitment], now: datetime
) -> dict[int, Facts]:
    """By office; `newest` is the recruitment that each checklist is about."""
    offices = list(offices)
    office_ids, ids = [one.id for one in offices], [one.id for one in newest.values()]
    details = {one.office_id: one for one in
               tx.scalars(sa.select(OfficeDetail).where(OfficeDetail.office_id.in_(office_ids)))}  # fmt: skip
    seen = _Seen(
        stages=_stages(tx, ids),
        channels=_counted(tx, Channel, Channel.recruitment_id.in_(ids)),
        musts=_counted(tx, Requirement, Requirement.recruitment_id.in_(ids), Requirement.kind == "must"),
        activities=_activities(tx, ids),
        sittings=_sittings(tx, ids),
        screeners=_serving(tx, office_ids, "screener", now),
        proctors=_serving(tx, office_ids, "proctor", now),
    )
    return {one.id: _facts(tx, one, details.get(one.id), newest.get(one.id), seen) for one in offices}


@dataclass(frozen=True)
class _Seen:
    """Counts by recruitment (the last two by office)."""

    stages: dict[int, list[str]]
    channels: Count
    musts: Count
    activities: dict[int, dict[str, Activity]]
    sittings: Count
    screeners: Count
    proctors: Count


def _facts(
    tx: Session, office: Office, detail: OfficeDetail | None, recruitment: Recruitment | None, seen: _Seen
) -> Facts:
    found = bool(detail and detail.address and detail.phone and detail.email)
    if recruitment is None:
        return Facts(found=found, kecamatan=len(office.kecamatan))
    key, both = recruitment.id, seen.activities.get(recruitment.id, {})
    planned, lacking = _paper(tx, office.id, both.get("selection"))
    texts = recruitment.texts
    return Facts(
        found=found,
        kecamatan=len(office.kecamatan),
        year=recruitment.year,
        published=recruitment.published_at is not None,
        numbered=bool(recruitment.document_number),
        signatories=len(recruitment.signatories),
        named=len(both) == 2 and all(one.name for one in both.values()),
        stages=tuple(seen.stages.get(key, ())),
        musts=seen.musts.get(key, 0),
        worded=bool(texts.get("intro", {}).get("id")) and bool(texts.get("steps")),
        channels=seen.channels.get(key, 0),
        questions_planned=planned,
        questions_lacking=lacking,
        sittings=seen.sittings.get(key, 0),
        screeners=seen.screeners.get(office.id, 0),
        proctors=seen.proctors.get(office.id, 0),
    )


def _paper(tx: Session, office_id: int, selection: Activity | None) -> tuple[int, int]:
    """(items of a paper, items that the bank lacks for it)"""
    if selection is None or not selection.blueprint:
        return 0, 0
    blueprint = Blueprint.from_list(selection.blueprint)
    return blueprint.total, sum(count for _, count in shortfall(bank.refs(tx, office_id), blueprint))


def topics(db: Database, office_id: int) -> list[tuple[str, int]]:
    """(topic, reviewed items) of an office's bank, by name."""
    counts: dict[str, int] = defaultdict(int)
    with db.read() as tx:
        for ref in bank.refs(tx, office_id):
            counts[ref.topic] += 1
    return sorted(counts.items())


def _stages(tx: Session, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in tx.execute(sa.select(Phase.recruitment_id, Phase.kind).where(Phase.recruitment_id.in_(ids))):
        found[row.recruitment_id].append(row.kind)
    return found


def _counted(tx: Session, table: type[Any], *where: Any) -> Count:
    rows = sa.select(table.recruitment_id, sa.func.count()).where(*where).group_by(table.recruitment_id)
    return {key: count for key, count in tx.execute(rows)}  # noqa: C416 - rows are not pairs to a type checker


def _activities(tx: Session, ids: list[int]) -> dict[int, dict[str, Activity]]:
    found: dict[int, dict[str, Activity]] = defaultdict(dict)
    for one in tx.scalars(sa.select(Activity).where(Activity.recruitment_id.in_(ids))):
        found[one.recruitment_id][one.kind] = one
    return found


def _sittings(tx: Session, ids: list[int]) -> Count:
    rows = tx.execute(
        sa.select(Activity.recruitment_id, sa.func.count(Sitting.id))
        .join(Sitting, Sitting.activity_id == Activity.id)
        .where(Activity.recruitment_id.in_(ids))
        .group_by(Activity.recruitment_id)
    )
    return {key: count for key, count in rows}  # noqa: C416


def _serving(tx: Session, office_ids: list[int], role: str, now: datetime) -> Count:
    """How many hold a role or are invited to it."""
    holding = sa.select(RoleGrant.office_id).where(RoleGrant.role == role, RoleGrant.ended_at.is_(None))
    invited = sa.select(Invitation.office_id).where(
        Invitation.role == role, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
    )  # fmt: skip
    counts: Count = defaultdict(int)
    for wanted, column in ((holding, RoleGrant.office_id), (invited, Invitation.office_id)):
        for office_id in tx.scalars(wanted.where(column.in_(office_ids))):
            counts[office_id or 0] += 1
    return counts
