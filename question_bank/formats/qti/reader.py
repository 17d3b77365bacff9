"""One QTI document after the other: each item is counted once, as an item, a skipped question or an error."""

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from question_bank.formats.choice import Refused
from question_bank.formats.labels import Labels, fitted
from question_bank.formats.loaded import FILE, MAX_ITEMS, Harvest
from question_bank.formats.qti import item1, item2
from question_bank.formats.qti.manifest import About, resolved
from question_bank.formats.qti.media import Pictures
from question_bank.formats.qti.tree import Node
from question_bank.formats.texts import Texts
from question_bank.problems import Problem, excerpt
from question_bank.text import line
from question_bank.validate import STEM_LIMIT

OWN_TOOL = "exam-server"  # what our own packages state as the program that wrote them

_VERSIONS = (("v3p0", "qti30"), ("v2p2", "qti22"), ("v2p1", "qti21"), ("v2p0", "qti20"))
_MOST_STIMULI = 3
_GENERIC = {"", "root_section", "section", "root", "main"}


@dataclass
class Reader:
    """Reads documents into a harvest; `stimuli` are shared texts as HTML by member."""

    harvest: Harvest
    pictures: Pictures
    about: Mapping[str, About] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    stimuli: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    count: int = 0
    passages: dict[str, str] = field(default_factory=dict)

    def document(self, root: Node, member: str) -> None:
        """Read all items of one document."""
        for number, (item, topic) in enumerate(_items(root), start=1):
            self.count += 1
            self.format = self.format or format_of(item, root)
            if self.count > MAX_ITEMS:
                if self.count == MAX_ITEMS + 1:
                    self.harvest.note(Problem(FILE, "too_many", {"limit": MAX_ITEMS}))
                return
            self._item(item, topic, member, _where(item, root, member, number))
        self.format = self.format or format_of(root, root)

    def _item(self, item: Node, topic: str, member: str, where: str) -> None:
        texts = Texts(where, self.pictures.keep, lambda address: self.pictures.find(address, member))
        try:
            reading = self._reading(item, texts, member)
        except Refused as refused:
            self.harvest.refuse(where, refused)
            return
        about = self.about.get(member, About()) if item.name == "assessmentItem" else About()
        made = reading.item
        topic = about.topic or made.topic or self.topics.get(member, "") or topic
        _, topic, cut = fitted(where, Labels(), topic)
        made = replace(made, topic=topic, difficulty=about.difficulty or made.difficulty)
        warned = [Problem(where, code) for code in reading.warnings]
        self.harvest.add(where, made, [*texts.problems, *warned, *cut])

    def _reading(self, item: Node, texts: Texts, member: str) -> item2.Reading:
        if item.name == "item":
            passage = item1.passage(item)
            if 0 < len(passage) <= STEM_LIMIT:
                self.passages[item.get("ident")] = passage
            return item1.read(item, texts, self.passages)
        own = item.get("toolName") == OWN_TOOL
        frame = item2.Frame(texts, lambda address: self.pictures.beside(address, member), own)
        references = [node.get("href") for node in item.children("assessmentStimulusRef")[:_MOST_STIMULI]]
        found = [self.stimuli.get(resolved(href, posixpath.dirname(member))) for href in references]
        return item2.read(item, frame, "".join(filter(None, found)), missing=None in found)


def format_of(node: Node, root: Node) -> str:
    """Return the exact format of an item or document, such as "qti21"."""
    if node.name == "item" or root.name == "questestinterop":
        return "qti12"
    spaces = f"{node.namespace} {root.namespace} {node.get('schemaLocation')}"
    return next((name for sign, name in _VERSIONS if sign in spaces), "qti30" if node.kebab else "qti21")


def _items(root: Node) -> Iterator[tuple[Node, str]]:
    """Yield the items with the title of the section, test or bank in which they stand."""
    waiting = [(root, "")]
    while waiting:
        node, topic = waiting.pop()
        if node.name in {"assessmentItem", "item"}:
            yield from ((item, topic) for item in _bodies(node))
            continue
        if node.name in {"assessment", "section", "objectbank"}:
            topic = _title(node) or topic
        waiting.extend((child, topic) for child in reversed(list(node)))


def _bodies(item: Node) -> Iterator[Node]:
    """Yield the item, or one for each body of an item into which a program wrote several questions."""
    bodies = item.children("itemBody")
    if len(bodies) < 2:
        yield item
        return
    asked = Counter(
        name for body in bodies for name in {node.get("responseIdentifier") for node in body.walk()}
    )
    rest = [part for part in item.parts if isinstance(part, str) or not _is_shared(part, asked)]
    for number, body in enumerate(bodies, start=1):
        named = {**item.attributes, "identifier": f"{item.get('identifier')}-{number}"}
        yield Node(item.name, item.namespace, named, item.kebab, [*rest, body])


def _is_shared(part: Node, asked: Mapping[str, int]) -> bool:
    """Whether it is a body, or an answer to which several bodies lay claim."""
    return part.name == "itemBody" or (
        part.name == "responseDeclaration" and asked.get(part.get("identifier"), 0) > 1
    )


def _title(node: Node) -> str:
    title = line(node.get("title"))
    if title.casefold() not in _GENERIC:
        return title
    for stated in node.children("qtimetadata"):
        for entry in stated.children("qtimetadatafield"):
            label, value = entry.child("fieldlabel"), entry.child("fieldentry")
            if label and value and label.text == "bank_title":
                return line(value.text)
    return ""


def _where(item: Node, root: Node, member: str, number: int) -> str:
    identifier = excerpt(line(item.get("ident") or item.get("identifier")))
    place = excerpt(member, 80) if item is root and member else f"{member}, soal {number}" if member else ""
    place = place or f"soal {number}"
    return f"{place} ({identifier})" if identifier else place
