"""Pictures of a QTI file: from the address in a text to the file's own bytes; nothing is ever fetched."""

import posixpath
import re
from collections.abc import Iterator

from question_bank.formats.loaded import Harvest
from question_bank.formats.zips import Archive, MemberUnreadable
from question_bank.pictures import is_remote, kind_of, unquoted

# Common Cartridge writes $IMS-CC-FILEBASE$ for the root of the package's files.
_FILE_BASE = re.compile(r"\$?IMS[-_]CC[-_]FILE[-_]?BASE\$?/?", re.IGNORECASE)
_BEHIND_PATH = re.compile(r"[?#].*", re.DOTALL)
_SHARED_FOLDERS = ("", "web_resources")


class Pictures:
    """The pictures inside one file or package; each is read once, however often texts name it."""

    def __init__(self, harvest: Harvest, archive: Archive | None = None) -> None:
        self._harvest = harvest
        self._archive = archive
        self._read: dict[str, bytes | None] = {}
        # By the identity of the bytes in `_read`, so that none is hashed for each text that names it.
        self._names: dict[int, str] = {}
        self._by_path: dict[str, str] = {}
        self._by_end: dict[str, str] = {}
        for name in archive.names if archive else ():
            self._by_path.setdefault(name.casefold(), name)
            end = posixpath.basename(name).casefold()
            # "" marks an end that two members share, so that it tells nothing.
            self._by_end[end] = "" if end in self._by_end else name

    def find(self, address: str, member: str) -> bytes | None:
        """Return the bytes behind an address that stands in this member; None when they are not here."""
        if self._archive is None or is_remote(address):
            return None
        place = self._place(address, member)
        if place and place not in self._read:
            self._read[place] = data = self._member(self._archive, place)
            if data:
                self._names[id(data)] = ""
        return self._read.get(place)

    @staticmethod
    def _member(archive: Archive, name: str) -> bytes | None:
        try:
            return archive.read(name)
        except MemberUnreadable:
            return None

    def keep(self, hint: str, data: bytes) -> str:
        """Return the name under which the picture is kept now."""
        name = self._names.get(id(data), "") or self._harvest.picture(hint, data)
        if id(data) in self._names:
            self._names[id(data)] = name
        return name

    def beside(self, address: str, member: str) -> str:
        """Return the name of a picture that stands beside the texts; it may lie beside the file as well."""
        data = self.find(address, member)
        return self.keep(address, data) if data and kind_of(data) else posixpath.basename(unquoted(address))

    def _place(self, address: str, member: str) -> str:
        path = _BEHIND_PATH.sub("", unquoted(address)).replace("\\", "/").strip()
        for candidate in _candidates(path, posixpath.dirname(member)):
            found = self._by_path.get(candidate.casefold())
            if found:
                return found
        return self._by_end.get(posixpath.basename(path).casefold(), "")


def _candidates(path: str, folder: str) -> Iterator[str]:
    based = _FILE_BASE.search(path)
    rest = path[based.end() :] if based else path
    if not based:
        yield posixpath.normpath(posixpath.join(folder, rest))
    for shared in _SHARED_FOLDERS:
        yield posixpath.normpath(posixpath.join(shared, rest.lstrip("/")))
