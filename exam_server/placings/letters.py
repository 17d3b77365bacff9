"""What a candidate reads when something happens to the own place; nobody else is named."""

from __future__ import annotations

from datetime import datetime

from exam_server import instants
from exam_server.errors import N_
from exam_server.language import say
from exam_server.mail import Letter, Reader, link
from exam_server.ranking.ground import Ground

GREETING = N_("Yth. {name},")
CLOSING = N_("Surat ini dikirim atas nama {office}. Hasil seleksi Anda dapat dilihat di:\n{link}")
REASON = N_("Alasan: {reason}")

OFFERED_SUBJECT = N_("Tempat ditawarkan kepada Anda, jawab sebelum {until}")
OFFERED = N_("Sebuah tempat pada kuota Anda, {activity}, menjadi kosong, dan Anda cadangan berikutnya. "
             "Tempat itu ditawarkan kepada Anda.")  # fmt: skip
OFFERED_NEXT = N_("Terima atau tolak tawaran ini sebelum {until} di:\n{link}\n\nBila tidak dijawab sampai "
                  "saat itu, tempatnya ditawarkan kepada cadangan sesudah Anda.")  # fmt: skip

TOOK_SUBJECT = N_("Anda menerima tempat: {activity}")
TOOK = N_("Tempat yang ditawarkan kepada Anda sudah Anda terima. Anda Diterima (seleksi akhir) pada "
          "{activity}.")  # fmt: skip

DECLINED_SUBJECT = N_("Anda menolak tempat: {activity}")
DECLINED = N_("Tempat yang ditawarkan kepada Anda pada {activity} sudah Anda tolak. Penolakan tidak dapat "
              "dicabut.")  # fmt: skip

LAPSED_SUBJECT = N_("Tawaran tempat sudah lewat: {activity}")
LAPSED = N_("Tempat yang ditawarkan kepada Anda pada {activity} tidak Anda jawab sampai {until}. Tawaran "
            "itu sudah lewat, dan tempatnya beralih menurut urutan cadangan.")  # fmt: skip

WITHDREW_SUBJECT = N_("Pengunduran diri tercatat: {activity}")
WITHDREW = N_("Pengunduran diri Anda dari {activity} sudah tercatat dan tidak dapat dicabut.")
WITHDREW_NOTED = N_("{office} mencatat bahwa Anda mengundurkan diri dari {activity}. Bila ini keliru, segera "
                    "hubungi kantor melalui saluran resmi pada pengumuman.")  # fmt: skip

DISQUALIFIED_SUBJECT = N_("Didiskualifikasi: {activity}")
DISQUALIFIED = N_("{office} mendiskualifikasi Anda dari {activity}, dengan persetujuan dua petugas.")
CANCELLED_SUBJECT = N_("Kelulusan dibatalkan: {activity}")
CANCELLED = N_("{office} membatalkan kelulusan Anda pada {activity}, dengan persetujuan dua petugas.")
ENDED_NEXT = N_("Bila Anda menilai ada kekeliruan, hubungi kantor melalui saluran resmi pada pengumuman.")


def offered(person: Reader, ground: Ground, due_at: datetime) -> Letter:
    """Until when the answer counts, and where it is given."""
    until = instants.moment(due_at, ground.zone, person.language)
    return _letter(person, ground, OFFERED_SUBJECT, (OFFERED, OFFERED_NEXT), until=until)


def took(person: Reader, ground: Ground) -> Letter:
    return _letter(person, ground, TOOK_SUBJECT, (TOOK,))


def declined(person: Reader, ground: Ground) -> Letter:
    return _letter(person, ground, DECLINED_SUBJECT, (DECLINED,))


def lapsed(person: Reader, ground: Ground, due_at: datetime) -> Letter:
    """After an offer ran out unanswered."""
    until = instants.moment(due_at, ground.zone, person.language)
    return _letter(person, ground, LAPSED_SUBJECT, (LAPSED, ENDED_NEXT), until=until)


def withdrew(person: Reader, ground: Ground) -> Letter:
    """After the candidate's own act."""
    return _letter(person, ground, WITHDREW_SUBJECT, (WITHDREW,))


def noted(person: Reader, ground: Ground, reason: str) -> Letter:
    """After an official noted it."""
    return _letter(person, ground, WITHDREW_SUBJECT, (WITHDREW_NOTED, REASON), reason=reason)


def ended(person: Reader, ground: Ground, how: str, reason: str) -> Letter:
    """`how`: disqualified or cancelled, by two officials."""
    subject, said = {"disqualified": (DISQUALIFIED_SUBJECT, DISQUALIFIED),
                     "cancelled": (CANCELLED_SUBJECT, CANCELLED)}[how]  # fmt: skip
    return _letter(person, ground, subject, (said, REASON, ENDED_NEXT), reason=reason)


def _letter(person: Reader, ground: Ground, subject: str, parts: tuple[str, ...], **more: str) -> Letter:
    fills = {"name": person.name, "activity": ground.activity, "office": ground.office,
             "link": link("/result"), **more}  # fmt: skip
    body = (say(part, person.language).format(**fills) for part in (GREETING, *parts, CLOSING))
    return Letter(say(subject, person.language).format(**fills), "\n\n".join(body))
