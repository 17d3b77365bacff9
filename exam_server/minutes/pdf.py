"""The document as an A4 file: page numbers and the hash of its content at the foot of every page.

Written with the fonts that every reader has, so letters outside Windows-1252 are told by their base letter
or by a question mark; then a sentence under the text says so, and page and hash keep them as they are.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout, XPos, YPos

from exam_server.minutes.rules import Document, Mark, Part

LETTERS = "windows-1252"
REPLACED = ("Sebagian huruf pada berkas ini diganti karena tidak ada pada huruf cetaknya. Tulisan yang utuh "
            "ada pada halaman berita acara di sistem.")  # fmt: skip
MARGIN, FOOT = 18, 22
PAGES = "\x02n\x02"
"""Stands for their number until it is known; no text of a document has such characters."""

LONGEST_CELL = 600
"""Letters that fit into the narrowest column of text on one page; no row can be torn between two pages."""

SIGNED_ROW = 10
"""Millimetres: room for a signature."""

WIDTHS = {
    "place": (45, 129), "counts": (80, 94), "watch": (50, 124), "checks": (80, 94),
    "devices": (42, 48, 42, 42), "outages": (32, 32, 20, 22, 34, 34), "time": (34, 38, 20, 52, 30),
    "decided": (34, 40, 34, 38, 28), "incidents": (34, 36, 26, 48, 30), "messages": (34, 42, 66, 32),
    "attendance": (10, 36, 36, 34, 30, 28),
}  # fmt: skip


def plain(text: str) -> str:
    """What the fonts can write of it."""
    return "".join(_letter(one) for one in text)


def _letter(one: str) -> str:
    for form in (one, unicodedata.normalize("NFKD", one)[:1]):
        try:
            form.encode(LETTERS)
        except UnicodeEncodeError:
            continue
        return form
    return "" if unicodedata.combining(one) else "?"


class Paper(FPDF):
    """A4 with the foot on every page."""

    def __init__(self, mark: Mark) -> None:
        super().__init__(format="A4")
        self.core_fonts_encoding = LETTERS
        self.mark, self.replaced = mark, False
        self.alias_nb_pages(PAGES)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, FOOT)
        self.set_creation_date(mark.made_at)
        self.set_lang("id")

    def footer(self) -> None:
        self.set_y(-FOOT + 6)
        self.set_font("Helvetica", size=8)
        self.set_text_color(60)
        self.cell(140, 4, plain(self.mark.status))
        self.cell(
            0, 4, f"Halaman {self.page_no()} dari {PAGES}", align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.set_font("Courier", size=7.5)
        self.cell(0, 4, f"SHA-256 {self.mark.sha256}")
        self.set_text_color(0)

    def says(self, text: str) -> str:
        """The text as it can be written; that some of it cannot is remembered."""
        written = plain(text)
        self.replaced |= written != text
        return written

    def say(self, text: str, size: float = 10, style: str = "", align: str = "L") -> None:
        """A paragraph over the whole width."""
        self.set_font("Helvetica", style, size)
        self.multi_cell(0, size * 0.5, self.says(text), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def draw(document: Document, mark: Mark) -> bytes:
    """The file; the same document and mark are the same bytes."""
    paper = Paper(mark)
    paper.set_title(plain(f"{document.title} - {document.opening}")[:120])
    paper.add_page()
    _head(paper, document)
    for part in document.parts:
        _part(paper, part)
    _sign(paper, document.signatures)
    paper.add_page()
    _head(paper, document)
    _part(paper, document.attendance)
    if document.signatures:
        _sign(paper, document.signatures[:1])
    if paper.replaced:
        paper.ln(4)
        paper.say(REPLACED, 8, "I")
    return bytes(paper.output())


def _head(paper: Paper, document: Document) -> None:
    """The office's letterhead over a rule, then what this is."""
    office, *contact = document.letterhead
    paper.say(office, 13, "B", "C")
    for one in contact:
        paper.say(one, 9, "", "C")
    paper.set_line_width(0.6)
    paper.set_y(paper.get_y() + 2)
    paper.line(MARGIN, paper.get_y(), paper.w - MARGIN, paper.get_y())
    paper.set_line_width(0.2)
    paper.ln(4)
    paper.say(document.title, 14, "B", "C")
    paper.ln(1)
    paper.say(document.opening, 10)
    paper.ln(2)


def _part(paper: Paper, part: Part) -> None:
    if paper.will_page_break(26):  # a title never stands alone at the foot
        paper.add_page()
    paper.ln(2)
    paper.say(part.title, 11, "B")
    paper.ln(1)
    for sentence in part.lines:
        paper.say(sentence)
    if part.rows:
        _table(paper, part)


def _table(paper: Paper, part: Part) -> None:
    signed = part.key == "attendance"
    paper.set_font("Helvetica", size=9)
    layout = TableBordersLayout.ALL if part.head else TableBordersLayout.NONE
    with paper.table(
        col_widths=WIDTHS[part.key], text_align="LEFT", borders_layout=layout, line_height=4.4,
        padding=1 if part.head else 0.3,
        first_row_as_headings=bool(part.head), headings_style=FontFace(emphasis="BOLD", fill_color=235),
    ) as table:  # fmt: skip
        if part.head:
            table.row([paper.says(cell) for cell in part.head])
        for cells in part.rows:
            for line in _lines(cells):
                table.row([paper.says(cell) for cell in line], min_height=SIGNED_ROW if signed else None)


def _lines(cells: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The row itself, or as many as its longest cell needs: what a large sitting's numbers make goes on."""
    return zip_longest(*(textwrap.wrap(cell, LONGEST_CELL) or [""] for cell in cells), fillvalue="")


def _sign(paper: Paper, signatures: Sequence[tuple[str, str]]) -> None:
    """Two beside each other, never torn from the line they are signed on."""
    for first in range(0, len(signatures), 2):
        pair = signatures[first : first + 2]
        if paper.will_page_break(38):
            paper.add_page()
        paper.ln(6)
        top, width = paper.get_y(), (paper.w - 2 * MARGIN) / 2
        for column, (capacity, name) in enumerate(pair):
            paper.set_xy(MARGIN + column * width, top)
            _block(paper, width - 6, capacity, name)
        paper.set_xy(MARGIN, top + 30)


def _block(paper: Paper, width: float, capacity: str, name: str) -> None:
    paper.set_font("Helvetica", size=10)
    left, top = paper.get_x(), paper.get_y()
    paper.multi_cell(width, 4.6, paper.says(capacity), new_x=XPos.LEFT, new_y=YPos.NEXT)
    paper.set_xy(left, top + 24)
    paper.line(left, top + 23, left + width, top + 23)
    paper.cell(width, 5, paper.says(name or "Nama:"))
