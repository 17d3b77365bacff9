"""What is refused when a key is corrected: a sentence each, and the field it stands beside."""

from __future__ import annotations

from typing import ClassVar

from exam_server.errors import N_, Refusal


class CorrectionRefusal(Refusal):
    field: ClassVar[str] = ""


class NothingChanges(CorrectionRefusal):
    code = "nothing_changes"
    field = "kind"
    sentence = N_("Kunci yang berlaku sudah begitu. Tidak ada yang berubah.")


class UnknownKind(CorrectionRefusal):
    code = "unknown_kind"
    status = 422
    field = "kind"
    sentence = N_("Pilih salah satu dari empat jenis perbaikan.")


class UnknownOption(CorrectionRefusal):
    code = "unknown_option"
    status = 422
    field = "option"
    sentence = N_("Pilih salah satu pilihan jawaban soal ini.")


class ItemNotDrawn(CorrectionRefusal):
    code = "item_not_drawn"
    status = 422
    field = "item"
    sentence = N_("Soal ini tidak ada pada naskah peserta mana pun di kegiatan ini.")


class NoteMissing(CorrectionRefusal):
    code = "note_missing"
    status = 422
    field = "note"
    sentence = N_("Tulis catatan untuk umum dalam bahasa Indonesia dan bahasa Inggris. Catatan ini dimuat "
                  "pada pengumuman.")  # fmt: skip


class NoteTooLong(CorrectionRefusal):
    code = "note_too_long"
    status = 422
    field = "note"
    sentence = N_("Catatan untuk umum paling panjang {most} tanda.")


class KeyChanged(CorrectionRefusal):
    code = "key_changed"
    sentence = N_("Kunci soal ini berubah sesudah perbaikan ini diajukan. Tidak ada yang dilakukan; lihat "
                  "keadaannya sekarang, lalu ajukan lagi bila masih diperlukan.")  # fmt: skip


class EffectChanged(CorrectionRefusal):
    code = "effect_changed"
    sentence = N_("Akibat perbaikan ini berubah sesudah pratinjau dibuka. Belum ada yang diajukan; periksa "
                  "pratinjau yang baru.")  # fmt: skip
