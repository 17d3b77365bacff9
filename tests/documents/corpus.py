"""Good files and hostile ones, made by code: nothing here was taken from a person or from elsewhere."""

from __future__ import annotations

import functools
import io
import random
import struct
import zlib
from collections.abc import Callable

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

ORIENTATION, GPS = 0x0112, 0x8825
PLACE = "kanari-tempat-foto"
"""Stands in the metadata of the picture and must stand nowhere afterwards."""


def noisy(width: int, height: int) -> Image.Image:
    """Something like a photo: it does not compress to nothing."""
    small = random.Random(7).randbytes(60 * 40 * 3)
    return Image.frombytes("RGB", (60, 40), small).resize((width, height))


def jpeg(width: int = 640, height: int = 400, quality: int = 85) -> bytes:
    out = io.BytesIO()
    noisy(width, height).save(out, "JPEG", quality=quality)
    return out.getvalue()


def camera_jpeg() -> bytes:
    """As a phone held upright stores it: lying, red at the left, with a place and a turn in its metadata."""
    picture = Image.new("RGB", (400, 200), "blue")
    picture.paste("red", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turn it to the right before showing
    exif[0x010E] = PLACE
    exif[GPS] = {1: "S", 2: (6.0, 35.0, 0.0), 3: "E", 4: (110.0, 40.0, 0.0), 29: PLACE}
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=PLACE.encode())
    return out.getvalue()


def png(width: int = 300, height: int = 200, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    noisy(width, height).convert(mode).save(out, "PNG")
    return out.getvalue()


@functools.cache
def pdf(pages: int = 1) -> bytes:
    """As a scanner makes it: one picture per page."""
    out = io.BytesIO()
    scans = [Image.new("RGB", (300, 420), (250, 250 - 20 * number, 250)) for number in range(pages)]
    scans[0].save(out, "PDF", save_all=True, append_images=scans[1:])
    return out.getvalue()


def _written(change: Callable[[PdfWriter], object]) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    change(writer)
    writer.write(out)
    return out.getvalue()


def encrypted_pdf() -> bytes:
    return _written(lambda writer: writer.encrypt("rahasia", algorithm="RC4-128"))


def opening_pdf() -> bytes:
    """Runs JavaScript when it is opened."""
    act = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"),
                            NameObject("/JS"): TextStringObject("app.alert(1)")})  # fmt: skip
    return _written(lambda writer: writer._root_object.update({NameObject("/OpenAction"): act}))


def hidden_javascript_pdf() -> bytes:
    """The same in an object stream and with an escaped name, where no search for words finds it."""
    return _raw_pdf(b"<< >>", objects=b"<< /Type /Action /S /J#61vaScript /J#53 (app.alert(1)) >>")


def launching_pdf() -> bytes:
    act = DictionaryObject({NameObject("/S"): NameObject("/Launch"),
                            NameObject("/F"): TextStringObject("calc.exe")})  # fmt: skip
    return _written(lambda writer: writer._root_object.update({NameObject("/OpenAction"): act}))


def attaching_pdf() -> bytes:
    return _written(lambda writer: writer.add_attachment("daftar.txt", b"isi"))


def form_pdf() -> bytes:
    form = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    return _written(lambda writer: writer._root_object.update({NameObject("/AcroForm"): form}))


@functools.cache
def _packed(mega: int, times: int) -> bytes:
    """`mega` million zero bytes, deflated `times` times."""
    packer, block = zlib.compressobj(9), bytes(1_000_000)
    data = b"".join([packer.compress(block) for _ in range(mega)]) + packer.flush()
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    return data


