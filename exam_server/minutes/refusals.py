"""Every way in which fixing a berita acara can be refused."""

from __future__ import annotations

from exam_server.errors import N_, Refusal


class SittingNotOver(Refusal):
    code = "sitting_not_over"
    sentence = N_("Sesi ini baru selesai {at}. Berita acara dapat ditetapkan sesudahnya; sampai saat itu "
                  "yang ada adalah konsep.")  # fmt: skip


class AttemptsOpen(Refusal):
    code = "attempts_open"
    sentence = N_("Masih ada {count} pengerjaan yang belum ditutup: {names}. Berita acara dapat ditetapkan "
                  "sesudah semuanya ditutup.")  # fmt: skip


class FactsMoved(Refusal):
    code = "facts_moved"
    sentence = N_("Catatan sesi ini berubah ketika berita acara ditetapkan. Belum ada yang ditetapkan; baca "
                  "konsep yang baru, lalu tetapkan lagi.")  # fmt: skip
