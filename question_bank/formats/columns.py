"""Which column of a table means what, from its heading of one row or two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.formats.headings import Meaning, is_letter, meaning

MAX_COLUMNS = 500  # of a row of delimited text; more have no name
_NUMBERED_ANSWER = re.compile(r"(?:correct )?(?:answer|jawaban|kunci) ?\d", re.IGNORECASE)
_GROUPS = {"all_options", "key", "distractor"}  # a heading over several columns, each with its own below


@dataclass
class Columns:
    """Where each field stands (cell index); what options have each is by the option's 0-based number."""

    names: Sequence[str]
    fields: dict[str, int] = field(default_factory=dict)
    options: dict[int, int] = field(default_factory=dict)
    option_pictures: dict[int, int] = field(default_factory=dict)
    marks: dict[int, int] = field(default_factory=dict)
    points: dict[int, int] = field(default_factory=dict)
    keys: list[int] = field(default_factory=list)
    distractors: list[int] = field(default_factory=list)
    numbering: list[int] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    doubled: list[tuple[int, str]] = field(default_factory=list)
    ranks: dict[str, int] = field(default_factory=dict)
    key_is_option: bool = False  # the text of the key is one more option
    one_key_each: bool = False  # each key column names another right option
    by_points: bool = False  # the marks are points, since nothing else tells the right options
    from_zero: bool = False  # the headings of the options count them from 0, so the keys do

    @property
    def width(self) -> int:
        """The number of cells of the heading."""
        return len(self.names)

    @property
    def known(self) -> int:
        """The number of columns that were recognised."""
        return len(self.fields) + len(self.options) + len(self.keys) + len(self.distractors)

    @property
    def holds_options(self) -> bool:
        """Whether options have columns, or one column, of their own."""
        return len(self.options) > 1 or "all_options" in self.fields or bool(self.distractors)

    @property
    def complete(self) -> bool:
        """Whether items can be read from these columns."""
        return "stem" in self.fields and self.holds_options and bool(self.keys or len(self.marks) > 1)

    @property
    def missing(self) -> list[str]:
        """The needed columns that are not there, by their own names."""
        needed = {"soal": "stem" in self.fields, "a": 0 in self.options or self.holds_options,
                  "b": 1 in self.options or self.holds_options,
                  "kunci": bool(self.keys or self.marks)}  # fmt: skip
        return [name for name, present in needed.items() if not present]


def identify(header: Sequence[str]) -> Columns:
    """Return the meaning of each column of a heading."""
    columns = Columns([name.strip() for name in header[:MAX_COLUMNS]])
    for index, name in enumerate(columns.names):
        _enter(columns, index, name)
    _count_from_one(columns)
    _spread_options(columns, columns.names)
    _options_by_number(columns)
    _marks_between(columns)
    _answers_beside_letters(columns)
    _points_as_marks(columns)
    return columns


def joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return the heading that two rows make together: a group above, its members below."""
    width = max(len(upper), len(lower))
    above, below = (list(row) + [""] * (width - len(row)) for row in (upper, lower))
    names, group = [], ""
    for top, bottom in zip((name.strip() for name in above), (name.strip() for name in below), strict=True):
        if top or not bottom:
            group = top if is_group(top) else ""
        over = top or group
        names.append(_together(over, bottom))
    return names


def is_group(name: str) -> bool:
    """Tell whether a heading may stand over several columns that each have their own below it."""
    said = meaning(name)
    return said is not None and said.field in _GROUPS


def _together(top: str, bottom: str) -> str:
    if not (top and bottom):
        return top or bottom
    both = f"{top} {bottom}"
    return both if is_letter(bottom) and meaning(both) else bottom if meaning(bottom) else top


def _enter(columns: Columns, index: int, name: str) -> None:
    said = meaning(name)
    if said is None:
        if name:
            columns.unknown.append((index, name))
    elif said.field in ("option", "mark", "option_picture", "points"):
        numbered = {"option": columns.options, "mark": columns.marks, "points": columns.points,
                    "option_picture": columns.option_pictures}[said.field]  # fmt: skip
        if numbered.setdefault(said.number, index) != index:
            columns.doubled.append((index, name))
    elif said.field in ("key", "distractor"):
        (columns.keys if said.field == "key" else columns.distractors).append(index)
    elif said.field == "number":
        columns.numbering.append(index)
    elif said.field == "unread":
        columns.unread.append((index, name))
    else:
        _enter_field(columns, index, name, said)


def _enter_field(columns: Columns, index: int, name: str, said: Meaning) -> None:
    """Of two columns for one field the surer name wins; only two equally sure ones are a question."""
    before = columns.ranks.get(said.field)
    if before is None or said.rank < before:
        if before is not None:
            columns.unread.append((columns.fields[said.field], columns.names[columns.fields[said.field]]))
        columns.fields[said.field], columns.ranks[said.field] = index, said.rank
    elif said.field in ("stem", "shuffle", "all_options") and said.rank == before < 2:
        columns.doubled.append((index, name))
    else:
        columns.unread.append((index, name))


def _spread_options(columns: Columns, header: Sequence[str]) -> None:
    """One heading over several columns without names of their own: these are the options in order."""
    first = columns.fields.get("all_options")
    if first is None or columns.options:
        return
    after = first + 1
    while after < len(header) and not header[after].strip():
        after += 1
    if after - first > 1 and (after < len(header) or columns.keys):
        del columns.fields["all_options"]
        columns.options = dict(enumerate(range(first, after)))


def _count_from_one(columns: Columns) -> None:
    """Where "option 0" is the first one, all numbers are one too low."""
    if -1 in columns.options:
        columns.from_zero = True
        for numbered in (columns.options, columns.option_pictures, columns.marks, columns.points):
            moved = {number + 1: index for number, index in numbered.items()}
            numbered.clear()
            numbered.update(moved)


def _options_by_number(columns: Columns) -> None:
    """Columns called 1, 2, 3 side by side are the options where question and key have theirs."""
    if columns.holds_options or columns.options or "stem" not in columns.fields or not columns.keys:
        return
    digits = [(index, name) for index, name in columns.unknown if name.strip(" .()").isdigit()]
    first = digits[0][0] if len(digits) > 1 else 0
    if first and [(index, name.strip(" .()")) for index, name in digits] == [
        (first + number, str(number + 1)) for number in range(len(digits))
    ]:
        columns.options = {number: index for number, (index, _) in enumerate(digits)}
        columns.unknown = [one for one in columns.unknown if one not in digits]


def _marks_between(columns: Columns) -> None:
    """The same "benar" heading right after each option marks that option; it is no key column."""
    beside = {number: index + 1 for number, index in columns.options.items() if index + 1 in columns.keys}
    if len(beside) > 1 and len(beside) >= len(columns.options) - 1 and not columns.marks:
        columns.marks = beside
        columns.keys = [index for index in columns.keys if index not in beside.values()]


def _points_as_marks(columns: Columns) -> None:
    """Points for each option tell the right one where nothing else does; beside a key they are not read."""
    if len(columns.points) > 1 and not (columns.keys or columns.marks):
        columns.marks, columns.by_points = columns.points, True
    else:
        columns.unread += [(index, columns.names[index]) for index in sorted(columns.points.values())]


def _answers_beside_letters(columns: Columns) -> None:
    """Columns "Answer 1", "Answer 2" behind options called by letters name the right ones.

    Where a column is the key already, they hold something else, such as pairs to be matched.
    """
    beyond = {number: index for number, index in columns.options.items()
              if _NUMBERED_ANSWER.fullmatch(columns.names[index])}  # fmt: skip
    lettered = [columns.names[index] for number, index in columns.options.items() if number not in beyond]
    answers = [one for one in columns.doubled if _NUMBERED_ANSWER.fullmatch(one[1])]
    if len(lettered) < 2 or not answers or not all(name.strip()[-1:].isalpha() for name in lettered):
        return
    answers += [(index, columns.names[index]) for index in beyond.values()]
    columns.options = {number: index for number, index in columns.options.items() if number not in beyond}
    columns.doubled = [one for one in columns.doubled if one not in answers]
    if columns.keys:
        columns.unread += answers
    else:
        columns.keys = sorted(index for index, _ in answers)
        columns.one_key_each = True
