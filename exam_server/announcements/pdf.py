"""The announcement as an A4 file: letterhead, lists, method, signatories, the hash at the foot of each page.

Lines of long lists are drawn cell by cell, since twenty thousand of them must take seconds. Letters that the
fonts lack are told by their base letter; page and sealed content keep them as they are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from exam_server import instants
from exam_server.announcements.document import (
    KECAMATAN,
    NAME,
    NUMBER,
    OUTCOME,
    QUOTA,
    RANK,
    RESERVE,
    TOTAL,
    Content,
    Row,
)
from exam_server.announcements.method import own_words, points

LETTERS = "windows-1252"
REPLACED = ("Sebagian huruf pada berkas ini diganti karena tidak ada pada huruf cetaknya. Tulisan yang "
            "utuh ada pada halaman hasil seleksi.")  # fmt: skip
MARGIN, FOOT = 16, 30
PAGES = "\x02n\x02"
LINE = 5.4
NUMBERS_ACROSS = 6
WORDS = {"accepted": "diterima", "offered": "cadangan, sedang ditawari tempat", "reserve": "cadangan",
         "not_accepted": "tidak diterima", "": "tidak tercantum"}  # fmt: skip


class Paper(FPDF):
    """A4 with hash, page number and the address to check it at on every page."""

    def __init__(self, content: Content, sha256: str, address: str) -> None:
        super().__init__(format="A4")
        self.core_fonts_encoding = LETTERS
        self.sha256, self.address, self.replaced = sha256, address, False
        self.status = f"Pengumuman ke-{content['number']} · {content['activity_name']}"
        self.picture = BytesIO()
        segno.make(address, error="m").save(self.picture, kind="png", scale=6, border=2)
        self.alias_nb_pages(PAGES)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, FOOT)
        self.set_creation_date(datetime.fromisoformat(content["published_at"]))
        self.set_lang("id")

    def footer(self) -> None:
        self.set_y(-FOOT + 5)
        self.image(self.picture, x=self.w - MARGIN - 19, y=self.get_y(), w=19)
        self.set_font("Helvetica", size=8)
        self.set_text_color(60)
        self.cell(150, 4, self.says(self.status), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.cell(150, 4, f"Halaman {self.page_no()} dari {PAGES} · Periksa: {self.says(self.address)}",
                  new_x=XPos.LMARGIN, new_y=YPos.NEXT)  # fmt: skip
        self.set_font("Courier", size=7.5)
        self.cell(150, 4, f"SHA-256 {self.sha256}")
        self.set_text_color(0)

    def says(self, text: str) -> str:
        """What the fonts can write of it."""
        if text.isascii():
            return text
        kept = "".join(map(_letter, text))
        self.replaced = self.replaced or kept != text
        return kept

    def say(self, text: str, size: float = 10, style: str = "", align: str = "L") -> None:
        """A paragraph over the whole width."""
        self.set_font("Helvetica", style, size)
        self.multi_cell(0, size * 0.5, self.says(text), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def cut(self, text: str, width: float) -> str:
        """As much of a text as one line of a column holds."""
        said = self.says(text)
        while said and self.get_string_width(said) > width - 2:
            said = said[: max(0, min(len(said) - 1, int(len(said) * width / self.get_string_width(said))))]
        return said


def draw(content: Content, sha256: str, address: str) -> bytes:
    """The file; the same announcement is the same bytes."""
    paper = Paper(content, sha256, address)
    paper.set_title(paper.says(own_words(content["title"], "id"))[:120])
    paper.add_page()
    _head(paper, content)
    _lists(paper, content)
    _changes(paper, content)
    _method(paper, content)
    _sign(paper, content)
    if paper.replaced:
        paper.ln(4)
        paper.say(REPLACED, 8, "I")
    return bytes(paper.output())


def _letter(one: str) -> str:
    for form in (one, unicodedata.normalize("NFKD", one)[:1]):
        try:
            form.encode(LETTERS)
        except UnicodeEncodeError:
            continue
        return form
    return "" if unicodedata.combining(one) else "?"


def _head(paper: Paper, content: Content) -> None:
    office, *contact = content["letterhead"]
    paper.say(office, 13, "B", "C")
    for one in contact:
        paper.say(one, 9, "", "C")
    paper.set_line_width(0.6)
    paper.set_y(paper.get_y() + 2)
    paper.line(MARGIN, paper.get_y(), paper.w - MARGIN, paper.get_y())
    paper.set_line_width(0.2)
    paper.ln(4)
    paper.say("Pengumuman Hasil Seleksi", 14, "B", "C")
    paper.say(own_words(content["title"], "id"), 11, "", "C")
    number = content["document_number"] or f"Pengumuman ke-{content['number']}"
    paper.say(f"Nomor: {number}", 10, "", "C")
    paper.say(f"Terbit {_published(content)}", 10, "", "C")
    paper.ln(3)


def _published(content: Content) -> str:
    return instants.moment(datetime.fromisoformat(content["published_at"]), ZoneInfo(content["zone"]), "id")


def _lists(paper: Paper, content: Content) -> None:
    rows = content["rows"]
    for title, outcomes in (("Diterima", ("accepted",)), ("Cadangan", ("offered", "reserve"))):
        told = [row for row in rows if row[OUTCOME] in outcomes]
        _title(paper, f"{title} ({len(told)} orang)")
        if told:
            _table(paper, content, told)
        else:
            paper.say("Tidak ada.")
    others = [row[NUMBER] for row in rows if row[OUTCOME] == "not_accepted"]
    if others:
        _title(paper, f"Tidak diterima ({len(others)} orang), menurut nomor peserta")
        _numbers(paper, others)


def _title(paper: Paper, text: str) -> None:
    if paper.will_page_break(22):
        paper.add_page()
    paper.ln(2)
    paper.say(text, 11, "B")
    paper.ln(1)


def _columns(content: Content, waiting: bool) -> list[tuple[str, float, Any]]:
    """(heading, share of the width, what stands in it); columns that are closed are not there."""
    policy = content["policy"]
    found: list[tuple[str, float, Any]] = [("Nomor", 22, lambda row: row[NUMBER])]
    if policy["names"] != "none":
        found.append(("Nama", 58, lambda row: row[NAME]))
    if policy["kecamatan"]:
        found.append(("Kecamatan", 34, lambda row: row[KECAMATAN]))
    if policy["rank"]:
        found.append(("Peringkat", 18, lambda row: str(row[RANK] or "")))
    if policy["total"]:
        found.append(("Nilai", 18, lambda row: points(row[TOTAL])))
    if waiting:
        found.append(("Cadangan", 26, _reserve))
    if len(content["quotas"]) > 1:
        found.append(("Kuota", 40, lambda row: _quota(content, row)))
    return found


def _reserve(row: Row) -> str:
    return f"ke-{row[RESERVE]}" + (", ditawari" if row[OUTCOME] == "offered" else "")


def _quota(content: Content, row: Row) -> str:
    quota = content["quotas"][row[QUOTA]] if row[QUOTA] is not None else {"desa": "", "kecamatan": ""}
    return ", ".join(filter(None, (quota["desa"], quota["kecamatan"]))) or "Umum"


def _table(paper: Paper, content: Content, rows: Sequence[Row]) -> None:
    columns = _columns(content, rows[0][OUTCOME] != "accepted")
    whole = sum(share for _, share, _ in columns)
    widths = [(paper.w - 2 * MARGIN) * share / whole for _, share, _ in columns]
    _heading(paper, columns, widths)
    for row in rows:
        if paper.will_page_break(LINE):
            paper.add_page()
            _heading(paper, columns, widths)
        for (_, _, tell), width in zip(columns, widths, strict=True):
            paper.cell(width, LINE, paper.cut(tell(row), width), border="B")
        paper.ln(LINE)


def _heading(paper: Paper, columns: Sequence[tuple[str, float, Any]], widths: Sequence[float]) -> None:
    paper.set_font("Helvetica", "B", 9)
    for (title, _, _), width in zip(columns, widths, strict=True):
        paper.cell(width, LINE, paper.cut(title, width), border="B")
    paper.ln(LINE)
    paper.set_font("Helvetica", size=9)


def _numbers(paper: Paper, numbers: Sequence[str]) -> None:
    width = (paper.w - 2 * MARGIN) / NUMBERS_ACROSS
    paper.set_font("Courier", size=9)
    for start in range(0, len(numbers), NUMBERS_ACROSS):
        for one in numbers[start : start + NUMBERS_ACROSS]:
            paper.cell(width, LINE, paper.says(one))
        paper.ln(LINE)


def _changes(paper: Paper, content: Content) -> None:
    """Corrections of keys, places that were left, and what differs from the announcement before."""
    if content["corrections"]:
        _title(paper, "Koreksi kunci jawaban")
        for one in content["corrections"]:
            paper.say(f"Hasil versi {one['number']}: {own_words(one['note'], 'id')}")
    if content["replaced"]:
        _title(paper, "Penggantian")
        for one in content["replaced"]:
            by = f"ditawarkan kepada {one['by']}" if one["by"] else "belum ditawarkan"
            paper.say(f"Nomor {one['left']} tidak lagi menempati tempatnya; tempatnya {by}.")
    if content["changes"]:
        _title(paper, f"Perubahan sejak pengumuman ke-{content['since']}")
        for one in content["changes"]:
            paper.say(f"Nomor {one['number']}: semula {_word(one['was'])}, menjadi {_word(one['now'])}.")


def _word(outcome: str) -> str:
    name, _, reserve = outcome.partition(" ")
    return WORDS[name] + (f" ke-{reserve}" if reserve else "")


def _method(paper: Paper, content: Content) -> None:
    _title(paper, "Cara penilaian")
    for number, said in enumerate(content["method"], 1):
        paper.say(f"{number}. {said}")
    paper.ln(1)
    paper.say(content["final"], 10, "B")
    paper.say(f"Tempat bertanya: {content['contact']}")


def _sign(paper: Paper, content: Content) -> None:
    """Two beside each other."""
    people = content["signatories"]
    if paper.will_page_break(40):
        paper.add_page()
    paper.ln(4)
    paper.say(f"{content['place']}, {_published(content)}")
    for first in range(0, len(people), 2):
        if paper.will_page_break(38):
            paper.add_page()
        paper.ln(3)
        top, width = paper.get_y(), (paper.w - 2 * MARGIN) / 2
        for column, one in enumerate(people[first : first + 2]):
            left = MARGIN + column * width
            paper.set_xy(left, top)
            paper.set_font("Helvetica", size=10)
            paper.multi_cell(width - 6, 4.6, paper.says(own_words(one["title"], "id")),
                             new_x=XPos.LEFT, new_y=YPos.NEXT)  # fmt: skip
            paper.set_xy(left, top + 24)
            paper.set_font("Helvetica", "B", 10)
            paper.cell(width - 6, 5, paper.says(one["name"]))
        paper.set_xy(MARGIN, top + 30)
