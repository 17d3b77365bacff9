"""What the office writes to the people of a request; nothing in a letter opens a door except its one link."""

from __future__ import annotations

from exam_server.errors import N_
from exam_server.language import say
from exam_server.mail import Letter, link

GREETING = N_("Yth. {name},")
CLOSING = N_("Surel ini dikirim otomatis oleh Seleksi Mitra Statistik.")
SUBJECTS = {
    "nik": N_("Permintaan bantuan: NIK dipakai akun lain"),
    "email": N_("Permintaan bantuan: alamat surel baru"),
    "second_factor": N_("Permintaan bantuan: langkah masuk kedua"),
    "erasure": N_("Permintaan penghapusan data pribadi"),
}
OUTCOMES = {
    "granted": N_("Permintaan Anda dikabulkan."),
    "refused": N_("Permintaan Anda tidak dapat dikabulkan."),
}


def asked(language: str, name: str, kind: str) -> Letter:
    """To the owner of an account: the request arrived."""
    return _letter(
        language, SUBJECTS[kind],
        N_("Permintaan Anda sudah kami terima dan akan diperiksa petugas kantor. Keadaannya dapat "
           "dilihat pada halaman Bantuan:"),
        page="/help", name=name,
    )  # fmt: skip


def resolved(language: str, name: str, kind: str, outcome: str, answer: str) -> Letter:
    """To whoever asked: what was decided and why."""
    return _letter(
        language, SUBJECTS[kind], OUTCOMES[outcome], N_("Jawaban petugas: {answer}"), N_("Halaman "
                                                                                         "Bantuan:"),
        page="/help", name=name, answer=answer,
    )  # fmt: skip


def nik_freed(language: str, name: str) -> Letter:
    """To the account that held the NIK: it stands in its profile no longer."""
    return _letter(
        language, N_("NIK dilepas dari profil Anda"),
        N_("Seorang pendaftar lain menyatakan NIK pada profil Anda adalah miliknya. Petugas sudah "
           "memeriksanya, dan NIK itu tidak lagi tercatat pada profil Anda."),
        N_("Bila NIK itu milik Anda, sampaikan lewat halaman Bantuan dengan menyebutkan kantor Anda:"),
        page="/help?kind=nik", name=name,
    )  # fmt: skip


def confirm_email(language: str, name: str, token: str) -> Letter:
    """To the new address: only its link changes the address of the account."""
    return _letter(
        language, N_("Konfirmasi alamat surel baru"),
        N_("Petugas mengabulkan permintaan alamat surel baru untuk akun Anda. Alamat baru berlaku "
           "setelah Anda membuka tautan di bawah ini dan menekan tombolnya. Tautan berlaku 24 jam dan "
           "hanya sekali."),
        N_("Bila Anda tidak meminta ini, abaikan surel ini; tidak ada yang berubah."),
        page=f"/help/email/{token}", name=name,
    )  # fmt: skip


def email_leaving(language: str, name: str, new_email: str) -> Letter:
    """To the old address: somebody with proof asked for another; how to stop it when it was not the owner."""
    return _letter(
        language, N_("Alamat surel akun Anda akan diganti"),
        N_("Seseorang meminta agar akun Anda memakai alamat surel lain ({new_email}), dan petugas sudah "
           "mengabulkannya setelah memeriksa data. Alamat baru berlaku setelah dikonfirmasi dari surel "
           "itu."),
        N_("Bila bukan Anda yang meminta: ganti kata sandi Anda sekarang. Tautan konfirmasi itu langsung "
           "tidak berlaku lagi. Sesudah itu laporkan kepada kantor."),
        page="/account", name=name, new_email=new_email,
    )  # fmt: skip


def email_changed(language: str, name: str) -> Letter:
    """To the old address, for the last time."""
    return _letter(
        language, N_("Alamat surel akun Anda sudah diganti"),
        N_("Akun Anda sekarang memakai alamat surel lain, dan semua perangkat sudah dikeluarkan. Alamat "
           "ini tidak dapat lagi dipakai untuk masuk. Bila bukan Anda yang meminta, hubungi kantor:"),
        page="/help?kind=email", name=name,
    )  # fmt: skip


def erased(language: str, name: str) -> Letter:
    """The last letter to somebody whose data were erased."""
    return _letter(
        language, N_("Data pribadi Anda sudah dihapus"),
        N_("Sesuai permintaan Anda, profil, dokumen, isi pendaftaran, dan isi surel Anda sudah dihapus, "
           "dan akun Anda sudah ditutup. Yang tetap disimpan hanyalah catatan tindakan dengan nomor, "
           "tanpa nama dan tanpa NIK, hasil tes tanpa nama, serta berita acara sesi yang sudah ditetapkan."),
        N_("Ini surel terakhir dari kami. Bila kelak ingin mendaftar lagi, buatlah akun baru:"),
        page="/", name=name,
    )  # fmt: skip


def _letter(language: str, subject: str, *paragraphs: str, page: str, **params: str) -> Letter:
    written = [say(text, language).format(**params) for text in (GREETING, *paragraphs)]
    body = "\n\n".join([*written, link(page), say(CLOSING, language)])
    return Letter(say(subject, language), body)
