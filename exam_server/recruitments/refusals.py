"""What the desk refuses, each with its sentence; `field` names what it stands beside."""

from __future__ import annotations

from typing import ClassVar

from exam_server.errors import N_, Refusal


class DeskRefusal(Refusal):
    """Nothing was saved; everything typed is still on the page."""

    status: ClassVar[int] = 422

    def __init__(self, field: str = "", **params: object) -> None:
        super().__init__(**params)
        self.field = field


class FieldEmpty(DeskRefusal):
    code = "field_empty"
    sentence = N_("Bagian ini belum diisi.")


class TooLong(DeskRefusal):
    code = "too_long"
    sentence = N_("Isian paling panjang {most} huruf; yang diketik {count} huruf.")


class UnknownChoice(DeskRefusal):
    code = "unknown_choice"
    sentence = N_("Pilihan ini tidak dikenal. Pilih salah satu yang tersedia.")


class DayUnreadable(DeskRefusal):
    code = "day_unreadable"
    sentence = N_("Tanggal ditulis hari, bulan, tahun, misalnya 1-11-2026.")


class NoSuchDay(DeskRefusal):
    code = "no_such_day"
    sentence = N_("Tanggal {typed} tidak ada dalam kalender. Periksa hari dan bulannya.")


class NumberUnreadable(DeskRefusal):
    code = "number_unreadable"
    sentence = N_("Tulis angka bulat antara {least} dan {most}.")


class AddressUnreadable(DeskRefusal):
    code = "address_unreadable"
    sentence = N_("Alamat halaman diawali https:// atau http://, misalnya https://kantor.example.go.id.")


class TooManyRows(DeskRefusal):
    code = "too_many_rows"
    sentence = N_("Paling banyak {most} baris pada bagian ini.")


class EndsBeforeItBegins(DeskRefusal):
    code = "ends_before_it_begins"
    sentence = N_("Hari terakhir lebih awal daripada hari pertama. Periksa kedua tanggalnya.")


class HalfDated(DeskRefusal):
    code = "half_dated"
    sentence = N_("Isi kedua tanggalnya, atau kosongkan keduanya bila tahap ini mengikuti sesi.")


class StageTwice(DeskRefusal):
    code = "stage_twice"
    sentence = N_("Jenis tahap ini sudah dipakai pada baris lain. Satu jenis hanya satu kali.")


class NeedsDates(DeskRefusal):
    code = "needs_dates"
    sentence = N_("Tahap ini memerlukan tanggal, karena menentukan kapan orang dapat mendaftar atau "
                  "diperiksa.")  # fmt: skip


class CodeUnreadable(DeskRefusal):
    code = "code_unreadable"
    sentence = N_("Kode kantor terdiri atas empat angka, misalnya 3320.")


class CodeTaken(DeskRefusal):
    code = "code_taken"
    status = 409
    sentence = N_("Kode ini sudah dipakai {office}.")


class SlugUnreadable(DeskRefusal):
    code = "slug_unreadable"
    sentence = N_("Nama pendek hanya memakai huruf kecil, angka, dan tanda hubung, misalnya jepara.")


class SlugTaken(DeskRefusal):
    code = "slug_taken"
    status = 409
    sentence = N_("Nama pendek ini sudah dipakai {office}. Tulis yang lain, misalnya kota-{slug}.")


class SlugReserved(DeskRefusal):
    code = "slug_reserved"
    sentence = N_("Nama pendek ini dipakai layanan sendiri. Tulis yang lain.")


class SlugIsFixed(DeskRefusal):
    code = "slug_is_fixed"
    status = 409
    sentence = N_("Nama pendek sudah menjadi alamat pengumuman yang diterbitkan, jadi tidak dapat diganti.")


class ZoneIsFixed(DeskRefusal):
    code = "zone_is_fixed"
    status = 409
    sentence = N_("Zona waktu sudah dipakai pada pengumuman yang diterbitkan, jadi tidak dapat diganti.")


class ListUnreadable(DeskRefusal):
    code = "list_unreadable"
    sentence = N_("Berkas ini kosong atau bukan teks. Simpan lembar kerjanya sebagai CSV, lalu unggah lagi.")


class KecamatanTwice(DeskRefusal):
    code = "kecamatan_twice"
    sentence = N_("Kecamatan {kecamatan} tertulis lebih dari satu kali.")


class KecamatanInUse(DeskRefusal):
    code = "kecamatan_in_use"
    status = 409
    sentence = N_("Daftar desa masih memuat kecamatan {kecamatan}. Unggah dahulu daftar desa tanpa kecamatan "
                  "itu.")  # fmt: skip


