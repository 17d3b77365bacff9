"""Every way in which staff's acts on time and on rescue files can be refused."""

from __future__ import annotations

from exam_server.errors import N_, Refusal


class MinutesUnreadable(Refusal):
    code = "minutes_unreadable"
    status = 422
    field = "minutes"
    sentence = N_("Tulis tambahan waktu dalam menit dengan angka, 1 sampai 480.")


class ReasonUnknown(Refusal):
    code = "reason_unknown"
    status = 422
    field = "reason_code"
    sentence = N_("Pilih salah satu sebab dari daftar.")


class WordsMissing(Refusal):
    code = "words_missing"
    status = 422
    field = "reason"
    sentence = N_("Tulis apa yang terjadi. Peserta membacanya, dan tercatat di jejak audit.")


class WordsTooLong(Refusal):
    code = "words_too_long"
    status = 422
    field = "reason"
    sentence = N_("Tulis lebih singkat, paling banyak {most} huruf.")


class EntryWouldClose(Refusal):
    code = "entry_would_close"
    sentence = N_("Peserta belum memulai. Dengan tambahan ini batas akhir masuknya menjadi {at} dan ia tidak "
                  "dapat masuk lagi. Tidak ada yang berubah.")  # fmt: skip


class AccommodatedAlready(Refusal):
    code = "accommodated_already"
    sentence = N_("Akomodasi sudah diberikan kepada peserta ini. Tidak ada yang berubah.")


class WholeSitting(Refusal):
    """`sitting`: public id of the one whose own page gives it."""

    code = "whole_sitting"
    sentence = N_("Tambahan ini mengenai lebih dari separuh peserta {label} yang sedang mengerjakan, jadi "
                  "diberikan dari halaman sesi, oleh dua petugas. Tidak ada yang berubah.")  # fmt: skip

    def __init__(self, sitting: str, label: str) -> None:
        super().__init__(label=label)
        self.details["sitting"] = sitting


class WholeSittingWaits(Refusal):
    code = "whole_sitting_waits"
    sentence = N_("Tambahan ini mengenai lebih dari separuh peserta {label} yang belum memulai. Waktu mereka "
                  "belum berjalan, jadi tidak ada yang perlu diganti. Tidak ada yang berubah.")  # fmt: skip


class NobodyRunning(Refusal):
    code = "nobody_running"
    sentence = N_("Tidak ada peserta sesi ini yang sudah memulai dan belum mengumpulkan, jadi tidak ada "
                  "waktu yang ditambah.")  # fmt: skip


class FileMissing(Refusal):
    code = "rescue_missing"
    status = 422
    field = "file"
    sentence = N_("Pilih berkas penyelamat yang diunduh dari halaman tes peserta.")


class FileTooLarge(Refusal):
    code = "rescue_too_large"
    status = 413
    field = "file"
    sentence = N_("Berkas ini lebih besar dari {most} KB, jadi bukan berkas penyelamat. Tidak disimpan.")


class FileUnreadable(Refusal):
    code = "rescue_unreadable"
    status = 422
    field = "file"
    sentence = N_("Berkas ini tidak terbaca sebagai berkas penyelamat. Muat berkas asli tanpa diubah.")


class FileVersion(Refusal):
    code = "rescue_version"
    status = 422
    field = "file"
    sentence = N_("Versi berkas penyelamat ini tidak dikenal sistem. Simpan berkasnya dan hubungi admin.")


class FileOfAnother(Refusal):
    code = "rescue_other_attempt"
    status = 422
    field = "file"
    sentence = N_("Berkas ini milik pengerjaan lain. Buka pengerjaan peserta yang benar, lalu muat di sana.")


class FileOfOtherPaper(Refusal):
    code = "rescue_other_paper"
    status = 422
    field = "file"
    sentence = N_("Berkas ini dibuat untuk naskah soal lain, jadi tidak dapat dipakai pada pengerjaan ini.")


class FileBadEntry(Refusal):
    code = "rescue_bad_entry"
    status = 422
    field = "file"
    sentence = N_("Isian ke-{number} pada berkas ini tidak cocok dengan naskah peserta, jadi berkas tidak "
                  "disimpan.")  # fmt: skip


class NotBegun(Refusal):
    code = "not_begun"
    field = "file"
    sentence = N_("Peserta belum memulai tes, jadi belum ada jawaban yang dapat diselamatkan.")


class NothingNewer(Refusal):
    code = "rescue_nothing_newer"
    sentence = N_("Tidak ada jawaban pada berkas ini yang lebih baru daripada yang sudah tersimpan. Tidak "
                  "ada yang berubah.")  # fmt: skip


class OlderDevice(Refusal):
    code = "rescue_older_device"
    sentence = N_("Berkas ini dari perangkat yang sudah digantikan perangkat lain, jadi tidak dicampur "
                  "dengan jawaban perangkat itu. Berkas tetap disimpan sebagai bukti.")  # fmt: skip


class HandedIn(Refusal):
    code = "rescue_after_submit"
    sentence = N_("Peserta sudah mengumpulkan tes ini, jadi jawabannya tidak dapat ditambah. Berkas tetap "
                  "disimpan sebagai bukti.")  # fmt: skip


class ClosedByOffice(Refusal):
    code = "rescue_closed_by_official"
    sentence = N_("Tes ini ditutup oleh petugas, jadi jawabannya tidak dapat ditambah. Berkas tetap disimpan "
                  "sebagai bukti.")  # fmt: skip
