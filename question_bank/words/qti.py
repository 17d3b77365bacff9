"""Sentences about QTI files and packages."""

from question_bank.words import _

SENTENCES: dict[str, str] = {
    "xml_broken": _("Berkas XML rusak (baris %(line)s: %(what)s). Ekspor ulang dari program asalnya."),
    "xml_deep": _("Susunan XML lebih dalam dari %(limit)s lapis. Berkas tidak dibaca."),
    "xml_elements": _("Berkas XML berisi lebih dari %(limit)s unsur. Bagi ke beberapa berkas."),
    "xml_entities": _("Berkas XML memuat definisi entitas, seperti berkas jebakan. Berkas tidak dibaca."),
    "qti_no_package": _("Zip ini tidak berisi soal QTI. Unggah ekspor QTI, atau berkas soalnya sendiri."),
    "qti_zip_inside": _("Zip ini hanya berisi zip lain (%(name)s). Buka dulu, lalu unggah yang di dalamnya."),
    "qti_member_absent": _("Berkas ini disebut dalam daftar isi paket tetapi tidak ada di dalam zip."),
    "qti_no_body": _("Isi soal tidak ada. Lengkapi soalnya di program asal, lalu ekspor ulang."),
    "qti_key_nowhere": _(
        "Kunci \u201c%(value)s\u201d tidak menunjuk pilihan mana pun. Perbaiki kuncinya, lalu ekspor ulang."
    ),
    "qti_key_contradicts": _(
        "Jawaban benar dan nilai jawaban saling bertentangan. Perbaiki salah satunya, lalu ekspor ulang."
    ),
    "qti_key_by_feedback": _(
        "Tidak ada jawaban yang diberi nilai, jadi kuncinya dibaca dari umpan balik. Periksa kuncinya."
    ),
    "qti_key_without_points": _(
        "Tidak ada jawaban yang diberi nilai, jadi satu-satunya jawaban yang disebut dalam penilaian dibaca "
        "sebagai kunci. Periksa kuncinya."
    ),
    "qti_options_doubled": _("Dua pilihan memakai tanda pengenal yang sama, jadi kuncinya tidak jelas."),
    "qti_fixed_options": _("Sebagian pilihan tidak boleh diacak, jadi urutan semua pilihan dibuat tetap."),
    "qti_include_dropped": _("Isi dari berkas lain (xi:include) tidak diambil. Periksa teks soalnya."),
    "qti_stimulus_absent": _("Bacaan untuk soal ini tidak ada di dalam berkas. Periksa teks soalnya."),
    "skipped_composite": _(
        "Dilewati: soal gabungan dengan beberapa isian. Hanya soal pilihan ganda yang diambil."
    ),
    "skipped_graphic": _("Dilewati: soal menunjuk pada gambar. Hanya soal pilihan ganda yang diambil."),
}

WARNINGS: frozenset[str] = frozenset(
    {
        "qti_fixed_options",
        "qti_include_dropped",
        "qti_key_by_feedback",
        "qti_key_without_points",
        "qti_stimulus_absent",
    }
)
