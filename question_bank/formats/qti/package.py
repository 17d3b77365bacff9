"""A QTI content package: every document in it once, in the order of its manifest."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from question_bank.formats.loaded import FILE, Harvest, Unreadable
from question_bank.formats.qti.manifest import MANIFEST, Contents, manifests, topics
from question_bank.formats.qti.markup import markup
from question_bank.formats.qti.media import Pictures
from question_bank.formats.qti.reader import Reader
from question_bank.formats.qti.sniff import is_qti, is_structure, root_name
from question_bank.formats.qti.tree import Malformed, Node, problem_of, tree_of
from question_bank.formats.zips import Archive, MemberUnreadable
from question_bank.problems import Problem, excerpt
from question_bank.validate import STEM_LIMIT

_ENDINGS = (".xml", ".qti", ".dat")  # the last is Blackboard's
_CANVAS_SUBSET = re.compile(r"(.*/)?([^/]+)/assessment_qti\.xml")
_ITEMS, _STRUCTURE, _STIMULUS = "items", "structure", "stimulus"


def read_package(archive: Archive, harvest: Harvest) -> str:
    """Read all documents of a package; return the format of the first item; raises Unreadable without any."""
    contents = _contents(archive, harvest)
    documents = list(_documents(archive, contents, harvest))
    if not documents and not contents.items:
        inner = next((name for name in archive.names if name.casefold().endswith(".zip")), "")
        code = "qti_zip_inside" if inner else "qti_no_package"
        raise Unreadable(Problem(FILE, code, {"name": excerpt(inner)}))
    reader = Reader(harvest, Pictures(harvest, archive), contents.about)
    shared = _Shared()
    for name, kind in documents:
        root = _member_tree(archive, name, harvest) if kind != _ITEMS else None
        if root:
            shared.add(root, name)
    reader.topics, reader.stimuli = shared.topics, shared.stimuli
    for name, kind in documents:
        root = _member_tree(archive, name, harvest) if kind == _ITEMS else None
        if root:
            reader.document(root, name)
    return reader.format or "qti21"


class _Shared:
    """What several items of a package have in common."""

    def __init__(self) -> None:
        self.topics: dict[str, str] = {}
        self.stimuli: dict[str, str] = {}

    def add(self, root: Node, member: str) -> None:
        if root.name == "assessmentStimulus":
            body = root.first("stimulusBody")
            html = f"<div>{markup(body.parts)}</div>" if body else ""
            if 0 < len(html) <= STEM_LIMIT:  # a longer one would fit into no stem
                self.stimuli[member] = html
        else:
            self.topics.update(topics(root, member))


def _contents(archive: Archive, harvest: Harvest) -> Contents:
    contents = Contents()
    for name in manifests(archive.names):
        root = _member_tree(archive, name, harvest)
        if root:
            contents.add(root, name)
    present = {name.casefold() for name in archive.names}
    for missing in (name for name in contents.items if name.casefold() not in present):
        harvest.note(Problem(excerpt(missing, 80), "qti_member_absent"))
    return contents


def _documents(archive: Archive, contents: Contents, harvest: Harvest) -> Iterator[tuple[str, str]]:
    """Yield the members that hold QTI, with what they hold."""
    for name in _ordered(archive.names, contents):
        try:
            data = archive.read(name)
        except MemberUnreadable as damage:
            harvest.note(damage.problem)
            continue
        if is_qti(data):
            yield name, _kind(data)
        elif name in contents.items and not root_name(data):
            harvest.note(Problem(excerpt(name, 80), "xml_broken", {"line": 1, "what": "-"}))


def _kind(data: bytes) -> str:
    if is_structure(data):
        return _STRUCTURE
    return _STIMULUS if root_name(data) in (b"assessmentStimulus", b"qti-assessment-stimulus") else _ITEMS


def _ordered(names: Sequence[str], contents: Contents) -> Iterator[str]:
    """Yield the members that may hold QTI, those of the manifest first."""
    present = {name.casefold(): name for name in names}
    listed = (present.get(path.casefold(), "") for path in contents.listed)
    names_there = set(names)
    asked = {path.casefold() for path in contents.items}
    for name in dict.fromkeys([*listed, *names]):
        path = name.casefold()
        likely = path in asked or (path.endswith(_ENDINGS) and posixpath.basename(path) != MANIFEST)
        if likely and not _said_in_full(name, names_there):
            yield name


def _said_in_full(name: str, present: set[str]) -> bool:
    """Tell whether this is the part of a Canvas quiz that Common Cartridge knows, beside the whole quiz."""
    found = _CANVAS_SUBSET.fullmatch(name)
    return found is not None and f"{found[1] or ''}non_cc_assessments/{found[2]}.xml.qti" in present


def _member_tree(archive: Archive, name: str, harvest: Harvest) -> Node | None:
    where = excerpt(name, 80)
    try:
        return tree_of(archive.read(name))
    except MemberUnreadable as damage:
        harvest.note(damage.problem)
    except Malformed as malformed:
        harvest.note(problem_of(malformed, where))
        return malformed.before
    return None
