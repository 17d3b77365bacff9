"""The words for what may happen, by the kind that is stored."""

from __future__ import annotations

from exam_server.errors import N_

KINDS = {
    "power": N_("Listrik padam"),
    "network": N_("Jaringan terganggu"),
    "device": N_("Perangkat rusak atau diganti"),
    "noise": N_("Gaduh atau gangguan di ruang"),
    "illness": N_("Peserta sakit"),
    "conduct": N_("Perilaku peserta"),
    "other": N_("Kejadian lain"),
}
