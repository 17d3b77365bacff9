"""Why somebody is left out of an act, as the proctor reads it."""

from __future__ import annotations

from collections.abc import Mapping

from exam_server.acts.rules import Skip
from exam_server.errors import N_

LEFT_OUT: Mapping[Skip, str] = {
    "over": N_("Tesnya sudah berakhir."),
    "absent": N_("Tidak hadir: batas akhir masuknya sudah lewat."),
    "handed_in": N_("Sudah mengumpulkan, jadi waktunya tidak dapat ditambah."),
    "closed_by_office": N_("Ditutup oleh petugas, jadi waktunya tidak dapat ditambah."),
    "door_shut": N_("Belum memulai, dan dengan tambahan ini tidak dapat masuk lagi."),
    "not_begun": N_("Belum memulai."),
    "not_held": N_("Tidak ada perangkat yang memegang pengerjaannya."),
    "beyond_alone": N_("Bersama yang sudah diberikan melebihi yang dapat diputuskan satu petugas. Minta dari "
                       "halaman waktu dan bukti peserta ini, dengan petugas kedua."),
    "whole_sitting": N_("Bersama yang lain sudah lebih dari separuh sesi. Beri dari halaman sesi, dengan dua "
                        "petugas."),
    "not_stored": N_("Belum tersimpan karena penyimpanan terganggu. Periksa papan, lalu coba lagi."),
}  # fmt: skip
