"""What is said of pictures and formulas inside texts."""

from question_bank.words import _

SENTENCES: dict[str, str] = {
    "media_dropped": _(
        "Gambar atau media di dalam teks tidak diambil. Periksa apakah soalnya masih lengkap tanpa itu."
    ),
    "picture_remote": _(
        "Gambar \u201c%(name)s\u201d berada di situs lain, dan tanpa gambar itu soal tidak lengkap. Simpan "
        "gambarnya di dalam berkas."
    ),
    "picture_absent": _(
        "Gambar \u201c%(name)s\u201d tidak ada di dalam berkas, dan tanpa gambar itu soal tidak lengkap. "
        "Ekspor ulang soal beserta gambarnya."
    ),
    "picture_kind": _(
        "Gambar \u201c%(name)s\u201d tidak dapat dipakai, dan tanpa gambar itu soal tidak lengkap. "
        "Ganti dengan PNG, JPEG, GIF, atau WebP."
    ),
    "formula_kept": _("Rumus \u201c%(formula)s\u201d diambil sebagai teks apa adanya. Periksa tampilannya."),
}

WARNINGS: frozenset[str] = frozenset({"media_dropped", "formula_kept"})
