"""Headings inside a paper, "### Bagian A", and the names of its questions, "**Soal 1 (C2):**"."""

import re
from collections.abc import Iterator

from question_bank.formats.aiken_lines import number_in, options_in
from question_bank.formats.aiken_words import QUESTION

_LONGEST = 300  # characters of a heading
_HEADING = re.compile(r"#{1,6}\s+\S.*")
_BOLD = re.compile(r"\*\*[^*]+\*\*|__[^_]+__")
_NAME = re.compile(
    rf"\s*(?:#{{1,6}}\s+)?\*\*\s*((?:{QUESTION})\s*\d{{1,4}})\s*(?:\([^()]{{0,80}}\))?\s*[:.]?\s*\*\*\s*:?\s*",
    re.IGNORECASE,
)
_BOLD_NUMBER = re.compile(
    rf"\s*\*\*\s*((?:(?:{QUESTION})\s*)?\d{{1,4}}\s*[.):])(?:\s*\*\*\s*(?=\S)(.*)|\s+([^*]+)\*\*\s*)",
    re.IGNORECASE,
)  # "**Q1.** Apa?" and "**1. Apa?**"
_HASHES = re.compile(r"\s*(#{1,6})\s+(?=\S)")
_SIGNS = re.compile(r"[#*_\s]+")


def without_headings(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Return the text with its headings blank and its questions' names bare, and each heading with its line.

    A heading is a line that Markdown makes one, and the bold line below it that says what to do; one that
    asks, that counts itself or has options below it is a question.
    """
    if "#" not in text and "**" not in text:
        return text, []
    lines = text.split("\n")
    told = [(index + 1, _SIGNS.sub(" ", lines[index]).strip()) for index in _headings(lines)]
    for number, _ in told:
        lines[number - 1] = ""
    return "\n".join(_without_signs(line) for line in lines), told


def _without_signs(line: str) -> str:
    name = _NAME.fullmatch(line) if "**" in line and len(line) <= _LONGEST else None
    if name:
        return name[1]
    number = _BOLD_NUMBER.fullmatch(line) if "**" in line and len(line) <= _LONGEST else None
    if number:
        return f"{number[1]} {number[2] or number[3]}"
    hashes = _HASHES.match(line)
    asked = line[hashes.end() :] if hashes else line
    # "# ..." alone may as well be a remark in program code
    asks = hashes and (number_in(asked.strip()) or (len(hashes[1]) > 1 and asked.rstrip().endswith("?")))
    return asked if asks else line


def _headings(lines: list[str]) -> Iterator[int]:
    below_heading = False
    following = _following(lines)
    for index, raw in enumerate(lines):
        line = raw.strip()
        if not line:
            continue
        shaped = _HEADING.fullmatch(line) or (below_heading and _BOLD.fullmatch(line))
        below_heading = bool(shaped) and _is_no_question(line, following[index])
        if below_heading:
            yield index


def _is_no_question(line: str, after: str) -> bool:
    said = _SIGNS.sub(" ", line).strip()
    return (
        len(line) <= _LONGEST
        and not said.endswith(("?", "\u2026", "..."))
        and number_in(said) is None
        and not _NAME.fullmatch(line)
        and not any(options_in(after))
    )


def _following(lines: list[str]) -> list[str]:
    """The next line with text below each line, "" when there is none."""
    after, found = "", [""] * len(lines)
    for index in range(len(lines) - 1, -1, -1):
        found[index] = after
        after = lines[index].strip() or after
    return found
