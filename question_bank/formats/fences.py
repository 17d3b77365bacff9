"""The fences with which chat programs surround a whole file: ``` above it and ``` below."""

import re

_FENCE = re.compile(
    r"[ \t\ufeff]*(?:`{3,}|~{3,})[ \t]*+(?:gift|aiken|text|txt|plaintext|plain|moodle)?[ \t]*+", re.IGNORECASE
)


def unfenced(text: str) -> str:
    """Return a text without the fences around it, its lines still at their numbers."""
    lines = text.split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if not filled or not _FENCE.fullmatch(lines[filled[0]]):
        return text
    lines[filled[0]] = ""
    if _FENCE.fullmatch(lines[filled[-1]]):
        lines[filled[-1]] = ""
    return "\n".join(lines)
