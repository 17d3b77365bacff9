"""Which option an Aiken question calls right: by a letter, by its text, or with a star before it."""

import re

from question_bank.formats.aiken_lines import Key
from question_bank.formats.aiken_questions import Question
from question_bank.formats.choice import Refused
from question_bank.problems import excerpt

_TRUE_FALSE = re.compile(r"true|false|benar|salah|t|f", re.IGNORECASE)
_BEHIND_LETTER = re.compile(r"[A-Za-z]\)?\W*(.*)", re.DOTALL)
_REMARK = re.compile(r"[A-Za-z][.)]?\s*[(\[].*", re.DOTALL)  # "B (hlm. 3)"


def key_of(question: Question) -> tuple[int, bool]:
    """Return the 0-based key, and whether its letter is followed by a text that is not that option's.

    Raises Refused: no answer, several, one that names no option or two at once, or another kind of question.
    """
    key = question.key
    starred = _starred(question)
    if key is None and not starred:
        raise Refused("aiken_answer_missing" if question.options else "skipped_description")
    if key is None:
        return starred[0], False
    if not question.options:
        _refuse_without_options(question, key)
    if key.several:
        raise Refused("skipped_several_right")
    found, loose = _named(question, key)
    if starred and starred[0] != found:
        letters = [question.options[index].option.letter for index in (found, starred[0])]
        raise Refused("aiken_key_differs", letter=letters[0], starred=letters[1])
    _refuse_another(question, found)
    return found, loose


def _refuse_another(question: Question, found: int) -> None:
    """Raise Refused when a further answer line names another option."""
    for key in question.again:
        places = _with_text(question, key.rest) or _with_letter(question, key.letter)
        if key.several or (places and found not in places):
            letter = question.options[found].option.letter
            raise Refused("aiken_keys_differ", letter=letter, other=excerpt(key.rest or key.letter))


def _starred(question: Question) -> list[int]:
    """The one option with a star before it, [] when there is none or the stars are the bullets of a list."""
    starred = [index for index, one in enumerate(question.options) if one.option.marked]
    if len(question.options) < 2 or (question.key and len(starred) == len(question.options)):
        return []
    if len(starred) > 1:
        raise Refused("skipped_several_right")
    return starred


def _refuse_without_options(question: Question, key: Key) -> None:
    if not question.stem:
        raise Refused("stem_empty")
    raise Refused("skipped_true_false" if _TRUE_FALSE.fullmatch(key.rest) else "skipped_short_answer")


def _named(question: Question, key: Key) -> tuple[int, bool]:
    """The option that the answer line names, and whether only its letter says so."""
    said = _with_text(question, key.rest)
    if len(said) == 1 and (len(key.rest) > 1 or not key.letter):
        return said[0], False
    if not key.letter:
        raise Refused("aiken_key_unreadable", value=excerpt(key.rest))
    places = _with_letter(question, key.letter)
    if not places:
        raise Refused("aiken_key_nowhere", letter=key.letter)
    if len(places) > 1:
        raise Refused("aiken_key_twice", letter=key.letter)
    return places[0], _is_loose(question, key, places[0])


def _is_loose(question: Question, key: Key, place: int) -> bool:
    """Whether the text behind the letter says something else; raises Refused when it is another option."""
    behind = _BEHIND_LETTER.fullmatch(key.rest)
    if behind is None or not behind[1] or _REMARK.fullmatch(key.rest):
        return False
    same = _with_text(question, behind[1])
    if same and place not in same:
        raise Refused("aiken_key_contradicts", value=excerpt(key.rest))
    return not same


def _with_letter(question: Question, letter: str) -> list[int]:
    return [index for index, one in enumerate(question.options) if one.option.letter == letter]


def _with_text(question: Question, said: str) -> list[int]:
    """The options with this text; capitals, blanks and a full stop at the end do not count."""
    wanted = _bare(said)
    return [index for index, one in enumerate(question.options) if wanted and _bare(one.text) == wanted]


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(" .;,")
