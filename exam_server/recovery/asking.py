"""Asking the office for help: heard from strangers too, told to nobody but the office, bounded per asker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, mail, throttle, tokens
from exam_server.db import Database
from exam_server.errors import Refusal
from exam_server.models import Account, HelpRequest, Office
from exam_server.recovery import erasure, letters, people
from exam_server.recovery.refusals import AlreadyAsked, NoSuchKind, PleaIncomplete, StillRunning
from exam_server.recovery.rules import KINDS, OF_CANDIDATES, Plea, mistakes, needs, tidy

MOST_PER_WINDOW, WINDOW = 10, timedelta(hours=1)


def ask(db: Database, plea: Plea, origin: str, now: datetime, account_id: int | None = None) -> None:
    """The office has the request; whether an account fits it is told to nobody.

    `origin` is who is counted (an account or a network address), `account_id` the signed-in candidate.
    Raises NoSuchKind, PleaIncomplete, TooMany, AlreadyAsked.
    """
    if plea.kind not in KINDS or (plea.kind in OF_CANDIDATES) is not (account_id is not None):
        raise NoSuchKind
    plea = tidy(plea)
    with db.read() as tx:
        offices = {row.slug: row.id for row in tx.execute(sa.select(Office.slug, Office.id))}
    wrong = mistakes(plea, offices)
    if wrong:
        raise PleaIncomplete(wrong)
    with db.write() as tx:
        throttle.take(tx, f"help:{tokens.fingerprint(origin)}", MOST_PER_WINDOW, WINDOW, now)
    with db.write() as tx:
        _ask(tx, _only_needed(plea), offices[plea.office], now, account_id)


def _only_needed(plea: Plea) -> Plea:
    """Without what this kind does not ask for."""
    wanted = needs(plea.kind)
    return replace(plea, nik=plea.nik if "nik" in wanted else "")


def _ask(tx: Session, plea: Plea, office_id: int, now: datetime, account_id: int | None) -> None:
    if account_id is not None:
        # two presses of one button wait for each other here
        asker = tx.get_one(Account, account_id, with_for_update=True)
        plea = replace(plea, email=asker.email)
    same = sa.select(HelpRequest.id).where(
        HelpRequest.kind == plea.kind, HelpRequest.resolved_at.is_(None), HelpRequest.email == plea.email,
        HelpRequest.account_id == account_id, HelpRequest.nik.is_not_distinct_from(plea.nik or None),
    )  # fmt: skip
    if tx.scalar(same.limit(1)) is not None:
        if account_id is not None:
            raise AlreadyAsked
        return  # a stranger is told nothing else than the first time
    request = HelpRequest(
        kind=plea.kind, office_id=_routed(tx, plea, office_id, account_id), account_id=account_id,
        nik=plea.nik or None, name=plea.name, email=plea.email, explanation=plea.explanation, asked_at=now,
    )  # fmt: skip
    tx.add(request)
    tx.flush()
    audit.record(tx, now=now, act="help.asked", object_kind="help_request", object_id=request.id,
                 actor_id=account_id, office_id=request.office_id, detail={"kind": plea.kind})  # fmt: skip
    if account_id is not None:
        person = mail.reader(tx, account_id)
        mail.write_to(tx, person, letters.asked(person.language, person.name, plea.kind), now)


def _routed(tx: Session, plea: Plea, chosen: int, account_id: int | None) -> int | None:
    """The office that knows the account, whichever was chosen; none (superadmins only) for a superadmin.

    So an asker cannot bring somebody's data before an office that has nothing to do with them.
    """
    if plea.kind == "nik":
        return chosen
    if plea.kind == "second_factor":
        return _office_of_official(tx, plea.email, chosen)
    about = account_id if plea.kind == "erasure" else people.holder_of(tx, plea.nik)
    home = people.person(tx, about).home_office_id if about is not None else None
    return home or chosen


def _office_of_official(tx: Session, email: str, chosen: int) -> int | None:
    found = people.with_email(tx, email)
    roles = people.person(tx, found).roles if found is not None else frozenset()
    if any(role == "superadmin" for role, _ in roles):
        return None
    places = sorted(place for _, place in roles if place is not None)
    return places[0] if places and chosen not in places else chosen


@dataclass(frozen=True)
class Outlook:
    """What a request for erasure would meet: the office that decides, and what is in the way today."""

    office: str | None
    problem: Refusal | None


def outlook(db: Database, account_id: int, now: datetime) -> Outlook:
    """For the page on which a candidate asks to be forgotten; `office` is its short name."""
    with db.read() as tx:
        person = people.person(tx, account_id)
        slug = tx.scalar(sa.select(Office.slug).where(Office.id == person.home_office_id))
        running = erasure.first_running(tx, person, now)
    return Outlook(slug, StillRunning(year=running.year, office=running.office) if running else None)
