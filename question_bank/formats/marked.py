"""A question of a table whose rows or cells say of each option whether it is right."""

from collections.abc import Sequence

from question_bank.formats.cell_texts import CellTexts
from question_bank.formats.choice import Answer, Refused, one_right
from question_bank.formats.loaded import Harvest
from question_bank.items import Item


def add_marked(
    harvest: Harvest, where: str, stem: str, answers: Sequence[Answer], places: Sequence[str]
) -> None:
    """Enter the item whose options stand at `places`, or say why its marks make none."""
    try:
        choice = one_right(answers, several_allowed=False)
    except Refused as refused:
        harvest.refuse(where, refused)
        return
    texts = CellTexts(harvest, (), ())
    options = tuple(texts.fragment(answer.text, place)
                    for answer, place in zip(choice.answers, places, strict=True))  # fmt: skip
    harvest.add(where, Item(texts.fragment(stem, where), options, choice.key), texts.found)
