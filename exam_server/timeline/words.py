"""Every event as a sentence; what officials and the office wrote themselves stays in their words."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from exam_server import instants
from exam_server.errors import N_
from exam_server.exam.devices import UNKNOWN, device_word
from exam_server.extra_time.words import KINDS, LATE, REASONS, spell
from exam_server.incidents.words import KINDS as INCIDENTS
from exam_server.language import say
from exam_server.timeline.rules import Event

FILTERS = {
    "device": N_("Perangkat"), "time": N_("Waktu"), "answers": N_("Simpanan jawaban"),
    "contact": N_("Kontak dan gangguan"), "incident": N_("Kejadian"), "message": N_("Pesan"),
    "check": N_("Periksa perangkat"), "official": N_("Tindakan petugas"), "page": N_("Halaman ditinggalkan"),
}  # fmt: skip

SUBJECTS = {
    "rescue.counted": N_("penghitungan berkas penyelamat"),
    "attempt.time_granted": N_("tambahan waktu"),
}

SENTENCES = {
    "drawn": N_("Naskah soal disusun"),
    "pledged": N_("Pakta integritas disetujui"),
    "started": N_("Peserta memulai tes"),
    "adopted": N_("Jurnal dimulai di tengah pengerjaan"),
    "joined": N_("Perangkat masuk: {device}"),
    "taken_over": N_("Diambil alih perangkat lain: {device}"),
    "saved": N_("{count} jawaban tersimpan, nomor {positions}"),
    "counted_late": N_("{count} jawaban terlambat ikut dihitung, nomor {positions}"),
    "counted_rescue": N_("{count} jawaban dari berkas penyelamat ikut dihitung, nomor {positions}"),
    "closed_submitted": N_("Peserta mengumpulkan tes"),
    "closed_clock": N_("Ditutup oleh batas waktu"),
    "reopened": N_("Dibuka lagi karena waktu ditambah"),
    "granted": N_("Waktu ditambah {time}: {why}"),
    "late": N_("Jawaban nomor {position} {why}; disimpan sebagai bukti"),
    "silent": N_("Kontak hilang {time}, kembali {until}"),
    "unstored": N_("Server tidak dapat menyimpan {count} jawaban selama {time}, sampai {until}"),
    "outage": N_("Server tidak dapat menyimpan selama {time}, sampai {until}"),
    "incident": N_("Kejadian pada peserta: {what}"),
    "incident_of_sitting": N_("Kejadian pada seluruh sesi: {what}"),
    "message": N_("Pesan dikirim"),
    "check_good": N_("Perangkat diperiksa: baik. {device}"),
    "check_weak": N_("Perangkat diperiksa: lemah. {device}"),
    "check_bad": N_("Perangkat diperiksa: bermasalah. {device}"),
    "attempt.closed": N_("Ditutup oleh petugas"),
    "attempt.released": N_("Perangkat dilepas"),
    "rescue.loaded": N_("Berkas penyelamat dimuat sebagai bukti"),
    "rescue.counted": N_("Jawaban dari berkas penyelamat dihitung dengan persetujuan dua petugas"),
    "approval.asked": N_("Persetujuan petugas kedua diminta: {what}"),
    "approval.granted": N_("Disetujui sebagai petugas kedua: {what}"),
    "approval.refused": N_("Ditolak sebagai petugas kedua: {what}"),
    "approval.withdrawn": N_("Permintaan persetujuan ditarik: {what}"),
    "page_left": N_("Peramban memberitahu bahwa halaman tes ditinggalkan"),
    "page_back": N_("Peramban memberitahu bahwa halaman tes dibuka lagi"),
}
UNKNOWN_DEVICE = N_("perangkat tidak dikenal")
DELIVERED, NOT_DELIVERED = N_("sampai di halaman peserta {at}"), N_("belum sampai di halaman peserta")
SEEN, NOT_SEEN = N_("ditandai sudah dibaca {at}"), N_("belum ditandai sudah dibaca")


def tell(event: Event, zone: ZoneInfo, language: str) -> str:
    """What happened; an act that this list does not know is told by its own name."""
    known = SENTENCES.get(event.code)
    if known is None:
        return event.code
    return say(known, language).format(**_filled(event, zone, language))


def _filled(event: Event, zone: ZoneInfo, language: str) -> dict[str, Any]:
    facts = dict(event.facts)
    if "seconds" in facts:
        facts["time"] = spell(facts["seconds"], language)
    if "until" in facts:
        facts["until"] = instants.second(facts["until"], zone, language)
    if "device" in facts:
        facts["device"] = _device(facts["device"]) or say(UNKNOWN_DEVICE, language)
    if event.code == "granted":
        word = REASONS.get(facts["why"]) if facts["what"] == "extra" else KINDS.get(facts["what"])
        facts["why"] = say(word or facts["why"], language)
    elif event.code == "late":
        facts["why"] = say(LATE.get(facts["why"], facts["why"]), language)
    elif "what" in facts:
        table = INCIDENTS if event.kind == "incident" else SUBJECTS
        facts["what"] = say(table.get(facts["what"], facts["what"]), language)
    return facts


def _device(user_agent: str) -> str:
    """The word that people use, then what it calls itself."""
    word = device_word(user_agent)
    return user_agent if word in ("", UNKNOWN) else f"{word} ({user_agent})"


def fate(event: Event, zone: ZoneInfo, language: str) -> str:
    """What became of a message."""
    told = []
    for at, done, undone in ((event.facts["delivered_at"], DELIVERED, NOT_DELIVERED),
                             (event.facts["seen_at"], SEEN, NOT_SEEN)):  # fmt: skip
        sentence = say(done if at else undone, language)
        told.append(sentence.format(at=instants.second(at, zone, language)) if at else sentence)
    return "; ".join(told)
