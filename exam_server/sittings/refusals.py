"""What is refused when sittings are planned or moved: a sentence each, and the field it stands beside."""

from __future__ import annotations

from typing import ClassVar

from exam_server.errors import N_, Refusal
from exam_server.sittings.rules import Fault


class SittingRefusal(Refusal):
    field: ClassVar[str] = ""


class SeriesWrong(SittingRefusal):
    """`faults`: what is wrong, in the order of the fields."""

    code = "series_wrong"
    status = 422
    sentence = N_("Seri ini belum dapat dibuat. Perbaiki isian yang ditandai; yang lain tetap tersimpan di "
                  "formulir.")  # fmt: skip

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults
        self.details = {"fields": {fault.field: fault.code for fault in reversed(faults)}}


class StalePreview(SittingRefusal):
    code = "stale_preview"
    sentence = N_("Sesudah pratinjau ini dibuka, ada sesi lain yang dibuat. Belum ada yang dibuat dari seri "
                  "ini; periksa pratinjau yang baru.")  # fmt: skip


class NotAProctor(SittingRefusal):
    code = "not_a_proctor"
    status = 422
    field = "person"
    sentence = N_("Orang ini bukan pengawas atau admin kantor ini. Pilih dari daftar.")


class StartUnreadable(SittingRefusal):
    code = "start_unreadable"
    status = 422
    field = "starts"
    sentence = N_("Tulis tanggal dan jam mulai yang baru, misalnya 2026-11-08 dan 08.00.")


class LengthUnreadable(SittingRefusal):
    code = "length_unreadable"
    status = 422
    field = "minutes"
    sentence = N_("Tulis lama sesi dalam menit dengan angka.")


class MoveNotLater(SittingRefusal):
    code = "move_not_later"
    status = 422
    field = "starts"
    sentence = N_("Sesi hanya dapat dipindah ke waktu yang lebih akhir, supaya tidak ada peserta yang "
                  "kehilangan waktunya. Pilih waktu sesudah sekarang dan sesudah jadwal lama.")  # fmt: skip


class MoveShortens(SittingRefusal):
    code = "move_shortens"
    status = 422
    field = "minutes"
    sentence = N_("Lama sesi tidak boleh berkurang: paling sedikit {minutes} menit.")


class MoveTooLong(SittingRefusal):
    code = "move_too_long"
    status = 422
    field = "minutes"
    sentence = N_("Lama sesi paling banyak {minutes} menit.")


class MoveOutsideStage(SittingRefusal):
    code = "move_outside_stage"
    status = 422
    field = "starts"
    sentence = N_("Waktu itu di luar tahap Tes Kompetensi yang diumumkan. Ubah dahulu jadwal tahapnya, atau "
                  "pilih waktu di dalamnya.")  # fmt: skip


class AlreadyStarted(SittingRefusal):
    code = "already_started"
    sentence = N_("Sudah ada peserta yang mulai mengerjakan pada sesi ini, jadi waktunya tidak dapat "
                  "dipindah lagi. Tidak ada yang berubah.")  # fmt: skip


class SittingMoved(SittingRefusal):
    code = "sitting_moved"
    sentence = N_("Waktu sesi ini sudah berubah sejak permintaan diajukan. Tidak ada yang dipindah; ajukan "
                  "permintaan baru bila masih diperlukan.")  # fmt: skip


class TimePassed(SittingRefusal):
    code = "time_passed"
    sentence = N_("Waktu baru yang diminta sudah lewat. Tidak ada yang dipindah; ajukan waktu lain.")
