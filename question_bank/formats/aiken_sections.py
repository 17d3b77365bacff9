"""Headings in plain text, "A. PILIHAN GANDA" or words between rules, and tags that fold an answer away."""

import re
from collections.abc import Iterator

from question_bank.formats.aiken_lines import is_rule, number_in, options_in

_LONGEST = 300  # characters of a heading
_KIND = (
    r"pilihan\s+ganda(?:\s+kompleks)?|pg|esai|essay|uraian|isian(?:\s+singkat)?|jawaban\s+singkat|"
    r"benar[\s/-]+salah|menjodohkan|multiple[\s-]+choice|true[\s/-]+false|short\s+answers?|matching"
)
_SECTION = re.compile(
    rf"(?:(?:bagian|part|section)\s+)?(?:(?:[A-H]|[IVX]{{1,4}}|\d)\s*[.):]\s*)?(?:soal\s+)?(?:{_KIND})"
    rf"(?:\s*[/&]\s*(?:{_KIND}))?(?:\s+questions?)?\s*(?:\([^()\n]{{0,80}}\))?\s*[.:]?",
    re.IGNORECASE,
)
_FOLD = re.compile(
    r"(?:<details(?:\s[^<>\n]*)?>\s*)?<summary>[^\n]{0,300}?</summary>|</?details(?:\s[^<>\n]*)?>\s*$|</?summary>\s*$",
    re.IGNORECASE,
)
_FOLD_ENDS = re.compile(r"\s*</details>\s*$", re.IGNORECASE)


def without_sections(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Return the text with its sections' headings and folding tags blank, and each heading with its line."""
    lines = text.split("\n")
    if "<" in text:
        lines = [_unfolded(line) for line in lines]
    told = [(index + 1, lines[index].strip()) for index in (*_framed(lines), *_named(lines))]
    for number, _ in told:
        lines[number - 1] = ""
    return "\n".join(lines), sorted(told)


def _unfolded(line: str) -> str:
    """A line without the tag that opens or closes a fold, which only stands at its beginning."""
    found = _FOLD.match(line.lstrip())
    return _FOLD_ENDS.sub("", line.lstrip()[found.end() :]) if found else line


def _framed(lines: list[str]) -> Iterator[int]:
    """Yield the lines with a rule right above and right below, that do not count themselves as questions."""
    for index in range(1, len(lines) - 1):
        line = lines[index].strip()
        between = is_rule(lines[index - 1].strip()) and is_rule(lines[index + 1].strip())
        if line and between and len(line) <= _LONGEST and not is_rule(line) and number_in(line) is None:
            yield index


def _named(lines: list[str]) -> Iterator[int]:
    """Yield the lines that name a kind of question, a numbered one below; an option may say the same."""
    above = ""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    for place, index in enumerate(filled[:-1]):
        line, below = lines[index].strip(), lines[filled[place + 1]].strip()
        shaped = len(line) <= _LONGEST and _SECTION.fullmatch(line)
        if shaped and number_in(below) and not any(options_in(above)):
            yield index
        above = line
