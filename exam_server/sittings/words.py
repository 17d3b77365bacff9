"""The sentences of this feature: faults of its forms, what to know of a sitting, what a move would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from exam_server import instants
from exam_server.approvals.words import Told
from exam_server.clock import from_ms
from exam_server.errors import N_
from exam_server.language import say
from exam_server.models import Approval

SENTENCES = {
    # faults of the series form
    "unreadable_date": N_("Tulis tanggalnya, misalnya 2026-11-08."),
    "unreadable_time": N_("Jam pada baris {number} belum lengkap. Tulis jam mulai dan jam selesai, misalnya "
                          "08.00 dan 10.00."),
    "unreadable_number": N_("Tulis dengan angka saja."),
    "no_place": N_("Tulis tempatnya, misalnya Aula BPS, atau Daring."),
    "unknown_proctor": N_("Salah satu pengawas yang dipilih tidak lagi bertugas di kantor ini. Pilih lagi."),
    "ends_before_it_begins": N_("Hari terakhir lebih awal daripada hari pertama. Periksa kedua tanggal."),
    "too_many_days": N_("Satu seri paling banyak {days} hari. Periksa tahunnya, atau buat dalam beberapa "
                        "seri."),
    "no_day": N_("Tidak ada hari yang cocok di antara kedua tanggal. Pilih paling sedikit satu hari."),
    "no_slot": N_("Tulis jam mulai dan jam selesai paling sedikit satu sesi sehari."),
    "slot_ends_before_it_begins": N_("Jam selesai pada baris {number} tidak sesudah jam mulainya."),
    "slot_too_short": N_("Sesi pada baris {number} lebih pendek daripada waktu mengerjakan ({minutes} "
                         "menit), jadi batas akhir masuknya jatuh sebelum sesi dibuka."),
    "slots_overlap": N_("Sesi yang mulai {at} bertumpuk dengan sesi sebelumnya pada hari yang sama."),
    "no_seat": N_("Kapasitas paling sedikit 1 kursi."),
    "no_time": N_("Waktu mengerjakan paling sedikit 1 menit."),
    "negative_grace": N_("Masa tenggang tidak boleh kurang dari 0 detik."),
    "already_past": N_("{count} sesi dari seri ini mulai pada waktu yang sudah lewat. Pilih hari pertama "
                       "yang lebih akhir."),
    "outside_stage": N_("{count} sesi dari seri ini berada di luar tahap Tes Kompetensi, yaitu {opens} "
                        "sampai sebelum {closes}. Pilih hari di dalamnya."),
    # what to know of a sitting
    "friday_prayer": N_("Bertepatan dengan waktu salat Jumat (11.30–13.00)"),
    "holiday": N_("Hari libur: {name}"),
    "room": N_("Tempat yang sama dipakai {label} pada waktu itu"),
    "proctor": N_("Pengawas yang sama bertugas di {label} pada waktu itu"),
    # what to know of all sittings
    "seats_short": N_("Kursi kurang {count}: {waiting} orang sudah Diterima dan belum memilih sesi, "
                      "sedangkan kursi kosong tinggal {free}. Tambah sesi."),
    "bank_small": N_("Bank soal kurang {count} butir untuk rancangan naskah ({topic}). Tambah butir "
                     "sebelum sesi pertama."),
    "no_blueprint": N_("Rancangan naskah kegiatan seleksi belum diisi, jadi naskah belum dapat disusun."),
    "stray": N_("{label} berada di luar tahap Tes Kompetensi yang diumumkan. Ubah jadwal tahapnya atau "
                "pindahkan sesinya."),
}  # fmt: skip

ANY_TOPIC = N_("topik apa pun")


def spoken(code: str, params: Iterable[tuple[str, object]], zone: ZoneInfo, language: str) -> str:
    """The sentence of a fault or concern; instants are written out, bilingual names in the language."""
    return say(SENTENCES[code], language).format(**{
        name: _written(value, zone, language) for name, value in params
    })  # fmt: skip


def _written(value: object, zone: ZoneInfo, language: str) -> object:
    if isinstance(value, datetime):
        return instants.moment(value, zone, language)
    if isinstance(value, Mapping):
        return value.get(language) or value.get("id") or ""
    return say(ANY_TOPIC, language) if value is None else value


def told_move(approval: Approval, language: str) -> Told:
    """A sitting's move for the eyes of the second official."""
    wanted, known = approval.payload, approval.evidence
    zone = ZoneInfo(known["zone"])

    def moment(name: str, source: dict[str, Any]) -> str:
        return instants.moment(from_ms(source[name]), zone, language)

    def hour(name: str, source: dict[str, Any]) -> str:
        return instants.hour(from_ms(source[name]), zone, language)

    starts = {"label": known["label"], "starts": moment("starts_at", wanted)}
    concerns = [spoken(code, params.items(), zone, language) for code, params in known["concerns"]]
    return Told(
        title=say(N_("Pindahkan waktu {label}"), language).format(**starts),
        button=say(N_("Setujui: pindahkan {label} ke {starts}"), language).format(**starts),
        facts=(
            (say(N_("Sesi dan tempat"), language), f"{known['label']}, {known['place']}"),
            (say(N_("Waktu lama"), language),
             f"{moment('from_starts_at', wanted)} – {hour('from_ends_at', wanted)}"),
            (say(N_("Waktu baru"), language), f"{moment('starts_at', wanted)} – {hour('ends_at', wanted)}"),
            (say(N_("Masuk paling lambat"), language), moment("last_entry_at", known)),
        ),
        evidence=((say(N_("Peserta yang sudah memilih sesi ini saat diajukan"), language),
                   str(known["bookings"])),),
        concerns=tuple(concerns),
        path=f"/desk/sittings/{wanted['sitting']}",
    )  # fmt: skip
