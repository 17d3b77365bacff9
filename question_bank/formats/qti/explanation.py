"""Which of an item's feedback texts is the explanation: the general one, else what the right answer shows."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

_GENERAL = ("general", "solution", "explanation", "rationale", "pembahasan")
_WRONG = ("incorrect", "wrong", "salah")
_RIGHT = ("correct", "right", "benar")


def chosen(offered: Sequence[tuple[str, str]], shown: AbstractSet[str], key: str) -> tuple[str, bool]:
    """Return the explanation and whether other feedback was left out.

    `offered` are feedback identifiers with their texts, `shown` those that the right answer shows.
    """
    texts: dict[str, str] = {}
    for identifier, text in offered:
        if text:
            texts.setdefault(text, identifier)
    if not texts:
        return "", False
    ranked = sorted(texts, key=lambda text: _rank(texts[text], shown, key, len(texts) == 1))
    best = ranked[0]
    if _rank(texts[best], shown, key, len(texts) == 1) == _NEVER:
        return "", True
    return best, len(texts) > 1


_NEVER = 5


def _rank(identifier: str, shown: AbstractSet[str], key: str, alone: bool) -> int:
    label = identifier.casefold()
    wrong = any(word in label for word in _WRONG)
    if not wrong and any(word in label for word in _GENERAL):
        return 0
    if identifier in shown:
        return 1
    if not wrong and any(word in label for word in _RIGHT):
        return 2
    if identifier == key or label.startswith(f"{key.casefold()}_"):
        return 3
    return 4 if alone and not wrong else _NEVER
