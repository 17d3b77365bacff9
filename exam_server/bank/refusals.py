"""What the bank refuses to those who write and review items; `field` names what a sentence stands beside."""

from __future__ import annotations

from typing import ClassVar

from exam_server.errors import N_, Refusal


class BankRefusal(Refusal):
    """Nothing was kept; everything typed is still on the page."""

    status: ClassVar[int] = 422
    field: ClassVar[str] = ""


class ItemChanged(BankRefusal):
    code = "item_changed"
    status = 409
    sentence = N_(
        "Petugas lain mengubah soal ini sesudah Anda membukanya (sekarang versi {version}). Belum ada yang "
        "disimpan dan isian Anda masih di sini; bandingkan dengan perubahannya, lalu kirim lagi."
    )


class CodeTaken(BankRefusal):
    code = "item_code_taken"
    status = 409
    field = "code"
    sentence = N_("Kode {taken} sudah dipakai soal lain di bank ini. Tulis kode lain, atau kosongkan.")


class ItemThere(BankRefusal):
    code = "item_there"
    status = 409
    field = "stem"
    sentence = N_("Soal dengan teks dan pilihan yang sama persis sudah ada di bank ini ({known}).")


class WhyMissing(BankRefusal):
    code = "why_missing"
    field = "why"
    sentence = N_(
        "Tulis alasan perubahannya, paling sedikit {least} huruf; alasan ini tersimpan pada riwayat."
    )


class NoteMissing(BankRefusal):
    code = "note_missing"
    field = "note"
    sentence = N_("Tulis apa yang perlu diperbaiki, paling sedikit {least} huruf, supaya penulisnya tahu.")


class OwnRevision(BankRefusal):
    code = "own_revision"
    status = 409
    sentence = N_("Versi ini Anda tulis sendiri. Yang memeriksanya harus petugas lain.")


class NotADraft(BankRefusal):
    code = "not_a_draft"
    status = 409
    sentence = N_("Soal ini bukan draf, jadi tidak ada yang perlu diperiksa.")
