"""Which part of a GIFT question is its title, its stem, its answers, also where people forgot to escape."""

import re

from question_bank.formats.choice import Refused
from question_bank.formats.gift_text import masked

BLANK = "_____"

_TITLE = re.compile(r"(\s*\[[a-z_]+\]\s*)?::", re.IGNORECASE)
_COMMENTS = r"\s*(?://[^\n]*\n\s*)*+"
_OPENS_ANSWERS = re.compile(rf"\{{{_COMMENTS}(?:[=~#}}]|(?:T|F|TRUE|FALSE)\s*[}}#])", re.IGNORECASE)
_OPENS_CHOICE = re.compile(rf"\{{{_COMMENTS}[=~]")
_OPENS_CLOZE = re.compile(r"\{\s*\d*:\s*[A-Z]{2,}\w*:")
_COMMENT = re.compile(r"[ \t]*//[^\n]*")
_GENERAL = re.compile(r"\s*####")  # people write the general feedback behind the brace, too
_TAGS = re.compile(r"\s*\[(?:tags?|etiquetas?|id)\s*:[^\[\]]*\]\s*", re.IGNORECASE)  # behind the answers
_LISTED = re.compile(r"^[ \t]*(?:~(?!~)|=(?![=>]))", re.MULTILINE)
_BRACE = re.compile(r"[{}]")


def starts_with_title(line: str) -> bool:
    """Tell whether a line begins with the mark of a title, perhaps behind a format such as [html]."""
    return _TITLE.match(line) is not None


def split_title(text: str) -> tuple[str, str, bool]:
    """Return the title, which only names a question in lists, the text behind it, and whether it was closed.

    The text behind a title that nobody closed is the question, as Moodle takes it; so is a title alone.
    """
    found = _TITLE.match(text)
    if found is None:
        return "", text, True
    prefix = found[1] or ""
    shown = masked(text)
    answers = _OPENS_ANSWERS.search(shown, found.end())
    end = shown.find("::", found.end(), answers.start() if answers else len(shown))
    if end < 0:
        return "", prefix + text[found.end() :], text[found.end() : found.end() + 1].isspace()
    return text[found.end() : end].strip(), prefix + text[end + 2 :], True


def parts(text: str) -> tuple[str, str, bool]:
    """Return the stem, the answers, and whether braces held them; raises Refused.

    The stem has a blank where the answers stood inside it.
    """
    structure = masked(text)
    blocks = outer_blocks(structure)
    if blocks is None:
        raise Refused("gift_braces")
    listed = _listed(structure, blocks)
    if listed:
        return text[:listed], text[listed:], False
    opening, closing = _answer_block(structure, blocks)
    before, after = text[:opening], text[closing + 1 :]
    comment = _COMMENT.match(after)
    after = after[comment.end() :] if comment else after
    after = "" if _TAGS.fullmatch(after) else after
    inside = text[opening + 1 : closing]
    if _GENERAL.match(after):
        return before, f"{inside}{after}", True
    return (f"{before}{BLANK}{after}" if after.strip() else before), inside, True


def outer_blocks(structure: str) -> list[tuple[int, int]] | None:
    """Return where braces open and close that stand in no others, None when they do not pair."""
    found: list[tuple[int, int]] = []
    depth, opening = 0, 0
    for brace in _BRACE.finditer(structure):
        depth += 1 if brace[0] == "{" else -1
        if depth < 0:
            return None
        if depth == 1 and brace[0] == "{":
            opening = brace.start()
        elif depth == 0:
            found.append((opening, brace.start()))
    return found if depth == 0 else None


def answer_blocks(structure: str) -> list[tuple[int, int]]:
    """Return the outer pairs of braces that hold answers, not text such as program code; none if unpaired."""
    blocks = outer_blocks(structure) or []
    return [block for block in blocks if _OPENS_ANSWERS.match(structure, block[0])]


def without_braces(structure: str) -> str:
    """Return a structure of the same length in which nothing between braces shows."""
    kept, at = [], 0
    for opening, closing in (outer_blocks(structure) or []) if "{" in structure else []:
        kept += [structure[at:opening], "\x01" * (closing + 1 - opening)]
        at = closing + 1
    return "".join([*kept, structure[at:]])


def _listed(structure: str, blocks: list[tuple[int, int]]) -> int:
    """Return where lines of answers begin that nobody put between braces, 0 for none."""
    if any(_OPENS_ANSWERS.match(structure, opening) for opening, _ in blocks):
        return 0
    marks = [found for found in _LISTED.finditer(without_braces(structure)) if found.start()]
    kinds = {found[0].strip() for found in marks}
    return marks[0].start() if len(marks) > 1 and kinds == {"~", "="} else 0


def _answer_block(structure: str, blocks: list[tuple[int, int]]) -> tuple[int, int]:
    if not blocks:
        raise Refused("skipped_description")
    if any(_OPENS_CLOZE.match(structure, opening) for opening, _ in blocks):
        raise Refused("skipped_cloze")
    if len(blocks) > 1:
        choices = [block for block in blocks if _OPENS_CHOICE.match(structure, block[0])]
        answers = [block for block in blocks if _OPENS_ANSWERS.match(structure, block[0])]
        blocks = choices if len(choices) == 1 else answers
        if len(blocks) != 1:
            raise Refused("gift_blocks")
    opening, closing = blocks[0]
    if _OPENS_CHOICE.search(structure, opening + 1, closing):  # the block before was not closed
        raise Refused("gift_braces")
    return opening, closing
