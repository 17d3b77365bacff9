"""Freezing in words, for the eyes of the second official."""

from __future__ import annotations

from exam_server.approvals.words import Told
from exam_server.errors import N_
from exam_server.language import say
from exam_server.models import Approval

OUTCOMES = {
    "accepted": N_("Diterima (seleksi akhir)"),
    "reserve": N_("Cadangan"),
    "not_accepted": N_("Tidak diterima"),
    "not_eligible": N_("Tidak memenuhi syarat wajib"),
}


def told_freeze(approval: Approval, language: str) -> Told:
    """Exactly what would be frozen: how many of each outcome, by which criteria, under which hash."""
    wanted, known = approval.payload, approval.evidence
    named = {"activity": known["activity"]}
    return Told(
        title=say(N_("Bekukan daftar hasil {activity}"), language).format(**named),
        button=say(N_("Setujui: bekukan daftar hasil {activity}"), language).format(**named),
        facts=(
            *((say(word, language), str(known[outcome])) for outcome, word in OUTCOMES.items()),
            (say(N_("Gugur karena tidak mengikuti tes"), language), str(known["absent"])),
            (say(N_("Kriteria, kuota, dan versi nilai"), language),
             f"{wanted['criteria']} · {wanted['quota']} · {wanted['result']}"),
            (say(N_("Sidik daftar (SHA-256)"), language), wanted["sha256"]),
        ),
        concerns=(say(N_("Sesudah dibekukan, nilai, syarat, kriteria, dan kuota tidak dapat diubah lagi."),
                      language),),
        path=f"/results/{known['public_id']}/list",
    )  # fmt: skip