def pdf_bomb() -> bytes:
    """About 2 KB whose page unpacks to half a gigabyte."""
    return _raw_pdf(b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>", _packed(500, 2))


def table_bomb() -> bytes:
    """The same where a reader must unpack it to find the objects at all."""
    return _raw_pdf(b"<< >>", objects=b"<< >>", packed=_packed(500, 2))


def _raw_pdf(head: bytes, content: bytes = b"", objects: bytes = b"", packed: bytes = b"") -> bytes:
    """A PDF written by hand: one page with `content`; `objects` lies in an object stream."""
    stream = b"6 0 " + objects
    inner = packed or zlib.compress(stream)
    filters = b"[/FlateDecode /FlateDecode]" if packed else b"/FlateDecode"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R /X 6 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
        (head % len(content) if b"%d" in head else b"<< /Length %d >>" % len(content))
        + b"\nstream\n" + content + b"\nendstream",
        b"<< /Type /ObjStm /N 1 /First 4 /Length %d /Filter %s >>\nstream\n" % (len(inner), filters)
        + inner + b"\nendstream",
    ]  # fmt: skip
    out, places = b"%PDF-1.5\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    rows = [struct.pack(">BIH", 0, 0, 65535)] + [struct.pack(">BIH", 1, place, 0) for place in places]
    rows += [struct.pack(">BIH", 2, 5, 0), struct.pack(">BIH", 1, len(out), 0)]
    table = b"".join(rows)
    at = len(out)
    out += b"7 0 obj\n<< /Type /XRef /Size 8 /W [1 4 2] /Root 1 0 R /Length %d >>\nstream\n" % len(table)
    return out + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


@functools.cache
def huge_png(side: int = 13_000) -> bytes:
    """169 million pixels in a few hundred kilobytes, written row by row."""
    packer = zlib.compressobj(9)
    rows = b"".join([packer.compress(bytes(side + 1)) for _ in range(side)]) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_comment(picture: bytes, comment: bytes) -> bytes:
    """A JPEG with one more comment right after its beginning."""
    return picture[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + picture[2:]


PHP = b"<?php system($_GET['c']); ?>"
HEIC = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(400)
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def hostile() -> dict[str, tuple[bytes, str]]:
    """name -> (bytes, code of the refusal)"""
    return {
        "php-comment.jpg": (with_comment(jpeg(), PHP), "hidden_code"),
        "php-trailer.jpg": (jpeg() + PHP, "hidden_code"),
        "html-trailer.jpg": (jpeg() + b"<HTML><script>alert(1)</script>", "hidden_code"),
        "php-text.png": (png()[:-12] + _chunk(b"tEXt", b"Comment\0" + PHP) + png()[-12:], "hidden_code"),
        "gambar.svg": (SVG, "svg"),
        "halaman.html": (b"\n<!DOCTYPE html><html><script>alert(1)</script></html>", "html"),
        "gif.gif": (b"GIF89a/*" + bytes(20) + b"*/=alert(1)", "gif"),
        "stiker.webp": (b"RIFF\x1a\0\0\0WEBPVP8 " + bytes(20), "webp"),
        "iphone.heic": (HEIC, "heic"),
        "surat.docx": (b"PK\x03\x04" + bytes(60), "office"),
        "pasang.exe": (b"MZ" + bytes(60), "program"),
        "shell.php": (PHP, "program"),
        "catatan.txt": (b"ini bukan gambar sama sekali", "unknown_type"),
        "terpotong.jpg": (jpeg()[: len(jpeg()) // 2], "damaged"),
        "terpotong.png": (png()[: len(png()) // 2], "damaged"),
        "terpotong.pdf": (b"%PDF-1.7\n1 0 obj\n<< /Type /Cat", "damaged"),
        "kosong.jpg": (b"", "empty"),
        "luas.png": (huge_png(), "too_many_pixels"),
        "javascript.pdf": (opening_pdf(), "pdf_active"),
        "javascript-tersembunyi.pdf": (hidden_javascript_pdf(), "pdf_active"),
        "peluncur.pdf": (launching_pdf(), "pdf_active"),
        "lampiran.pdf": (attaching_pdf(), "pdf_active"),
        "formulir.pdf": (form_pdf(), "pdf_active"),
        "terkunci.pdf": (encrypted_pdf(), "pdf_encrypted"),
        "bom.pdf": (pdf_bomb(), "too_heavy"),
        "bom-tabel.pdf": (table_bomb(), "too_heavy"),
        "tebal.pdf": (pdf(11), "pdf_too_many_pages"),
    }


def busy_pdf() -> bytes:
    """Harmless, but its page takes a few seconds to draw."""
    content = b"0 0 m 150 150 l S " * 25_000
    return _raw_pdf(b"<< /Length %d >>", content, objects=b"<< >>")
