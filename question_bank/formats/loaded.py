"""What reading a file gives: good items, and every problem with its place."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from question_bank.formats.choice import Refused
from question_bank.items import Item, pictures_of
from question_bank.pictures import name_of
from question_bank.problems import Problem, sentence
from question_bank.validate import doubles, problems_of

MAX_ITEMS = 20_000
NO_PICTURES: Mapping[str, bytes] = MappingProxyType({})
FILE = "berkas"  # the place of a problem of the whole file

# Where a lost picture was all that a text held, that says more than "empty".
_NOTHING_LEFT = frozenset({"picture_remote", "picture_absent", "picture_kind"})
_EMPTY = frozenset({"stem_empty", "option_empty"})


@dataclass(frozen=True)
class Located:
    """An item and the place in the file where it begins; `picture_at`: where its picture is, when known."""

    where: str
    item: Item
    picture_at: str = ""


@dataclass(frozen=True)
class Loaded:
    """A file that was read; with any `errors`, `items` still holds the good ones, but import nothing.

    `pictures` are the files that its items name, in `<img src="NAME">` of a text or in `Item.picture`.
    `questions` tells for each of the errors which broken question it is about, counted from 1; 0 is the file.
    """

    format: str
    items: tuple[Located, ...]
    skipped: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    errors: tuple[Problem, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    questions: tuple[int, ...] = ()

    @property
    def broken(self) -> tuple[tuple[Problem, ...], ...]:
        """The errors of each broken question together, in the order of the file."""
        found: dict[int, list[Problem]] = {}
        for number, problem in zip(self.questions, self.errors, strict=True):
            if number:
                found.setdefault(number, []).append(problem)
        return tuple(map(tuple, found.values()))

    @property
    def damage(self) -> tuple[Problem, ...]:
        """The errors of the whole file."""
        return tuple(one for number, one in zip(self.questions, self.errors, strict=True) if not number)


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
        self._questions: list[int] = []
        self._broken = 0
        self._pictures: dict[str, bytes] = {}

    def add(
        self,
        where: str,
        item: Item,
        found: Iterable[Problem] = (),
        place: Callable[[Problem], str] | None = None,
    ) -> None:
        """Keep the item if neither `found` nor the validation holds an error; keep all problems.

        `place` tells a closer place for what the validation found, such as the cell of an option.
        """
        told = list(found)
        lost = any(problem.code in _NOTHING_LEFT for problem in told)
        own = [one for one in problems_of(item, where) if not (lost and one.code in _EMPTY)]
        problems = told + ([replace(one, where=place(one)) for one in own] if place else own)
        self.note(*problems)
        if all(problem.is_warning for problem in problems):
            picture_at = place(Problem(where, "picture_name")) if place and item.picture else ""
            self._items.append(Located(where, item, picture_at))

    def note(self, *problems: Problem) -> None:
        """Keep problems that belong to no usable item; the errors among them are about one question."""
        self._warnings += [one for one in problems if one.is_warning]
        errors = [one for one in problems if not one.is_warning]
        self._errors += errors
        if any(one.where != FILE for one in errors):
            self._broken += 1
        self._questions += [0 if one.where == FILE else self._broken for one in errors]

    def skip(self, problem: Problem) -> None:
        """Keep the reason why a question of another kind is left out."""
        self._skipped.append(problem)

    def refuse(self, where: str, refused: Refused) -> None:
        """Keep why a question gives no item: a fault, or another kind that is left out."""
        problem = Problem(where, refused.code, refused.params)
        if refused.skipped:
            self.skip(problem)
        else:
            self.note(problem)

    def picture(self, name_hint: str, data: bytes) -> str:
        """Keep a picture found in the file and return the safe name that texts call it by."""
        name = name_of(name_hint, data)
        self._pictures[name] = data
        return name

    def loaded(self, format: str) -> Loaded:
        """Return what was collected, with the warnings about equal items and codes."""
        if not (self._items or self._skipped or self._errors):
            self.note(Problem(FILE, "nothing_found"))
        self.note(*self._equal_items(), *self._equal_codes())
        return Loaded(
            format, tuple(self._items), tuple(self._skipped), tuple(self._warnings), tuple(self._errors),
            self._used_pictures(), tuple(self._questions),
        )  # fmt: skip

    def _used_pictures(self) -> dict[str, bytes]:
        used = {name for located in self._items for name in pictures_of(located.item)}
        return {name: data for name, data in self._pictures.items() if name in used}

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
