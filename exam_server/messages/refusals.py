"""Every way in which a message, or its mark as read, can be refused."""

from __future__ import annotations

from exam_server.errors import N_, Refusal
from exam_server.throttle import TooMany


class MessageEmpty(Refusal):
    code = "message_empty"
    status = 422
    field = "text"
    sentence = N_("Tulis pesannya. Belum ada yang dikirim.")


class MessageTooLong(Refusal):
    code = "message_too_long"
    status = 422
    field = "text"
    sentence = N_("Tulis pesan lebih singkat, paling banyak {most} huruf. Belum ada yang dikirim.")


class MessageUnreadable(Refusal):
    code = "message_unreadable"
    status = 422
    field = "text"
    sentence = N_("Pesan memuat tanda yang tidak dapat ditampilkan. Ketik ulang pesannya; belum ada yang "
                  "dikirim.")  # fmt: skip


class MessagesTooMany(TooMany):
    code = "too_many_messages"
    sentence = N_("Anda sudah mengirim banyak pesan dalam waktu singkat. Belum ada yang dikirim; coba lagi "
                  "dalam {minutes} menit.")  # fmt: skip


class MessageUnknown(Refusal):
    code = "message_unknown"
    status = 404
    sentence = N_("Pesan ini tidak ada, atau bukan untuk Anda.")
