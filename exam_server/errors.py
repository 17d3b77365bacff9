"""The family of refusals: each named once beside its service, mapped once to page, JSON and socket ack."""

from __future__ import annotations

from typing import ClassVar


def N_(message: str) -> str:
    """Mark a message for the catalogue where it stands; it is translated where it is shown."""
    return message


class Refusal(Exception):
    """An act that was refused for a reason its person can understand.

    `code` is for programs, `status` for HTTP, `sentence` (a gettext message with {names}) for the person:
    what happened, what was kept, what to do. Parameters fill the names.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = N_("Permintaan ini ditolak.")

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params
        self.details: dict[str, object] = {}
        """What a program may want to know besides; it travels in JSON answers only."""


class NotFound(Refusal):
    code = "not_found"
    status = 404
    sentence = N_("Halaman atau data ini tidak ada, atau bukan untuk Anda.")


class Forbidden(Refusal):
    code = "forbidden"
    status = 403
    sentence = N_("Akun Anda tidak berwenang membuka halaman ini.")


class SignInNeeded(Refusal):
    code = "sign_in_needed"
    status = 401
    sentence = N_("Anda belum masuk, atau sesi masuk Anda sudah berakhir. Silakan masuk kembali.")


class BadRequest(Refusal):
    code = "bad_request"
    status = 400
    sentence = N_("Permintaan tidak lengkap atau tidak terbaca. Muat ulang halaman lalu coba lagi.")


class TooLarge(Refusal):
    code = "too_large"
    status = 413
    sentence = N_("Kiriman ini terlalu besar sehingga tidak diterima. Yang sudah tersimpan tidak berubah; "
                  "kirim berkas yang lebih kecil.")  # fmt: skip


class StorageUnavailable(Refusal):
    """The database could not commit; nothing was acknowledged and the sender keeps what it has."""

    code = "storage_unavailable"
    status = 503
    sentence = N_(
        "Penyimpanan sedang terganggu, jadi ini belum tersimpan. Isian Anda tetap ada di layar; "
        "sistem mencoba lagi sendiri."
    )
