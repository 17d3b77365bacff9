"""One row of a table to one item: which cell is what, and what is wrong in which cell."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from question_bank.formats.cell_texts import CellTexts
from question_bank.formats.cells import unguarded
from question_bank.formats.columns import Columns
from question_bank.formats.keys import Style, read_key, ticked
from question_bank.formats.listed import lettered, listed
from question_bank.formats.loaded import Harvest
from question_bank.formats.named_pictures import named, unread
from question_bank.formats.option_marks import flagged, unmarked
from question_bank.formats.own_letters import letters_mixed, without_letters
from question_bank.formats.records import Record
from question_bank.formats.sheets import Drawing, Sheet
from question_bank.items import Difficulty, Item, plain
from question_bank.problems import Problem, excerpt
from question_bank.text import escaped, line
from question_bank.validate import CODE_LIMIT, TOPIC_LIMIT

_DIFFICULTIES = {
    **dict.fromkeys(("mudah", "easy", "rendah", "low", "gampang"), "easy"),
    **dict.fromkeys(("sedang", "medium", "menengah", "moderate", "normal", "intermediate"), "medium"),
    **dict.fromkeys(("sulit", "sukar", "hard", "tinggi", "high", "difficult", "susah"), "hard"),
}
_SAID_ONCE = {"stimulus", "topic", "difficulty", "kind"}
_YES = {"", "ya", "y", "yes", "true", "1", "acak"}
_NO = {"tidak", "t", "no", "n", "false", "0"}
_NOTHING = {"null", "none", "nan", "n/a", "-", "tidak ada", "nil", "no image", "undefined", "[]", "{}"}


class SeveralRight(Exception):
    """The key names several options: a question of another kind."""


@dataclass
class Row:
    """One row while it is read: its cells, pictures and problems."""

    record: Record
    columns: Columns
    sheet: Sheet
    problems: list[Problem] = field(default_factory=list)

    def raw(self, index: int | None) -> str:
        """Return the cell, "" when it is not there."""
        cells = self.record.cells
        return cells[index] if index is not None and index < len(cells) else ""

    def cell(self, name: str) -> str:
        """Return the text of a field's cell; what is said once for several rows is said for each."""
        index = self.columns.fields.get(name)
        text = self.raw(index)
        if not text.strip() and name in _SAID_ONCE and index is not None:
            text = self.sheet.merged.get((self.record.line, index), "")
        return unguarded(text)

    def label(self, name: str) -> str:
        """Return a field that is no markup, on one line."""
        text = self.cell(name)
        rich = (self.record.line, self.columns.fields.get(name, -1)) in self.sheet.rich
        return line(plain(text) if rich else text)

    def at(self, index: int | None) -> str:
        """Return the place of a cell of this row, of the row itself for None."""
        return self.sheet.at(self.record.line, index)

    def place(self, name: str) -> str:
        """Return the place of a field's cell."""
        return self.at(self.columns.fields.get(name))

    def lying_on(self, index: int | None) -> Sequence[Drawing]:
        """Return the pictures that lie on a cell."""
        return self.sheet.drawings.get((self.record.line, index), ()) if index is not None else ()


def option_texts(row: Row) -> list[str]:
    """Return the texts of the options, gaps kept, before anything is cleaned."""
    columns = row.columns
    if columns.options:
        places = [columns.options.get(number) for number in range(max(columns.options) + 1)]
        texts = without_letters(_without_dashes([unguarded(row.raw(index)) for index in places]))
        if columns.key_is_option:
            texts = [*(text for text in texts if text.strip()), unguarded(row.raw(columns.keys[0]))]
        return texts
    if columns.distractors and columns.keys:
        wrong = [unguarded(row.raw(index)) for index in columns.distractors]
        wrong = listed(wrong[0], fewest=1) or wrong if len(wrong) == 1 else wrong
        return [unguarded(row.raw(columns.keys[0])), *(text for text in wrong if text.strip())]
    if "all_options" in columns.fields:
        return listed(row.cell("all_options"))
    return lettered(row.cell("stem"))[1]


