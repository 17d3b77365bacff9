"""Tambahan waktu: what staff do about lost time and lost answers, for one attempt and for a whole sitting."""
