"""Zip files from outside: declared sizes come first, members are read by name, nothing is ever extracted."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO

from question_bank.formats.loaded import FILE, Unreadable
from question_bank.problems import Problem, excerpt

MEGABYTE = 1024 * 1024

# The file as it was sent: a bank full of photographs, the same order as what a browser uploads in a minute.
MAX_ZIP_BYTES = 50 * MEGABYTE
# QTI 2 and 3 keep every item in a member of its own, so as many as a bank may have items, and their pictures.
# A member that nobody reads costs only its line in the directory.
MAX_MEMBERS = 25_000
# One member is held in memory while it is read; a sheet of 20,000 items or a photograph stays far below.
MAX_MEMBER_BYTES = 50 * MEGABYTE
# What a reader that asks for every member holds at most, within the memory of the child process.
MAX_TOTAL_BYTES = 200 * MEGABYTE
# Text and sheets shrink to a twentieth, rarely to a hundredth; a thousandth is deflate's best, which only
# empty content reaches. Small members may shrink as they like: they cannot hurt.
MAX_RATIO = 200
RATIO_FROM_BYTES = MEGABYTE

_LOCAL, _CENTRAL, _EMPTY = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL_HEADER_BYTES = 30
_ENCRYPTED = 0x1
_FILE_KIND, _LINK_KIND = 0o170000, 0o120000
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NEVER_CONTENT = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$)")
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError, IndexError,
    RuntimeError,
)  # fmt: skip


class MemberUnreadable(Exception):
    """One member of an archive cannot be read; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Archive:
    """A zip file whose directory was checked; `names` are its files with forward slashes, in order."""

    def __init__(self, opened: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo]) -> None:
        self._opened = opened
        self._infos = {_member_name(info): info for info in infos}
        self.names: tuple[str, ...] = tuple(name for name in self._infos if not _NEVER_CONTENT.search(name))

    def __contains__(self, name: object) -> bool:
        return name in self._infos

    def size(self, name: str) -> int:
        """Return the declared size in bytes; KeyError for a name that is not there."""
        return self._infos[name].file_size

    def read(self, name: str) -> bytes:
        """Return the member's bytes, never more than declared; raises MemberUnreadable, KeyError."""
        info = self._infos[name]
        try:
            with self._opened.open(info) as member:
                data = member.read(info.file_size + 1)
        except _DAMAGE as damage:
            raise MemberUnreadable(Problem(excerpt(name, 80), "zip_member_damaged")) from damage
        if len(data) != info.file_size:
            raise MemberUnreadable(Problem(excerpt(name, 80), "zip_member_damaged"))
        return data


def is_zip(data: bytes) -> bool:
    """Tell whether these bytes begin as a zip file does."""
    return data.startswith((_LOCAL, _EMPTY))


def peek(data: bytes) -> tuple[str, ...]:
    """Return the names in a zip file without judging it, () when there are none or too many; never raises."""
    if not is_zip(data) or data.count(_CENTRAL) > MAX_MEMBERS:
        return ()
    try:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            return tuple(_member_name(info) for info in opened.infolist())
    except _DAMAGE:
        return ()


def is_office(name: str, members: Sequence[str]) -> bool:
    """Tell whether a zip file is an office document, by its members or, when none is seen, by its name."""
    if not members:
        return name.casefold().endswith((".xlsx", ".xlsm"))
    known = {"[content_types].xml", "content.xml"}  # Microsoft's and OpenDocument's
    return any(member.casefold() in known or member.casefold().startswith("xl/") for member in members)


def open_zip(data: bytes) -> Archive:
    """Return the archive after its directory was checked; raises Unreadable with a sentence."""
    if len(data) > MAX_ZIP_BYTES:
        raise _refused("file_too_large", limit=MAX_ZIP_BYTES // MEGABYTE)
    if data.count(_CENTRAL) > MAX_MEMBERS:  # before anything is built for each of them
        raise _refused("zip_members", limit=MAX_MEMBERS)
    try:
        opened = zipfile.ZipFile(BytesIO(data))
    except _DAMAGE as damage:
        raise _refused("zip_damaged") from damage
    infos = opened.infolist()
    problem = next(_problems(infos, opened.start_dir), None)
    if problem:
        raise Unreadable(problem)
    return Archive(opened, [info for info in infos if not info.is_dir()])


def _refused(code: str, **params: str | int) -> Unreadable:
    return Unreadable(Problem(FILE, code, params))


def _member_name(info: zipfile.ZipInfo) -> str:
    # Some Windows programs write backslashes; whatever they lead to is judged after they are turned round.
    name = info.filename.replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    return name


def _problems(infos: Sequence[zipfile.ZipInfo], directory_start: int) -> Iterator[Problem]:
    yield from _sizes(infos)
    yield from _members(infos)
    yield from _doubled(infos)
    if _overlap(infos, directory_start):
        yield Problem(FILE, "zip_overlap")


def _sizes(infos: Sequence[zipfile.ZipInfo]) -> Iterator[Problem]:
    for info in infos:
        named = {"name": excerpt(info.filename)}
        if info.file_size > MAX_MEMBER_BYTES:
            yield Problem(FILE, "zip_member_large", {**named, "limit": MAX_MEMBER_BYTES // MEGABYTE})
        if info.file_size > max(RATIO_FROM_BYTES, MAX_RATIO * info.compress_size):
            yield Problem(FILE, "zip_ratio", {**named, "limit": MAX_RATIO})
    if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        yield Problem(FILE, "zip_total", {"limit": MAX_TOTAL_BYTES // MEGABYTE})


def _members(infos: Sequence[zipfile.ZipInfo]) -> Iterator[Problem]:
    for info in infos:
        named = {"name": excerpt(_CONTROL.sub("\ufffd", info.filename))}
        if not _name_is_safe(info):
            yield Problem(FILE, "zip_name", named)
        if _is_link(info):
            yield Problem(FILE, "zip_link", named)
        if info.flag_bits & _ENCRYPTED:
            yield Problem(FILE, "zip_encrypted", named)
        if info.compress_type not in _METHODS:
            yield Problem(FILE, "zip_method", named)


def _name_is_safe(info: zipfile.ZipInfo) -> bool:
    name = _member_name(info)
    plain = not (name.startswith("/") or _DRIVE.match(name) or _CONTROL.search(info.orig_filename))
    return bool(name) and plain and ".." not in name.split("/")


def _is_link(info: zipfile.ZipInfo) -> bool:
    return (info.external_attr >> 16) & _FILE_KIND == _LINK_KIND


def _doubled(infos: Sequence[zipfile.ZipInfo]) -> Iterator[Problem]:
    seen = set()
    for info in infos:
        name = _member_name(info)
        if name in seen and not info.is_dir():
            yield Problem(FILE, "zip_doubled", {"name": excerpt(name)})
        seen.add(name)


def _overlap(infos: Sequence[zipfile.ZipInfo], directory_start: int) -> bool:
    """Tell whether two members share bytes, by which a small file can unpack to an endless one."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    starts = [*(info.header_offset for info in ordered[1:]), directory_start]
    return any(
        info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size > following
        for info, following in zip(ordered, starts, strict=False)
    )
