"""What an office was asked, and its answer: one decision per request, by one statement, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, mail
from exam_server.accounts.service import hold_account
from exam_server.db import Database
from exam_server.documents import service as documents
from exam_server.documents.service import Held
from exam_server.errors import NotFound, Refusal
from exam_server.instants import ELSEWHERE
from exam_server.language import DEFAULT
from exam_server.models import HelpRequest, Office
from exam_server.recovery import erasure, letters, lost_email, nik, people, second_factor
from exam_server.recovery.cases import Case, Official
from exam_server.recovery.people import Person
from exam_server.recovery.refusals import AlreadyResolved, AnswerIncomplete, OnlySuperadmin, OtherOffice
from exam_server.recovery.rules import answer_mistake
from exam_server.tokens import fingerprint

PAGE = 50
NOT_THEIRS = (OtherOffice, OnlySuperadmin)


class Act(Protocol):
    """What each kind's module offers: whom it is about, when it is refused, and the act itself."""

    PREVIEW: str

    def subject(self, tx: Session, request: HelpRequest) -> int | None:
        """The account that the act would change."""

    def check(self, tx: Session, case: Case) -> None:
        """Raises the refusal that stands in the way."""

    def grant(self, tx: Session, case: Case, secret: str) -> None:
        """The act, its letters and its audit rows."""


ACTS: dict[str, Act] = {"nik": nik, "email": lost_email, "second_factor": second_factor, "erasure": erasure}


@dataclass(frozen=True)
class Line:
    """A request in a list; `state` is asked, granted or refused."""

    public_id: str
    kind: str
    name: str
    office: str
    zone: ZoneInfo
    asked_at: datetime
    resolved_at: datetime | None
    state: str
    answer: str | None


@dataclass(frozen=True)
class Desk:
    """One request with everything a decision needs; `problem` says why granting it now would be refused."""

    line: Line
    id: int
    office_id: int | None
    nik: str | None
    email: str
    explanation: str
    asker: Person | None
    asker_documents: dict[str, Held]
    person: Person | None
    documents: dict[str, Held]
    preview: str
    problem: Refusal | None
    shown: bool
    """False when the account is another office's: its data are not for these eyes."""
    resolved_by: str | None


def own_requests(db: Database, account_id: int) -> list[Line]:
    """What this candidate asked for, newest first."""
    with db.read() as tx:
        return _lines(tx, _LIST.where(HelpRequest.account_id == account_id).order_by(HelpRequest.id.desc()))


def queue(db: Database, offices: list[int] | None, state: str, kind: str, page: int) -> list[Line]:
    """One page of requests of these offices (None: of all), open ones first and oldest first among them.

    At most PAGE + 1 lines: the last one only says that there is a further page.
    """
    wanted = _LIST.order_by(HelpRequest.resolved_at.is_not(None), HelpRequest.asked_at, HelpRequest.id)
    if offices is not None:
        wanted = wanted.where(HelpRequest.office_id.in_(offices))
    if state in ("asked", "resolved"):
        wanted = wanted.where((HelpRequest.resolved_at.is_(None)) == (state == "asked"))
    if kind in ACTS:
        wanted = wanted.where(HelpRequest.kind == kind)
    with db.read() as tx:
        return _lines(tx, wanted.offset(page * PAGE).limit(PAGE + 1))


def own(db: Database, public_id: str, offices: list[int] | None, viewer_id: int, now: datetime) -> None:
    """Returns when the request was sent to one of these offices (None: to any); anybody else leaves a row in
    the trail. Raises NotFound."""
    with db.read() as tx:
        request = _request(tx, public_id)
    if offices is not None and request.office_id not in offices:
        audit.refuse_foreign(db, viewer_id, "help_request", request.id, now)


def desk(db: Database, public_id: str, official: Official, now: datetime) -> Desk:
    """The request as this official would decide it; raises NotFound."""
    with db.read() as tx:
        request = _request(tx, public_id)
        case = _case(tx, request, official, now)
        act = ACTS[request.kind]
        problem = _problem(tx, act, case)
        asker = people.person(tx, request.account_id) if request.account_id else None
        resolver = people.person(tx, request.resolved_by).name if request.resolved_by else None
        return Desk(
            line=_lines(tx, _LIST.where(HelpRequest.id == request.id))[0], id=request.id,
            office_id=request.office_id, nik=request.nik, email=request.email,
            explanation=request.explanation, asker=asker, person=case.person,
            asker_documents=documents.newest(tx, asker.account_id) if asker else {},
            documents=documents.newest(tx, case.person.account_id) if case.person else {},
            preview=act.PREVIEW, problem=problem, shown=not isinstance(problem, NOT_THEIRS),
            resolved_by=resolver,
        )  # fmt: skip


