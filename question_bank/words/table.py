"""What is said of spreadsheets and CSV files."""

from question_bank.words import _

SENTENCES: dict[str, str] = {
    "column_missing": _(
        "Kolom %(column)s tidak ada di tabel ini. Tulis setiap soal pada satu baris bersama pilihan dan "
        "kuncinya, dan beri kolom itu judul."
    ),
    "column_doubled": _("Kolom %(column)s ada lebih dari sekali. Sisakan satu saja."),
    "column_unknown": _(
        "Kolom \u201c%(column)s\u201d tidak dikenal dan tidak dibaca. Periksa nama kolomnya bila perlu."
    ),
    "cells_few": _("Baris ini berisi %(count)s sel, seharusnya %(wanted)s. Lengkapi pemisahnya."),
    "cells_many": _(
        "Baris ini berisi %(count)s sel, seharusnya %(wanted)s. Apit teks yang memuat tanda pemisah dengan "
        "tanda kutip ganda."
    ),
    "quote_open": _("Tanda kutip ganda tidak ditutup dengan benar. Periksa tanda kutip pada baris ini."),
    "key_missing": _("Kunci belum diisi. Tulis huruf pilihan yang benar."),
    "key_unreadable": _(
        "Kunci \u201c%(value)s\u201d tidak cocok dengan satu pilihan pun. Tulis huruf pilihan yang benar."
    ),
    "key_several": _("Kunci \u201c%(value)s\u201d menunjuk lebih dari satu pilihan. Tulis satu huruf saja."),
    "key_ambiguous": _(
        "Kunci \u201c%(value)s\u201d dapat berarti nomor atau isi pilihan. Tulis huruf pilihan yang benar."
    ),
    "key_letter_is_text": _(
        "Kunci %(value)s dibaca sebagai huruf, padahal ada pilihan lain berisi sama. Periksa kuncinya."
    ),
    "key_read_as_text": _(
        "Kunci %(value)s dibaca sebagai isi pilihan, padahal dapat juga menunjuk pilihan lain. Periksa "
        "kuncinya."
    ),
    "key_read_as_number": _(
        "Kunci %(value)s dibaca sebagai nomor pilihan, padahal ada pilihan lain berisi sama. Periksa "
        "kuncinya."
    ),
    "key_from_one": _("Kunci di kolom ini dihitung mulai dari 1, bukan 0. Periksa kuncinya."),
    "key_by_name": _("Kolom \u201c%(column)s\u201d dibaca sebagai kunci. Periksa kuncinya."),
    "keys_by_star": _(
        "Tidak ada kolom kunci, jadi pilihan yang bertanda bintang atau benar dibaca sebagai kunci. Periksa "
        "hasilnya."
    ),
    "keys_by_points": _(
        "Tidak ada kolom kunci, jadi pilihan yang diberi nilai dibaca sebagai kunci. Periksa hasilnya."
    ),
    "option_letters_mixed": _(
        "Huruf di depan pilihan tidak urut, jadi kuncinya tidak jelas. Urutkan pilihan menurut A, B, C."
    ),
    "shuffle_unknown": _("Isi kolom acak \u201c%(value)s\u201d tidak dikenal. Tulis ya atau tidak."),
    "heading_guessed": _(
        "Tidak ada baris judul. Kolom dibaca sebagai soal, pilihan, lalu kunci. Periksa hasilnya."
    ),
    "heading_by_content": _(
        "Judul kolom tidak dikenal, jadi soal, pilihan, dan kunci dibaca dari isi kolomnya. Periksa hasilnya."
    ),
    "heading_missing": _("Baris judul tidak ditemukan. Beri judul kolom, misalnya: soal, a, b, c, d, kunci."),
    "sheet_without_heading": _("Lembar \u201c%(sheet)s\u201d tidak memuat tabel soal dan tidak dibaca."),
    "column_unread": _("Kolom \u201c%(column)s\u201d tidak dipakai dan tidak dibaca."),
    "column_unnamed": _("Kolom %(column)s berisi teks tetapi tidak berjudul, jadi tidak dibaca."),
    "cell_unnamed": _("Isi \u201c%(text)s\u201d di luar tabel tidak dibaca."),
    "row_passed_over": _("Baris \u201c%(text)s\u201d bukan soal dan tidak dibaca."),
    "rows_hidden": _("Mulai baris ini ada %(count)s baris tersembunyi yang ikut dibaca. Periksa soalnya."),
    "sheet_hidden": _("Lembar \u201c%(sheet)s\u201d tersembunyi, tetapi ikut dibaca. Periksa soalnya."),
    "difficulty_dropped": _(
        "Kesulitan \u201c%(value)s\u201d tidak dikenal dan dikosongkan. Tulis mudah, sedang, atau sulit."
    ),
    "topic_cut": _("Nama topik dipotong menjadi %(limit)s karakter."),
    "key_text_differs": _(
        "Kunci \u201c%(value)s\u201d dibaca dari hurufnya; teks di belakangnya bukan isi pilihan mana pun."
    ),
    "key_contradicts_itself": _(
        "Kunci \u201c%(value)s\u201d menyebut huruf dan isi dari dua pilihan berbeda. Perbaiki salah satunya."
    ),
    "keys_contradict": _(
        "Kunci di %(first)s (\u201c%(first_value)s\u201d) dan di %(second)s (\u201c%(second_value)s\u201d) "
        "menunjuk pilihan yang berbeda. Perbaiki salah satunya."
    ),
    "key_from_zero": _("Kunci di kolom ini dihitung mulai dari 0, bukan 1. Periksa kuncinya."),
    "key_is_option": _(
        "Kunci di kolom ini bukan salah satu pilihan, jadi ditambahkan sebagai pilihan terakhir. Periksa "
        "soalnya."
    ),
    "row_rejoined": _(
        "Teks di baris ini terpotong oleh tanda pemisah dan disambung lagi. Periksa soalnya, atau apit teks "
        "itu dengan tanda kutip ganda."
    ),
    "picture_elsewhere": _(
        "Gambar \u201c%(name)s\u201d berada di situs lain dan tidak diambil. Periksa apakah soalnya masih "
        "lengkap tanpa itu."
    ),
    "picture_not_inside": _(
        "Gambar \u201c%(name)s\u201d tidak ikut dalam berkas, jadi soal ini tidak lengkap. Tempelkan "
        "gambarnya pada sel ini di Excel, atau kosongkan sel ini bila soalnya tidak bergambar."
    ),
    "picture_taken_as_lying": _(
        "Nama gambar \u201c%(name)s\u201d tidak dicari, karena sebuah gambar sudah terletak pada soal ini. "
        "Periksa gambarnya."
    ),
    "picture_name_as_text": _(
        "\u201c%(name)s\u201d dibaca sebagai teks biasa. Bila maksudnya gambar, tempelkan gambarnya pada "
        "sel ini."
    ),
    "option_unmarked": _(
        "Di belakang setiap pilihan harus tertulis correct atau incorrect, bukan \u201c%(value)s\u201d."
    ),
    "keys_joined": _("Kunci diambil dari lembar \u201c%(sheet)s\u201d menurut nomor soal. Periksa hasilnya."),
    "keys_by_look": _(
        "Tidak ada kolom kunci, jadi pilihan yang diberi warna atau huruf tebal dibaca sebagai kunci. "
        "Periksa hasilnya."
    ),
    # the workbook
    "cell_error": _("Sel berisi kesalahan rumus %(value)s. Perbaiki isinya."),
    "formula_unknown": _(
        "Sel berisi rumus tanpa hasil. Buka berkas di Excel dan simpan lagi, atau tulis nilainya."
    ),
    "cell_date": _("Isi sel berupa tanggal dan dibaca sebagai \u201c%(value)s\u201d. Periksa tulisannya."),
    "sheet_wide": _(
        "Lembar \u201c%(sheet)s\u201d berisi lebih dari %(limit)s kolom. Hapus kolom yang tidak perlu."
    ),
    "sheet_long": _(
        "Lembar \u201c%(sheet)s\u201d berisi lebih dari %(limit)s baris. Hapus baris kosong di bawah tabel."
    ),
    "shape_dropped": _(
        "Bentuk, rumus, atau grafik di sini tidak dapat diambil. Ganti dengan gambar bila perlu."
    ),
    "picture_loose": _("Gambar di sini tidak terletak pada baris soal dan tidak diambil."),
    "workbook_damaged": _(
        "Berkas Excel rusak atau tidak lengkap. Simpan ulang sebagai .xlsx, lalu unggah lagi."
    ),
    "workbook_old": _("Ini berkas Office lama (.xls) atau terkunci sandi. Simpan sebagai .xlsx tanpa sandi."),
    "workbook_other": _(
        "Berkas %(kind)s tidak dapat dibaca. Simpan sebagai .xlsx atau CSV, lalu unggah lagi."
    ),
}

WARNINGS: frozenset[str] = frozenset(
    {
        "column_unknown", "column_unread", "column_unnamed", "cell_unnamed", "row_passed_over", "rows_hidden",
        "sheet_hidden", "sheet_without_heading", "heading_guessed", "difficulty_dropped", "topic_cut",
        "key_letter_is_text", "key_text_differs", "key_from_zero", "cell_date", "shape_dropped",
        "picture_loose", "picture_elsewhere", "keys_joined", "heading_by_content", "key_is_option",
        "row_rejoined", "keys_by_look", "key_read_as_text", "key_read_as_number", "key_from_one",
        "key_by_name", "keys_by_star", "keys_by_points", "picture_taken_as_lying", "picture_name_as_text",
    }
)  # fmt: skip
