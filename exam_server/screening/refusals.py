"""Why an act of screening is refused, each with what was kept and what to do."""

from __future__ import annotations

from exam_server.errors import N_, Refusal


class ScreeningClosed(Refusal):
    code = "screening_closed"
    sentence = N_("Tahap seleksi administrasi belum dibuka atau sudah ditutup menurut jadwal pengumuman, "
                  "jadi keputusan ini tidak disimpan.")  # fmt: skip


class ClaimedByOther(Refusal):
    code = "claimed_by_other"
    sentence = N_("{name} sedang memeriksa permohonan ini, paling sedikit sampai {until}. Yang baru Anda "
                  "kirim tidak disimpan; pilih permohonan lain atau tunggu.")  # fmt: skip


class AlreadyDecided(Refusal):
    code = "already_decided"
    sentence = N_("Permohonan ini sudah diputuskan, dan keputusan pertama tetap berlaku.")


class StaleVersion(Refusal):
    code = "stale_version"
    sentence = N_("Pendaftar sudah mengirim versi yang lebih baru. Yang baru Anda kirim tidak disimpan; "
                  "muat ulang halaman dan periksa versi terbaru.")  # fmt: skip


class NotAllChecked(Refusal):
    """`fields`: labels (messages) of what is not ticked as agreeing."""

    code = "not_all_checked"
    sentence = N_("Permohonan ini belum dapat diterima: {count} isian atau berkas belum ditandai sesuai.")

    def __init__(self, fields: list[str]) -> None:
        super().__init__(count=len(fields))
        self.fields = fields
        self.details["fields"] = fields


class UnknownField(Refusal):
    code = "unknown_field"
    status = 422
    sentence = N_("Isian ini tidak ada pada versi yang diperiksa. Muat ulang halaman, lalu coba lagi.")


class UnknownVerdict(Refusal):
    code = "unknown_verdict"
    status = 422
    sentence = N_("Tandai isian sebagai sesuai atau berbeda.")


class NoteTooLong(Refusal):
    code = "note_too_long"
    status = 422
    sentence = N_("Catatan terlalu panjang; paling banyak {most} huruf.")


class CorrectionPending(Refusal):
    code = "correction_pending"
    sentence = N_("Perbaikan sudah diminta dan waktunya belum habis. Tunggu kiriman pendaftar, atau sampai"
                  " batas waktu perbaikan lewat.")  # fmt: skip


class NothingAsked(Refusal):
    code = "nothing_asked"
    status = 422
    sentence = N_("Pilih paling sedikit satu isian atau berkas yang perlu diperbaiki.")


class NoteMissing(Refusal):
    code = "note_missing"
    status = 422
    sentence = N_("Tulis pada setiap isian yang dipilih apa yang perlu diperbaiki, supaya pendaftar "
                  "mengerti.")  # fmt: skip


class DueUnreadable(Refusal):
    code = "due_unreadable"
    status = 422
    sentence = N_("Isi batas waktu perbaikan dengan tanggal dan jam.")


class DueTooSoon(Refusal):
    code = "due_too_soon"
    status = 422
    sentence = N_("Pendaftar perlu paling sedikit 24 jam untuk memperbaiki. Pilih batas waktu yang lebih "
                  "lambat.")  # fmt: skip


class DueAfterStage(Refusal):
    code = "due_after_stage"
    status = 422
    sentence = N_("Batas waktu perbaikan melewati akhir tahap seleksi administrasi. Pilih batas waktu yang"
                  " lebih awal.")  # fmt: skip


class NoTimeLeft(Refusal):
    code = "no_time_left"
    status = 422
    sentence = N_("Tahap seleksi administrasi berakhir kurang dari 24 jam lagi, jadi perbaikan tidak dapat"
                  " diminta.")  # fmt: skip


class UnknownReason(Refusal):
    code = "unknown_reason"
    status = 422
    sentence = N_("Pilih alasan penolakan.")


class ReasonTextMissing(Refusal):
    code = "reason_text_missing"
    status = 422
    sentence = N_("Alasan lain harus dijelaskan dengan kata-kata.")


class NotOverdue(Refusal):
    code = "not_overdue"
    status = 422
    sentence = N_("Alasan ini hanya untuk perbaikan yang diminta dan tidak dikirim sampai batas waktunya.")
