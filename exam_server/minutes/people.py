"""Who was there: the sitting itself, its attendance list, and who watched it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.errors import NotFound
from exam_server.exam.lookups import EXTRA, facts_of
from exam_server.exam.rules import status
from exam_server.minutes.facts import Ground, Moved, Sitter
from exam_server.minutes.rules import tidy
from exam_server.models import (
    Account,
    Activity,
    Attempt,
    DeviceCheck,
    Office,
    OfficeDetail,
    Recruitment,
    Sitting,
    SittingMove,
    SittingProctor,
)


def ground(tx: Session, public_id: str) -> Ground:
    """The sitting; raises NotFound."""
    row = tx.execute(
        sa.select(Sitting, Activity, Recruitment, Office, OfficeDetail)
        .join(Activity, Activity.id == Sitting.activity_id)
        .join(Recruitment, Recruitment.id == Activity.recruitment_id)
        .join(Office, Office.id == Activity.office_id)
        .outerjoin(OfficeDetail, OfficeDetail.office_id == Office.id)
        .where(Sitting.public_id == public_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    sitting, activity, recruitment, office, detail = row
    return Ground(
        id=sitting.id, public_id=sitting.public_id, label=tidy(sitting.label), place=tidy(sitting.place),
        starts_at=sitting.starts_at, ends_at=sitting.ends_at, capacity=sitting.capacity,
        allowed_seconds=sitting.allowed_seconds, activity=tidy(activity.name), board=activity.public_id,
        office_id=office.id, office=tidy(office.name), contact=_contact(detail),
        document_number=tidy(recruitment.document_number),
        signatories=tuple((_title(one), tidy(str(one.get("name", "")))) for one in recruitment.signatories),
        zone=ZoneInfo(office.zone), moves=_moves(tx, sitting.id),
    )  # fmt: skip


def _contact(detail: OfficeDetail | None) -> tuple[str, ...]:
    if detail is None:
        return ()
    reached = " · ".join(filter(None, (tidy(detail.phone), tidy(detail.email))))
    return tuple(filter(None, (tidy(detail.address), reached)))


def _title(signatory: dict[str, object]) -> str:
    """As the office itself wrote it: an official document is Indonesian."""
    title = signatory.get("title")
    return tidy(str(title.get("id", "") if isinstance(title, dict) else title or ""))


def _moves(tx: Session, sitting_id: int) -> tuple[Moved, ...]:
    rows = tx.scalars(
        sa.select(SittingMove).where(SittingMove.sitting_id == sitting_id).order_by(SittingMove.id)
    )
    return tuple(Moved(row.from_starts_at, row.to_starts_at, tidy(row.reason)) for row in rows)


def sitters(tx: Session, sitting_id: int, now: datetime) -> tuple[Sitter, ...]:
    """Everybody who booked the sitting, by name."""
    rows = tx.execute(
        sa.select(Attempt, Sitting, Account.name, EXTRA.label("extra"))
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Account, Account.id == Attempt.candidate_id)
        .where(Attempt.sitting_id == sitting_id)
    ).all()
    checks = _checks(tx, sitting_id)
    ordered = sorted(rows, key=lambda row: (tidy(row.name).casefold(), row.Attempt.id))
    return tuple(
        Sitter(
            number, row.Attempt.id, tidy(row.name), row.Attempt.started_at, row.Attempt.finalised_at,
            row.Attempt.how, status(facts_of(row.Attempt, row.Sitting, int(row.extra)), now)[0],
            int(row.extra), checks.get(row.Attempt.candidate_id, ""),
        )
        for number, row in enumerate(ordered, 1)
    )  # fmt: skip


def _checks(tx: Session, sitting_id: int) -> dict[int, str]:
    """The newest of each person until the sitting ended: later ones are about something else."""
    newest = (
        sa.select(sa.func.max(DeviceCheck.id))
        .join(Attempt, Attempt.candidate_id == DeviceCheck.account_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Attempt.sitting_id == sitting_id, DeviceCheck.at <= Sitting.ends_at)
        .group_by(DeviceCheck.account_id)
    )
    rows = tx.execute(
        sa.select(DeviceCheck.account_id, DeviceCheck.outcome).where(DeviceCheck.id.in_(newest))
    )
    return {row.account_id: row.outcome for row in rows}


def assigned(tx: Session, sitting_id: int) -> tuple[str, ...]:
    """Who was to watch, by name."""
    rows = tx.scalars(
        sa.select(Account.name)
        .join(SittingProctor, SittingProctor.account_id == Account.id)
        .where(SittingProctor.sitting_id == sitting_id)
    )
    return tuple(sorted(map(tidy, rows)))


def names(tx: Session, account_ids: Iterable[int | None]) -> dict[int, str]:
    """Of these accounts."""
    wanted = {one for one in account_ids if one is not None}
    rows = tx.execute(sa.select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return {row.id: tidy(row.name) for row in rows}
