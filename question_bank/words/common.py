"""What any file and any item can be told."""

from question_bank.words import _

SENTENCES: dict[str, str] = {
    # the file
    "file_empty": _("Berkas kosong. Pilih berkas yang berisi soal."),
    "file_too_large": _("Berkas lebih besar dari %(limit)s MB. Bagi soal ke beberapa berkas."),
    "file_not_text": _("Berkas ini bukan teks. Simpan sebagai CSV UTF-8 atau GIFT, lalu unggah lagi."),
    "format_unknown": _("Format berkas %(name)s tidak dikenali. Pakai salah satu format ini: %(formats)s."),
    "format_ambiguous": _("Berkas %(name)s cocok dengan beberapa format: %(formats)s. Pilih formatnya."),
    "encoding_guessed": _("Berkas bukan UTF-8, jadi dibaca sebagai %(encoding)s. Periksa tanda khusus."),
    "encoding_mixed": _(
        "Sebagian kecil berkas bukan UTF-8 dan dibaca sebagai Windows-1252. Periksa tanda khusus."
    ),
    "nothing_found": _("Tidak ada soal di dalam berkas. Periksa isinya, lalu unggah lagi."),
    "too_many": _("Berkas berisi lebih dari %(limit)s soal. Sisanya tidak dibaca; bagi ke beberapa berkas."),
    # the item
    "stem_empty": _("Pokok soal kosong. Isi teks soalnya."),
    "stem_long": _("Pokok soal terlalu panjang (%(length)s karakter, paling banyak %(limit)s). Persingkat."),
    "options_few": _("Hanya ada %(count)s pilihan. Isi paling sedikit 2 pilihan."),
    "options_many": _("Ada %(count)s pilihan. Sisakan paling banyak %(limit)s pilihan."),
    "option_empty": _(
        "Pilihan %(letter)s kosong. Isi teksnya, atau hapus pilihan itu tanpa meninggalkan lompatan."
    ),
    "options_blank": _("Pilihan yang kosong tidak diikutkan. Periksa apakah ada teks yang hilang."),
    "option_long": _(
        "Pilihan %(letter)s terlalu panjang (%(length)s karakter, paling banyak %(limit)s). Persingkat."
    ),
    "option_doubled": _("Pilihan %(first)s dan %(letter)s sama. Ubah atau hapus salah satunya."),
    "option_alike": _(
        "Pilihan %(first)s dan %(letter)s hanya berbeda huruf besar dan kecil. Periksa apakah itu disengaja."
    ),
    "option_refers": _(
        "Pilihan %(letter)s merujuk ke pilihan lain, padahal urutan pilihan diacak. Ubah teksnya, atau tulis "
        "acak = tidak."
    ),
    "key_range": _("Kunci menunjuk pilihan ke-%(number)s, padahal ada %(count)s pilihan. Perbaiki kuncinya."),
    "difficulty_unknown": _(
        "Kesulitan \u201c%(value)s\u201d tidak dikenal. Tulis mudah, sedang, atau sulit."
    ),
    "explanation_long": _(
        "Pembahasan terlalu panjang (%(length)s karakter, paling banyak %(limit)s). Persingkat."
    ),
    "code_long": _("Kode soal terlalu panjang (%(length)s karakter, paling banyak %(limit)s). Persingkat."),
    "topic_long": _("Nama topik terlalu panjang (%(length)s karakter, paling banyak %(limit)s). Persingkat."),
    "picture_name": _("Nama gambar \u201c%(value)s\u201d tidak sah. Tulis nama berkas saja, tanpa folder."),
    "picture_alt_missing": _("Gambar belum punya keterangan. Isi keterangan_gambar untuk pembaca layar."),
    "picture_alt_long": _(
        "Keterangan gambar terlalu panjang (%(length)s karakter, paling banyak %(limit)s). Persingkat."
    ),
    "item_doubled": _("Soal ini sama dengan soal di %(first)s. Hapus salah satunya."),
    "code_doubled": _(
        "Kode %(value)s sudah dipakai di %(first)s, jadi soal ini mendapat kode lain. "
        "Beri setiap soal kode sendiri."
    ),
}

WARNINGS: frozenset[str] = frozenset(
    {
        "options_blank",
        "encoding_guessed",
        "encoding_mixed",
        "option_alike",
        "option_refers",
        "picture_alt_missing",
        "item_doubled",
        "code_doubled",
    }
)
