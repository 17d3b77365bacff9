"""Why a result is not announced, each with what to do."""

from __future__ import annotations

from typing import ClassVar

from exam_server.errors import N_, NotFound, Refusal


class AnnouncingRefused(Refusal):
    """`field` names what its sentence stands beside."""

    status: ClassVar[int] = 409
    field: ClassVar[str] = ""


class NotFrozen(AnnouncingRefused):
    code = "not_frozen"
    sentence = N_(
        "Daftar seleksi akhir belum dibekukan oleh dua petugas, jadi belum ada yang dapat diumumkan."
    )


class ListOutdated(AnnouncingRefused):
    code = "list_outdated"
    sentence = N_("Daftar yang dibekukan belum memuat {count} peserta yang sudah mengikuti tes. Bekukan "
                  "daftar yang baru dahulu.")  # fmt: skip


class ResultsMoved(AnnouncingRefused):
    code = "results_moved"
    sentence = N_("Kunci jawaban dikoreksi sesudah daftar dibekukan: nilai yang berlaku adalah versi {now}, "
                  "sedangkan daftar memakai versi {used}. Bekukan daftar yang baru dahulu.")  # fmt: skip


class StillSitting(AnnouncingRefused):
    code = "somebody_still_sits"
    sentence = N_("{count} peserta masih dapat atau sedang mengerjakan tes, jadi hasil belum dapat "
                  "diumumkan. Yang terakhir selesai {at}.")  # fmt: skip


class TooEarly(AnnouncingRefused):
    code = "too_early"
    status = 422
    field = "publish_at"
    sentence = N_("Pengumuman hasil dijadwalkan {at} dan tidak dapat terbit sebelum itu. Pilih waktu itu "
                  "atau sesudahnya.")  # fmt: skip


class PublishTimePassed(AnnouncingRefused):
    code = "publish_time_passed"
    status = 422
    field = "publish_at"
    sentence = N_("Waktu terbit {at} sudah lewat. Pilih waktu yang akan datang, atau terbitkan segera.")


class PublishTimeUnreadable(AnnouncingRefused):
    code = "publish_time_unreadable"
    status = 422
    field = "publish_at"
    sentence = N_("Waktu terbit tidak terbaca. Isi tanggal dan jamnya.")


class PolicyUnknown(AnnouncingRefused):
    code = "policy_unknown"
    status = 422
    field = "policy"
    sentence = N_("Pilihan kolom tidak dikenal. Muat ulang halaman, lalu pilih lagi.")


class TextTooLong(AnnouncingRefused):
    code = "text_too_long"
    status = 422
    field = "texts"
    sentence = N_("Nomor dokumen paling panjang {number} huruf dan keterangan tempat bertanya paling panjang "
                  "{contact} huruf.")  # fmt: skip


class AnnouncementChanged(AnnouncingRefused):
    code = "announcement_changed"
    sentence = N_("Isi pengumuman berubah sesudah permintaan ini diajukan, jadi tidak diterbitkan. Buka "
                  "pratinjau yang baru, lalu ajukan lagi.")  # fmt: skip


class NothingNew(AnnouncingRefused):
    code = "nothing_new"
    sentence = N_("Pengumuman ke-{number} sudah memuat hal yang sama. Versi berikutnya hanya dibuat bila "
                  "hasilnya berubah.")  # fmt: skip


class NothingAnnounced(NotFound):
    code = "nothing_announced"
    sentence = N_("Hasil seleksi kantor ini belum diumumkan, atau versi yang diminta tidak ada.")


class UnknownSeal(NotFound):
    code = "unknown_announcement"
    sentence = N_("Tidak ada pengumuman hasil dengan sidik atau kode ini pada layanan ini.")
