"""A PDF is judged by its structure and kept as pictures of its pages, so that nobody has to open it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from exam_server.documents.pictures import save, save_thumbnail
from exam_server.documents.rules import MOST_PAGES
from exam_server.documents.signatures import Problem

LONGEST = 1800
ACTIVE_KEYS = {"/JavaScript", "/JS", "/Launch", "/AA", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"}
ACTIVE_KINDS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/RichMedia",
                "/RichMediaExecute", "/EmbeddedFile", "/Rendition", "/Movie", "/Sound"}  # fmt: skip
ACTIVE_BYTES = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
"""The same in the raw file: a broken table of contents can hide an object from one reader only."""

PACKERS = {"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"}
MOST_OBJECTS = 50_000


def keep_pages(source: Path, folder: Path) -> tuple[int, int, int]:
    """(pages, width, height of page 1) of the pictures written; raises Problem."""
    _check(source)
    with pypdfium2.PdfDocument(source) as document:
        sizes = [_draw(document, number, folder) for number in range(_countable(len(document)))]
    return len(sizes), *sizes[0]


def _check(source: Path) -> None:
    """Nothing encrypted, nothing that acts, nothing packed twice; streams of pages are not decoded."""
    if ACTIVE_BYTES.search(source.read_bytes()):
        raise Problem("pdf_active")
    with source.open("rb") as file:
        reader = PdfReader(file, strict=False)
        if reader.is_encrypted:
            raise Problem("pdf_encrypted")
        for found in _objects(reader):
            _check_one(found)
        _countable(len(reader.pages))


def _countable(pages: int) -> int:
    if pages > MOST_PAGES:
        raise Problem("pdf_too_many_pages")
    if pages < 1:
        raise Problem("damaged")
    return pages


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, however deep it lies."""
    numbers = {(number, generation) for generation, found in reader.xref.items() for number in found}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise Problem("too_heavy")
    yield from _dictionaries(reader.trailer)
    for number, generation in sorted(numbers):
        yield from _dictionaries(IndirectObject(number, generation, reader))


def _dictionaries(value: Any) -> Iterator[DictionaryObject]:
    """Those inside one object, without following references."""
    waiting = [_resolved(value)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            yield one
            waiting += list(dict.values(one))
        elif isinstance(one, ArrayObject):
            waiting += list(list.__iter__(one))


def _resolved(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _check_one(found: DictionaryObject) -> None:
    kinds = {str(_resolved(found.get(name))) for name in ("/S", "/Type", "/Subtype")}
    if ACTIVE_KEYS & found.keys() or ACTIVE_KINDS & kinds or _acts_on_opening(found):
        raise Problem("pdf_active")
    filters = _resolved(found.get("/Filter"))
    chain = [str(_resolved(one)) for one in filters] if isinstance(filters, ArrayObject) else []
    if sum(name in PACKERS for name in chain) > 1:
        raise Problem("too_heavy")  # a few bytes packed twice can fill a memory


def _acts_on_opening(found: DictionaryObject) -> bool:
    """Going to a page at a zoom, which text processors write by themselves, is not an act."""
    opening = _resolved(found.get("/OpenAction"))
    if isinstance(opening, DictionaryObject):
        return _resolved(opening.get("/S")) != "/GoTo" or "/Next" in opening
    return opening is not None and not isinstance(opening, ArrayObject)


def _draw(document: pypdfium2.PdfDocument, number: int, folder: Path) -> tuple[int, int]:
    page = document[number]
    scale = LONGEST / max(*page.get_size(), 1)
    drawn: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    page.close()
    save(drawn, folder / f"page-{number + 1}.jpg")
    if number == 0:
        save_thumbnail(drawn, folder)
    return drawn.size
