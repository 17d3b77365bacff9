"""What the editor refuses by itself, beside what the library says of items; `field` names where it stands."""

from __future__ import annotations

from exam_server.bank.refusals import BankRefusal
from exam_server.errors import N_


class KeyMissing(BankRefusal):
    code = "key_missing"
    field = "key"
    sentence = N_("Tandai satu pilihan sebagai kunci.")


class AltMissing(BankRefusal):
    code = "alt_missing"
    field = "picture_alt"
    sentence = N_("Tulis keterangan gambar: apa yang harus diketahui orang yang tidak melihatnya.")


class MediaInText(BankRefusal):
    code = "media_in_text"
    sentence = N_("Teks ini memuat gambar atau rumus yang tidak dapat disimpan di dalam teks. Pakai gambar "
                  "soal, atau hapus bagian itu.")  # fmt: skip


class DifficultyUnknown(BankRefusal):
    code = "difficulty_unknown"
    field = "difficulty"
    sentence = N_("Pilih mudah, sedang, sulit, atau tanpa tingkat.")


class TagsUnusable(BankRefusal):
    code = "tags_unusable"
    field = "tags"
    sentence = N_("Tulis satu sampai {most} label yang dipisahkan koma, masing-masing paling panjang "
                  "{longest} huruf.")  # fmt: skip


class NothingChosen(BankRefusal):
    code = "nothing_chosen"
    sentence = N_("Belum ada soal yang dipilih. Centang sedikitnya satu soal, lalu tekan lagi.")


class ActUnknown(BankRefusal):
    code = "act_unknown"
    sentence = N_("Pilih dahulu apa yang dilakukan dengan soal yang dicentang.")


class ItemWrong(BankRefusal):
    """Programs hear which fields; the page has a sentence beside each."""

    code = "item_wrong"
    sentence = N_("Soal belum dapat disimpan. Perbaiki yang ditandai; semua yang Anda ketik masih ada.")
