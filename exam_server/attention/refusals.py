"""Every way in which telling of a left page can be refused."""

from __future__ import annotations

from exam_server.errors import N_, Refusal


class NotWatched(Refusal):
    code = "not_watched"
    sentence = N_("Kegiatan ini tidak mencatat halaman yang ditinggalkan. Tidak ada yang dicatat.")
