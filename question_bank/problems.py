"""What can be wrong with a file or an item, and the sentence that says what happened and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _(sentence: str) -> str:
    """Mark a sentence for the gettext catalogue; it is translated when it is shown."""
    return sentence


SENTENCES: dict[str, str] = {
    # the file
    "file_empty": _("Berkas kosong. Pilih berkas yang berisi soal."),
    "file_too_large": _("Berkas lebih besar dari %(limit)s MB. Bagi soal ke beberapa berkas."),
    "file_not_text": _("Berkas ini bukan teks. Simpan sebagai CSV UTF-8 atau GIFT, lalu unggah lagi."),
    "format_unknown": _("Format berkas %(name)s tidak dikenali. Pakai salah satu format ini: %(formats)s."),
    "format_ambiguous": _("Berkas %(name)s cocok dengan beberapa format: %(formats)s. Pilih formatnya."),
    "encoding_guessed": _("Berkas bukan UTF-8, jadi dibaca sebagai Windows-1252. Periksa tanda khusus."),
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
    "media_dropped": _("Gambar atau media di dalam teks tidak diambil. Pasang lewat kolom gambar."),
    "item_doubled": _("Soal ini sama dengan soal di %(first)s. Hapus salah satunya."),
    "code_doubled": _("Kode %(value)s sudah dipakai di %(first)s. Beri setiap soal kode sendiri."),
    # the table
    "column_missing": _("Kolom %(column)s tidak ada. Tambahkan kolom itu di baris judul."),
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
    "shuffle_unknown": _("Isi kolom acak \u201c%(value)s\u201d tidak dikenal. Tulis ya atau tidak."),
    # GIFT
    "gift_braces": _(
        "Kurung kurawal tidak berpasangan. Tutup setiap { dengan satu }, atau tulis \\{ untuk teks."
    ),
    "gift_blocks": _("Ada lebih dari satu blok jawaban. Pisahkan soal dengan baris kosong."),
    "gift_title": _("Judul soal tidak ditutup. Akhiri judul dengan ::."),
    "gift_answers": _(
        "Isi blok jawaban tidak dapat dibaca. Awali jawaban benar dengan = dan yang salah dengan ~."
    ),
    "gift_no_right": _("Tidak ada jawaban benar. Awali tepat satu jawaban dengan tanda =."),
    "gift_two_right": _("Ada %(count)s jawaban benar. Sisakan tepat satu jawaban dengan tanda =."),
    "gift_markdown": _("Teks Markdown diambil apa adanya. Periksa tampilannya."),
    "gift_feedback_dropped": _(
        "Umpan balik per jawaban tidak diambil. Gabungkan ke pembahasan (####) bila perlu."
    ),
    "skipped_description": _(
        "Dilewati: keterangan tanpa blok jawaban. Hanya soal pilihan ganda yang diambil."
    ),
    "skipped_essay": _("Dilewati: soal esai. Hanya soal pilihan ganda yang diambil."),
    "skipped_short_answer": _("Dilewati: soal isian singkat. Hanya soal pilihan ganda yang diambil."),
    "skipped_numerical": _("Dilewati: soal isian angka. Hanya soal pilihan ganda yang diambil."),
    "skipped_matching": _("Dilewati: soal menjodohkan. Hanya soal pilihan ganda yang diambil."),
    "skipped_several_right": _(
        "Dilewati: soal dengan beberapa jawaban benar. Hanya soal dengan satu jawaban benar yang diambil."
    ),
}

WARNINGS = frozenset(
    {
        "encoding_guessed",
        "option_alike",
        "option_refers",
        "picture_alt_missing",
        "media_dropped",
        "item_doubled",
        "code_doubled",
        "column_unknown",
        "key_letter_is_text",
        "gift_markdown",
        "gift_feedback_dropped",
    }
)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where it is ("baris 12"), and the values its sentence needs."""

    where: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def is_warning(self) -> bool:
        """Whether the item may be used all the same."""
        return self.code in WARNINGS


def _identity(sentence: str) -> str:
    return sentence


def sentence(problem: Problem, translate: Callable[[str], str] = _identity) -> str:
    """Return the problem as a sentence; `translate` maps the Indonesian template to its translation."""
    return translate(SENTENCES[problem.code]) % problem.params


def excerpt(text: str, limit: int = 40) -> str:
    """Return the text, cut so that it fits into a sentence."""
    return text if len(text) <= limit else text[: limit - 1] + "\u2026"
