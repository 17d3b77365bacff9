"""What somebody with the database in their hands may do to an attempt, and what is then said."""

from __future__ import annotations

OF = " WHERE attempt_id = :id"
NUMBER = " AND number = "


# (what is done to the attempt that went through everything, the tables whose guards are in the way, the
# statement, a part of the sentence that must be said)
TAMPERED: list[tuple[str, str, str, str]] = [
    ("another option", "response", "UPDATE response SET option = 4" + OF + " AND position = 1",
     "soal nomor 1: jawaban yang tersimpan"),
    ("a newer option", "", "UPDATE response SET option = 4, seq = 99" + OF + " AND position = 1",
     "soal nomor 1: jawaban yang tersimpan"),
    ("a mark", "response", "UPDATE response SET flagged = :no" + OF + " AND position = 1",
     "soal nomor 1: jawaban yang tersimpan"),
    ("an instant", "response", "UPDATE response SET arrived_at = arrived_at - 1" + OF + " AND position = 3",
     "soal nomor 3: jawaban yang tersimpan"),
    ("an answer removed", "response", "DELETE FROM response" + OF + " AND position = 3",
     "soal nomor 3: jawaban yang tersimpan"),
    ("an answer beyond the paper", "", "INSERT INTO response (attempt_id, position, seq, option, flagged, "
     "arrived_at) VALUES (:id, 5, 1, 1, :no, 1)", "soal nomor 5: jawaban menunjuk soal"),
    ("an option that is not there", "response", "UPDATE response SET option = 7" + OF + " AND position = 1",
     "soal nomor 1: jawaban menunjuk soal"),
    ("an older version", "response_journal", "UPDATE response_journal SET option = 1" + OF + " AND seq = 2",
     "soal nomor 1: riwayat jawaban"),
    ("an older version removed", "response_journal", "DELETE FROM response_journal" + OF + " AND seq = 2",
     "soal nomor 1: riwayat jawaban"),
    ("a further version", "response_journal", "INSERT INTO response_journal (attempt_id, position, seq, "
     "option, flagged, arrived_at) VALUES (:id, 1, 3, 1, :no, 1)", "soal nomor 1: riwayat jawaban"),
    ("the start", "attempt", "UPDATE attempt SET started_at = started_at - 1 WHERE id = :id",
     "waktu mulai yang tersimpan"),
    ("the deadline", "attempt", "UPDATE attempt SET deadline_at = deadline_at + 60000000 WHERE id = :id",
     "batas waktu bukan waktu mulai ditambah"),
    ("the grace", "attempt", "UPDATE attempt SET grace_seconds = 3600 WHERE id = :id",
     "masa tenggang yang tersimpan"),
    ("the allowance", "attempt", "UPDATE attempt SET allowed_seconds = 60 WHERE id = :id",
     "waktu pengerjaan yang tersimpan"),
    ("the lease", "attempt", "UPDATE attempt SET lease = lease + 1 WHERE id = :id",
     "nomor perangkat yang tersimpan"),
    ("how it was closed", "attempt", "UPDATE attempt SET how = 'submitted' WHERE id = :id",
     "cara penutupan yang tersimpan"),
    ("when it was closed", "attempt", "UPDATE attempt SET finalised_at = finalised_at + 1 WHERE id = :id",
     "waktu penutupan yang tersimpan"),
    ("opened again", "attempt", "UPDATE attempt SET finalised_at = NULL, how = NULL WHERE id = :id",
     "cara penutupan yang tersimpan"),
    ("more seconds", "ledger_entry", "UPDATE ledger_entry SET seconds = 900" + OF + " AND seconds = 300",
     "catatan pemberian waktu"),
    ("a grant removed", "ledger_entry", "DELETE FROM ledger_entry" + OF + " AND seconds = 600",
     "catatan pemberian waktu"),
    ("a grant of somebody else", "ledger_entry", "UPDATE ledger_entry SET author_id = :who" + OF
     + " AND seconds = 600", "catatan pemberian waktu"),
    ("a grant for another reason", "ledger_entry", "UPDATE ledger_entry SET reason_code = 'other'" + OF
     + " AND seconds = 600", "catatan pemberian waktu"),
    ("a grant slipped in", "", "INSERT INTO ledger_entry (attempt_id, kind, seconds, reason_code, reason, "
     "evidence, author_id, entered_at) VALUES (:id, 'extra', 60, 'other', '', '{}', :who, 1)",
     "catatan pemberian waktu"),
    ("the pledge removed", "integrity_pledge", "DELETE FROM integrity_pledge" + OF,
     "pakta integritas yang tersimpan"),
    ("late evidence removed", "late_answer", "DELETE FROM late_answer" + OF + " AND position = 2",
     "soal nomor 2: jawaban terlambat"),
    ("late evidence changed", "late_answer", "UPDATE late_answer SET option = 4" + OF + " AND position = 2",
     "soal nomor 2: jawaban terlambat"),
    ("a sealed fact", "attempt_journal", "UPDATE attempt_journal SET at = at + 1" + OF + NUMBER + "5",
     "jurnal nomor 5 tidak benar: catatan ini tidak sesuai dengan segelnya"),
    ("a sealed kind", "attempt_journal", "UPDATE attempt_journal SET kind = 'joined'" + OF + NUMBER + "6",
     "jurnal nomor 6 tidak benar: catatan ini tidak sesuai dengan segelnya"),
    ("sealed words", "attempt_journal", "UPDATE attempt_journal SET data = '{'" + OF + " AND number = 6",
     "jurnal nomor 6 tidak benar: isinya tidak terbaca"),
    ("a sealed fact removed", "attempt_journal", "DELETE FROM attempt_journal" + OF + " AND number = 6",
     "jurnal nomor 7 tidak benar: ada catatan sebelumnya yang hilang"),
    ("the last sealed fact removed", "attempt_journal", "DELETE FROM attempt_journal" + OF + NUMBER + "15",
     "jurnal nomor 15, sedangkan tes belum ditutup"),
    ("a fact slipped in", "", "INSERT INTO attempt_journal (attempt_id, number, at, kind, data, seal) VALUES "
     "(:id, 16, 1, 'joined', '3', 'x')", "jurnal nomor 16 tidak benar: catatan ini tidak sesuai"),
    ("more points", "score", "UPDATE score SET correct = correct + 1" + OF + " AND number = 15",
     "nilai pada catatan jurnal nomor 15 tidak sama"),
    ("an older score", "score", "UPDATE score SET blank = 0, wrong = 4" + OF + " AND number = 10",
     "nilai pada catatan jurnal nomor 10 tidak sama"),
    ("a score removed", "score", "DELETE FROM score" + OF + " AND number = 15",
     "jurnal nomor 15 hanya ada salah satu dari nilai dan tanda terima"),
    ("keys that cannot be read", "score", "UPDATE score SET keys = '7'" + OF + " AND number = 15",
     "kunci yang disebut nilai pada catatan jurnal nomor 15"),
    ("a receipt removed", "receipt", "DELETE FROM receipt" + OF + " AND number = 10",
     "jurnal nomor 10 hanya ada salah satu dari nilai dan tanda terima"),
    ("a receipt of an open attempt", "receipt", "UPDATE receipt SET number = 12" + OF + " AND number = 15",
     "jurnal nomor 12, sedangkan tes belum ditutup"),
    ("a receipt that says more", "receipt", "UPDATE receipt SET answered = 4" + OF + " AND number = 15",
     "tidak sesuai dengan yang tersimpan"),
    ("an earlier receipt", "receipt", "UPDATE receipt SET issued_at = issued_at - 1" + OF + NUMBER + "15",
     "tidak dibuat oleh server ini, atau isinya diubah"),
    ("a code that was made up", "receipt", "UPDATE receipt SET code = 'AAAA-AAAA-AAAA-AAAA-AAAA'" + OF
     + " AND number = 15", "tanda terima AAAA-AAAA-AAAA-AAAA-AAAA tidak dibuat oleh server ini"),
    ("a receipt over other answers", "receipt", "UPDATE receipt SET answers_seal = 'x'" + OF + NUMBER + "15",
     "tidak sesuai dengan yang tersimpan"),
    ("a receipt over another journal", "receipt", "UPDATE receipt SET journal_seal = 'x'" + OF
     + " AND number = 15", "tidak sesuai dengan yang tersimpan"),
    ("a paper", "paper", "UPDATE paper SET content = replace(content, '[', ' [')" + OF,
     "naskah soal yang tersimpan bukan yang ditarik"),
    ("a paper removed", "paper", "DELETE FROM paper" + OF, "naskah soal yang tersimpan bukan yang ditarik"),
    ("the seal of a paper", "paper", "UPDATE paper SET sha256 = 'x'" + OF,
     "naskah soal yang tersimpan bukan yang ditarik"),
]  # fmt: skip
