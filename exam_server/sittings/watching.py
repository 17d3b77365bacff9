"""Who watches what: an admin the whole office, a proctor the sittings assigned to them, nobody else anything.

The role is asked for again whenever the assignment is: whoever is no proctor of an office any more sees
nothing of it, whatever is left in the list of a sitting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Activity, Attempt, Sitting, SittingProctor


class Official(Protocol):
    """Who is asking, as `auth.Viewer` tells it."""

    @property
    def id(self) -> int: ...

    def offices(self, *roles: str) -> list[int] | None:
        """Ids of the offices for which one of `roles` is held; None stands for every office."""


@dataclass(frozen=True)
class Reach:
    """What one official may watch: whole offices (None: every office), and single sittings besides."""

    offices: frozenset[int] | None
    sittings: frozenset[int]

    def covers(self, office_id: int, sitting_id: int) -> bool:
        """True when that sitting of that office may be seen."""
        return self.has_office(office_id) or sitting_id in self.sittings

    def has_office(self, office_id: int) -> bool:
        """True when everything of that office may be seen."""
        return self.offices is None or office_id in self.offices

    def of_sittings(self) -> sa.ColumnElement[bool]:
        """The same as a condition on Sitting rows joined with their Activity."""
        if self.offices is None:
            return sa.true()
        return sa.or_(Activity.office_id.in_(self.offices), Sitting.id.in_(self.sittings))

    def of_attempts(self) -> sa.ColumnElement[bool]:
        """The same as a condition on Attempt rows joined with their Activity."""
        if self.offices is None:
            return sa.true()
        return sa.or_(Activity.office_id.in_(self.offices), Attempt.sitting_id.in_(self.sittings))


def reach(tx: Session, person: Official) -> Reach:
    """What that official may watch now."""
    whole, some = person.offices("admin"), person.offices("proctor")
    if whole is None or some is None:
        return Reach(None, frozenset())
    assigned = (
        sa.select(SittingProctor.sitting_id)
        .join(Sitting, Sitting.id == SittingProctor.sitting_id)
        .join(Activity, Activity.id == Sitting.activity_id)
        .where(SittingProctor.account_id == person.id, Activity.office_id.in_(some))
    )
    return Reach(frozenset(whole), frozenset(tx.scalars(assigned)) if some else frozenset())
