"""The practice paper: five easy items about everyday field work, the same for everybody, with their keys.

They belong to the programme and to no bank: nothing of a real exam can be learnt from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from question_bank.blueprint import Drawn
from question_bank.items import Item
from question_bank.scoring import Key

PICTURE = Path(__file__).with_name("denah.svg")
PICTURE_TYPE = "image/svg+xml"

ITEMS = (
    Item(
        stem="Hari ini Bu Ratna harus mengunjungi 12 rumah tangga. Sampai tengah hari ia sudah mengunjungi "
        "7. Berapa rumah tangga yang masih harus dikunjungi?",
        options=("3", "4", "5", "6"),
        key=2,
        explanation="12 dikurangi 7 sama dengan 5 rumah tangga.",
    ),
    Item(
        stem="Perhatikan denah. Dari balai desa, petugas berjalan ke utara sampai simpang tiga, lalu belok "
        "ke timur sampai ujung jalan. Bangunan apa yang ada di sana?",
        options=("Pasar", "Sekolah", "Puskesmas", "Lapangan"),
        key=1,
        picture=PICTURE.name,
        picture_alt="Denah desa dengan utara di atas. Balai desa berada di selatan. Jalan dari balai desa ke "
        "utara berakhir di simpang tiga: ujung baratnya pasar, ujung timurnya sekolah. Puskesmas berada di "
        "sebelah barat balai desa dan lapangan di sebelah timurnya.",
        explanation="Dari simpang tiga, jalan ke timur (kanan pada denah) berujung di sekolah. Jalan ke "
        "barat berujung di pasar.",
    ),
    Item(
        stem="Saat dikunjungi, responden sedang memasak dan meminta petugas datang lagi pukul 16.00. Apa "
        "yang sebaiknya dilakukan petugas?",
        options=(
            "Mencatat janji itu dan datang lagi pukul 16.00",
            "Mengisi sendiri jawaban yang kira-kira benar",
            "Meminta responden berhenti memasak sekarang juga",
            "Mencatat bahwa responden menolak diwawancarai",
        ),
        key=0,
        explanation="Responden bersedia, hanya belum sempat. Janji dicatat dan ditepati; jawaban tidak "
        "pernah dikira-kira.",
    ),
    Item(
        stem="Petugas menulis umur 45, padahal ia mendengar responden menyebut 54. Apa yang sebaiknya "
        "dilakukan petugas?",
        options=(
            "Membiarkannya, karena selisihnya kecil",
            "Menghapus seluruh isian rumah tangga itu",
            "Menulis angka di tengahnya, misalnya 50",
            "Menanyakan lagi umurnya, lalu memperbaiki isian",
        ),
        key=3,
        explanation="Angka yang meragukan ditanyakan lagi kepada responden selagi petugas masih di tempat, "
        "lalu isiannya diperbaiki.",
    ),
    Item(
        stem="<table><tr><th>Rumah</th><th>Anggota</th></tr><tr><td>Nomor 1</td><td>4</td></tr>"
        "<tr><td>Nomor 2</td><td>3</td></tr><tr><td>Nomor 3</td><td>5</td></tr></table>"
        "Berapa orang seluruh anggota ketiga rumah pada tabel itu?",
        options=("11", "12", "13", "15"),
        key=1,
        explanation="4 + 3 + 5 = 12 orang.",
    ),
)

PAPER = tuple(Drawn(number, tuple(range(len(item.options)))) for number, item in enumerate(ITEMS))
"""Every item in its own order: who practises together sees the same."""

KEYS: Mapping[int, Key] = {number: Key(frozenset({item.key})) for number, item in enumerate(ITEMS)}
DIGEST = hashlib.sha256(repr(ITEMS).encode()).hexdigest()
