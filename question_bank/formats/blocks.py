"""Tables in which a question takes one row for each of its parts, as Brightspace writes them.

NewQuestion,MC
QuestionText,Apa?
Option,100,satu
Option,0,dua
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from question_bank.formats.cell_texts import CellTexts
from question_bank.formats.choice import Answer, Refused, one_right
from question_bank.formats.loaded import Harvest
from question_bank.formats.records import Record
from question_bank.formats.sheets import Sheet
from question_bank.items import Item, plain
from question_bank.problems import Problem, excerpt
from question_bank.text import line
from question_bank.validate import CODE_LIMIT

_BEGINS = "newquestion"
_SEARCHED_ROWS = 60
_KINDS = {
    "mc": "", "tf": "skipped_true_false", "ms": "skipped_several_right", "sa": "skipped_short_answer",
    "wr": "skipped_essay", "la": "skipped_essay", "m": "skipped_matching", "o": "skipped_ordering",
    "fib": "skipped_short_answer", "msa": "skipped_short_answer", "ar": "skipped_calculated",
    "sf": "skipped_calculated", "lik": "skipped_kind",
}  # fmt: skip


@dataclass
class _Block:
    """The rows of one question: single values by the name in their first cell, and the options."""

    line: int
    kind: str
    values: dict[str, str] = field(default_factory=dict)
    options: list[tuple[int, list[str]]] = field(default_factory=list)


def is_in_blocks(rows: Sequence[Record]) -> bool:
    """Tell whether these rows begin questions by name."""
    return any(_name(row) == _BEGINS for row in rows[:_SEARCHED_ROWS])


def harvest_blocks(sheet: Sheet, rows: Sequence[Record], harvest: Harvest) -> None:
    """Read all questions into the harvest."""
    for row in rows:
        if row.broken:
            harvest.note(Problem(sheet.at(row.line), "quote_open"))
    for block in _blocks(rows, sheet.delimiter):
        where = sheet.at(block.line)
        code = _KINDS.get(block.kind.casefold(), "skipped_kind")
        if code:
            harvest.skip(Problem(where, code, {"kind": excerpt(block.kind)}))
        else:
            _harvest(block, where, sheet, harvest)


def _blocks(rows: Sequence[Record], delimiter: str) -> Iterator[_Block]:
    block: _Block | None = None
    coming = ""  # an ID above the row that begins its question
    for row in rows:
        name, cells = _name(row), _joined(row.cells, delimiter or " ")
        if name == _BEGINS:
            if block:
                yield block
            block = _Block(row.line, cells[1].strip() if len(cells) > 1 else "", {"id": coming})
            coming = ""
        elif name == "id" and (block is None or block.options):
            coming = cells[1] if len(cells) > 1 else ""
        elif block is not None and name == "option":
            block.options.append((row.line, cells[1:]))
        elif block is not None and name and len(cells) > 1:
            block.values[name] = cells[1]
    if block:
        yield block


def _name(row: Record) -> str:
    """The name of the part in the first cell, "" for a remark."""
    name = "".join(row.cells[0].split()).casefold() if row.cells else ""
    return "" if name.startswith("//") else name


def _joined(cells: Sequence[str], delimiter: str) -> list[str]:
    """Put texts together that a delimiter with a blank behind it cut."""
    found: list[str] = []
    for cell in cells:
        if len(found) > 1 and cell[:1] == " " and cell.strip():
            found[-1] += delimiter + cell
        else:
            found.append(cell)
    return found


def _harvest(block: _Block, where: str, sheet: Sheet, harvest: Harvest) -> None:
    try:
        choice = one_right([_answer(cells) for _, cells in block.options], several_allowed=False)
    except Refused as refused:
        harvest.refuse(where, refused)
        return
    texts = CellTexts(harvest, (), ())
    item = Item(
        stem=texts.fragment(block.values.get("questiontext", ""), where),
        options=tuple(texts.fragment(answer.text, sheet.at(at))
                      for answer, (at, _) in zip(choice.answers, block.options, strict=True)),
        key=choice.key, code=_code(block),
        explanation=texts.fragment(block.values.get("feedback", ""), where),
    )  # fmt: skip
    codes = [*choice.warnings, *_lost(block)]
    harvest.add(where, item, [*texts.found, *(Problem(where, code) for code in codes)])


def _answer(cells: Sequence[str]) -> Answer:
    weight, text, feedback = (cells[index].strip() if index < len(cells) else "" for index in (0, 1, 3))
    try:
        points = float(weight.rstrip("%").replace(",", "."))
    except ValueError:
        points = 0.0
    return Answer(text, points if points == points else 0.0, feedback)


def _code(block: _Block) -> str:
    code = line(plain(block.values.get("id", "")))
    return code if len(code) <= CODE_LIMIT else ""


def _lost(block: _Block) -> Iterator[str]:
    if any(len(cells) > 3 and cells[3].strip() for _, cells in block.options) or block.values.get("hint"):
        yield "feedback_dropped"
    if block.values.get("image", "").strip():
        yield "media_dropped"
