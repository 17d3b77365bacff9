"""What a package says of its members: their order, their kind, and what the items are about."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from question_bank.formats.qti.item1 import difficulty_of
from question_bank.formats.qti.tree import Node
from question_bank.items import Difficulty
from question_bank.pictures import is_remote, unquoted
from question_bank.text import line

MANIFEST = "imsmanifest.xml"


@dataclass(frozen=True)
class About:
    """Topic and difficulty of one member."""

    topic: str = ""
    difficulty: Difficulty | None = None


@dataclass
class Contents:
    """The members that manifests list, in order; `items` are those of a QTI kind."""

    listed: dict[str, None] = field(default_factory=dict)
    items: dict[str, None] = field(default_factory=dict)
    about: dict[str, About] = field(default_factory=dict)

    def add(self, manifest: Node, member: str) -> None:
        """Take in a manifest that is this member of the archive."""
        for resource in manifest.all("resource"):
            folder = posixpath.dirname(member)
            base = posixpath.join(folder, resource.get("base"))
            own = resource.get("href")
            paths = [resolved(own, base)] if own and not is_remote(own) else []
            if resource.get("file"):  # Blackboard's own attribute, which heeds no base
                paths = [resolved(resource.get("file"), folder)]
            kind = resource.get("type").casefold()
            if "qti" in kind and paths:
                self.items.setdefault(paths[0])
                self.about.setdefault(paths[0], _about(resource))
            for file in resource.children("file"):
                paths.append(resolved(file.get("href"), base))
            self.listed.update(dict.fromkeys(path for path in paths if path))


def resolved(href: str, folder: str) -> str:
    """Return the member that an address inside this folder means."""
    return posixpath.normpath(posixpath.join(folder, unquoted(href).partition("#")[0])) if href else ""


def manifests(names: Sequence[str]) -> list[str]:
    """Return the members that are manifests, the outermost first."""
    found = [name for name in names if posixpath.basename(name).casefold() == MANIFEST]
    return sorted(found, key=lambda name: name.count("/"))


def topics(structure: Node, member: str) -> Iterator[tuple[str, str]]:
    """Yield each item that a test or section refers to, with the title of the section it stands in."""
    folder = posixpath.dirname(member)
    waiting = [(structure, "")]
    while waiting:
        node, topic = waiting.pop()
        if node.name == "assessmentItemRef":
            yield resolved(node.get("href"), folder), topic
        if node.name in {"assessmentTest", "assessmentSection"}:
            topic = line(node.get("title")) or topic
        waiting.extend((child, topic) for child in reversed(list(node)))


def _about(resource: Node) -> About:
    metadata = resource.child("metadata")
    if metadata is None:
        return About()
    path = metadata.first("taxonPath", "taxonpath")
    taxa = [taxon.child("entry") for taxon in path.all("taxon")] if path else []
    names = [line(entry.text) for entry in taxa if entry]
    difficulty = metadata.first("difficulty")
    value = difficulty.child("value") if difficulty else None
    return About(names[-1] if names else "", difficulty_of(value.text) if value else None)
