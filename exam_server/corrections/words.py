"""Corrections in words: what a kind does, what it did to how many, and what the second official is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exam_server.approvals.words import Told
from exam_server.corrections.effect import Sums
from exam_server.errors import N_
from exam_server.language import say
from exam_server.models import Approval
from question_bank.validate import LETTERS

KINDS = {
    "key": N_("Kunci lain"),
    "second": N_("Kunci kedua"),
    "void": N_("Benar untuk semua"),
    "drop": N_("Tidak dihitung"),
}
DOES = {
    "key": N_("Hanya pilihan yang ditunjuk yang benar; kunci lama tidak lagi benar."),
    "second": N_("Pilihan yang ditunjuk ikut benar, di samping kunci yang sudah ada."),
    "void": N_("Soal benar untuk semua yang mendapatnya, juga yang tidak menjawab."),
    "drop": N_("Soal tidak dihitung untuk siapa pun; nilai dihitung dari soal lainnya."),
}
OUTCOMES = {
    "accepted": N_("Diterima"),
    "reserve": N_("Cadangan {number}"),
    "not_accepted": N_("Tidak diterima"),
    "not_eligible": N_("Tidak memenuhi syarat"),
}
NOWHERE = N_("belum ada")
FOR_ALL, FOR_NOBODY = N_("benar untuk semua"), N_("tidak dihitung")


def letters(options: Sequence[int]) -> str:
    return ", ".join(LETTERS[one] for one in options)


def key_in_words(key: Mapping[str, Any], language: str) -> str:
    """`A, C`, or what an item without a key counts as."""
    if key.get("dropped"):
        return say(FOR_NOBODY, language)
    return say(FOR_ALL, language) if key.get("everyone") else letters(key["accepted"])


def outcome(standing: Sequence[Any] | None, language: str) -> str:
    """[outcome, rank, reserve] as people read it."""
    if standing is None:
        return say(NOWHERE, language)
    return say(OUTCOMES.get(standing[0], standing[0]), language).format(number=standing[2])


def decimal(hundredths: int, language: str) -> str:
    """12,5 for 1250; without needless zeros, with a real minus."""
    whole, rest = divmod(abs(hundredths), 100)
    tail = f"{rest:02d}".rstrip("0")
    mark = "," if language == "id" else "."
    return ("−" if hundredths < 0 else "") + str(whole) + (mark + tail if tail else "")


def signed(hundredths: int, language: str) -> str:
    return ("+" if hundredths > 0 else "") + decimal(hundredths, language)


def summary(sums: Sums, language: str) -> list[str]:
    """The effect in sentences."""
    most = {"up": signed(sums.most_up, language), "down": signed(sums.most_down, language)}
    said = [say(N_("{drawn} peserta mendapat soal ini dan sudah dinilai; nilai {scores} di antaranya "
                   "berubah."), language).format(drawn=sums.drawn, scores=sums.scores)]  # fmt: skip
    if sums.up:
        said.append(say(N_("{count} nilai naik, paling banyak {up} poin dari 100."), language).format(
            count=sums.up, **most))  # fmt: skip
    if sums.down:
        said.append(say(N_("{count} nilai turun, paling banyak {down} poin dari 100."), language).format(
            count=sums.down, **most))  # fmt: skip
    return [*said, *_places(sums, language)]


def _places(sums: Sums, language: str) -> list[str]:
    if not sums.ranked:
        return [say(N_("Peringkat dan status belum dapat dibandingkan: nilai belum dibuka atau kuota belum "
                       "dicatat."), language)]  # fmt: skip
    return [
        say(N_("{ranks} peringkat dan {statuses} status berubah."), language).format(
            ranks=sums.ranks, statuses=sums.statuses),
        say(N_("{gained} orang menjadi Diterima, {lost} orang tidak lagi Diterima."), language).format(
            gained=sums.gained, lost=sums.lost),
    ]  # fmt: skip


def told_correction(approval: Approval, language: str) -> Told:
    """A correction for the eyes of the second official."""
    wanted, known = approval.payload, approval.evidence
    kind, code = say(KINDS[wanted["correction"]], language), known["code"]
    title = say(N_("Perbaiki kunci soal {code}: {kind}"), language).format(code=code, kind=kind)
    effect = tuple(summary(Sums(**known["sums"]), language))
    return Told(
        title=title,
        button=say(N_("Setujui: perbaiki kunci soal {code}"), language).format(code=code),
        facts=(
            (say(N_("Kegiatan"), language), known["activity"]),
            (say(N_("Kunci sekarang"), language), key_in_words(known["was"], language)),
            (say(N_("Kunci yang baru"), language), key_in_words(wanted, language)),
            (kind, say(DOES[wanted["correction"]], language)),
            (say(N_("Catatan untuk umum"), language), wanted["note"]["id"]),
            (say(N_("Catatan untuk umum (bahasa Inggris)"), language), wanted["note"]["en"]),
        ),
        evidence=((say(N_("Akibatnya menurut pratinjau"), language), " ".join(effect)),
                  (say(N_("Sidik pratinjau (SHA-256)"), language), wanted["effect_sha256"])),
        path=path_of(wanted),
    )  # fmt: skip


def path_of(payload: Mapping[str, Any]) -> str:
    """Where the effect is shown as it is now."""
    letter = "" if payload["letter"] is None else f"&option={payload['letter']}"
    return (f"/results/{payload['activity']}/corrections/preview?revision={payload['revision']}"
            f"&kind={payload['correction']}{letter}")  # fmt: skip
