"""What a program did to its folder, in order, read from the trace of its system calls.

A tape knows files and folders by number, so that a later rename does not confuse who was written to. What was
written counts as on disk only from the next sync of that file on, and a name only from the next sync of the
folder it stands in: no more is promised by the kernel.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rmdir,rename,renameat,renameat2,"
    "mkdir,mkdirat"
)  # fmt: skip
LONGEST = 2_000_000
"""Bytes of one write that the trace shows; a longer one would be cut, and is refused."""

SHARED_MEMORY = "-shm"
"""SQLite's index of its log: mapped memory, built anew after a crash."""

LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
FILE = re.compile(r"^\d+<([^>]*)>")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
PLACE = re.compile(r'(?:(?:AT_FDCWD|\d+)(?:<([^>]*)>)?, )?"((?:\\x[0-9a-f]{2})*)"')
ROOT = 0


@dataclass(frozen=True)
class Made:
    """A name now stands in a folder, for a file or folder that is new or came from elsewhere."""

    folder: int
    name: str
    node: int


@dataclass(frozen=True)
class Dropped:
    """A name stands in a folder no longer."""

    folder: int
    name: str


@dataclass(frozen=True)
class Wrote:
    """Bytes at a place in a file."""

    node: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Cut:
    """A file has this length now, in bytes."""

    node: int
    length: int


@dataclass(frozen=True)
class Synced:
    """Everything done to this file or folder so far is on disk."""

    node: int


@dataclass(frozen=True)
class Promised:
    """What somebody was told."""

    words: tuple[str, ...]


Event = Made | Dropped | Wrote | Cut | Synced | Promised


def record(command: Sequence[str], trace: Path) -> None:
    """Run `command` to its end, with a trace of its system calls and its children's in `trace`."""
    strace = ["strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", str(LONGEST), "-e", f"trace={CALLS}"]
    done = subprocess.run(
        [*strace, "-o", str(trace), sys.executable, *command], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])


class Tape:
    """`events` of a run over `folder`, which stood as `before` when it began."""

    def __init__(self, folder: Path, before: Path, promises: Path, trace: Path) -> None:
        self._folder, self._promises = str(folder), str(promises)
        self.kinds: dict[int, bool] = {ROOT: True}  # whether a number is a folder
        self.first: dict[int, bytes] = {}
        self.events: list[Event] = []
        self._names: dict[tuple[int, str], int] = {}
        self._ends: dict[int, int] = {}
        self._take_before(before, ROOT)
        self.began = dict(self._names)
        for call, said, result in _calls(trace):
            self._take(call, said, result)

    def _take_before(self, folder: Path, node: int) -> None:
        for path in sorted(folder.iterdir()):
            made = self._names[node, path.name] = self._new(path.is_dir())
            if path.is_dir():
                self._take_before(path, made)
            else:
                self.first[made] = path.read_bytes()

    def _new(self, is_folder: bool) -> int:
        node = len(self.kinds)
        self.kinds[node] = is_folder
        return node

    def _take(self, call: str, said: str, result: int) -> None:
        if call == "openat":
            self._opened(said)
        elif call in ("mkdir", "mkdirat"):
            self._make(_places(said)[0], is_folder=True)
        elif call.startswith("rename"):
            self._rename(*_places(said)[:2])
        elif call in ("unlink", "unlinkat", "rmdir"):
            self._drop(_places(said)[0])
        else:
            self._touched(call, said, result)

    def _opened(self, said: str) -> None:
        place = _places(said)[0]
        if "O_CREAT" in said and self._node(place) is None:
            self._make(place, is_folder=False)
        node = self._node(place)
        if node is not None and "O_TRUNC" in said:
            self.events.append(Cut(node, 0))
            self._ends[node] = 0

    def _make(self, path: str, is_folder: bool) -> None:
        if found := self._spot(path):
            node = self._names[found] = self._new(is_folder)
            self.events.append(Made(*found, node))

    def _rename(self, source: str, target: str) -> None:
        left, come = self._spot(source), self._spot(target)
        if left and come:
            node = self._names[come] = self._names.pop(left)
            self.events += [Dropped(*left), Made(*come, node)]

    def _drop(self, path: str) -> None:
        if found := self._spot(path):
            del self._names[found]
            self.events.append(Dropped(*found))

    def _touched(self, call: str, said: str, result: int) -> None:
        path = _path(said)
        node = self._node(path)
        if call == "write" and path == self._promises:
            self.events.append(Promised(tuple(_data(said).decode().split())))
        elif node is None:
            return
        elif call in ("fsync", "fdatasync"):
            self.events.append(Synced(node))
        elif call == "ftruncate":
            self.events.append(Cut(node, int(said.rsplit(", ", 1)[1])))
        elif call == "pwrite64":
            self.events.append(Wrote(node, int(said.rsplit(", ", 1)[1]), _data(said)[:result]))
        else:
            end = self._ends.get(node, 0)
            self.events.append(Wrote(node, end, _data(said)[:result]))
            self._ends[node] = end + result

    def _node(self, path: str) -> int | None:
        if path == self._folder:
            return ROOT
        found = self._spot(path)
        return self._names.get(found) if found else None

    def _spot(self, path: str) -> tuple[int, str] | None:
        """(folder, name) of a path below our folder; nothing for any other."""
        if not path.startswith(self._folder + "/") or path.endswith(SHARED_MEMORY):
            return None
        *above, name = path.removeprefix(self._folder + "/").split("/")
        node = ROOT
        for part in above:
            node = self._names[node, part]
        return node, name


def _calls(trace: Path) -> Iterator[tuple[str, str, int]]:
    """(call, arguments, result) of every call that succeeded, in the order in which they came to an end."""
    begun: dict[str, str] = {}
    with trace.open() as lines:
        for line in lines:
            task, _, said = line.partition(" ")
            if "<unfinished ...>" in said:
                begun[task] = said.partition(" <unfinished ...>")[0].lstrip()
                continue
            if " resumed>" in said:
                said = begun.pop(task) + said.partition(" resumed>")[2]
            found = LINE.match(f"{task} {said}")
            if found and int(found[4]) >= 0:
                yield found[2], found[3], int(found[4])


def _places(said: str) -> list[str]:
    """The absolute paths among the arguments."""
    found = []
    for folder, name in PLACE.findall(said):
        path = _plain(name).decode()
        found.append(path if path.startswith("/") else f"{_readable(folder)}/{path}")
    return found


def _path(said: str) -> str:
    found = FILE.match(said)
    return _readable(found[1]) if found else ""


def _data(said: str) -> bytes:
    found = TEXT.search(said)
    if found is None or found[2]:
        raise ValueError("the trace shows only a part of a write")
    return _plain(found[1])


def _readable(path: str) -> str:
    return _plain(path).decode() if path.startswith("\\x") else path


def _plain(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