def read_row(row: Row, harvest: Harvest, styles: dict[int, Style]) -> Item:
    """Return the item of a row, its problems noted on the row; raises SeveralRight."""
    columns = row.columns
    drawn = {index: row.lying_on(index) for index in row.sheet.drawn_on.get(row.record.line, ())}
    lying = [drawing for found in drawn.values() for drawing in found]
    texts = CellTexts(harvest, row.record.cells, lying)
    loose = _loose(row, drawn)
    stem = _stem(row, texts, loose)
    options, starred = _options(row, texts)
    key = _key(row, options, starred, styles)
    picture, alt = texts.beside(row.lying_on(columns.fields.get("picture")), row.place("picture"))
    item = Item(
        stem=stem, options=options, key=key, code=_code(row), topic=_topic(row),
        difficulty=_difficulty(row), picture=picture or named(row, bool(loose)),
        picture_alt=row.label("picture_alt") or line(alt),
        explanation=texts.fragment(row.cell("explanation"), row.place("explanation"),
                                   row.lying_on(columns.fields.get("explanation"))),
        shuffle=_shuffle(row),
    )  # fmt: skip
    row.problems[:0] = texts.found
    row.problems += unread(row, bool(item.picture or loose))
    return item


def _loose(row: Row, drawn: dict[int, Sequence[Drawing]]) -> list[Drawing]:
    """The pictures of the row that lie on the question, or on no cell that would claim them."""
    columns = row.columns
    owned = {*columns.options.values(), *columns.option_pictures.values()}
    owned |= {index for name, index in columns.fields.items() if name in ("picture", "explanation")}
    return [drawing for index in sorted(drawn) if index not in owned for drawing in drawn[index]]


def _stem(row: Row, texts: CellTexts, drawings: Sequence[Drawing]) -> str:
    text = row.cell("stem")
    if not row.columns.holds_options:
        text = lettered(text)[0]
    before = texts.fragment(row.cell("stimulus"), row.place("stimulus"))
    stem = texts.fragment(text, row.place("stem"), drawings)
    program = _program(row)
    if program:
        stem += texts.fragment(f"<pre>{escaped(program)}</pre>", row.place("program"))
    return f"{before}<br>{stem}" if before and stem else stem or before


def _program(row: Row) -> str:
    """The program that a question speaks of; a "code" of several lines is one, and no name of the item."""
    code = row.cell("code").strip()
    return row.cell("program").strip() or (code if "\n" in code else "")


def _options(row: Row, texts: CellTexts) -> tuple[tuple[str, ...], list[int]]:
    """Return the options up to the last filled one, and which of them a mark of their own calls right.

    A gap stays in its place, the validation names it.
    """
    raw = option_texts(row)
    if letters_mixed(raw):
        place = min(row.columns.options.values(), default=row.columns.fields.get("all_options"))
        row.problems.append(Problem(row.at(place), "option_letters_mixed"))
    stars = [index for index, text in enumerate(raw) if unmarked(text) != text.strip()]
    if not row.columns.keys and not row.columns.marks and len(stars) < len(raw):
        raw = [unmarked(text) for text in raw]
    found = []
    for number, text in enumerate(raw):
        index = row.columns.options.get(number)
        drawings = [*row.lying_on(index), *row.lying_on(row.columns.option_pictures.get(number))]
        where = row.at(index) if index is not None else row.place("all_options")
        found.append(texts.fragment(text, where, drawings))
    while found and not found[-1]:
        found.pop()
    return tuple(found), stars


def _without_dashes(texts: list[str]) -> list[str]:
    """Dashes and the like in several cells stand for no option; a single one may be an answer."""
    fillers = [text.strip().casefold() in _NOTHING for text in texts]
    return ["" if filler and sum(fillers) > 1 else text for text, filler in zip(texts, fillers, strict=True)]


