"""Every way in which an act as a whole can be refused; who is only left out is told in `words`."""

from __future__ import annotations

from exam_server.errors import N_, Refusal


class ActUnknown(Refusal):
    code = "act_unknown"
    status = 422
    field = "act"
    sentence = N_("Tindakan ini tidak dikenal. Muat ulang halaman.")


class NobodyChosen(Refusal):
    code = "nobody_chosen"
    status = 422
    field = "attempts"
    sentence = N_("Pilih dahulu pesertanya. Tidak ada yang berubah.")


class TooManyChosen(Refusal):
    code = "too_many_chosen"
    status = 422
    field = "attempts"
    sentence = N_("Paling banyak {most} peserta sekali tindakan. Saring menurut sesi, lalu ulangi.")


class ReasonEmpty(Refusal):
    code = "act_reason_missing"
    status = 422
    field = "text"
    sentence = N_("Tulis alasannya. Alasan tercatat di jejak audit dan berita acara.")


class ReasonTooLong(Refusal):
    code = "act_reason_too_long"
    status = 422
    field = "text"
    sentence = N_("Tulis alasan lebih singkat, paling banyak {most} huruf.")


class ConfirmUnknown(Refusal):
    code = "confirm_unknown"
    sentence = N_("Yang dikonfirmasi bukan yang tadi ditampilkan. Tidak ada yang berubah; lihat dahulu siapa "
                  "yang terkena, lalu konfirmasi.")  # fmt: skip


class ConfirmExpired(Refusal):
    code = "confirm_expired"
    status = 410
    sentence = N_("Konfirmasi ini sudah lewat waktunya. Tidak ada yang berubah; lihat kembali siapa yang "
                  "terkena, lalu konfirmasi.")  # fmt: skip


class ConfirmUsed(Refusal):
    code = "confirm_used"
    sentence = N_("Tindakan ini sudah dikonfirmasi sebelumnya dan tidak dilakukan dua kali. Lihat hasilnya "
                  "di papan.")  # fmt: skip
