"""What Moodle's files say about a question beside its text: id number, tags, and the path of its category."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from question_bank.items import Difficulty
from question_bank.problems import Problem, excerpt
from question_bank.text import line
from question_bank.validate import CODE_LIMIT, TOPIC_LIMIT

_SLASH = re.compile(r"(?<!/)/(?!/)")
_LABEL = re.compile(r"\[(id|tag):((?:[^\[\]\\]|\\.)*+)\]")
_ESCAPED = re.compile(r"\\(.)")
_DIFFICULTIES: dict[str, Difficulty] = {
    "mudah": "easy", "easy": "easy", "sedang": "medium", "medium": "medium", "sulit": "hard", "hard": "hard",
    "sukar": "hard", "difficult": "hard",
}  # fmt: skip


@dataclass(frozen=True)
class Labels:
    """Code, difficulty and a tag that may serve as topic."""

    code: str = ""
    difficulty: Difficulty | None = None
    tag: str = ""

    def with_(self, more: "Labels") -> "Labels":
        """Return these labels completed by others; what was said first stays."""
        return replace(
            self, code=self.code or more.code, difficulty=self.difficulty or more.difficulty,
            tag=self.tag or more.tag,
        )  # fmt: skip


def labels_in(comment: str) -> Labels | None:
    """Return what a comment such as `// [id:K1] [tag:sulit]` says, None when it says nothing."""
    found = [(kind, line(_ESCAPED.sub(r"\1", text))) for kind, text in _LABEL.findall(comment)]
    if not found:
        return None
    code = next((text for kind, text in found if kind == "id"), "")
    return replace(labels_of_tags(text for kind, text in found if kind == "tag"), code=code)


def labels_of_tags(tags: Iterable[str]) -> Labels:
    """Return the difficulty that a tag names, and the first other tag."""
    difficulty, other = None, ""
    for tag in tags:
        known = _DIFFICULTIES.get(tag.strip().casefold())
        difficulty = difficulty or known
        other = other or ("" if known else tag)
    return Labels("", difficulty, other)


def comment_of(code: str, difficulty: Difficulty | None) -> str:
    """Return the labels as `labels_in` reads them, "" when there are none."""
    shown = [f"[id:{_shielded(code)}]" if code else "", f"[tag:{tag_of(difficulty)}]" if difficulty else ""]
    return " ".join(filter(None, shown))


def tag_of(difficulty: Difficulty) -> str:
    """Return the tag that names a difficulty."""
    return next(word for word, known in _DIFFICULTIES.items() if known == difficulty)


def _shielded(text: str) -> str:
    return re.sub(r"([\[\]\\])", r"\\\1", text)


def topic_of(path: str) -> str:
    """Return the last part of a category path; a double slash is a slash in a name."""
    parts = [line(part).replace("//", "/") for part in _SLASH.split(path)]
    if parts[0].startswith("$"):  # a context such as $course$, with its root category
        parts = parts[2:] if parts[1:2] == ["top"] else parts[1:]
    elif parts[0] == "top":
        parts = parts[1:]
    return parts[-1] if parts else ""


def fitted(where: str, labels: Labels, topic: str) -> tuple[str, str, list[Problem]]:
    """Return code and topic as an item can hold them, and a warning for what was cut."""
    problems = []
    topic = topic or labels.tag
    if len(topic) > TOPIC_LIMIT:
        topic = topic[: TOPIC_LIMIT - 1].rstrip() + "\u2026"
        problems.append(Problem(where, "topic_cut", {"limit": TOPIC_LIMIT}))
    if len(labels.code) > CODE_LIMIT:
        problems.append(Problem(where, "code_dropped", {"value": excerpt(labels.code)}))
    return labels.code if len(labels.code) <= CODE_LIMIT else "", topic, problems
