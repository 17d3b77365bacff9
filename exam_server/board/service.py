"""Which boards there are, and what of each an official may see, as `sittings.watching.reach` decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.errors import Forbidden, NotFound
from exam_server.models import Activity, Office, Sitting
from exam_server.sittings.watching import Official, Reach, reach
from question_bank.blueprint import Blueprint


@dataclass(frozen=True)
class BoardCard:
    """One activity whose board may be opened."""

    id: int
    public_id: str
    name: str
    office: str
    office_id: int
    zone: ZoneInfo
    items: int
    """How many items a paper of this activity has."""


@dataclass(frozen=True)
class Watched:
    """A sitting on a board."""

    id: int
    public_id: str
    label: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Sight:
    """What one official may see of one board: all of it (`whole`), or its `sittings` and nothing else."""

    card: BoardCard
    whole: bool
    sittings: tuple[Watched, ...]

    @property
    def only(self) -> list[int] | None:
        """Ids of the sittings to which the sight is limited; None: it is not."""
        return None if self.whole else [one.id for one in self.sittings]


def boards(db: Database, person: Official) -> list[BoardCard]:
    """The boards on which this official has something to watch, newest year first."""
    with db.read() as tx:
        mine = reach(tx, person)
        rows = tx.execute(_cards().where(_has_something(mine)).order_by(Activity.year.desc(), Office.name))
        return [_card(activity, office) for activity, office in rows]


def sight(db: Database, person: Official, public_id: str) -> Sight:
    """What this official may see of that board now; raises NotFound, or Forbidden when it is nothing."""
    with db.read() as tx:
        row = tx.execute(_cards().where(Activity.public_id == public_id)).one_or_none()
        if row is None:
            raise NotFound
        card, mine = _card(row[0], row[1]), reach(tx, person)
        sittings = _sittings(tx, card.id, mine)
    whole = mine.has_office(card.office_id)
    if not (whole or sittings):
        raise Forbidden
    return Sight(card, whole, tuple(sittings))


def _cards() -> sa.Select[Activity, Office]:
    return (
        sa.select(Activity, Office)
        .join(Office, Office.id == Activity.office_id)
        .where(Activity.kind == "selection")
    )


def _has_something(mine: Reach) -> sa.ColumnElement[bool]:
    if mine.offices is None:
        return sa.true()
    assigned = sa.select(Sitting.activity_id).where(Sitting.id.in_(mine.sittings))
    return sa.or_(Activity.office_id.in_(mine.offices), Activity.id.in_(assigned))


def _sittings(tx: Session, activity_id: int, mine: Reach) -> Sequence[Watched]:
    rows = tx.execute(
        sa.select(Sitting.id, Sitting.public_id, Sitting.label, Sitting.starts_at, Sitting.ends_at)
        .join(Activity, Activity.id == Sitting.activity_id)
        .where(Sitting.activity_id == activity_id, mine.of_sittings())
        .order_by(Sitting.starts_at, Sitting.id)
    )
    return [Watched(*row) for row in rows]


def _card(activity: Activity, office: Office) -> BoardCard:
    return BoardCard(
        activity.id, activity.public_id, activity.name, office.name, office.id, ZoneInfo(office.zone),
        Blueprint.from_list(activity.blueprint).total,
    )  # fmt: skip
