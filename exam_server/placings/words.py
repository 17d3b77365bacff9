"""The words of this feature: what can end a place, and what the second official reads before it does."""

from __future__ import annotations

from exam_server.approvals.words import Told
from exam_server.errors import N_
from exam_server.language import say
from exam_server.models import Approval

OWN_WISH = N_("Atas permintaan sendiri")
"""What the trail gives as the reason of who withdraws in person."""

ENDINGS = {
    "withdrew": N_("Mengundurkan diri"),
    "disqualified": N_("Didiskualifikasi"),
    "cancelled": N_("Kelulusan dibatalkan karena data tidak benar"),
}
TITLES = {
    "disqualified": N_("Diskualifikasi {candidate}"),
    "cancelled": N_("Batalkan kelulusan {candidate}"),
}
BUTTONS = {
    "disqualified": N_("Setujui: diskualifikasi {candidate} ({number})"),
    "cancelled": N_("Setujui: batalkan kelulusan {candidate} ({number})"),
}
STANDS = {
    "accepted": N_("Diterima"),
    "offered": N_("Sedang ditawari tempat"),
    "reserve": N_("Cadangan {reserve}"),
}


def told_end(approval: Approval, language: str) -> Told:
    """A place that is to end, for the eyes of the second official."""
    wanted, known = approval.payload, approval.evidence
    named = {"candidate": known["candidate"], "number": known["number"]}
    stood = say(STANDS[known["where"]], language).format(reserve=known["reserve"])
    return Told(
        title=say(TITLES[wanted["how"]], language).format(**named),
        button=say(BUTTONS[wanted["how"]], language).format(**named),
        facts=(
            (say(N_("Peserta"), language), f"{known['candidate']}, {known['number']}"),
            (say(N_("Yang terjadi"), language), say(ENDINGS[wanted["how"]], language)),
        ),
        evidence=(
            (say(N_("Kedudukan saat diajukan"), language), stood),
            (say(N_("Peringkat"), language), str(known["rank"])),
        ),
        concerns=(say(N_("Tidak dapat dicabut. Tempatnya langsung ditawarkan kepada cadangan berikutnya pada "
                         "kuota yang sama, dan yang bersangkutan membaca alasannya."), language),),
        path=f"/results/{wanted['activity']}/places/{wanted['attempt']}",
    )  # fmt: skip
