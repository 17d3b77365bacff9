"""How a sound question of another kind is named; the same words whatever the format."""

from question_bank.words import _

SENTENCES: dict[str, str] = {
    "skipped_description": _(
        "Dilewati: keterangan tanpa blok jawaban. Hanya soal pilihan ganda yang diambil."
    ),
    "skipped_essay": _("Dilewati: soal esai. Hanya soal pilihan ganda yang diambil."),
    "skipped_short_answer": _("Dilewati: soal isian singkat. Hanya soal pilihan ganda yang diambil."),
    "skipped_numerical": _("Dilewati: soal isian angka. Hanya soal pilihan ganda yang diambil."),
    "skipped_matching": _("Dilewati: soal menjodohkan. Hanya soal pilihan ganda yang diambil."),
    "skipped_true_false": _("Dilewati: soal benar atau salah. Hanya soal pilihan ganda yang diambil."),
    "skipped_cloze": _("Dilewati: soal rumpang. Hanya soal pilihan ganda yang diambil."),
    "skipped_calculated": _(
        "Dilewati: soal dengan angka yang dihitung. Hanya soal pilihan ganda yang diambil."
    ),
    "skipped_ordering": _("Dilewati: soal mengurutkan. Hanya soal pilihan ganda yang diambil."),
    "skipped_drag": _("Dilewati: soal seret dan letakkan. Hanya soal pilihan ganda yang diambil."),
    "skipped_random": _("Dilewati: soal acak dari kategori. Hanya soal pilihan ganda yang diambil."),
    "skipped_several_right": _(
        "Dilewati: soal dengan beberapa jawaban benar. Hanya soal dengan satu jawaban benar yang diambil."
    ),
    "skipped_kind": _(
        "Dilewati: soal jenis \u201c%(kind)s\u201d. Hanya soal pilihan ganda dengan satu jawaban "
        "benar yang diambil."
    ),
}

WARNINGS: frozenset[str] = frozenset()
