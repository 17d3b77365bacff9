"""A file that was made to hurt is refused in a moment, with a sentence, and this process does not feel it."""

from __future__ import annotations

import io
import os
import stat
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from exam_server.bank import child, intake, limited
from exam_server.language import sentence
from question_bank.formats import Unreadable
from question_bank.formats import load as load_here
from question_bank.parcel import packed, unpacked

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
GOOD = b"soal,a,b,kunci\nSatu?,x,y,a\nDua?,x,y,b\n"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(sheet: bytes, more: Mapping[str, bytes] | None = None, link: str = "") -> bytes:
    """A workbook by hand; `link` names a member that is a symbolic link."""
    members = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="Soal" '
        'sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Target="worksheets/sheet1.xml" Type="{LINKS}/worksheet"/></Relationships>'.encode(),
        SHEET: sheet,
        **(more or {}),
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def sheet(body: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'.encode()


def row(*texts: str) -> str:
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts) + "</row>"


def swollen() -> bytes:
    """2.1 MB that unpack to 1.2 GB of a sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/workbook.xml", "w") as member:
            member.write(b"<workbook/>")
        with archive.open(SHEET, "w", force_zip64=True) as member:
            for _ in range(1_200):
                member.write(b"<row><c/></row>" * 70_000)
    return out.getvalue()


def lying() -> bytes:
    """A workbook whose directory says that its sheet is small."""
    data = bytearray(workbook(sheet("<row><c/></row>" * 2_000_000)))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    struct.pack_into("<I", data, at + 24, 60_000)
    struct.pack_into("<I", data, data.index(SHEET.encode()) - 8, 60_000)
    return bytes(data)


def laughs() -> bytes:
    entities = '<!ENTITY a0 "haha">' + "".join(
        f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10)
    )
    return f"<?xml version='1.0'?><!DOCTYPE quiz [{entities}]><quiz>&a9;</quiz>".encode()


def wide() -> bytes:
    return workbook(sheet(row(*(f"x{number * 7919 % 10007}" for number in range(16_384)))))


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a small workbook of a gigabyte": ("besar.xlsx", swollen),
    "a member that swells 466 times": ("b.xlsx", lambda: workbook(sheet("<row><c/></row>" * 300_000))),
    "a directory that lies": ("b.xlsx", lying),
    "a billion laughs": ("b.xml", laughs),
    "a billion laughs in a sheet": ("b.xlsx", lambda: workbook(laughs())),
    "sixteen thousand columns": ("b.xlsx", wide),
    "a name that climbs out": ("b.xlsx", lambda: workbook(sheet(""), {"../../etc/passwd": b"x"})),
    "an absolute name": ("b.xlsx", lambda: workbook(sheet(""), {"/etc/passwd": b"x"})),
    "a symbolic link": ("b.xlsx", lambda: workbook(sheet(""), link="xl/media/image1.png")),
    "thirty thousand members": (
        "b.xlsx",
        lambda: workbook(sheet(""), {f"x/{n}": b"" for n in range(30_000)}),
    ),
}


def peak() -> int:
    """The most memory that this process held since it was last asked, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    highest = int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024
    Path("/proc/self/clear_refs").write_text("5")
    return highest


def refusal(file: Path) -> str:
    """The sentence about a file from which nothing is read."""
    try:
        report = intake.read(file, "id")
    except intake.CannotRead as refused:
        return str(refused)
    assert report.items == ()
    return report.errors[0][1]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_a_moment_and_this_process_stays_small(bomb: str, tmp_path: Path) -> None:
    name, make = BOMBS[bomb]
    file = tmp_path / name
    file.write_bytes(make())
    peak()
    before, start = peak(), time.monotonic()
    said = refusal(file)
    assert time.monotonic() - start < 8, "a second or two on a quiet machine"
    assert peak() - before < 60 * MEGABYTE
    assert said.endswith(".")
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_what_the_child_reads_is_what_the_library_reads() -> None:
    assert limited.load("b.csv", GOOD) == load_here("b.csv", GOOD)
    assert unpacked(packed(load_here("b.csv", GOOD))) == load_here("b.csv", GOOD)


