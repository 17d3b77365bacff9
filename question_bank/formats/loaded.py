"""What reading a file gives: good items, and every problem with its place."""

from collections.abc import Iterable
from dataclasses import dataclass

from question_bank.items import Item
from question_bank.problems import Problem, sentence
from question_bank.validate import doubles, problems_of

MAX_ITEMS = 20_000
FILE = "berkas"  # the place of a problem of the whole file


@dataclass(frozen=True)
class Located:
    """An item and the place in the file where it begins."""

    where: str
    item: Item


@dataclass(frozen=True)
class Loaded:
    """A file that was read; with any `errors`, `items` still holds the good ones, but import nothing."""

    format: str
    items: tuple[Located, ...]
    skipped: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    errors: tuple[Problem, ...]


class Unreadable(Exception):
    """The file cannot be read as anything; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(sentence(problem))
        self.problem = problem


class UnknownFormat(Unreadable):
    """No format recognises the file."""


class AmbiguousFormat(Unreadable):
    """More than one format recognises the file."""


def at_line(number: int) -> str:
    """Return the place of a 1-based line."""
    return f"baris {number}"


class Harvest:
    """Collects what a format reads, validates each item, and keeps the order of the file."""

    def __init__(self, warnings: Iterable[Problem] = ()) -> None:
        self._items: list[Located] = []
        self._skipped: list[Problem] = []
        self._warnings = list(warnings)
        self._errors: list[Problem] = []

    def add(self, where: str, item: Item, found: Iterable[Problem] = ()) -> None:
        """Keep the item if neither `found` nor the validation holds an error; keep all problems."""
        problems = [*found, *problems_of(item, where)]
        self.note(*problems)
        if all(problem.is_warning for problem in problems):
            self._items.append(Located(where, item))

    def note(self, *problems: Problem) -> None:
        """Keep problems that belong to no usable item."""
        for problem in problems:
            (self._warnings if problem.is_warning else self._errors).append(problem)

    def skip(self, problem: Problem) -> None:
        """Keep the reason why a question of another kind is left out."""
        self._skipped.append(problem)

    def loaded(self, format: str) -> Loaded:
        """Return what was collected, with the warnings about equal items and codes."""
        if not (self._items or self._skipped or self._errors):
            self.note(Problem(FILE, "nothing_found"))
        self.note(*self._equal_items(), *self._equal_codes())
        return Loaded(
            format, tuple(self._items), tuple(self._skipped), tuple(self._warnings), tuple(self._errors)
        )

    def _equal_items(self) -> list[Problem]:
        pairs = doubles([located.item for located in self._items])
        places = [located.where for located in self._items]
        return [Problem(places[later], "item_doubled", {"first": places[first]}) for first, later in pairs]

    def _equal_codes(self) -> list[Problem]:
        first_with: dict[str, str] = {}
        problems = []
        for located in self._items:
            code = located.item.code
            first = first_with.setdefault(code, located.where)
            if code and first != located.where:
                problems.append(Problem(located.where, "code_doubled", {"value": code, "first": first}))
        return problems
