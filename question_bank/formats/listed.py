"""Several options in one cell: "A. satu B. dua", one per line, or between separators."""

import re

_LETTERED = re.compile(r"(?:(?<=\n)|(?<=<br>)|(?<=<br/>)|(?<=\s)|^)[ \t]*(\*?)\(?([A-Ja-j])[.)][ \t]*(?=\S)")
_LIST = re.compile(r"\s*\[.*\]\s*", re.DOTALL)
_QUOTED = re.compile(r"""(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*,?\s*""", re.DOTALL)
_SLASHED = re.compile(r"\\(.)", re.DOTALL)
_BREAKS = re.compile(r"\n|<br ?/?>", re.IGNORECASE)
MAX_LISTED = 12
_LONGEST = 60_000  # characters; a question with all its options stays far below
_MOST_MARKS = 300  # looked at from the end, so that a text of nothing but marks takes no longer


def lettered(text: str) -> tuple[str, list[str]]:
    """Return what stands before the options and the options, [] when no run A, B ... is there.

    The last run that begins with A wins, so that "a." inside the text before it does no harm. A mark before a
    letter stays with its option as a leading asterisk.
    """
    if len(text) > _LONGEST:
        return text, []
    found = list(_LETTERED.finditer(text))[-_MOST_MARKS:]
    for start in reversed(range(len(found))):
        if found[start][2] in "Aa":
            run = _run(found, start)
            if len(run) > 1:
                ends = [*(mark.start() for mark in run[1:]), len(text)]
                options = [mark[1] + _trimmed(text[mark.end() : end])
                           for mark, end in zip(run, ends, strict=True)]  # fmt: skip
                return text[: run[0].start()].rstrip(), options
    return text, []


def listed(text: str) -> list[str]:
    """Return the options that a cell lists, at least two; [] when it lists none."""
    options = lettered(text)[1] or _from_program(text)
    for separator in (_BREAKS, re.compile(r"\|"), re.compile(r";")):
        if options:
            break
        parts = [part.strip() for part in separator.split(text)]
        options = [part for part in parts if part] if len(parts) > 1 else []
    return options if 1 < len(options) <= MAX_LISTED else []


def _run(found: list[re.Match[str]], start: int) -> list[re.Match[str]]:
    """The marks A, B, C ... in order from there on, in one case, with others between passed over."""
    run = [found[start]]
    for mark in found[start + 1 :]:
        if mark[2] == chr(ord(run[-1][2]) + 1):
            run.append(mark)
    return run


def _trimmed(text: str) -> str:
    text = text.strip()
    while text.endswith(("<br>", "<br/>")):
        text = text[: text.rindex("<")].rstrip()
    return text.rstrip(";").rstrip()


def _from_program(text: str) -> list[str]:
    """A list as programs print it: of JSON, or with single quotes, or without commas."""
    if len(text) > 20_000 or not _LIST.fullmatch(text):
        return []
    inner = text.strip()[1:-1].strip()
    found, position = [], 0
    while position < len(inner):
        quoted = _QUOTED.match(inner, position)
        if quoted is None:
            return []
        found.append(_SLASHED.sub(r"\1", quoted[1] if quoted[1] is not None else quoted[2]).strip())
        position = quoted.end()
    return found
