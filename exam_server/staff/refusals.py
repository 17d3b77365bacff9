"""What is refused among officials, each with its sentence; `field` names what it stands beside."""

from __future__ import annotations

from typing import ClassVar

from exam_server.errors import N_, Forbidden, Refusal


class StaffRefusal(Refusal):
    field: ClassVar[str] = ""


class RoleUnknown(StaffRefusal):
    code = "role_unknown"
    status = 422
    field = "role"
    sentence = N_("Pilih satu peran dari daftar.")


class OfficeMissing(StaffRefusal):
    code = "office_missing"
    status = 422
    field = "office"
    sentence = N_("Pilih kantor tempat peran ini berlaku.")


class NotYourOffice(Forbidden):
    code = "not_your_office"
    field = "office"
    sentence = N_("Anda hanya dapat memberi peran pada kantor Anda sendiri; peran superadmin hanya diberikan "
                  "superadmin.")  # fmt: skip


class CandidateAddress(StaffRefusal):
    code = "candidate_address"
    field = "email"
    sentence = N_("Alamat surel ini milik akun calon mitra yang sudah mendaftar. Petugas memakai akun "
                  "tersendiri; minta alamat surel lain.")  # fmt: skip


class AccountStopped(StaffRefusal):
    code = "account_stopped"
    field = "email"
    sentence = N_("Akun dengan alamat surel ini dinonaktifkan, jadi tidak dapat diundang.")


class AlreadyHolds(StaffRefusal):
    code = "already_holds"
    field = "role"
    sentence = N_("Orang ini sudah memegang peran itu.")


class AlreadyInvited(StaffRefusal):
    code = "already_invited"
    field = "email"
    sentence = N_("Undangan untuk alamat dan peran ini masih berlaku. Kirim ulang undangan itu dari daftar "
                  "undangan.")  # fmt: skip


class InvitationOver(StaffRefusal):
    code = "invitation_over"
    sentence = N_("Undangan ini sudah diterima atau sudah ditarik. Tidak ada yang berubah.")


class OtherAccount(StaffRefusal):
    code = "other_account"
    sentence = N_("Undangan ini untuk alamat surel lain. Keluar dahulu, lalu masuk dengan akun yang "
                  "diundang.")  # fmt: skip


class SignInFirst(StaffRefusal):
    code = "sign_in_first"
    sentence = N_("Alamat surel ini sudah mempunyai akun. Masuk dengan akun itu, lalu terima undangannya.")


class ReasonMissing(StaffRefusal):
    code = "reason_missing"
    status = 422
    field = "reason"
    sentence = N_("Tulis alasannya, paling sedikit {least} huruf. Alasan disimpan pada jejak audit.")


class NotYourself(StaffRefusal):
    code = "not_yourself"
    sentence = N_("Ini akun Anda sendiri. Minta petugas lain yang berwenang melakukannya.")


class BeyondYou(Forbidden):
    code = "beyond_you"
    sentence = N_("Orang ini superadmin atau juga bertugas di kantor lain, jadi hanya superadmin yang dapat "
                  "melakukannya.")  # fmt: skip


class LastSuperadmin(StaffRefusal):
    code = "last_superadmin"
    sentence = N_("Ini superadmin terakhir. Undang superadmin lain dahulu.")


class RoleNotHeld(StaffRefusal):
    code = "role_not_held"
    sentence = N_("Orang ini tidak lagi memegang peran itu.")


class AlreadyStopped(StaffRefusal):
    code = "already_stopped"
    sentence = N_("Akun ini sudah dinonaktifkan.")


class NothingToReset(StaffRefusal):
    code = "nothing_to_reset"
    sentence = N_("Akun ini belum memasang langkah masuk kedua, jadi tidak ada yang dilepas.")
