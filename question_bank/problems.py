"""What can be wrong with a file or an item, and the sentence that says what happened and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from question_bank.words import aiken, choice, common, gift, kinds, moodle, package, pictures, qti, table

# A new format adds its module of words here; a code stands in one module only.
_WORDS = (common, kinds, choice, pictures, package, table, gift, aiken, moodle, qti)

SENTENCES: dict[str, str] = {code: text for words in _WORDS for code, text in words.SENTENCES.items()}
WARNINGS: frozenset[str] = frozenset().union(*(words.WARNINGS for words in _WORDS))


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where it is ("baris 12"), and the values its sentence needs."""

    where: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def is_warning(self) -> bool:
        """Whether the item may be used all the same."""
        return self.code in WARNINGS


def _identity(sentence: str) -> str:
    return sentence


def sentence(problem: Problem, translate: Callable[[str], str] = _identity) -> str:
    """Return the problem as a sentence; `translate` maps the Indonesian template to its translation."""
    return translate(SENTENCES[problem.code]) % problem.params


def excerpt(text: str, limit: int = 40) -> str:
    """Return the text, cut so that it fits into a sentence."""
    return text if len(text) <= limit else text[: limit - 1] + "\u2026"
