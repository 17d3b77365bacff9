"""Every act of the trail as a sentence that people read; an act without one is told by its own name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from exam_server.analysis.words import PAGES as ANALYSIS_PAGES
from exam_server.corrections.words import outcome as standing_in_words
from exam_server.errors import N_
from exam_server.extra_time.words import spell
from exam_server.incidents.words import KINDS as INCIDENTS
from exam_server.language import say
from exam_server.profile.rules import LABELS, STEPS
from exam_server.screening.rules import DOCUMENTS, REASONS
from exam_server.staff.letters import WORDS as ROLES

SENTENCES: dict[str, str] = {
    "access.refused": N_("{actor} meminta sesuatu yang bukan untuknya dan ditolak ({thing}, {person})"),
    "account.activated": N_("{actor} mengaktifkan akun {person}"),
    "account.disabled": N_("{actor} menonaktifkan akun {person}. Alasan: {reason}"),
    "account.email_asked": N_("{actor} meminta penggantian alamat surelnya"),
    "account.email_changed": N_("{actor} mengganti alamat surelnya"),
    "account.erased": N_("{actor} menghapus data pribadi akun {person} atas permintaannya"),
    "account.password_changed": N_("{actor} mengganti kata sandinya"),
    "account.password_reset": N_("{actor} membuat kata sandi baru lewat tautan surel"),
    "account.registered": N_("{person} membuat akun"),
    "account.sessions_ended": N_("{actor} mengeluarkan akunnya dari peramban lain"),
    "account.signed_up_again": N_(
        "Seseorang mendaftar lagi dengan alamat surel {person}; akunnya tidak berubah"
    ),
    "analysis.viewed": N_("{actor} membuka analisis hasil tes {office}, versi {version}: {part} ({thing})"),
    "application.accepted": N_("{actor} menyatakan {person} Diterima (seleksi administrasi)"),
    "application.corrected": N_("{actor} mengirim perbaikan, versi {version}: {fields}{documents}"),
    "application.opened": N_("{actor} membuka pendaftaran {person}, versi {version}"),
    "application.sent": N_("{actor} mengirim pendaftaran"),
    "approval.asked": N_("{actor} meminta persetujuan petugas kedua: {subject}. Alasan: {reason}"),
    "approval.granted": N_("{actor} menyetujui sebagai petugas kedua: {subject}"),
    "approval.refused": N_("{actor} menolak sebagai petugas kedua: {subject}"),
    "approval.withdrawn": N_("{actor} menarik permintaan persetujuan: {subject}"),
    "archive.candidate": N_("{actor} mengunduh berkas hasil {person}"),
    "archive.made": N_("{actor} meminta arsip hasil seleksi {office}"),
    "archive.taken": N_("{actor} mengunduh arsip hasil seleksi {office}"),
    "attempt.closed": N_("Pengerjaan {person} ditutup: {how}"),
    "attempt.closed_by_official": N_("{actor} menutup pengerjaan {person}. Alasan: {reason}"),
    "attempt.pledged": N_("{actor} menyetujui pakta integritas"),
    "attempt.released": N_("{actor} melepas perangkat dari pengerjaan {person}. Alasan: {reason}"),
    "attempt.time_granted": N_("{actor} menambah waktu {person} {time}: {reason}"),
    "attempt.started": N_("{actor} memulai pengerjaan tes"),
    "attempt.taken_over": N_("{actor} meneruskan tes di perangkat lain: {device}"),
    "attention.off": N_("{actor} mematikan catatan halaman ditinggalkan, {office}"),
    "attention.on": N_("{actor} menyalakan catatan halaman ditinggalkan, {office}"),
    "bank.exported": N_("{actor} mengunduh bank soal {office}: {count} soal dengan kuncinya"),
    "bank.file_discarded": N_("{actor} membuang berkas soal yang belum diimpor, {office}"),
    "bank.file_opened": N_("{actor} membuka berkas soal yang belum diimpor, dengan kunci soalnya, {office}"),
    "bank.file_read": N_("{actor} mengunggah berkas berisi {count} soal untuk diperiksa, {office}"),
    "bank.import_undone": N_("{actor} membatalkan {thing} di bank soal {office}"),
    "bank.imported": N_("{actor} mengimpor soal ke bank soal {office}"),
    "bank.item_accepted": N_("{actor} memeriksa dan menerima {thing}"),
    "bank.item_added": N_("{actor} menulis {thing} sebagai draf"),
    "bank.item_labelled": N_("{actor} mengubah topik, tingkat, atau label {thing}"),
    "bank.item_opened": N_("{actor} membuka {thing} dengan kuncinya"),
    "bank.item_restored": N_("{actor} mengembalikan {thing} sebagai draf"),
    "bank.item_retired": N_("{actor} memensiunkan {thing}"),
    "bank.item_returned": N_("{actor} mengembalikan {thing} kepada penulisnya: {reason}"),
    "bank.item_revised": N_("{actor} menyimpan {thing} versi {version}. Alasan: {reason}"),
    "bank.items_accepted": N_("{actor} memeriksa dan menerima {count} soal {office}"),
    "bank.items_labelled": N_("{actor} mengubah topik, tingkat, atau label {count} soal {office}"),
    "bank.items_restored": N_("{actor} mengembalikan {count} soal {office} sebagai draf"),
    "bank.items_retired": N_("{actor} memensiunkan {count} soal {office}"),
    "booking.chosen": N_("{actor} memilih sesi tes untuk selamanya"),
    "card.checked": N_("{actor} memeriksa kartu peserta {person}"),
    "correction.viewed": N_(
        "{actor} membuka {thing} dengan kuncinya untuk memeriksa perbaikan kunci, {office}"
    ),
    "document.opened": N_("{actor} membuka berkas {document} milik {person}, halaman {page}"),
    "document.uploaded": N_("{actor} mengunggah berkas {document}"),
    "email.changed": N_("{actor} memakai tautan pemulihan; alamat surel akun {person} diganti"),
    "email.link_sent": N_("{actor} mengirim tautan penggantian alamat surel untuk {person}"),
    "guide.added": N_("{actor} menambahkan panduan pada pengumuman {office}"),
    "guide.removed": N_("{actor} menghapus panduan dari pengumuman {office}. Alasan: {reason}"),
    "help.asked": N_("Permintaan bantuan diajukan: {plea} ({person})"),
    "help.granted": N_("{actor} mengabulkan permintaan bantuan: {plea} ({person})"),
    "help.refused": N_("{actor} tidak mengabulkan permintaan bantuan: {plea} ({person})"),
    "incident.noted": N_("{actor} mencatat kejadian pada pengerjaan {person}: {incident}. {reason}"),
    "incident.noted_sitting": N_("{actor} mencatat kejadian pada seluruh sesi: {incident}. {reason}"),
    "invitation.accepted": N_("{actor} menerima undangan sebagai petugas"),
    "invitation.resent": N_("{actor} mengirim ulang undangan petugas: {role}"),
    "invitation.sent": N_("{actor} mengundang petugas: {role}"),
    "invitation.withdrawn": N_("{actor} menarik undangan petugas"),
    "key.corrected": N_(
        "{actor} memperbaiki kunci {thing} dengan persetujuan dua petugas: hasil versi {version}, {count} "
        "nilai berubah. Alasan: {reason}"
    ),
    "message.sent": N_("{actor} mengirim pesan kepada {count} peserta: {reason}"),
    "minutes.fixed": N_("{actor} menetapkan berita acara sesi, versi {version}"),
    "nik.freed": N_("{actor} melepas NIK dari profil {person}"),
    "notice.published": N_("{actor} menerbitkan pemberitahuan {office}: {text}"),
    "office.added": N_("{actor} menambahkan kantor {office}"),
    "office.changed": N_("{actor} mengubah data kantor {office}"),
    "office.desa_replaced": N_("{actor} mengganti daftar desa {office}: {count} desa atau kelurahan"),
    "person.opened": N_("{actor} membuka berkas lengkap {person} sebagai {role}"),
    "place.cancelled": N_(
        "{actor} membatalkan kelulusan {person} dengan persetujuan dua petugas. Alasan: {reason}"
    ),
    "place.declined": N_("{actor} menolak tempat yang ditawarkan"),
    "place.disqualified": N_(
        "{actor} mendiskualifikasi {person} dengan persetujuan dua petugas. Alasan: {reason}"
    ),
    "place.offered": N_("Tempat yang kosong ditawarkan kepada {person}"),
    "place.took": N_("{actor} menerima tempat yang ditawarkan"),
    "place.withdrew": N_("{actor} mencatat pengunduran diri {person}. Alasan: {reason}"),
    "profile.saved": N_("{actor} menyimpan data diri ({step}): {fields}"),
    "recruitment.changed": N_("{actor} mengubah rekrutmen {office} sesudah diterbitkan. Alasan: {reason}"),
    "recruitment.published": N_("{actor} menerbitkan rekrutmen {office} tahun {year}"),
    "recruitment.saved": N_("{actor} menyimpan rancangan rekrutmen {office}"),
    "recruitment.started": N_("{actor} memulai rancangan rekrutmen {office} tahun {year}"),
    "rescue.counted": N_(
        "{actor} menghitung {count} jawaban dari berkas penyelamat {person} dengan persetujuan dua petugas. "
        "Alasan: {reason}"
    ),
    "rescue.loaded": N_("{actor} memuat berkas penyelamat {person} sebagai bukti ({count} jawaban)"),
    "result.announced": N_(
        "{actor} mengumumkan hasil seleksi {office}, pengumuman ke-{version}, dengan persetujuan dua "
        "petugas. Alasan: {reason}"
    ),
    "role.ended": N_("{actor} mengakhiri peran {role} pada {person}, {office}. Alasan: {reason}"),
    "role.granted": N_("{actor} memberi peran {role} kepada {person}, {office}"),
    "screening.checked": N_("{actor} selesai mencocokkan semua data {person}, versi {version}"),
    "screening.correction": N_("{actor} meminta perbaikan dari {person}: {fields}"),
    "screening.rejected": N_("{actor} menyatakan {person} tidak diterima (seleksi administrasi). {why}"),
    "screening.unchecked": N_("{actor} menarik kembali tanda cocok pada data {person}, versi {version}"),
    "second_factor.removed": N_("{actor} melepas langkah masuk keduanya"),
    "second_factor.reset": N_("{actor} melepas langkah masuk kedua {person}. Alasan: {reason}"),
    "second_factor.set": N_("{actor} memasang langkah masuk kedua"),
    "sitting.moved": N_("{actor} memindahkan waktu sesi dengan persetujuan dua petugas. Alasan: {reason}"),
    "sitting.proctor_assigned": N_("{actor} menugaskan pengawas pada sesi"),
    "sitting.proctor_unassigned": N_("{actor} melepas pengawas dari sesi"),
    "sittings.created": N_("{actor} membuat sesi tes {office}"),
    "status.corrected": N_(
        "Status {person} berubah karena perbaikan kunci, hasil versi {version}: {stood} menjadi {stands}"
    ),
    "criteria.recorded": N_("{actor} mencatat kriteria seleksi akhir {office}, versi {version}"),
    "quota.recorded": N_("{actor} mencatat kuota seleksi akhir {office}, versi {version}. Alasan: {reason}"),
    "scores.opened": N_("{actor} membuka nilai tes {office}; kriteria versi {version} berlaku tetap"),
    "mark.given": N_("{actor} memberi nilai {label} kepada {person}. Catatan: {reason}"),
    "gate.checked": N_("{actor} memeriksa syarat wajib {person}. Catatan: {reason}"),
    "marks.imported": N_("{actor} mengimpor {count} nilai {label} dari berkas"),
    "selection.frozen": N_(
        "{actor} membekukan daftar hasil {office}, nomor {version}, dengan persetujuan dua petugas. "
        "Alasan: {reason}"
    ),
    "time.sitting_granted": N_("{actor} menambah waktu {time} untuk {count} peserta satu sesi: {reason}"),
    "trail.exported": N_("{actor} mengunduh jejak audit sebagai CSV"),
}
UNKNOWN = N_("{actor}: {act} ({thing}, {person})")

SYSTEM = N_("Sistem")
NOBODY = N_("tanpa nama")
EVERYWHERE = N_("semua kantor")

THINGS = {
    "account": N_("akun"), "activity": N_("kegiatan"), "application": N_("pendaftaran"),
    "approval": N_("persetujuan"), "attempt": N_("pengerjaan"), "booking": N_("pilihan sesi"),
    "document": N_("berkas"), "help_request": N_("permintaan bantuan"), "import_batch": N_("impor soal"),
    "import_draft": N_("berkas soal"), "invitation": N_("undangan"),
    "item": N_("soal"), "message": N_("pesan"), "notice": N_("pemberitahuan"), "office": N_("kantor"),
    "picture": N_("gambar soal"),
    "recruitment": N_("rekrutmen"), "sitting": N_("sesi"), "trail": N_("jejak audit"),
}  # fmt: skip
"""Kinds of objects."""

HOW = {
    "submitted": N_("dikumpulkan oleh peserta"),
    "clock": N_("batas waktunya lewat"),
    "official": N_("oleh petugas"),
}
PLEAS = {
    "nik": N_("NIK dipakai akun lain"),
    "email": N_("Alamat surel hilang"),
    "second_factor": N_("Langkah masuk kedua hilang"),
    "erasure": N_("Penghapusan data pribadi"),
}
SUBJECTS = {
    "selection.frozen": N_("pembekuan daftar hasil"),
    "key.corrected": N_("perbaikan kunci soal"),
    "place.ended": N_("berakhirnya tempat atau nomor cadangan"),
    "rescue.counted": N_("penghitungan berkas penyelamat"),
    "result.announced": N_("pengumuman hasil seleksi"),
    "sitting.moved": N_("pemindahan waktu sesi"),
    "sitting.time_granted": N_("tambahan waktu seluruh sesi"),
    "attempt.time_granted": N_("tambahan waktu"),
}
"""What an approval is about."""

STEP_TITLES = {step.name: step.title for step in STEPS}
NAMES = {**LABELS, **DOCUMENTS}


def sentence(
    act: str, detail: Mapping[str, Any], language: str, *, actor: str | None, person: str | None,
    office: str | None, thing: str,
) -> str:  # fmt: skip
    """What happened, in one sentence; `actor` is empty for the system, `person` for nobody in particular."""
    told: dict[str, str] = defaultdict(lambda: "-")
    told |= {
        "act": act, "thing": thing, "actor": actor or say(SYSTEM, language),
        "person": person or say(NOBODY, language), "office": office or say(EVERYWHERE, language),
    }  # fmt: skip
    for name, value in detail.items():
        if name in PLAIN and value not in (None, ""):
            told[name] = str(value)
        elif name in SPOKEN:
            told |= {word: say_it(value, language) for word, say_it in SPOKEN[name].items()}
    by_official = act == "attempt.closed" and detail.get("how") == "official"
    known = "attempt.closed_by_official" if by_official else act
    return say(SENTENCES.get(known, UNKNOWN), language).format_map(told)


def object_word(kind: str, number: int, language: str) -> str:
    """pendaftaran nomor 12"""
    return f"{say(THINGS.get(kind, kind), language)} #{number}"


def _one(table: Mapping[str, str]) -> Callable[[Any, str], str]:
    return lambda value, language: say(table.get(str(value), str(value)), language)


def _many(value: Any, language: str) -> str:
    """Names of fields or documents, told as forms tell them."""
    return ", ".join(say(NAMES.get(str(one), str(one)), language) for one in value or []) or "-"


def _more(value: Any, language: str) -> str:
    return f"; {_many(value, language)}" if value else ""


def _own_words(value: Any, language: str) -> str:
    return str(value.get(language) or value.get("id") or "-") if isinstance(value, dict) else str(value)


PLAIN = ("version", "reason", "page", "device", "year", "count", "label")
"""Details that are told as they are."""

SPOKEN: dict[str, dict[str, Callable[[Any, str], str]]] = {
    "fields": {"fields": _many},
    "documents": {"documents": _more},
    "role": {"role": _one(ROLES)},
    "how": {"how": _one(HOW)},
    "incident": {"incident": _one(INCIDENTS)},
    "step": {"step": _one(STEP_TITLES)},
    "part": {"part": _one(ANALYSIS_PAGES)},
    "reason_code": {"why": _one(REASONS)},
    "text": {"text": _own_words},
    "seconds": {"time": spell},
    "stood": {"stood": standing_in_words},
    "stands": {"stands": standing_in_words},
    # one name for three things: what a file is, what somebody asked for, what two officials decide
    "kind": {"document": _one(DOCUMENTS), "plea": _one(PLEAS), "subject": _one(SUBJECTS)},
}
