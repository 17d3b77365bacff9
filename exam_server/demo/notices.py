"""One dated notice per office for the demo; it says of itself that it is an example."""

from __future__ import annotations

from datetime import datetime

from exam_server.db import Database
from exam_server.models import Activity
from exam_server.offices.service import add_notice

EXAMPLE = {
    "jepara": {
        "id": "Contoh untuk peragaan, bukan dari kantor: jadwal tahapan tidak berubah. Calon yang"
              " sudah Diterima pada seleksi administrasi dapat langsung memilih sesi, karena "
              "pendaftaran, seleksi administrasi, dan tes berjalan bersamaan.",
        "en": "An example for the demonstration, not from the office: the schedule stays as it "
              "is. Candidates already accepted in the administrative screening may choose a "
              "session now, because registration, screening and tests run at the same time.",
    },
    "magetan": {
        "id": "Contoh untuk peragaan, bukan dari kantor: jadwal tahapan tidak berubah. Tes "
              "Kompetensi tidak mempunyai rentang tanggal sendiri; pilihan sesi ditutup bersama "
              "batas akhir masuk sesi terakhir.",
        "en": "An example for the demonstration, not from the office: the schedule stays as it "
              "is. The competency test has no dates of its own; the choice of sessions closes "
              "with the last entry of the last session.",
    },
}  # fmt: skip


def publish(db: Database, slug: str, registration_id: int, actor_id: int, now: datetime) -> None:
    """The example notice of that office, by one of its officials; nothing for an office without one."""
    if slug not in EXAMPLE:
        return
    with db.read() as tx:
        recruitment_id = tx.get_one(Activity, registration_id).recruitment_id
    add_notice(db, recruitment_id, EXAMPLE[slug], actor_id, now)