def grant(db: Database, public_id: str, official: Official, answer: str, secret: str, now: datetime) -> None:
    """The request is granted and acted upon, for good; the asker is told.

    Raises NotFound, AnswerIncomplete, AlreadyResolved, and the refusals of the kind's own `check`.
    """
    with db.write() as tx:
        request = _resolve(tx, public_id, "granted", official, answer, now)
        subject = ACTS[request.kind].subject(tx, request)
        if subject is not None:
            hold_account(tx, subject)  # an application sent at this moment is seen, or waits
        case = _case(tx, request, official, now)
        ACTS[request.kind].check(tx, case)
        _tell(tx, request, case.person, now)
        ACTS[request.kind].grant(tx, case, secret)


def refuse(db: Database, public_id: str, official: Official, answer: str, now: datetime) -> None:
    """The request is refused with an answer, for good; raises NotFound, AnswerIncomplete, AlreadyResolved."""
    with db.write() as tx:
        request = _resolve(tx, public_id, "refused", official, answer, now)
        _tell(tx, request, _case(tx, request, official, now).person, now)


def _resolve(
    tx: Session, public_id: str, outcome: str, official: Official, answer: str, now: datetime
) -> HelpRequest:
    """One statement decides whose answer counts."""
    mistake = answer_mistake(answer)
    if mistake:
        raise AnswerIncomplete(mistake)
    request = _request(tx, public_id)
    won = tx.execute(
        sa.update(HelpRequest)
        .where(HelpRequest.id == request.id, HelpRequest.resolved_at.is_(None))
        .values(outcome=outcome, resolved_at=now, resolved_by=official.id, answer=answer.strip())
        .returning(HelpRequest.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if won is None:
        raise AlreadyResolved
    tx.refresh(request)
    audit.record(tx, now=now, act=f"help.{outcome}", object_kind="help_request", object_id=request.id,
                 actor_id=official.id, office_id=request.office_id,
                 detail={"kind": request.kind, "answer_seal": fingerprint(answer.strip())})  # fmt: skip
    return request


def _tell(tx: Session, request: HelpRequest, person: Person | None, now: datetime) -> None:
    """The asker; of a request from a stranger, the owner of an official's account, or the address given.

    A lost phone or address that is granted has letters of its own, which say why.
    """
    if request.kind == "second_factor" and request.outcome == "granted":
        return
    answered = request.account_id
    if request.kind == "second_factor":
        answered = person.account_id if person and person.roles else None
    outcome, answer = request.outcome or "", request.answer or ""
    if answered is not None:
        to = mail.reader(tx, answered)
        mail.write_to(tx, to, letters.resolved(to.language, to.name, request.kind, outcome, answer), now)
    elif request.kind == "email" and outcome == "refused":
        letter = letters.resolved(DEFAULT, request.name, request.kind, outcome, answer)
        mail.post(tx, letter, request.email, now)


def _case(tx: Session, request: HelpRequest, official: Official, now: datetime) -> Case:
    subject = ACTS[request.kind].subject(tx, request)
    return Case(request, people.person(tx, subject) if subject is not None else None, official, now)


def _problem(tx: Session, act: Act, case: Case) -> Refusal | None:
    try:
        act.check(tx, case)
    except Refusal as problem:
        return problem
    return None


def _request(tx: Session, public_id: str) -> HelpRequest:
    found = tx.scalar(sa.select(HelpRequest).where(HelpRequest.public_id == public_id))
    if found is None:
        raise NotFound
    return found


_LIST = sa.select(HelpRequest, Office.name, Office.zone).outerjoin(Office, Office.id == HelpRequest.office_id)


def _lines(tx: Session, wanted: sa.Select[HelpRequest, str, str]) -> list[Line]:
    return [
        Line(public_id=request.public_id, kind=request.kind, name=request.name, office=office or "",
             zone=ZoneInfo(zone) if zone else ELSEWHERE, asked_at=request.asked_at,
             resolved_at=request.resolved_at, state=request.outcome or "asked", answer=request.answer)
        for request, office, zone in tx.execute(wanted)
    ]  # fmt: skip
