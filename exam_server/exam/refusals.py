"""Every way an act in an exam can be refused: a code for programs, a sentence for the person."""

from __future__ import annotations

from exam_server.errors import N_, NotFound, Refusal


class NoAttempt(NotFound):
    code = "no_attempt"
    sentence = N_("Anda belum memilih sesi, jadi belum ada tes yang dapat dibuka.")


class ForeignAttempt(Refusal):
    code = "foreign_attempt"
    status = 403
    sentence = N_("Halaman ini milik pengerjaan lain. Muat ulang halaman untuk kembali ke tes Anda sendiri.")


class OutsideWindow(Refusal):
    code = "outside_window"
    sentence = N_(
        "Tes hanya dapat dimulai sejak sesi dibuka sampai batas akhir masuk. Waktu Anda belum berjalan."
    )


class Closed(Refusal):
    code = "closed"
    sentence = N_("Tes ini sudah ditutup. Jawaban yang tersimpan sebelum ditutup tetap dihitung.")


class DeadlinePassed(Refusal):
    code = "deadline_passed"
    status = 410
    sentence = N_(
        "Batas waktu sudah lewat. Jawaban ini disimpan sebagai bukti dan tidak dinilai, kecuali panitia "
        "memberi tambahan waktu."
    )


class NotStarted(Refusal):
    code = "not_started"
    sentence = N_("Tes belum dimulai. Tekan tombol mulai di ruang tunggu.")


class TakenOver(Refusal):
    code = "taken_over"
    sentence = N_(
        "Tes ini sedang dikerjakan di perangkat atau tab lain. Tekan “Lanjutkan di sini” bila ingin pindah."
    )


class NotHeld(Refusal):
    code = "not_held"
    sentence = N_("Tidak ada perangkat yang sedang memegang pengerjaan ini, jadi tidak ada yang dilepas.")


class UnknownOption(Refusal):
    code = "unknown_option"
    status = 422
    sentence = N_("Pilihan ini tidak ada pada soal tersebut, jadi tidak disimpan. Muat ulang halaman.")


class UnknownPosition(Refusal):
    code = "unknown_position"
    status = 422
    sentence = N_("Nomor soal ini tidak ada pada naskah Anda, jadi tidak disimpan. Muat ulang halaman.")


class PaperMissing(Refusal):
    code = "paper_missing"
    status = 503
    sentence = N_("Naskah soal belum dapat disiapkan karena bank soal kurang. Waktu Anda belum berjalan; "
                  "hubungi pengawas.")  # fmt: skip


class PledgeMissing(Refusal):
    code = "pledge_missing"
    status = 422
    field = "pledge"
    sentence = N_("Centang pernyataan pakta integritas sebelum memulai. Waktu Anda belum berjalan.")


class TimeNotPositive(Refusal):
    code = "time_not_positive"
    status = 422
    field = "minutes"
    sentence = N_("Tambahan waktu harus lebih dari 0 dan paling lama 8 jam. Tidak ada yang berubah.")


class AlreadySubmitted(Refusal):
    code = "already_submitted"
    sentence = N_("Peserta sudah mengumpulkan tes ini, jadi waktunya tidak dapat ditambah. Tidak ada yang "
                  "berubah.")  # fmt: skip


class ResultFrozen(Refusal):
    code = "result_frozen"
    sentence = N_("Daftar hasil kegiatan ini sudah dibekukan, jadi waktu dan jawaban tidak dapat ditambah. "
                  "Tidak ada yang berubah.")  # fmt: skip


class ClosedByOfficial(Refusal):
    code = "closed_by_official"
    sentence = N_("Tes ini ditutup oleh petugas, jadi waktunya tidak dapat ditambah. Tidak ada yang berubah.")
