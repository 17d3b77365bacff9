"""The words of this feature: why time was added, how much of it, and what two officials decide."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from exam_server import instants
from exam_server.approvals.words import Told
from exam_server.clock import from_ms
from exam_server.errors import N_
from exam_server.extra_time import alone
from exam_server.extra_time.losses import Offer
from exam_server.language import say
from exam_server.models import Approval, from_micros

REASONS = {
    "power": N_("Listrik padam"),
    "network": N_("Jaringan di tempat tes terganggu"),
    "device": N_("Perangkat peserta rusak atau diganti"),
    "server": N_("Server terganggu"),
    "room": N_("Keadaan ruang: gaduh, bencana, atau evakuasi"),
    "health": N_("Kesehatan peserta"),
    "accommodation": N_("Akomodasi bagi peserta berkebutuhan khusus"),
    "other": N_("Sebab lain"),
}
KINDS = {
    "start": N_("Waktu mengerjakan"),
    "accommodation": N_("Akomodasi"),
    "extra": N_("Tambahan waktu"),
    "outage": N_("Pengganti gangguan server"),
}
LATE = {
    "deadline_passed": N_("tiba sesudah batas waktu"),
    "closed": N_("tiba sesudah tes ditutup"),
    "taken_over": N_("dari perangkat yang sudah digantikan"),
}
MINUTES, SECONDS = N_("{minutes} menit"), N_("{seconds} detik")
SUM = N_("{allowed} + {extra} menit")
EVERYBODY = N_("Server tidak dapat menyimpan jawaban siapa pun antara {began} dan {ended}; {struck} "
               "peserta sesi ini sedang mengerjakan")  # fmt: skip
SILENT = N_("{count} dari {running} yang sedang mengerjakan ({begun} sudah memulai) tidak terdengar antara "
            "{began} dan {ended}")  # fmt: skip
REFUSED = N_("{count} dari {running} yang sedang mengerjakan ({begun} sudah memulai): {refused} jawaban "
             "ditolak antara {began} dan {ended} karena tidak dapat disimpan")  # fmt: skip
REFUSED_TOO = N_("{refused} jawaban ditolak karena tidak dapat disimpan")
SAME, UP_TO = N_("Beri {time} kepada {count} peserta"), N_("Beri sampai {time} kepada {count} peserta")
LATE_TOO = N_("jawaban {count} peserta baru tiba sesudah batas waktu")


def spell(seconds: int, language: str) -> str:
    """18 menit; 2 menit 35 detik; 40 detik"""
    minutes, rest = divmod(seconds, 60)
    parts = []
    if minutes:
        parts.append(say(MINUTES, language).format(minutes=minutes))
    if rest or not minutes:
        parts.append(say(SECONDS, language).format(seconds=rest))
    return " ".join(parts)


def summed(allowed: int, extra: int, language: str) -> str:
    """60 + 18 menit; 60 menit + 2 menit 35 detik; 60 menit"""
    if not extra:
        return spell(allowed, language)
    if allowed % 60 or extra % 60:
        return f"{spell(allowed, language)} + {spell(extra, language)}"
    return say(SUM, language).format(allowed=allowed // 60, extra=extra // 60)


def proven(offer: Offer, language: str) -> str:
    """From what the server concluded an outage: who was not heard, when, and what was refused."""
    if offer.evidence is None:
        between = _between(offer.began_at, offer.ended_at, offer.zone, language)
        return say(EVERYBODY, language).format(struck=offer.struck, **between) + "."
    known = offer.evidence
    began, ended = (from_micros(known[name]) for name in ("began_at", "ended_at"))
    facts = {"running": known["running"], "begun": known["began"], "refused": known["refused"],
             **_between(began, ended, offer.zone, language)}  # fmt: skip
    kinds, parts = known["kinds"], []
    if known["silent"]:
        parts.append(say(SILENT, language).format(count=known["silent"], **facts))
    if kinds["saves"]:
        sentence = REFUSED_TOO if parts else REFUSED
        parts.append(say(sentence, language).format(count=kinds["saves"], **facts))
    if kinds["late"]:
        parts.append(say(LATE_TOO, language).format(count=kinds["late"]))
    return "; ".join(parts) + "."


def granted_to(offer: Offer, language: str) -> str:
    """Beri 7 menit kepada 12 peserta; said of the most when they do not all get the same."""
    same = len({one.due for one in offer.people if one.due}) < 2
    return say(SAME if same else UP_TO, language).format(time=spell(offer.seconds, language), count=offer.due)


def _between(began: datetime, ended: datetime, zone: ZoneInfo, language: str) -> dict[str, str]:
    """09.14.05 and 09.21.10 WIB: the zone once."""
    first = instants.second(began, zone, language).removesuffix(" " + instants.zone_name(zone))
    return {"began": first, "ended": instants.second(ended, zone, language)}


def told_rescue(approval: Approval, language: str) -> Told:
    """A rescue file that is to count, for the eyes of the second official; never what was chosen."""
    known, file = approval.evidence, approval.payload
    zone = ZoneInfo(known["zone"])
    named = {"candidate": known["candidate"], "count": len(known["positions"])}
    return Told(
        title=say(N_("Hitung berkas penyelamat {candidate}"), language).format(**named),
        button=say(N_("Setujui: hitung {count} jawaban {candidate}"), language).format(**named),
        facts=(
            (say(N_("Peserta dan sesi"), language), f"{known['candidate']}, {known['label']}"),
            (say(N_("Nomor soal yang jawabannya lebih baru daripada yang tersimpan"), language),
             ", ".join(map(str, known["positions"]))),
            (say(N_("Berkas dimuat"), language),
             instants.moment(from_ms(known["uploaded_at"]), zone, language)),
            (say(N_("Sidik berkas"), language), file["sha256"][:16]),
        ),
        concerns=(say(N_("Berkas penyelamat dapat dipalsukan. Setujui hanya bila laporan pengawas dan "
                         "catatan perangkat mendukungnya."), language),),
        path=f"/attempts/{file['attempt']}",
    )  # fmt: skip


def told_sitting_time(approval: Approval, language: str) -> Told:
    """Time for a whole sitting, for the eyes of the second official."""
    wanted, known = approval.payload, approval.evidence
    time = {"label": known["label"], "time": spell(wanted["seconds"], language)}
    return Told(
        title=say(N_("Tambah waktu seluruh {label}"), language).format(**time),
        button=say(N_("Setujui: tambah {time} untuk seluruh {label}"), language).format(**time),
        facts=(
            (say(N_("Sesi dan tempat"), language), f"{known['label']}, {known['room']}"),
            (say(N_("Tambahan waktu"), language), spell(wanted["seconds"], language)),
            (say(N_("Sebab"), language), say(REASONS[wanted["reason_code"]], language)),
            (say(N_("Diberikan kepada"), language),
             say(N_("semua peserta sesi yang sudah memulai dan belum mengumpulkan pada saat disetujui"),
                 language)),
        ),
        evidence=(
            (say(N_("Jumlah peserta tersebut saat diajukan"), language), str(known["running"])),
            (say(N_("Gangguan yang diukur server dan belum diganti"), language),
             spell(known["alone"], language)),
        ),
        path=f"/attempts/sitting/{wanted['sitting']}",
    )  # fmt: skip


def told_attempt_time(approval: Approval, language: str) -> Told:
    """Time for one candidate beyond what one official may give, for the eyes of the second official."""
    wanted, known = approval.payload, approval.evidence
    time = {"candidate": known["candidate"], "time": spell(wanted["seconds"], language)}
    return Told(
        title=say(N_("Tambah waktu {candidate}"), language).format(**time),
        button=say(N_("Setujui: tambah {time} untuk {candidate}"), language).format(**time),
        facts=(
            (say(N_("Peserta dan sesi"), language), f"{known['candidate']}, {known['label']}"),
            (say(N_("Tambahan waktu"), language), spell(wanted["seconds"], language)),
            (say(N_("Sebab"), language), say(REASONS[wanted["reason_code"]], language)),
        ),
        evidence=(
            (say(N_("Sudah diberikan petugas satu per satu saat diajukan"), language),
             spell(known["spent"], language)),
            (say(N_("Paling banyak atas putusan satu petugas"), language),
             spell(alone.most(known["allowed"]), language)),
        ),
        path=f"/attempts/{wanted['attempt']}",
    )  # fmt: skip
