"""How the selection was made, in words that everybody can follow and recompute: from structured facts.

The Indonesian sentences are part of what is announced and sealed; another language is told beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from exam_server.errors import N_
from exam_server.language import say

WEIGHTS = N_("Nilai akhir paling tinggi 100 dan dijumlahkan dari bagian berikut menurut bobotnya: {parts}.")
TEST_WORD = N_("Tes Kompetensi")
PREFERENCE = N_("syarat diutamakan nomor {position} pada pengumuman pendaftaran")
PART = N_("{label} {weight}%")
SHARE = N_("Setiap bagian dihitung sebagai bagian dari nilai tertingginya. Tes Kompetensi adalah "
           "jumlah jawaban benar dibagi jumlah soal yang dihitung; "
           "jawaban salah tidak mengurangi nilai.")  # fmt: skip
GATES = N_("Syarat wajib diperiksa untuk setiap peserta: {gates}. Yang tidak memenuhi salah satunya tidak "
           "masuk peringkat.")  # fmt: skip
NO_GATES = N_("Syarat wajib sudah diperiksa pada seleksi administrasi; tidak ada syarat wajib lain.")
TIES = N_("Bila nilai akhir sama, yang didahulukan berturut-turut: {ties}, lalu undian.")
ONLY_LOT = N_("Bila nilai akhir sama, urutannya ditentukan undian.")
HIGHER = N_("{label} yang lebih tinggi")
EARLIER = N_("yang mendaftar lebih dahulu")
LOT = N_("Undian dapat dihitung ulang siapa pun: SHA-256 (UTF-8) dari nama undian “{lot}”, satu ganti "
         "baris (LF), lalu nomor peserta. Hasil heksadesimal yang lebih kecil didahulukan.")  # fmt: skip
QUOTAS = N_("Tempat yang tersedia: {quotas}. Setiap kuota diisi menurut peringkat; peserta masuk kuota "
            "desanya, bila tidak ada kuota kecamatannya, bila tidak ada kuota umum.")  # fmt: skip
DESA = N_("Desa {desa}, Kecamatan {kecamatan}: {places} orang")
KECAMATAN = N_("Kecamatan {kecamatan}: {places} orang")
GENERAL = N_("umum: {places} orang")
RESERVES = N_("Dari setiap kuota paling banyak {reserves} orang menunggu sebagai cadangan, bernomor "
              "menurut peringkat. Bila seseorang melepas tempatnya, cadangan dengan nomor terkecil dari "
              "kuota yang sama ditawari tempat itu.")  # fmt: skip
NO_RESERVES = N_("Tidak ada cadangan.")
COUNTS = N_("Peserta yang mengikuti tes: {sat} orang. Gugur karena tidak hadir: {absent} orang; gugur "
            "karena tidak memilih sesi: {unchosen} orang. Tidak memenuhi syarat wajib: {not_eligible} "
            "orang.")  # fmt: skip
RESULTS = N_("Nilai yang dipakai adalah hasil versi {version}.")
FINAL = N_("Keputusan ini bersifat final.")


def sentences(content: Mapping[str, Any], language: str) -> list[str]:
    """The method of one announcement, from what it says of criteria, quotas and counts."""
    criteria = content["criteria"]
    labels = {one["key"]: _label(one, language) for one in criteria["components"]}
    return [
        _weights(criteria["components"], labels, language), say(SHARE, language),
        _gates(content["gates"], language), _ties(criteria["ties"], labels, language),
        say(LOT, language).format(lot=criteria["lot"]), _quotas(content["quotas"], language),
        _reserves(content["reserves"], language), say(COUNTS, language).format(**content["counts"]),
        say(RESULTS, language).format(version=content["list"]["result"]),
    ]  # fmt: skip


def percent(weight: str, language: str) -> str:
    """12,5 for "25/2": as exact as three decimals are."""
    return decimal(f"{float(Fraction(weight)):.3f}".rstrip("0").rstrip("."), language)


def decimal(said: str, language: str) -> str:
    """With the comma of Indonesian; 92,000 would be another number in English."""
    return said.replace(".", ",") if language == "id" else said


def points(millionths: int | None) -> str:
    """87,250 for 87250000"""
    return "" if millionths is None else f"{millionths / 1_000_000:.3f}".replace(".", ",")


def _label(component: Mapping[str, Any], language: str) -> str:
    if component["key"] == "test":
        return say(TEST_WORD, language)
    if component["label"]:
        return str(component["label"])
    return say(PREFERENCE, language).format(position=str(component["key"]).rpartition(":")[2])


def _weights(components: Sequence[Mapping[str, Any]], labels: Mapping[str, str], language: str) -> str:
    parts = [say(PART, language).format(label=labels[one["key"]], weight=percent(one["weight"], language))
             for one in components]  # fmt: skip
    return say(WEIGHTS, language).format(parts="; ".join(parts))


def _gates(gates: Sequence[Mapping[str, Any]], language: str) -> str:
    if not gates:
        return say(NO_GATES, language)
    told = [f"{one['position']}. {own_words(one['text'], language)}" for one in gates]
    return say(GATES, language).format(gates="; ".join(told))


def _ties(ties: Sequence[str], labels: Mapping[str, str], language: str) -> str:
    if not ties:
        return say(ONLY_LOT, language)
    told = [
        say(EARLIER, language) if tie == "applied" else
        say(HIGHER, language).format(label=labels.get(tie, tie)) for tie in ties
    ]  # fmt: skip
    return say(TIES, language).format(ties="; ".join(told))


def _quotas(quotas: Sequence[Mapping[str, Any]], language: str) -> str:
    told = [say(DESA if one["desa"] else KECAMATAN if one["kecamatan"] else GENERAL, language).format(**one)
            for one in quotas]  # fmt: skip
    return say(QUOTAS, language).format(quotas="; ".join(told))


def _reserves(reserves: int, language: str) -> str:
    return say(RESERVES, language).format(reserves=reserves) if reserves else say(NO_RESERVES, language)


def own_words(text: Mapping[str, Any] | str, language: str) -> str:
    """A text of the office, which may be written in Indonesian only."""
    return text if isinstance(text, str) else str(text.get(language) or text.get("id") or "")
