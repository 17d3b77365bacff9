"""Why a file is not taken: one name and one sentence for each reason, with what was kept and what to do."""

from __future__ import annotations

from typing import ClassVar

from exam_server.errors import N_, Refusal


class FileRefused(Refusal):
    """The file itself is not acceptable; whatever was kept before stays as it is."""

    code = "file_refused"
    status: ClassVar[int] = 422
    sentence = N_("Berkas ini tidak dapat diterima. Berkas sebelumnya tidak berubah; pilih berkas lain.")


class NoFile(FileRefused):
    code = "no_file"
    sentence = N_("Belum ada berkas yang dipilih. Berkas sebelumnya tidak berubah; pilih berkas dahulu, lalu "
                  "kirim.")  # fmt: skip


class EmptyFile(FileRefused):
    code = "empty"
    sentence = N_("Berkas ini kosong (0 bita). Berkas sebelumnya tidak berubah; buka dahulu berkasnya di "
                  "perangkat Anda, lalu pilih lagi atau ambil foto baru.")  # fmt: skip


class FileTooLarge(FileRefused):
    code = "file_too_large"
    status = 413
    sentence = N_("Berkas ini lebih besar dari {limit} MB. Berkas sebelumnya tidak berubah; perkecil ukuran "
                  "foto di pengaturan kamera, atau pindai ulang dengan mutu lebih rendah.")  # fmt: skip


class Heic(FileRefused):
    code = "heic"
    sentence = N_(
        "Foto ini berformat HEIC, yang belum dapat dibuka di semua komputer. Berkas sebelumnya tidak "
        "berubah; ubah ke JPG. Di iPhone: Pengaturan > Kamera > Format > Paling kompatibel, lalu ambil foto "
        "baru."
    )


class Svg(FileRefused):
    code = "svg"
    sentence = N_("Berkas ini gambar SVG, bukan foto atau hasil pindai. Berkas sebelumnya tidak berubah; "
                  "kirim foto JPG, PNG, atau PDF.")  # fmt: skip


class Html(FileRefused):
    code = "html"
    sentence = N_("Berkas ini halaman web, bukan foto atau hasil pindai. Berkas sebelumnya tidak berubah; "
                  "kirim foto JPG, PNG, atau PDF.")  # fmt: skip


class Gif(FileRefused):
    code = "gif"
    sentence = N_("Berkas ini gambar GIF. Berkas sebelumnya tidak berubah; kirim foto JPG atau PNG langsung "
                  "dari kamera.")  # fmt: skip


class Webp(FileRefused):
    code = "webp"
    sentence = N_("Berkas ini gambar WebP, biasanya tersimpan dari aplikasi pesan atau web. Berkas "
                  "sebelumnya tidak berubah; kirim foto JPG atau PNG langsung dari kamera.")  # fmt: skip


class OfficeFile(FileRefused):
    code = "office"
    sentence = N_("Berkas ini dokumen Word, Excel, atau arsip ZIP. Berkas sebelumnya tidak berubah; simpan "
                  "sebagai PDF, atau ambil foto dokumennya.")  # fmt: skip


class Program(FileRefused):
    code = "program"
    sentence = N_("Berkas ini program komputer, bukan foto atau hasil pindai. Berkas sebelumnya tidak "
                  "berubah; periksa perangkat Anda, lalu kirim foto JPG, PNG, atau PDF.")  # fmt: skip


class UnknownType(FileRefused):
    code = "unknown_type"
    sentence = N_("Isi berkas ini bukan JPG, PNG, atau PDF, apa pun namanya. Berkas sebelumnya tidak "
                  "berubah; ambil foto baru dengan kamera, atau simpan sebagai PDF.")  # fmt: skip


class Damaged(FileRefused):
    code = "damaged"
    sentence = N_("Berkas ini terpotong atau rusak sehingga tidak dapat dibuka seluruhnya. Berkas sebelumnya "
                  "tidak berubah; ambil foto baru, atau unduh ulang berkasnya lalu kirim lagi.")  # fmt: skip


class HiddenCode(FileRefused):
    code = "hidden_code"
    sentence = N_("Di dalam foto ini tersembunyi kode program. Berkas sebelumnya tidak berubah; ambil foto "
                  "baru langsung dengan kamera, atau kirim tangkapan layarnya.")  # fmt: skip


class TooManyPixels(FileRefused):
    code = "too_many_pixels"
    sentence = N_("Gambar ini lebih luas dari {pixels} juta piksel. Berkas sebelumnya tidak berubah; pilih "
                  "ukuran foto yang lebih kecil di kamera, lalu ambil foto baru.")  # fmt: skip


class PdfEncrypted(FileRefused):
    code = "pdf_encrypted"
    sentence = N_("PDF ini dikunci dengan kata sandi. Berkas sebelumnya tidak berubah; simpan PDF tanpa kata "
                  "sandi, atau kirim foto dokumennya.")  # fmt: skip


class PdfActive(FileRefused):
    code = "pdf_active"
    sentence = N_("PDF ini berisi program, formulir aktif, atau berkas lain di dalamnya. Berkas sebelumnya "
                  "tidak berubah; cetak ke PDF yang baru, atau kirim foto dokumennya.")  # fmt: skip


class PdfTooManyPages(FileRefused):
    code = "pdf_too_many_pages"
    sentence = N_("PDF ini lebih dari {pages} halaman. Berkas sebelumnya tidak berubah; kirim halaman "
                  "dokumennya saja.")  # fmt: skip


class TooHeavy(FileRefused):
    code = "too_heavy"
    sentence = N_("Berkas ini terlalu rumit untuk diperiksa: isinya membengkak saat dibuka. Berkas "
                  "sebelumnya tidak berubah; ambil foto dokumennya, lalu kirim foto itu.")  # fmt: skip


class ExaminerBusy(Refusal):
    code = "examiner_busy"
    status = 503
    sentence = N_("Banyak berkas sedang diperiksa, jadi berkas Anda belum diterima. Berkas sebelumnya tidak "
                  "berubah; coba lagi beberapa menit lagi.")  # fmt: skip


class ExaminationFailed(Refusal):
    code = "examination_failed"
    status = 503
    sentence = N_("Server sedang tidak dapat memeriksa berkas, jadi berkas Anda belum diterima. Berkas "
                  "sebelumnya tidak berubah; coba lagi beberapa menit lagi.")  # fmt: skip


class StorageFull(Refusal):
    code = "storage_full"
    status = 507
    sentence = N_("Ruang penyimpanan server hampir penuh, jadi unggahan dihentikan sementara. Berkas "
                  "sebelumnya tidak berubah dan ujian tidak terganggu; coba lagi nanti.")  # fmt: skip


class NotSettled(Refusal):
    code = "not_settled"
    sentence = N_("Beberapa berkas sejenis dikirim bersamaan, dan yang ini belum diterima. Muat ulang "
                  "halaman untuk melihat mana yang berlaku, lalu kirim lagi bila perlu.")  # fmt: skip


BY_CODE = {one.code: one for one in FileRefused.__subclasses__()}
