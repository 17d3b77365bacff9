"""The one choice: booking, seat and attempt in one transaction, decided by one statement, never undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit, mail
from exam_server.db import Database, announce
from exam_server.errors import N_, NotFound, Refusal
from exam_server.models import (
    Account,
    Activity,
    Application,
    Attempt,
    Booking,
    Office,
    ResultAnnouncement,
    Sitting,
    to_micros,
)
from exam_server.selection import letters
from exam_server.selection.rules import last_entry, overlaps_friday_prayer
from exam_server.selection.window import accepted_into, window_of


class NotAccepted(Refusal):
    code = "not_accepted"
    status = 403
    sentence = N_("Menu Tes Kompetensi terbuka bagi pendaftar yang sudah Diterima pada seleksi administrasi.")


class UnknownSitting(NotFound):
    code = "unknown_sitting"
    sentence = N_(
        "Sesi ini tidak ada pada kegiatan Anda. Tidak ada pilihan yang tersimpan; pilih dari daftar."
    )


class SittingFull(Refusal):
    code = "sitting_full"
    sentence = N_("Sesi ini sudah penuh. Belum ada pilihan yang tersimpan; silakan pilih sesi lain.")


class SittingOver(Refusal):
    code = "sitting_over"
    sentence = N_(
        "Batas akhir masuk sesi ini sudah lewat. Belum ada pilihan yang tersimpan; pilih sesi lain."
    )


class AlreadyChosen(Refusal):
    code = "already_chosen"
    sentence = N_(
        "Anda sudah memilih sesi, dan pilihan hanya satu kali. Pilihan Anda yang pertama tetap berlaku."
    )


class ChoiceClosed(Refusal):
    code = "choice_closed"
    sentence = N_("Masa pemilihan sesi belum dibuka atau sudah ditutup; lihat jadwal pada pengumuman.")


@dataclass(frozen=True)
class SittingCard:
    """One sitting as it is offered: every instant aware UTC, `zone` for display."""

    public_id: str
    label: str
    place: str
    office: str
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime
    last_entry_at: datetime
    allowed: timedelta
    capacity: int
    left: int
    friday_prayer: bool

    @property
    def ends_if_first(self) -> datetime:
        """When it ends for who starts at once."""
        return self.starts_at + self.allowed


@dataclass(frozen=True)
class Receipt:
    """What was chosen, for good."""

    public_id: str
    chosen_at: datetime
    candidate: str
    sitting: SittingCard


@dataclass(frozen=True)
class Doors:
    """Which menus stand open to a candidate: Tes Kompetensi, after the choice Ruang Ujian, at last Hasil."""

    accepted: bool
    booked: bool
    announced: bool = False


def doors(db: Database, candidate_id: int, now: datetime) -> Doors:
    """What the candidate may open, whatever the dates say; a stranger to selection may open nothing."""
    accepted = sa.exists().where(Application.candidate_id == candidate_id, Application.kind == "selection")
    booked = sa.exists().where(Booking.candidate_id == candidate_id)
    announced = sa.exists().where(
        Attempt.candidate_id == candidate_id, ResultAnnouncement.activity_id == Attempt.activity_id,
        ResultAnnouncement.publish_at <= now,
    )  # fmt: skip
    with db.read() as tx:
        return Doors(*tx.execute(sa.select(accepted, booked, announced)).one())


def offered(db: Database, candidate_id: int, now: datetime) -> list[SittingCard]:
    """Sittings this candidate may still choose or see full, by time; raises NotAccepted, ChoiceClosed."""
    with db.read() as tx:
        activity = _own_activity(tx, candidate_id)
        _inside_window(tx, activity, now)
        rows = tx.execute(
            sa.select(Sitting, Office)
            .join(Activity, Activity.id == Sitting.activity_id)
            .join(Office, Office.id == Activity.office_id)
            .where(Sitting.activity_id == activity.id)
            .order_by(Sitting.starts_at)
        )
        cards = [card(sitting, office) for sitting, office in rows]
        return [one for one in cards if now < one.last_entry_at]


def booking_of(db: Database, candidate_id: int) -> Receipt | None:
    """The candidate's newest booking."""
    with db.read() as tx:
        return _receipt(tx, candidate_id)


def choose_sitting(db: Database, candidate_id: int, sitting: str, now: datetime) -> Receipt:
    """The booking, for good; the same choice again returns the same booking.

    Raises NotAccepted, ChoiceClosed, UnknownSitting, AlreadyChosen, SittingFull, SittingOver.
    """
    try:
        with db.write() as tx:
            return _choose(tx, candidate_id, sitting, now)
    except IntegrityError as problem:
        # Another device of this candidate was a moment earlier; its booking decides.
        with db.read() as tx:
            earlier = _receipt(tx, candidate_id)
        if earlier is None:
            raise
        if earlier.sitting.public_id == sitting:
            return earlier
        raise AlreadyChosen from problem


