"""Jadwal sesi: an office plans its sittings in series, watches their seats fill, and may move one in time."""
