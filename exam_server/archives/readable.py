"""A candidate's result file for reading: one page without scripts, everything on it escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape, unescape
from typing import Any

from exam_server.archives.dossiers import Dossier

STYLE = ("body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
         "table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{border:1px solid #999;"
         "padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}")  # fmt: skip
_TAG = re.compile(r"<[^>]*>")
TABLES = (
    ("Nilai", "scores", ("number", "correct", "wrong", "blank", "out_of", "keys_sha256", "scored_at"),
     ("Catatan jurnal", "Benar", "Salah", "Kosong", "Soal", "Sidik kunci", "Dinilai")),
    ("Tempat pada daftar", "placings", ("list", "rank", "outcome", "reserve", "total"),
     ("Daftar", "Peringkat", "Hasil", "Cadangan ke-", "Nilai (persejuta)")),
    ("Sesudah daftar dibekukan", "events", ("at", "kind", "reason", "due_at"),
     ("Waktu", "Kejadian", "Alasan", "Batas")),
    ("Nilai lain", "marks", ("component", "value", "note", "author", "given_at"),
     ("Penilaian", "Perseribu", "Catatan", "Oleh", "Waktu")),
    ("Syarat wajib", "gates", ("requirement", "met", "note", "author", "given_at"),
     ("Nomor", "Terpenuhi", "Catatan", "Oleh", "Waktu")),
    ("Waktu yang diberikan", "ledger", ("kind", "seconds", "reason_code", "reason", "author", "entered_at"),
     ("Jenis", "Detik", "Kode", "Alasan", "Oleh", "Waktu")),
    ("Tanda terima", "receipts", ("code", "answered", "items", "journal_seal", "issued_at"),
     ("Kode", "Dijawab", "Soal", "Segel jurnal", "Terbit")),
    ("Riwayat jawaban", "versions", ("position", "seq", "option", "flagged", "arrived_at"),
     ("Soal", "Urutan", "Pilihan", "Ragu", "Tiba")),
    ("Jawaban terlambat", "late_answers", ("position", "seq", "option", "reason", "arrived_at"),
     ("Soal", "Urutan", "Pilihan", "Sebab", "Tiba")),
    ("Jurnal", "journal", ("number", "at", "kind", "data", "seal"),
     ("Nomor", "Waktu", "Jenis", "Isi", "Segel")),
)  # fmt: skip


def page(dossier: Dossier) -> bytes:
    """The file as a web page."""
    attempt, sitting = dossier["attempt"], dossier["sitting"]
    facts = (
        ("Nomor peserta", dossier["number"]), ("Nama", dossier["name"]), ("Kantor", dossier["office"]),
        ("Kegiatan", dossier["activity"]["name"]), ("Sesi", f"{sitting['label']}, {sitting['place']}"),
        ("Mulai (UTC)", attempt["started_at"]), ("Ditutup (UTC)", attempt["finalised_at"]),
        ("Cara ditutup", attempt["how"]), ("SHA-256 berkas", dossier["sha256"]),
    )  # fmt: skip
    body = [f"<h1>Berkas hasil {_e(dossier['number'])}</h1>", _table(("", ""), facts), _answers(dossier)]
    body += [
        f"<h2>{_e(title)}</h2>"
        + _table(head, ([_said(row[name]) for name in columns] for row in dossier[part]))
        for title, part, columns, head in TABLES if dossier[part]
    ]  # fmt: skip
    return (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{_e(dossier["number"])}</title>'
        f"<style>{STYLE}</style></head><body>{''.join(body)}</body></html>"
    ).encode("utf-8", "replace")


def _answers(dossier: Dossier) -> str:
    """The paper as shown, with what was chosen last."""
    paper = dossier["paper"]
    if paper is None:
        return ""
    chosen = {one["position"]: one["option"] for one in dossier["responses"]}
    rows = []
    for item in paper["items"]:
        option = chosen.get(item["position"])
        rows.append(
            (
                item["position"],
                item["code"],
                _plain(item["stem"]),
                f"{option}. {_plain(item['options'][option - 1])}"
                if option and option <= len(item["options"])
                else "–",
            )
        )
    return "<h2>Naskah dan jawaban</h2>" + _table(("Nomor", "Kode", "Soal", "Jawaban terakhir"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    top = "".join(f"<th>{_e(one)}</th>" for one in head)
    lines = "".join("<tr>" + "".join(f"<td>{_e(one)}</td>" for one in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{lines}</table>"


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("number", "")
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return value


def _plain(fragment: str) -> str:
    """The words of a text of an item; its pictures are in the bank."""
    return " ".join(unescape(_TAG.sub(" ", fragment)).split())


def _e(value: Any) -> str:
    return "" if value is None else escape(str(value))
