"""Why something about the final selection is refused, each with what was kept and what to do."""

from __future__ import annotations

from typing import ClassVar

from exam_server.errors import N_, Refusal


class RankingRefused(Refusal):
    """`field` names what its sentence stands beside."""

    status: ClassVar[int] = 422
    field: ClassVar[str] = ""


class CriteriaFixed(RankingRefused):
    code = "criteria_fixed"
    status = 409
    sentence = N_("Nilai sudah dibuka, jadi kriterianya tidak dapat diubah lagi. Yang berlaku adalah "
                  "kriteria yang tercatat ketika nilai dibuka.")  # fmt: skip


class CriteriaMissing(RankingRefused):
    code = "criteria_missing"
    status = 409
    sentence = N_("Catat kriteria dan bobotnya dahulu. Nilai baru dapat dibuka sesudah itu.")


class QuotaMissing(RankingRefused):
    code = "quota_missing"
    status = 409
    sentence = N_("Catat kuota dahulu: berapa orang yang diterima, dan untuk kecamatan atau desa mana.")


class WeightsDoNotSum(RankingRefused):
    code = "weights_do_not_sum"
    field = "weights"
    sentence = N_("Jumlah bobot harus tepat 100, sekarang {sum}. Belum ada yang dicatat.")


class WeightUnreadable(RankingRefused):
    code = "weight_unreadable"
    field = "weights"
    sentence = N_("Bobot “{typed}” tidak terbaca. Tulis angka dari 0 sampai 100, misalnya 12,5.")


class UnknownRequirement(RankingRefused):
    code = "unknown_requirement"
    field = "weights"
    sentence = N_("Persyaratan nomor {position} tidak ada pada pengumuman, atau sifatnya lain. Muat ulang "
                  "halaman; pengumumannya mungkin baru diubah.")  # fmt: skip


class UnknownComponent(RankingRefused):
    code = "unknown_component"
    field = "weights"
    sentence = N_("Komponen “{key}” tidak dikenal pada kriteria kegiatan ini.")


class ComponentDoubled(RankingRefused):
    code = "component_doubled"
    field = "weights"
    sentence = N_("Komponen “{label}” ditulis dua kali. Gabungkan bobotnya pada satu baris.")


class UnknownBasis(RankingRefused):
    code = "unknown_basis"
    field = "weights"
    sentence = N_("Pilih dasar penilaian untuk persyaratan nomor {position} dari daftar.")


class LabelMissing(RankingRefused):
    code = "label_missing"
    field = "marks"
    sentence = N_("Tulis nama penilaian, misalnya Wawancara, paling panjang {most} huruf.")


class MostUnreadable(RankingRefused):
    code = "most_unreadable"
    field = "marks"
    sentence = N_("Nilai tertinggi untuk {label} harus bilangan bulat dari 1 sampai {most}.")


class MarksAboveMost(RankingRefused):
    code = "marks_above_most"
    status = 409
    field = "marks"
    sentence = N_("Sudah ada nilai {label} di atas {most}. Nilai tertingginya tidak dapat diturunkan sampai "
                  "di bawah itu.")  # fmt: skip


class UnknownTie(RankingRefused):
    code = "unknown_tie"
    field = "ties"
    sentence = N_("Aturan nilai sama “{key}” tidak dikenal. Pilih komponen yang ada atau waktu mendaftar.")


class TieDoubled(RankingRefused):
    code = "tie_doubled"
    field = "ties"
    sentence = N_("Setiap aturan nilai sama dipakai paling banyak satu kali.")


class UnknownKecamatan(RankingRefused):
    code = "unknown_kecamatan"
    field = "quotas"
    sentence = N_("Kecamatan {kecamatan} tidak ada pada daftar kecamatan kantor ini. Belum ada yang "
                  "dicatat; pilih kecamatan dari daftar, atau lengkapi dahulu data kantor.")  # fmt: skip


class UnknownDesa(RankingRefused):
    code = "unknown_desa"
    field = "quotas"
    sentence = N_("Desa {desa} tidak ada pada daftar desa Kecamatan {kecamatan}. Belum ada yang "
                  "dicatat; pilih desa dari daftar, atau lengkapi dahulu data kantor.")  # fmt: skip


class QuotaDoubled(RankingRefused):
    code = "quota_doubled"
    field = "quotas"
    sentence = N_("Kuota untuk {where} ditulis dua kali. Gabungkan pada satu baris.")


class NoPlaces(RankingRefused):
    code = "no_places"
    field = "quotas"
    sentence = N_("Setiap kuota paling sedikit 1 orang, dan paling sedikit satu kuota harus ada.")


class ReservesUnreadable(RankingRefused):
    code = "reserves_unreadable"
    field = "reserves"
    sentence = N_("Jumlah cadangan per kuota harus bilangan bulat dari 0 sampai {most}.")


class QuotaReasonMissing(RankingRefused):
    code = "quota_reason_missing"
    field = "reason"
    sentence = N_("Kuota sudah pernah dicatat. Tulis alasan mengubahnya; alasan tercatat di jejak audit.")


