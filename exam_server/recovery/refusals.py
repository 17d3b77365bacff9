"""Why a request is not heard, or may not be granted: each with a sentence for its person."""

from __future__ import annotations

from exam_server.errors import N_, NotFound, Refusal


class NoSuchKind(NotFound):
    code = "no_such_kind"
    sentence = N_("Jenis bantuan ini tidak ada. Pilih dari daftar pada halaman Bantuan.")


class NotForOfficials(Refusal):
    code = "not_for_officials"
    status = 403
    sentence = N_("Permintaan ini untuk akun pendaftar; akun petugas diurus pada halaman Petugas.")


class PleaIncomplete(Refusal):
    """`mistakes`: a sentence per field that is wrong."""

    code = "plea_incomplete"
    status = 422
    sentence = N_(
        "Permintaan belum terkirim: ada isian yang perlu diperbaiki. Yang sudah Anda ketik tetap ada."
    )

    def __init__(self, mistakes: dict[str, str]) -> None:
        super().__init__()
        self.mistakes = mistakes
        self.details["fields"] = sorted(mistakes)


class AlreadyAsked(Refusal):
    code = "already_asked"
    sentence = N_("Permintaan yang sama sudah Anda kirim dan sedang diperiksa. Jawabannya akan datang "
                  "melalui surel.")  # fmt: skip


class AnswerIncomplete(Refusal):
    """`mistake`: what is wrong with the reason."""

    code = "answer_incomplete"
    status = 422
    sentence = N_("Keputusan belum disimpan: alasannya perlu diperbaiki.")

    def __init__(self, mistake: str) -> None:
        super().__init__()
        self.mistake = mistake


class AlreadyResolved(Refusal):
    code = "already_resolved"
    sentence = N_("Permintaan ini sudah diputuskan petugas lain. Keputusan yang pertama tetap berlaku.")


class NikFree(Refusal):
    code = "nik_free"
    sentence = N_("Tidak ada akun lain yang memakai NIK ini, jadi tidak ada yang perlu dilepas. Tolak "
                  "permintaan ini dengan jawaban agar pemohon mengisi NIK di profilnya.")  # fmt: skip


class HolderHasApplied(Refusal):
    code = "holder_has_applied"
    sentence = N_("Akun yang memakai NIK ini mempunyai pendaftaran tahun ini atau sesi tes; boleh jadi "
                  "dialah pemilik yang benar. Permintaan hanya dapat ditolak dengan jawaban, atau "
                  "diputuskan superadmin.")  # fmt: skip


class NobodyKnown(Refusal):
    code = "nobody_known"
    sentence = N_("Tidak ada akun yang cocok dengan data permintaan ini. Permintaan hanya dapat ditolak "
                  "dengan jawaban.")  # fmt: skip


class OfficialAccount(Refusal):
    code = "official_account"
    sentence = N_("Akun ini milik petugas. Jalur ini hanya untuk pendaftar; akun petugas diurus pada "
                  "halaman Petugas.")  # fmt: skip


class OtherOffice(Refusal):
    code = "other_office"
    sentence = N_("Akun ini tercatat pada kantor lain, sehingga hanya kantor itu atau superadmin yang "
                  "dapat mengabulkannya.")  # fmt: skip


class AccountDisabled(Refusal):
    code = "account_disabled"
    sentence = N_("Akun ini sudah dinonaktifkan, sehingga permintaan ini hanya dapat ditolak.")


class EmailInUse(Refusal):
    code = "email_in_use"
    sentence = N_("Alamat surel baru ini sudah dipakai sebuah akun. Tidak ada yang berubah; mintalah "
                  "pemohon memberi alamat lain.")  # fmt: skip


class OwnRequest(Refusal):
    code = "own_request"
    status = 403
    sentence = N_("Permintaan tentang akun Anda sendiri diputuskan petugas lain.")


class OnlySuperadmin(Refusal):
    code = "only_superadmin"
    status = 403
    sentence = N_("Langkah masuk kedua seorang admin, atau petugas kantor lain, hanya dapat dilepas "
                  "superadmin.")  # fmt: skip


class NoSecondFactor(Refusal):
    code = "no_second_factor"
    sentence = N_("Akun ini tidak memasang langkah masuk kedua, jadi tidak ada yang perlu dilepas.")


class StillRunning(Refusal):
    code = "still_running"
    sentence = N_("Rekrutmen {year} di {office} belum selesai bagi orang ini. Data baru dapat dihapus "
                  "sesudah hasil akhirnya diumumkan, atau bila tanggalnya belum ada, sesudah tanggal itu "
                  "ditetapkan dan lewat.")  # fmt: skip
