"""Sentences about zip files: what is wrong with the archive or one of its members."""

from question_bank.words import _

SENTENCES: dict[str, str] = {
    "zip_damaged": _("Berkas zip rusak atau tidak lengkap. Buat ulang berkasnya, lalu unggah lagi."),
    "zip_members": _("Berkas zip berisi lebih dari %(limit)s berkas. Bagi ke beberapa berkas."),
    "zip_member_large": _(
        "%(name)s di dalam zip lebih besar dari %(limit)s MB setelah dibuka. Kecilkan, lalu unggah lagi."
    ),
    "zip_total": _("Isi zip lebih besar dari %(limit)s MB setelah dibuka. Bagi ke beberapa berkas."),
    "zip_ratio": _(
        "%(name)s mengembang lebih dari %(limit)s kali saat dibuka, seperti berkas jebakan. Zip tidak dibaca."
    ),
    "zip_name": _(
        "Zip memuat nama berkas yang tidak sah: %(name)s. Buat ulang zip tanpa jalur di luar folder."
    ),
    "zip_link": _("Zip memuat tautan, bukan berkas: %(name)s. Ganti dengan berkas aslinya."),
    "zip_encrypted": _("%(name)s di dalam zip dikunci dengan sandi. Buat ulang zip tanpa sandi."),
    "zip_method": _("%(name)s dimampatkan dengan cara yang tidak dikenal. Buat ulang sebagai zip biasa."),
    "zip_doubled": _("Nama %(name)s ada lebih dari sekali di dalam zip. Sisakan satu saja."),
    "zip_overlap": _("Isi zip saling menumpuk, seperti berkas jebakan. Buat ulang berkasnya."),
    "zip_member_damaged": _("Berkas ini rusak di dalam zip dan tidak dapat dibaca. Buat ulang zip."),
}

WARNINGS: frozenset[str] = frozenset()
