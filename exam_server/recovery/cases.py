"""One request on an official's desk: what was asked, about whom, and who decides when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from exam_server.models import HelpRequest
from exam_server.recovery.people import Person
from exam_server.recovery.refusals import NobodyKnown


@dataclass(frozen=True)
class Official:
    """Who decides."""

    id: int
    superadmin: bool


@dataclass(frozen=True)
class Case:
    """`person` is whom the act would change; empty when no account fits the request."""

    request: HelpRequest
    person: Person | None
    official: Official
    now: datetime

    def known(self) -> Person:
        """The person; raises NobodyKnown."""
        if self.person is None:
            raise NobodyKnown
        return self.person
