"""An announcement for the eyes of the second official."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from exam_server import instants
from exam_server.approvals.words import Told
from exam_server.clock import from_ms
from exam_server.errors import N_
from exam_server.language import say
from exam_server.models import Approval

TITLE = N_("Umumkan hasil seleksi {activity}, pengumuman ke-{number}")
BUTTON = N_("Setujui: umumkan hasil {activity} pada {at}")
NAMES = {"masked": N_("huruf awalnya saja"), "full": N_("lengkap"), "none": N_("tidak ditampilkan")}
OTHERS = {"numbers": N_("nomor peserta saja"), "none": N_("tidak ditampilkan")}
YES, NO = N_("ya"), N_("tidak")


def told(approval: Approval, language: str) -> Told:
    """What is announced, when, with which columns, and by which hash it is known."""
    wanted, known = approval.payload, approval.evidence
    policy, counts = wanted["policy"], known["counts"]
    at = instants.moment(from_ms(wanted["publish_at"]), ZoneInfo(known["zone"]), language)

    def shown(name: str) -> str:
        return say(YES if policy[name] else NO, language)

    return Told(
        title=say(TITLE, language).format(activity=known["activity_title"], number=wanted["number"]),
        button=say(BUTTON, language).format(activity=known["activity_title"], at=at),
        facts=(
            (say(N_("Terbit"), language), at),
            (say(N_("Nama peserta"), language), say(NAMES[policy["names"]], language)),
            (say(N_("Kecamatan ditampilkan"), language), shown("kecamatan")),
            (say(N_("Peringkat ditampilkan"), language), shown("rank")),
            (say(N_("Nilai akhir ditampilkan"), language), shown("total")),
            (say(N_("Yang tidak diterima"), language), say(OTHERS[policy["not_accepted"]], language)),
            (say(N_("Peserta melihat lembar jawabannya sendiri"), language), shown("own_answers")),
            (say(N_("Sidik isi (SHA-256)"), language), wanted["sha256"]),
        ),
        evidence=(
            (say(N_("Diterima"), language), str(counts["accepted"])),
            (say(N_("Cadangan"), language), str(counts["reserve"] + counts["offered"])),
            (say(N_("Mengikuti tes"), language), str(counts["sat"])),
            (say(N_("Gugur karena tidak hadir"), language), str(counts["absent"])),
        ),
        path=f"/results/{known['activity']}/announcement",
    )  # fmt: skip
