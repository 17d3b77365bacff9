"""What the statistics say, in words that an official can act on: signs ask to look, they never judge."""

from __future__ import annotations

from collections.abc import Callable

from exam_server.errors import N_
from exam_server.language import say
from question_bank.statistics.flags import Flag, FlagKind
from question_bank.statistics.reliability import Unreliable
from question_bank.validate import LETTERS

FLAGS: dict[FlagKind, str] = {
    "few_answers": N_("baru {value} jawaban, belum cukup untuk menilai"),
    "key_probably_wrong": N_("kunci kemungkinan salah: pilihan {option} lebih sering dipilih yang mampu"),
    "distractor_attracts_the_good": N_("pilihan {option} menarik peserta yang mampu"),
    "does_not_discriminate": N_("tidak membedakan peserta yang mampu dan yang belum"),
    "too_easy": N_("terlalu mudah: hampir semua benar"),
    "too_hard": N_("terlalu sulit: lebih jarang benar daripada menebak"),
    "nobody_chose": N_("pilihan {option} tidak dipilih siapa pun"),
}
GRAVE: tuple[FlagKind, ...] = (
    "key_probably_wrong", "distractor_attracts_the_good", "does_not_discriminate", "too_hard", "too_easy",
    "nobody_chose", "few_answers",
)  # fmt: skip
"""The first asks for a look before the second."""

WEIGHTY: frozenset[FlagKind] = frozenset({"key_probably_wrong", "distractor_attracts_the_good"})
"""These may change scores; the others are for the next bank."""

PAGES = {
    "overview": N_("ringkasan"), "items": N_("butir soal"), "item": N_("satu soal"),
    "fairness": N_("kesetaraan naskah dan sesi"),
}  # fmt: skip
"""As the trail names them."""

UNRELIABLE: dict[Unreliable, str] = {
    "few_candidates": N_("Reliabilitas tidak dihitung: kurang dari 30 peserta, sehingga angkanya tidak dapat "
                         "dipercaya."),
    "short_papers": N_("Reliabilitas tidak dihitung: ada naskah dengan kurang dari dua soal yang dihitung."),
    "no_variance": N_("Reliabilitas tidak dapat dihitung: semua nilai sama."),
    "not_positive": N_("Reliabilitas tidak dapat ditaksir: perbedaan nilai antarpeserta tidak lebih besar "
                       "daripada galat pengukurannya."),
}  # fmt: skip


def told(flag: Flag, language: str, number: Callable[[float], str]) -> str:
    """One sign as a phrase."""
    option = LETTERS[flag.option] if flag.option is not None else ""
    return say(FLAGS[flag.kind], language).format(option=option, value=number(flag.value))


def weight(flags: tuple[Flag, ...]) -> int:
    """Where an item with these signs stands in the list: the gravest sign first, none last."""
    return min((GRAVE.index(one.kind) for one in flags), default=len(GRAVE))