def _choose(tx: Session, candidate_id: int, sitting: str, now: datetime) -> Receipt:
    activity = _own_activity(tx, candidate_id)
    taken = tx.scalar(
        sa.select(Booking.sitting_id).where(
            Booking.candidate_id == candidate_id, Booking.activity_id == activity.id
        )
    )
    if taken is None:
        _inside_window(tx, activity, now)
    wanted = tx.scalar(
        sa.select(Sitting).where(Sitting.public_id == sitting, Sitting.activity_id == activity.id)
    )
    if wanted is None:
        raise UnknownSitting
    if taken not in (None, wanted.id):
        raise AlreadyChosen
    if taken is None:
        _take_seat(tx, wanted, now)
        _book(tx, candidate_id, wanted, activity.office_id, now)
    receipt = _receipt(tx, candidate_id)
    if receipt is None:
        raise NotFound
    if taken is None:
        person = mail.reader(tx, candidate_id)
        mail.write_to(tx, person, letters.chosen(person, receipt.sitting), now)
    return receipt


TAKE_SEAT = sa.text("""
UPDATE sitting SET taken = taken + 1
WHERE id = :id AND taken < capacity AND ends_at - allowed_seconds * 1000000 > :now
""")


def _take_seat(tx: Session, sitting: Sitting, now: datetime) -> None:
    """One statement decides who gets the last seat."""
    won = tx.connection().execute(TAKE_SEAT, {"id": sitting.id, "now": to_micros(now)}).rowcount
    if not won:
        over = now >= last_entry(sitting.ends_at, sitting.allowed_seconds)
        raise SittingOver if over else SittingFull


def _book(tx: Session, candidate_id: int, sitting: Sitting, office_id: int, now: datetime) -> None:
    booking = Booking(candidate_id=candidate_id, activity_id=sitting.activity_id, sitting_id=sitting.id,
                      chosen_at=now)  # fmt: skip
    tx.add(booking)
    tx.flush()
    attempt = Attempt(
        booking_id=booking.id, candidate_id=candidate_id, activity_id=sitting.activity_id,
        sitting_id=sitting.id, allowed_seconds=sitting.allowed_seconds, grace_seconds=sitting.grace_seconds,
    )  # fmt: skip
    tx.add(attempt)
    tx.flush()
    audit.record(tx, now=now, act="booking.chosen", object_kind="booking", object_id=booking.id,
                 actor_id=candidate_id, office_id=office_id,
                 detail={"sitting": sitting.public_id})  # fmt: skip
    announce(tx, "attempts", {"attempt_ids": {attempt.id}})


def _own_activity(tx: Session, candidate_id: int) -> Activity:
    activity = accepted_into(tx, candidate_id)
    if activity is None:
        raise NotAccepted
    return activity


def _inside_window(tx: Session, activity: Activity, now: datetime) -> None:
    window = window_of(tx, activity.id)
    if window is None or not window.is_open(now):
        raise ChoiceClosed


def _receipt(tx: Session, candidate_id: int) -> Receipt | None:
    row = tx.execute(
        sa.select(Booking, Sitting, Office, Account.name)
        .join(Sitting, Sitting.id == Booking.sitting_id)
        .join(Activity, Activity.id == Booking.activity_id)
        .join(Office, Office.id == Activity.office_id)
        .join(Account, Account.id == Booking.candidate_id)
        .where(Booking.candidate_id == candidate_id)
        .order_by(Activity.year.desc())
        .limit(1)
        # a sitting that moved while its seat was taken is told as it is now
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    booking, sitting, office, name = row
    return Receipt(booking.public_id, booking.chosen_at, name, card(sitting, office))


def card(sitting: Sitting, office: Office) -> SittingCard:
    """A sitting as people see it."""
    zone = ZoneInfo(office.zone)
    return SittingCard(
        public_id=sitting.public_id, label=sitting.label, place=sitting.place, office=office.name, zone=zone,
        starts_at=sitting.starts_at, ends_at=sitting.ends_at,
        last_entry_at=last_entry(sitting.ends_at, sitting.allowed_seconds),
        allowed=timedelta(seconds=sitting.allowed_seconds),
        capacity=sitting.capacity, left=sitting.capacity - sitting.taken,
        friday_prayer=overlaps_friday_prayer(sitting.starts_at, sitting.ends_at, zone),
    )  # fmt: skip
