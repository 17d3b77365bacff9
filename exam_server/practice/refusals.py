"""Every way an act of practice can be refused: the codes of the exam, so that one page understands both."""

from __future__ import annotations

from collections.abc import Mapping

from exam_server.errors import N_, Refusal
from exam_server.exam import refusals as exam


class NoPractice(exam.NoAttempt):
    sentence = N_("Anda belum memulai latihan. Mulai dari halaman Latihan.")


class ForeignPractice(exam.ForeignAttempt):
    sentence = N_("Halaman ini milik latihan yang lain. Muat ulang halaman untuk kembali ke latihan Anda.")


class PracticeTakenOver(exam.TakenOver):
    sentence = N_("Latihan ini sedang dikerjakan di perangkat atau tab lain. Tekan “Lanjutkan di sini” bila "
                  "ingin pindah.")  # fmt: skip


class PracticeClosed(exam.Closed):
    sentence = N_("Latihan ini sudah ditutup. Mulai latihan baru bila ingin berlatih lagi.")


class PracticeOver(exam.DeadlinePassed):
    sentence = N_("Waktu latihan sudah habis, jadi jawaban ini tidak disimpan. Latihan tidak dinilai.")


class NotSeated(exam.NotStarted):
    sentence = N_("Halaman latihan belum siap menyimpan. Muat ulang halaman, lalu coba lagi.")


class ExamRuns(Refusal):
    code = "exam_runs"
    sentence = N_("Tes Anda sedang berjalan, jadi latihan tidak dimulai. Kembali ke Ruang Ujian.")


class FactsUnreadable(Refusal):
    code = "facts_unreadable"
    status = 422
    sentence = N_(
        "Hasil pemeriksaan tidak terbaca, jadi tidak disimpan. Muat ulang halaman, lalu periksa lagi."
    )


OWN_WORDS: Mapping[type[Refusal], type[Refusal]] = {
    exam.ForeignAttempt: ForeignPractice, exam.TakenOver: PracticeTakenOver, exam.Closed: PracticeClosed,
    exam.DeadlinePassed: PracticeOver, exam.NotStarted: NotSeated,
}  # fmt: skip
"""What the exam's acts refuse, and how that is said of a practice."""


def spoken(refusal: Refusal) -> Refusal:
    """The same refusal in words about a practice."""
    own = OWN_WORDS.get(type(refusal))
    return own() if own else refusal