class YearUnreadable(DeskRefusal):
    code = "year_unreadable"
    sentence = N_("Tulis tahun rekrutmen dengan empat angka, misalnya 2027.")


class YearTaken(DeskRefusal):
    code = "year_taken"
    status = 409
    sentence = N_("Rekrutmen tahun {year} sudah ada pada kantor ini. Buka dari Meja kantor.")


class UnknownSource(DeskRefusal):
    code = "unknown_source"
    sentence = N_("Rekrutmen yang akan disalin tidak ada pada daftar. Pilih salah satu, atau mulai dari "
                  "kosong.")  # fmt: skip


class SectionChanged(DeskRefusal):
    code = "section_changed"
    status = 409
    sentence = N_("Petugas lain menyimpan bagian ini sesudah Anda membukanya. Isian Anda masih di sini; "
                  "bandingkan dahulu dengan yang tersimpan, lalu simpan lagi.")  # fmt: skip


class ReasonMissing(DeskRefusal):
    code = "reason_missing"
    sentence = N_("Pengumuman ini sudah diterbitkan. Tulis alasan perubahannya, paling sedikit {least} "
                  "huruf.")  # fmt: skip


class NotComplete(DeskRefusal):
    """`missing` holds the names of the parts, as gettext messages."""

    code = "not_complete"
    status = 409
    sentence = N_("Pengumuman belum dapat diterbitkan karena masih ada bagian yang belum lengkap.")

    def __init__(self, missing: list[str], codes: list[str]) -> None:
        super().__init__()
        self.missing = missing
        self.details = {"missing": codes}


class AlreadyPublished(DeskRefusal):
    code = "already_published"
    status = 409
    sentence = N_("Pengumuman ini sudah diterbitkan. Tidak ada yang berubah.")


class NotPublished(DeskRefusal):
    code = "not_published"
    status = 409
    sentence = N_("Pengumuman ini masih berupa draf, jadi belum ada yang perlu diberi tahu.")


class StageIsAnnounced(DeskRefusal):
    code = "stage_is_announced"
    status = 409
    sentence = N_("Tahap yang sudah diumumkan tidak dapat dihapus atau diganti jenisnya: {stage}.")


class EndsInThePast(DeskRefusal):
    code = "ends_in_the_past"
    status = 409
    sentence = N_("Tanggal terakhir yang baru sudah lewat. Tahap yang sudah diumumkan hanya dapat "
                  "diperpanjang.")  # fmt: skip


class TooShortNotice(DeskRefusal):
    code = "too_short_notice"
    status = 409
    sentence = N_("Tahap hanya dapat diperpendek dengan pemberitahuan sedikitnya {hours} jam. Pilih tanggal "
                  "terakhir yang lebih lambat.")  # fmt: skip


class AlreadyBegun(DeskRefusal):
    code = "already_begun"
    status = 409
    sentence = N_("Tahap ini sudah dibuka, jadi hari pertamanya tidak dapat ditunda.")


class SittingsOutside(DeskRefusal):
    code = "sittings_outside"
    status = 409
    sentence = N_("Ada {count} sesi di luar tanggal ini. Pilih tanggal yang memuat semua sesi.")


class RequirementsConfirmed(DeskRefusal):
    code = "requirements_confirmed"
    status = 409
    sentence = N_(
        "Sudah ada yang mendaftar dengan persyaratan ini, jadi persyaratan hanya dapat diperbaiki "
        "kalimatnya: tidak ditambah, dihapus, dipindah, atau diganti jenis dan buktinya."
    )


class TestHasBegun(DeskRefusal):
    code = "test_has_begun"
    status = 409
    sentence = N_("Sudah ada peserta yang memulai tes, jadi susunan soalnya tidak dapat diubah lagi.")


class NotAPdf(DeskRefusal):
    code = "not_a_pdf"
    sentence = N_("Panduan harus berupa PDF. Simpan dokumennya sebagai PDF, lalu kirim lagi.")


class TooManyGuides(DeskRefusal):
    code = "too_many_guides"
    status = 409
    sentence = N_("Paling banyak {most} panduan. Hapus dahulu yang tidak dipakai lagi.")


class DesaRefused(DeskRefusal):
    """`faults` says what is wrong in which line; nothing of the file was kept."""

    code = "desa_refused"
    sentence = N_("Daftar desa belum disimpan karena ada {count} kesalahan. Perbaiki berkasnya, lalu unggah "
                  "lagi; daftar sebelumnya tidak berubah.")  # fmt: skip

    def __init__(self, faults: list[tuple[int, str, dict[str, object]]]) -> None:
        super().__init__("desa", count=len(faults))
        self.faults = faults
        self.details = {"lines": [line for line, _, _ in faults]}
