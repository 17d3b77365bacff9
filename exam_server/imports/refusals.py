"""Why a file of items is refused, each with what was kept and what to do."""

from __future__ import annotations

from typing import ClassVar

from exam_server.errors import N_, Refusal


class ImportRefused(Refusal):
    """`field` names what its sentence stands beside."""

    status: ClassVar[int] = 422
    field: ClassVar[str] = ""


class NoFile(ImportRefused):
    code = "no_file"
    field = "file"
    sentence = N_("Pilih dahulu satu berkas soal.")


class FileTooLarge(ImportRefused):
    code = "file_too_large"
    status = 413
    field = "file"
    sentence = N_("Berkas lebih besar dari {limit} MB sehingga tidak dibaca. Bagi soalnya ke beberapa "
                  "berkas, atau perkecil gambarnya.")  # fmt: skip


class FileUnreadable(ImportRefused):
    """`why` is a sentence already."""

    code = "file_unreadable"
    field = "file"
    sentence = N_("Berkas {filename} tidak dapat dibaca. {why}")


class TooManyDrafts(ImportRefused):
    code = "too_many_drafts"
    status = 409
    field = "file"
    sentence = N_("Sudah ada {count} berkas yang belum selesai diimpor. Selesaikan atau buang salah satunya "
                  "dahulu; berkas ini tidak disimpan.")  # fmt: skip


class HasErrors(ImportRefused):
    code = "import_has_errors"
    status = 409
    sentence = N_("Belum dapat diimpor: {count} soal masih salah. Perbaiki di berkas asalnya, lalu unggah "
                  "ulang; pilihan Anda di halaman ini tetap.")  # fmt: skip


class NothingToImport(ImportRefused):
    code = "nothing_to_import"
    status = 409
    sentence = N_(
        "Tidak ada soal yang akan diimpor. Ikutkan paling sedikit satu soal, atau buang berkas ini."
    )


class DraftChanged(ImportRefused):
    code = "draft_changed"
    status = 409
    sentence = N_("Petugas lain mengubah impor ini sesudah halaman Anda dibuka. Belum ada yang diimpor; "
                  "periksa keadaan yang sekarang, lalu tekan sekali lagi.")  # fmt: skip


class ImportRunning(ImportRefused):
    code = "import_running"
    status = 409
    sentence = N_("Berkas ini sedang diimpor. Tunggu sampai selesai; halaman ini menunjukkan kemajuannya.")


class ImportOver(ImportRefused):
    code = "import_over"
    status = 409
    sentence = N_("Berkas ini sudah selesai diimpor, jadi tidak ada yang diubah.")


class NobodyPicked(ImportRefused):
    code = "nothing_picked"
    field = "picked"
    sentence = N_("Centang dahulu soal yang dimaksud. Isian Anda tetap ada.")


class NothingTyped(ImportRefused):
    code = "nothing_typed"
    field = "topic"
    sentence = N_("Isi topik, atau pilih tingkat kesulitan, yang akan diberikan.")


class TopicTooLong(ImportRefused):
    code = "topic_too_long"
    field = "topic"
    sentence = N_("Nama topik terlalu panjang; paling banyak {most} huruf.")


class UnknownAct(ImportRefused):
    code = "unknown_choice"
    sentence = N_("Pilihan ini tidak dikenal. Muat ulang halaman, lalu coba lagi.")
