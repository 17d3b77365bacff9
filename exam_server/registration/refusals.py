"""Why an application or a correction was not sent; each says what is kept and where to go on."""

from __future__ import annotations

from exam_server.errors import N_, Forbidden, Refusal


class RegistrationClosed(Refusal):
    code = "registration_closed"
    sentence = N_(
        "Masa pendaftaran kegiatan ini belum dibuka atau sudah ditutup; lihat jadwal pada pengumuman."
    )


class AlreadyApplied(Refusal):
    code = "already_applied"
    sentence = N_(
        "Anda sudah terdaftar pada rekrutmen tahun ini; satu orang mendaftar pada satu kantor saja."
    )


class NotACandidate(Forbidden):
    code = "not_a_candidate"
    sentence = N_("Akun petugas tidak dapat mendaftar sebagai calon mitra.")


class ProfileIncomplete(Refusal):
    """`missing` names the fields."""

    code = "profile_incomplete"
    status = 422
    sentence = N_("Pendaftaran belum terkirim karena Data diri belum lengkap. Lengkapi dahulu, lalu kirim.")

    def __init__(self, missing: list[str]) -> None:
        super().__init__()
        self.missing = missing
        self.details = {"missing": missing}


class DocumentsMissing(Refusal):
    """`kinds` names the files that are not there."""

    code = "documents_missing"
    status = 422
    sentence = N_("Pendaftaran belum terkirim karena berkas belum lengkap. Unggah dahulu, lalu kirim.")

    def __init__(self, kinds: list[str]) -> None:
        super().__init__()
        self.kinds = kinds
        self.details = {"kinds": kinds}


class DocumentTooOld(DocumentsMissing):
    code = "document_too_old"
    sentence = N_(
        "Pendaftaran belum terkirim karena ada berkas yang sudah lama. Unggah yang terbaru, lalu kirim."
    )


class StatementsMissing(Refusal):
    """`positions` are those of the requirements that are not confirmed."""

    code = "statements_missing"
    status = 422
    sentence = N_(
        "Pendaftaran belum terkirim karena ada pernyataan yang belum dicentang. Centang bila memang benar."
    )

    def __init__(self, positions: list[int]) -> None:
        super().__init__()
        self.positions = positions
        self.details = {"positions": positions}


class NotEligible(Refusal):
    """`codes` are those of the findings that bar."""

    code = "not_eligible"
    status = 422
    sentence = N_("Pendaftaran tidak dapat dikirim karena ada syarat wajib yang tidak terpenuhi.")

    def __init__(self, codes: list[str]) -> None:
        super().__init__()
        self.codes = codes
        self.details = {"findings": codes}


class NothingAsked(Refusal):
    code = "nothing_asked"
    sentence = N_("Kantor tidak sedang meminta perbaikan. Yang sudah terkirim tetap berlaku.")


class CorrectionOver(Refusal):
    code = "correction_over"
    sentence = N_(
        "Batas waktu perbaikan sudah lewat, jadi perbaikan ini tidak terkirim. Kantor memutuskan dengan "
        "data yang terkirim sebelumnya."
    )


class ScreeningClosed(Refusal):
    code = "screening_closed"
    sentence = N_("Masa seleksi administrasi sudah ditutup, jadi perbaikan tidak dapat dikirim lagi.")


class NothingCorrected(Refusal):
    code = "nothing_corrected"
    status = 422
    sentence = N_("Belum ada yang berubah sejak kiriman terakhir. Perbaiki dahulu yang diminta, lalu kirim.")