class ScoresNotOpened(RankingRefused):
    code = "scores_not_opened"
    status = 409
    sentence = N_("Nilai kegiatan ini belum dibuka. Catat kriteria, lalu buka nilainya dahulu.")


class DecisionOutsidePhase(RankingRefused):
    code = "decision_outside_phase"
    status = 409
    sentence = N_("Ini hanya dapat dilakukan pada tahap seleksi akhir yang diumumkan, yaitu {opens} sampai "
                  "sebelum {closes}. Tidak ada yang berubah.")  # fmt: skip


class StillSitting(RankingRefused):
    code = "still_sitting"
    status = 409
    sentence = N_("Daftar belum dapat dibekukan: {count} peserta belum selesai atau belum dinilai, dan sesi "
                  "terakhir berakhir {at}. Susunannya boleh disiapkan.")  # fmt: skip


class MarksMissing(RankingRefused):
    code = "marks_missing"
    status = 409
    sentence = N_("Nilai {label} masih kosong untuk {count} orang yang masuk peringkat. Lengkapi dahulu, "
                  "lalu ajukan lagi.")  # fmt: skip


class NobodyRanked(RankingRefused):
    code = "nobody_ranked"
    status = 409
    sentence = N_("Belum ada peserta yang hadir dan dinilai, jadi belum ada yang dapat diperingkatkan.")


class ListChanged(RankingRefused):
    code = "list_changed"
    status = 409
    sentence = N_("Susunannya berubah sesudah permintaan ini diajukan, jadi tidak dibekukan. Periksa daftar "
                  "yang baru, lalu ajukan lagi.")  # fmt: skip


class FactsMoved(ListChanged):
    """Between the reckoning and the transaction; asked for once more, it is told what is so now."""

    code = "facts_moved"
    sentence = N_("Ada nilai atau data yang berubah selagi daftarnya dihitung. Belum ada yang dilakukan; "
                  "setujui sekali lagi.")  # fmt: skip


class SelectionFrozen(RankingRefused):
    code = "selection_frozen"
    status = 409
    sentence = N_("Daftar sudah dibekukan oleh dua petugas. Nilai, syarat, kriteria, dan kuotanya tidak "
                  "dapat diubah lagi.")  # fmt: skip


class NothingFrozen(RankingRefused):
    code = "nothing_frozen"
    status = 409
    sentence = N_("Belum ada daftar yang dibekukan untuk kegiatan ini.")


class MarkForWhoDidNotSit(RankingRefused):
    code = "mark_for_who_did_not_sit"
    field = "value"
    sentence = N_("Peserta {number} tidak mengikuti tes, jadi tidak dapat dinilai. Tidak ada yang "
                  "dicatat; periksa nomor pesertanya.")  # fmt: skip


class NumberUnknown(RankingRefused):
    code = "number_unknown"
    field = "value"
    sentence = N_("Nomor peserta “{number}” tidak ada pada kegiatan ini.")


class NumberDoubled(RankingRefused):
    code = "number_doubled"
    field = "value"
    sentence = N_("Nomor peserta {number} sudah ada pada baris {line}. Satu orang hanya boleh satu baris.")


class NotANumber(RankingRefused):
    code = "not_a_number"
    field = "value"
    sentence = N_(
        "“{typed}” bukan angka. Tulis misalnya 82 atau 82,5, paling banyak tiga angka di belakang koma."
    )


class OutOfRange(RankingRefused):
    code = "mark_out_of_range"
    field = "value"
    sentence = N_("Nilai {typed} di luar 0 sampai {most}.")


class NoteMissing(RankingRefused):
    code = "note_missing"
    field = "note"
    sentence = N_(
        "Tulis catatannya: mengapa berbeda dari data pendaftaran, atau syarat mana yang tidak terpenuhi."
    )


class NoteTooLong(RankingRefused):
    code = "note_too_long"
    field = "note"
    sentence = N_("Catatan paling panjang {most} huruf.")


class NoMarksFile(RankingRefused):
    code = "no_marks_file"
    field = "file"
    sentence = N_("Pilih dahulu satu berkas CSV atau XLSX.")


class MarksFileUnreadable(RankingRefused):
    code = "marks_file_unreadable"
    field = "file"
    sentence = N_("Berkas {filename} tidak terbaca sebagai CSV atau XLSX. Simpan ulang dari lembar kerja, "
                  "lalu unggah lagi.")  # fmt: skip


class MarksFileTooLarge(RankingRefused):
    code = "marks_file_too_large"
    status = 413
    field = "file"
    sentence = N_("Berkas nilai paling besar {limit} MB dan {rows} baris.")


class HeadingsMissing(RankingRefused):
    code = "headings_missing"
    field = "file"
    sentence = N_("Baris judul tidak ditemukan. Berkas harus mempunyai kolom {columns}.")


class MarksFileWrong(RankingRefused):
    """Nothing of the file was taken in."""

    code = "marks_file_wrong"
    field = "file"
    sentence = N_(
        "{count} baris perlu diperbaiki. Belum ada satu pun nilai yang dicatat; perbaiki lalu unggah lagi."
    )