def test_a_file_is_read_from_the_disk_without_passing_through_this_process(tmp_path: Path) -> None:
    file = tmp_path / "b.csv"
    file.write_bytes(GOOD)
    assert limited.load(file.name, file).items == load_here("b.csv", GOOD).items


def test_a_refusal_comes_back_as_the_same_refusal() -> None:
    with pytest.raises(Unreadable) as refused:
        limited.load("b.csv", b"")
    assert refused.value.problem.code == "file_empty"


def test_a_file_over_the_limit_is_refused_before_a_child_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limited, "CHILD", tmp_path / "missing.py")
    with (tmp_path / "b.csv").open("wb") as file:
        file.truncate(51 * MEGABYTE)
    with pytest.raises(Unreadable) as refused:
        limited.load("b.csv", tmp_path / "b.csv")
    assert refused.value.problem.code == "file_too_large"


HUNGRY = {
    "memory": "kept = [bytes(50_000_000) for _ in range(100)]",
    "a processor": "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
    "space for its answer": "sys.stdout.buffer.write(bytes(200_000_000))",
    "files": "kept = [open('/dev/null') for _ in range(100)]",
}


@pytest.mark.parametrize("wish", HUNGRY)
def test_a_reader_that_wants_too_much_is_a_sentence(
    wish: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "child.py"
    script.write_text(
        f"import sys, resource\nsys.path.insert(0, {str(ROOT)!r})\n"
        f"import importlib.util as u\nspec = u.spec_from_file_location('child', {str(child.__file__)!r})\n"
        f"child = u.module_from_spec(spec)\nspec.loader.exec_module(child)\nchild.limit()\n{HUNGRY[wish]}\n"
    )
    monkeypatch.setattr(limited, "CHILD", script)
    before = peak()
    with pytest.raises(limited.FileTooHeavy) as refused:
        limited.load("b.csv", GOOD)
    assert sentence(refused.value, "id").endswith(".")
    assert peak() - before < 150 * MEGABYTE


def test_a_reader_that_never_ends_is_ended_and_may_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "child.py"
    script.write_text("import signal\nsignal.pause()\n")
    monkeypatch.setattr(limited, "CHILD", script)
    monkeypatch.setattr(limited, "PATIENCE", 0.3)
    with pytest.raises(limited.ReaderBusy):
        limited.load("b.csv", GOOD)
    monkeypatch.undo()
    assert len(limited.load("b.csv", GOOD).items) == 2


def test_only_so_many_are_read_at_once_and_the_others_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(limited, "QUEUE_PATIENCE", 0.05)
    with limited._turns, pytest.raises(limited.ReaderBusy):
        limited.load("b.csv", GOOD)
    assert limited.load("b.csv", GOOD).items


def test_the_child_knows_no_secret_and_opens_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "child.py"
    script.write_text(
        "import os, json\nprint(json.dumps({'unreadable': [[','.join(os.environ), 'file_empty', {}]]}))"
    )
    monkeypatch.setattr(limited, "CHILD", script)
    monkeypatch.setenv("SECRET_KEY", "kanari")
    with pytest.raises(Unreadable) as refused:
        limited.load("b.csv", GOOD)
    assert set(refused.value.problem.where.split(",")) <= {"LC_ALL", "LC_CTYPE"}


HUB = """
import sys
sys.path.insert(0, {root!r})
mode = sys.argv[1]
if mode == "eventlet":
    import warnings; warnings.simplefilter("ignore")
    import eventlet; eventlet.monkey_patch()
    from eventlet import sleep, spawn, tpool
    run = tpool.execute
else:
    from gevent import monkey; monkey.patch_all()
    import gevent
    from gevent import sleep, spawn
    run = lambda act, *args: gevent.get_hub().threadpool.apply(act, args)
from exam_server.bank import limited
beats = []
def beat():
    while True:
        beats.append(1)
        sleep(0.01)
spawn(beat)
loaded = run(limited.load, "b.csv", {data!r})
print(len(loaded.items), len(beats) > 5)
"""


@pytest.mark.parametrize("mode", ["eventlet", "gevent"])
def test_the_hub_goes_on_while_a_file_is_read(mode: str) -> None:
    program = HUB.format(root=str(ROOT), data=GOOD)
    done = subprocess.run(
        [sys.executable, "-c", program, mode], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert done.stdout.split() == ["2", "True"], done.stderr
