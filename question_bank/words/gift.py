"""What is said of GIFT files."""

from question_bank.words import _

SENTENCES: dict[str, str] = {
    "gift_braces": _(
        "Kurung kurawal tidak berpasangan. Tutup setiap { dengan satu }, atau tulis \\{ untuk teks."
    ),
    "gift_blocks": _("Ada lebih dari satu blok jawaban. Pisahkan soal dengan baris kosong."),
    "gift_title": _("Judul soal tidak ditutup. Akhiri judul dengan ::."),
    "gift_answers": _(
        "Isi blok jawaban tidak dapat dibaca. Awali jawaban benar dengan = dan yang salah dengan ~."
    ),
    "gift_equals": _(
        "Tanda = di tengah jawaban dibaca sebagai teks. Periksa jawaban yang benar, atau tulis \\= untuk "
        "teks."
    ),
    "gift_right_inside": _(
        "Tanda = di tengah jawaban dibaca sebagai awal jawaban benar. Periksa jawaban yang benar, atau tulis "
        "\\= untuk teks."
    ),
    "gift_unbraced": _("Jawaban tidak diapit kurung kurawal, jadi dibaca per baris. Periksa hasilnya."),
    "gift_loses_pictures": _(
        "GIFT tidak dapat memuat gambar; keterangannya ditulis sebagai teks. Pakai Moodle XML atau QTI."
    ),
    "gift_loses_order": _("GIFT tidak dapat mencatat urutan pilihan yang tetap. Pakai Moodle XML atau QTI."),
}

WARNINGS: frozenset[str] = frozenset(
    {
        "gift_title",
        "gift_equals",
        "gift_right_inside",
        "gift_unbraced",
        "gift_loses_pictures",
        "gift_loses_order",
    }
)
