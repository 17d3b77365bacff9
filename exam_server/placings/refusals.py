"""Every way in which an act on a place can be refused."""

from __future__ import annotations

from exam_server.errors import N_, Refusal


class NotFrozen(Refusal):
    code = "list_not_frozen"
    sentence = N_("Seleksi akhir kegiatan ini belum ditetapkan, jadi belum ada tempat yang dapat dilepas. "
                  "Tidak ada yang berubah.")  # fmt: skip


class NotAnnounced(Refusal):
    code = "result_not_announced"
    sentence = N_("Hasil seleksi belum diumumkan. Tidak ada yang berubah; lihat tanggal pengumumannya di "
                  "halaman ini.")  # fmt: skip


class NotOnTheList(Refusal):
    code = "not_on_the_list"
    sentence = N_("Orang ini tidak ada pada hasil seleksi yang ditetapkan. Tidak ada yang berubah.")


class NoPlace(Refusal):
    code = "no_place"
    sentence = N_("Orang ini tidak mendapat tempat dan bukan cadangan, jadi tidak ada yang dapat dilepas. "
                  "Tidak ada yang berubah.")  # fmt: skip


class AlreadyLeft(Refusal):
    code = "already_left"
    sentence = N_("Tempat atau nomor cadangan ini sudah dilepas sebelumnya. Tidak ada yang berubah.")


class NothingOffered(Refusal):
    code = "nothing_offered"
    sentence = N_("Saat ini tidak ada tempat yang ditawarkan. Tidak ada yang berubah.")


class OfferOver(Refusal):
    code = "offer_over"
    sentence = N_("Batas waktu tawaran ini sudah lewat, jadi tempatnya ditawarkan kepada cadangan "
                  "berikutnya. Tidak ada yang berubah.")  # fmt: skip


class EndingUnknown(Refusal):
    code = "ending_unknown"
    status = 422
    field = "how"
    sentence = N_("Pilih apa yang terjadi: mengundurkan diri, didiskualifikasi, atau dibatalkan.")


class WhyMissing(Refusal):
    code = "place_reason_missing"
    status = 422
    field = "reason"
    sentence = N_("Tulis alasannya. Alasan dibaca oleh yang bersangkutan dan tercatat di jejak audit.")


class WhyTooLong(Refusal):
    code = "place_reason_too_long"
    status = 422
    field = "reason"
    sentence = N_("Tulis alasan lebih singkat, paling banyak {most} huruf.")


class AnswersClosed(Refusal):
    code = "answers_closed"
    status = 403
    sentence = N_("Menurut ketentuan kegiatan ini, lembar jawaban tidak ditampilkan kepada peserta.")
