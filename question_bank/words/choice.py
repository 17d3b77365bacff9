"""What is said of weights, feedback and labels that other programs keep with a question."""

from question_bank.words import _

SENTENCES: dict[str, str] = {
    "no_right_answer": _("Tidak ada jawaban yang bernilai penuh. Tandai tepat satu jawaban sebagai benar."),
    "weights_dropped": _(
        "Nilai sebagian atau nilai minus pada jawaban tidak diambil. Hanya jawaban benar yang diberi nilai."
    ),
    "one_of_several": _(
        "Soal ini mengizinkan beberapa jawaban, tetapi hanya satu yang benar, jadi diambil sebagai "
        "pilihan ganda."
    ),
    "feedback_dropped": _(
        "Umpan balik per jawaban atau petunjuk tidak diambil. Gabungkan ke pembahasan bila perlu."
    ),
    "markdown_kept": _("Teks Markdown diambil apa adanya. Periksa tampilannya."),
    "code_dropped": _("Nomor soal \u201c%(value)s\u201d terlalu panjang sebagai kode dan tidak diambil."),
}

WARNINGS: frozenset[str] = frozenset(
    {"weights_dropped", "one_of_several", "feedback_dropped", "markdown_kept", "code_dropped"}
)
