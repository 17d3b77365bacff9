"""A change of what was announced: judged against what people rely on, then told to the public and by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import mail
from exam_server.language import DEFAULT
from exam_server.models import (
    Account,
    Activity,
    Application,
    Attempt,
    Notice,
    Office,
    Preference,
    Recruitment,
    Sitting,
)
from exam_server.recruitments import letters, rules
from exam_server.recruitments.fields import Values, words
from exam_server.recruitments.keeping import DAY, first_instant
from exam_server.recruitments.refusals import RequirementsConfirmed, SittingsOutside, TestHasBegun
from exam_server.recruitments.rules import Window

Changes = list[tuple[Window, Window]]


@dataclass(frozen=True)
class Wording:
    """What the public page will say of a change, in both languages; an empty English shows the Indonesian."""

    indonesian: str
    english: str

    def to_dict(self) -> dict[str, str]:
        said = {"id": self.indonesian, "en": self.english}
        return {language: text for language, text in said.items() if text}


def windows(values: Values, zone: ZoneInfo) -> list[Window]:
    """The stages of the form as half-open windows."""
    return [
        Window(row["kind"], words(row, "title"), first_instant(row["first"], zone),
               first_instant(row["last"] + DAY if row["last"] else None, zone))
        for row in values["phases"]
    ]  # fmt: skip


def check(
    tx: Session,
    section: str,
    recruitment: Recruitment,
    old: Values,
    new: Values,
    zone: ZoneInfo,
    now: datetime,
) -> Changes:
    """The windows that change, for `phases`; raises what `rules.check_windows` does, SittingsOutside,
    RequirementsConfirmed, TestHasBegun.
    """
    if section == "requirements":
        _check_requirements(tx, recruitment.id, old, new)
    if section == "activities" and old["strata"] != new["strata"] and _has_begun(tx, recruitment.id):
        raise TestHasBegun("strata")
    if section != "phases":
        return []
    before, after = windows(old, zone), windows(new, zone)
    rules.check_windows(before, after, now)
    changed = rules.changes(before, after)
    for number, window in enumerate(after, 1):
        if window.kind == "test" and any(becomes is window for _, becomes in changed):
            _check_sittings(tx, recruitment.id, window, number, now)
    return changed


def _check_requirements(tx: Session, recruitment_id: int, old: Values, new: Values) -> None:
    """What candidates confirmed is kept by its number."""

    def shape(values: Values) -> list[tuple[str, str]]:
        return [(row["kind"], row["proof"]) for row in values["requirements"]]

    if shape(old) != shape(new) and people(tx, recruitment_id):
        raise RequirementsConfirmed("requirements")


def _has_begun(tx: Session, recruitment_id: int) -> bool:
    begun = (
        sa.select(Attempt.id)
        .join(Activity, Activity.id == Attempt.activity_id)
        .where(Activity.recruitment_id == recruitment_id, Attempt.started_at.is_not(None))
    )
    return tx.scalar(begun.limit(1)) is not None


def _check_sittings(tx: Session, recruitment_id: int, window: Window, number: int, now: datetime) -> None:
    """Who chose a sitting must find its stage open."""
    if window.opens_at is None:
        return
    outside = sa.or_(Sitting.starts_at < window.opens_at, Sitting.ends_at > window.closes_at)
    count = tx.scalar(
        sa.select(sa.func.count(Sitting.id))
        .join(Activity, Activity.id == Sitting.activity_id)
        .where(Activity.recruitment_id == recruitment_id, Sitting.ends_at > now, outside)
    )
    if count:
        raise SittingsOutside(f"phases-{number}-last", count=count)


def people(tx: Session, recruitment_id: int) -> list[mail.Reader]:
    """Everybody with an application in this recruitment whose account is still in use."""
    rows = tx.execute(
        sa.select(Account.id, Account.name, Account.email, Preference.language)
        .outerjoin(Preference, Preference.account_id == Account.id)
        .where(
            Account.disabled_at.is_(None),
            Account.id.in_(
                sa.select(Application.candidate_id)
                .join(Activity, Activity.id == Application.activity_id)
                .where(Activity.recruitment_id == recruitment_id)
            ),
        )
        .order_by(Account.id)
    )
    return [mail.Reader(row.id, row.name, row.email, row.language or DEFAULT) for row in rows]


def wording(changes: Changes, reason: str, zone: ZoneInfo) -> Wording:
    """The notice as it would be written without anybody's help."""
    return Wording(letters.notice("id", changes, reason, zone), letters.notice("en", changes, reason, zone))


def tell(tx: Session, office: Office, recruitment_id: int, said: Wording, now: datetime) -> int:
    """The dated notice, and a letter to each of `people` in their language; how many letters."""
    tx.add(Notice(recruitment_id=recruitment_id, published_at=now, text=said.to_dict()))
    told = people(tx, recruitment_id)
    for person in told:
        text = (person.language == "en" and said.english) or said.indonesian
        letter = letters.schedule_changed(
            person.language, name=person.name, office=office.name, slug=office.slug, notice=text
        )
        mail.write_to(tx, person, letter, now)
    return len(told)
