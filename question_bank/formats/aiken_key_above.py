"""Keys that stand above their questions: read as if they stood below, each would fall to its neighbour."""

from collections.abc import Sequence

from question_bank.formats.aiken_questions import Question


def without_keys_above(found: list[Question]) -> list[Question]:
    """Return the questions, without keys when these stand above them: each is then told of as unanswered.

    They do when the first key has no options before it, nor a question of its own or one right below it, and
    the last options have no key behind them.
    """
    if not _stand_above(found):
        return found
    for question in found:
        question.key = None
    return [question for question in found if not question.empty]


def _stand_above(found: Sequence[Question]) -> bool:
    first = next((index for index, question in enumerate(found) if question.key), len(found))
    asked = [question for question in found[first:] if question.options]
    if not asked or asked[-1].key or any(one.option.marked for one in asked[-1].options):
        return False
    above = found[first]
    if above.options or not (above.key and above.key.letter):
        return False
    return not above.stem or found[first + 1].line == above.key_line + 1
