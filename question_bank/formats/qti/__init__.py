"""QTI 1.2, 2.0, 2.1, 2.2 and 3.0: a bare XML file or a content package; writing QTI 3.0 packages."""

from question_bank.formats.decode import decode
from question_bank.formats.loaded import FILE, Harvest, Loaded, Unreadable
from question_bank.formats.qti.media import Pictures
from question_bank.formats.qti.package import read_package
from question_bank.formats.qti.reader import Reader
from question_bank.formats.qti.sniff import is_qti, root_name
from question_bank.formats.qti.tree import Malformed, Node, problem_of, tree_of
from question_bank.formats.qti.write import dump
from question_bank.formats.zips import is_office, is_zip, open_zip, peek

__all__ = ["detect", "dump", "load"]


def detect(name: str, data: bytes) -> bool:
    """Tell whether the file is a QTI document, or a zip file that is no office document; never raises."""
    if not is_zip(data):
        return is_qti(data)
    return not is_office(name, peek(data))


def load(data: bytes) -> Loaded:
    """Return the items, skipped questions and problems of a QTI file or package; raises Unreadable."""
    harvest = Harvest()
    if is_zip(data):
        return harvest.loaded(read_package(open_zip(data), harvest))
    reader = Reader(harvest, Pictures(harvest))
    root = _root(data, harvest)
    if root:
        reader.document(root, "")
    return harvest.loaded(reader.format or "qti")


def _root(data: bytes, harvest: Harvest) -> Node | None:
    """Return the root of a document, of a broken one as far as it goes; raises Unreadable."""
    try:
        return tree_of(data)
    except Malformed as malformed:
        if not root_name(data):
            decode(data)  # says better than "broken" why nothing can read an empty or binary file
        if malformed.code != "xml_broken":
            raise Unreadable(problem_of(malformed, FILE)) from malformed
        harvest.note(problem_of(malformed, FILE))
        return malformed.before
