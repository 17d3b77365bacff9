"""Facts put into the parts of a berita acara; every list says so when it is empty."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from exam_server import instants
from exam_server.minutes import words
from exam_server.minutes.facts import Facts, Gap, Ground, Happened, Sitter
from exam_server.minutes.rules import LATE_AFTER, Document, Part, late_by

TITLE = "Berita Acara Pelaksanaan Tes"
LATE_MINUTES = int(LATE_AFTER.total_seconds()) // 60


def compose(facts: Facts) -> Document:
    """The document that these facts make, always the same one."""
    return Document(
        sitting=facts.ground.public_id, title=TITLE,
        letterhead=(facts.ground.office, *facts.ground.contact), opening=_opening(facts.ground),
        parts=tuple(part(facts) for part in PARTS), attendance=_attendance(facts),
        signatures=_signatures(facts),
    )  # fmt: skip


def _opening(ground: Ground) -> str:
    day = instants.day(ground.starts_at, ground.zone, words.LANGUAGE)
    return (f"Hari {day}, di {ground.place}: {ground.activity}, {ground.label}. Berita acara ini "
            "disusun sistem dari catatan peristiwa sesi tersebut.")  # fmt: skip


def _place(facts: Facts) -> Part:
    ground = facts.ground
    rows = [
        ("Kegiatan", ground.activity), ("Nomor pengumuman", ground.document_number), ("Sesi", ground.label),
        ("Tempat", ground.place), ("Dibuka", words.moment(ground.starts_at, ground.zone)),
        ("Selesai", words.moment(ground.ends_at, ground.zone)),
        ("Waktu mengerjakan", words.seconds(ground.allowed_seconds)),
    ]  # fmt: skip
    lines = tuple(
        f"Semula dijadwalkan {words.moment(move.from_starts_at, ground.zone)}. Alasan pindah: {move.reason}"
        for move in ground.moves
    )
    return Part("place", "Waktu dan tempat", (), tuple(rows), lines)


def _counts(facts: Facts) -> Part:
    began = [one for one in facts.sitters if one.started_at]
    late = [one.number for one in began if one.started_at and late_by(facts.ground.starts_at, one.started_at)]
    absent = [one.number for one in facts.sitters if one.phase == "absent"]
    rows = [
        ("Kapasitas", f"{facts.ground.capacity} kursi"),
        ("Memilih sesi ini", words.people(len(facts.sitters))),
        ("Hadir", words.people(len(began))),
        (f"Terlambat (mulai lebih dari {LATE_MINUTES} menit sesudah dibuka)", words.people(len(late), late)),
        ("Tidak hadir", words.people(len(absent), absent)),
    ]  # fmt: skip
    for how, word in words.HOW.items():
        rows.append((word.capitalize(), words.people(sum(one.how == how for one in began))))
    unfinished = len(facts.sitters) - len(absent) - sum(one.how is not None for one in began)
    if unfinished:
        rows.append(("Belum memulai atau belum selesai", words.people(unfinished)))
    return Part("counts", "Kehadiran", (), tuple(rows))


def _watch(facts: Facts) -> Part:
    assigned = ", ".join(facts.assigned) or "Tidak ada yang ditugaskan."
    acted = ", ".join(facts.acted) or words.NOBODY
    rows = (("Pengawas yang ditugaskan", assigned), ("Petugas yang bertindak", acted))
    return Part("watch", "Pengawasan", (), rows)


def _devices(facts: Facts) -> Part:
    head = ("Waktu", "Peserta", "Peristiwa", "Keterangan")
    return _list(facts, "devices", "Pergantian perangkat", head, facts.devices, lambda one: (
        words.whom(one.attempts, facts.sitters), words.DEVICES[one.kind], one.text or one.by,
    ))  # fmt: skip


def _outages(facts: Facts) -> Part:
    head = ("Dari", "Sampai", "Lamanya", "Lingkup", "Mengenai", "Pengganti waktu")
    rows = tuple(_gap(gap, facts) for gap in facts.gaps)
    lost = facts.silences
    lines: tuple[str, ...] = () if rows else ("Tidak ada gangguan server selama sesi ini.",)
    if lost.times:
        lines += (f"Kontak yang hilang lebih dari 35 detik lalu kembali: {lost.times} kali pada "
                  f"{lost.attempts} peserta, paling lama {words.seconds(lost.longest)}.",)  # fmt: skip
    return Part("outages", "Gangguan", head if rows else (), rows, lines)


def _gap(gap: Gap, facts: Facts) -> tuple[str, ...]:
    length = words.seconds(-(-(gap.ended_at - gap.began_at) // timedelta(seconds=1)))
    given = "tidak perlu"
    if gap.struck:
        given = "belum diberikan"
    if gap.given:
        given = f"{words.people(gap.given)}, paling banyak {words.seconds(gap.seconds)}"
    whom = words.whom(gap.struck, facts.sitters) if gap.struck else "tidak ada peserta"
    scope = "sesi ini" if gap.here_only else "seluruh server"
    span = (words.at(gap.began_at, facts.ground), words.at(gap.ended_at, facts.ground))
    return (*span, length, scope, whom, given)


def _grants(facts: Facts) -> Part:
    head = ("Waktu", "Kepada", "Tambahan", "Sebab", "Oleh")
    return _list(facts, "time", "Tambahan waktu", head, facts.grants, lambda one: (
        words.whom(one.attempts, facts.sitters), words.seconds(one.seconds),
        f"{words.why(one.kind)}: {one.text}" if one.text else words.why(one.kind), words.by(one),
    ))  # fmt: skip


def _decided(facts: Facts) -> Part:
    head = ("Waktu", "Peserta", "Keputusan", "Alasan", "Oleh")
    return _list(facts, "decided", "Keputusan petugas", head, facts.decided, lambda one: (
        words.whom(one.attempts, facts.sitters), words.DECIDED[one.kind], one.text, one.by,
    ))  # fmt: skip


def _incidents(facts: Facts) -> Part:
    head = ("Waktu", "Mengenai", "Jenis", "Kejadian", "Dicatat oleh")
    return _list(facts, "incidents", "Kejadian", head, facts.incidents, lambda one: (
        words.whom(one.attempts, facts.sitters), words.incident(one.kind), one.text, one.by,
    ))  # fmt: skip


def _messages(facts: Facts) -> Part:
    head = ("Waktu", "Kepada", "Isi", "Oleh")
    return _list(facts, "messages", "Pesan kepada peserta", head, facts.messages, lambda one: (
        words.whom(one.attempts, facts.sitters), one.text, one.by,
    ))  # fmt: skip


def _checks(facts: Facts) -> Part:
    rows = tuple((word, words.people(facts.checks.get(kind, 0))) for kind, word in words.CHECKS.items())
    return Part("checks", "Periksa perangkat sebelum tes", (), rows)


def _list(
    facts: Facts, key: str, title: str, head: tuple[str, ...], happened: Iterable[Happened],
    cells: Callable[[Happened], tuple[str, ...]],
) -> Part:  # fmt: skip
    rows = tuple((words.at(one.at, facts.ground), *cells(one)) for one in happened)
    return Part(key, title, head, rows) if rows else Part(key, title, lines=(words.NOBODY,))


PARTS = (_place, _counts, _watch, _devices, _outages, _grants, _decided, _incidents, _messages, _checks)


def _attendance(facts: Facts) -> Part:
    head = ("No.", "Nama peserta", "Mulai", "Selesai", "Keterangan", "Tanda tangan")
    rows = tuple(_line(one, facts.ground) for one in facts.sitters)
    lines = () if rows else ("Belum ada yang memilih sesi ini.",)
    return Part("attendance", "Daftar Hadir Peserta", head if rows else (), rows, lines)


def _line(one: Sitter, ground: Ground) -> tuple[str, ...]:
    began = words.at(one.started_at, ground) if one.started_at else ""
    ended = (
        f"{words.at(one.finalised_at, ground)}, {words.HOW[one.how]}" if one.finalised_at and one.how else ""
    )
    return (str(one.number), one.name, began, ended, "; ".join(_remarks(one, ground)), "")


def _remarks(one: Sitter, ground: Ground) -> Iterable[str]:
    if one.started_at is None:
        yield "Tidak hadir" if one.phase == "absent" else "Belum memulai"
    else:
        yield "Hadir"
        if late := late_by(ground.starts_at, one.started_at):
            yield f"terlambat {late} menit"
    if one.extra_seconds:
        yield f"tambahan {words.seconds(one.extra_seconds)}"


def _signatures(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Who watched, or whoever acted where nobody was assigned; then those who sign for the office."""
    watchers = facts.assigned or facts.acted or ("",)
    return (*(("Pengawas", name) for name in watchers), *facts.ground.signatories)
