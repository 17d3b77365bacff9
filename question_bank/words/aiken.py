"""What is said of Aiken files."""

from question_bank.words import _

SENTENCES: dict[str, str] = {
    "aiken_answer_missing": _("Soal ini tidak punya baris jawaban. Tulis, misalnya, ANSWER: B di bawahnya."),
    "aiken_key_unreadable": _(
        "Jawaban \u201c%(value)s\u201d tidak dapat dibaca. Tulis satu huruf pilihan, misalnya ANSWER: B."
    ),
    "aiken_key_nowhere": _(
        "Jawaban menunjuk pilihan %(letter)s, padahal pilihan itu tidak ada. Perbaiki salah satunya."
    ),
    "aiken_key_twice": _("Jawaban menunjuk pilihan %(letter)s, padahal huruf itu dipakai dua kali."),
    "aiken_key_differs": _(
        "Baris jawaban menunjuk %(letter)s, padahal tanda bintang ada pada %(starred)s. Sisakan satu."
    ),
    "aiken_keys_differ": _(
        "Soal ini punya dua baris jawaban yang berbeda, %(letter)s dan %(other)s. Sisakan yang benar."
    ),
    "aiken_key_list_differs": _(
        "Jawaban di bawah soal menunjuk %(letter)s, padahal daftar kunci di akhir menyebut %(listed)s. "
        "Perbaiki salah satunya."
    ),
    "aiken_key_contradicts": _(
        "Jawaban \u201c%(value)s\u201d menyebut huruf dan isi dari dua pilihan berbeda. Perbaiki salah "
        "satunya."
    ),
    "aiken_heading": _("Baris \u201c%(text)s\u201d dibaca sebagai judul bagian dan tidak diambil."),
    "aiken_key_loose": _(
        "Jawaban \u201c%(value)s\u201d dibaca sebagai pilihan %(letter)s; teks di belakang hurufnya bukan "
        "isi pilihan itu. Periksa jawabannya."
    ),
    "aiken_stem_parts": _(
        "Pokok soal ini memuat baris kosong. Bila yang sebelum baris %(line)s sebenarnya soal lain tanpa "
        "pilihan, hapus dari berkas."
    ),
}

WARNINGS: frozenset[str] = frozenset({"aiken_heading", "aiken_key_loose", "aiken_stem_parts"})
