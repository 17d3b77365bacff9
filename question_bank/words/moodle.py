"""What is said of Moodle XML files."""

from question_bank.words import _

SENTENCES: dict[str, str] = {
    "moodle_broken": _(
        "Berkas XML rusak mulai baris ini dan tidak dibaca lebih jauh. Ekspor ulang dari Moodle."
    ),
    "moodle_question_broken": _(
        "Soal ini bukan XML yang utuh sehingga tidak dapat dibaca. Perbaiki atau ekspor ulang dari Moodle."
    ),
    "moodle_dtd": _("Berkas XML memuat definisi yang tidak diizinkan (DOCTYPE). Ekspor ulang dari Moodle."),
    "moodle_deep": _("Berkas XML bersarang terlalu dalam. Ekspor ulang dari Moodle."),
    "moodle_type": _("Soal ini tidak menyebut jenisnya. Isi atribut type, misalnya multichoice."),
    "skipped_hidden": _("Dilewati: soal yang disembunyikan atau dihapus di Moodle."),
}

WARNINGS: frozenset[str] = frozenset()
