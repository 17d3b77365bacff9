"""Why an export is not made or not there."""

from __future__ import annotations

from typing import ClassVar

from exam_server.errors import N_, NotFound, Refusal


class ExportUnknown(Refusal):
    code = "export_unknown"
    status: ClassVar[int] = 422
    sentence = N_("Jenis berkas ini tidak dikenal. Pilih dari daftar.")


class ExportNotReady(Refusal):
    code = "export_not_ready"
    sentence = N_("Berkas ini masih dibuat, atau gagal dibuat. Muat ulang halaman untuk melihat keadaannya.")


class ExportGone(NotFound):
    code = "export_gone"
    sentence = N_("Berkas ini tidak ada, bukan milik Anda, atau sudah dihapus sesudah 24 jam. Buat lagi.")


class CandidateUnknown(NotFound):
    code = "candidate_unknown"
    field: ClassVar[str] = "number"
    sentence = N_("Nomor peserta “{number}” tidak ada pada kegiatan ini.")


class NumberShared(Refusal):
    code = "number_shared"
    field: ClassVar[str] = "number"
    sentence = N_("Nomor {number} dimiliki {count} peserta, jadi tidak ada berkas yang dibuka. "
                  "Ambil berkas hasil semua peserta (ZIP).")  # fmt: skip