def _key(row: Row, options: Sequence[str], starred: Sequence[int], styles: dict[int, Style]) -> int:
    """Return the key on which all columns that hold one agree; raises SeveralRight."""
    columns = row.columns
    if columns.distractors and not columns.options:
        return 0
    if columns.key_is_option and row.raw(columns.keys[0]).strip():
        return len(options) - 1
    said = {index: read_key(unguarded(row.raw(index)), options, row.at(index), styles.get(index, ""))
            for index in columns.keys if row.raw(index).strip() or len(columns.keys) == 1}  # fmt: skip
    if any(found.several for found in said.values()) or (columns.one_key_each and len(said) > 1):
        raise SeveralRight
    for found in said.values():
        row.problems += found.problems
    answers = {index: found.index for index, found in said.items() if row.raw(index).strip()}
    if columns.marks:
        _by_marks(row, answers)
    marked = _flagged(row) or ([] if columns.keys or columns.marks else starred)
    if len(marked) > 1:
        raise SeveralRight
    if marked:
        listed_at = columns.fields.get("all_options", columns.fields.get("stem", 0))
        answers[columns.options.get(marked[0], listed_at)] = marked[0]
    return _agreed(row, answers)


def _flagged(row: Row) -> Sequence[int]:
    """Return the options that their own list calls right."""
    return () if row.columns.options else flagged(row.cell("all_options"))


def _by_marks(row: Row, answers: dict[int, int]) -> None:
    places = sorted(row.columns.marks.items())
    points = row.columns.by_points
    right = ticked([row.raw(index) for _, index in places], points)
    if right is None:
        value = next(row.raw(index) for _, index in places if ticked([row.raw(index)], points) is None)
        row.problems.append(Problem(row.at(places[0][1]), "key_unreadable", {"value": excerpt(plain(value))}))
    elif len(right) > 1:
        raise SeveralRight
    elif right:
        answers[places[right[0]][1]] = places[right[0]][0]


def _agreed(row: Row, answers: dict[int, int]) -> int:
    if len(set(answers.values())) > 1:
        first, second = (
            sorted(answers)[0],
            next(i for i in sorted(answers) if answers[i] != answers[min(answers)]),
        )
        row.problems.append(Problem(row.at(second), "keys_contradict", {
            "first": row.at(first), "second": row.at(second),
            "first_value": excerpt(plain(row.raw(first))), "second_value": excerpt(plain(row.raw(second))),
        }))  # fmt: skip
    known = {problem.code for problem in row.problems}
    if not answers and not known & {"key_missing", "key_unreadable"}:
        row.problems.append(Problem(row.at(row.columns.keys[0] if row.columns.keys else None), "key_missing"))
    return answers[min(answers)] if answers else 0


def _code(row: Row) -> str:
    """A running number called "id" is no code: every file has a number 1."""
    code = "" if "\n" in row.cell("code").strip() else row.label("code")
    if len(code) > CODE_LIMIT:
        row.problems.append(Problem(row.place("code"), "code_dropped", {"value": excerpt(code)}))
        return ""
    is_running_number = row.columns.ranks.get("code") == 1 and code.isdigit() and len(code) < 6
    return "" if is_running_number else code


def _topic(row: Row) -> str:
    topic = row.label("topic")
    if len(topic) > TOPIC_LIMIT:
        row.problems.append(Problem(row.place("topic"), "topic_cut", {"limit": TOPIC_LIMIT}))
        topic = excerpt(topic, TOPIC_LIMIT)
    return topic


def _difficulty(row: Row) -> Difficulty | None:
    word = row.label("difficulty")
    known = _DIFFICULTIES.get(word.casefold())
    if word and known is None:
        row.problems.append(Problem(row.place("difficulty"), "difficulty_dropped", {"value": excerpt(word)}))
    return cast(Difficulty | None, known)


def _shuffle(row: Row) -> bool:
    word = row.label("shuffle").casefold()
    if word not in _YES and word not in _NO:
        row.problems.append(Problem(row.place("shuffle"), "shuffle_unknown", {"value": excerpt(word)}))
    return word not in _NO
