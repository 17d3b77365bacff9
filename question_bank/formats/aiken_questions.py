"""An Aiken file cut into questions: a stem, lettered options, the answer; blank lines are a help, no law."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from question_bank.formats.aiken_lines import (
    Key,
    Option,
    explanation_in,
    is_options_name,
    is_rule,
    key_in,
    number_in,
    options_in,
    remark_in,
)


@dataclass(frozen=True)
class Line:
    """A line of text with its number, and whether a blank line stands before it."""

    number: int
    text: str
    after_blank: bool = False


@dataclass
class Lettered:
    """An option with the lines that belong to it."""

    option: Option
    lines: list[Line]

    @property
    def text(self) -> str:
        """The text of the option, its lines kept apart."""
        return "\n".join([self.option.text, *(line.text for line in self.lines[1:])])


@dataclass
class Question:
    """The parts of one question as they stand in the file."""

    stem: list[Line] = field(default_factory=list)
    options: list[Lettered] = field(default_factory=list)
    key: Key | None = None
    key_line: int = 0
    again: list[Key] = field(default_factory=list)  # further answer lines below the first
    explanation: list[str] = field(default_factory=list)
    topic: str = ""
    listed: str = ""  # the letter that a list at the end of the paper gives it

    @property
    def line(self) -> int:
        """The line it begins on."""
        first = self.stem or [line for option in self.options for line in option.lines]
        return first[0].number if first else self.key_line

    @property
    def empty(self) -> bool:
        """Whether nothing was read of it."""
        return not (self.stem or self.options or self.key)


class _Cutter:
    """Reads line by line; `done` holds the finished questions that wait to be handed on."""

    def __init__(self) -> None:
        self.done: list[Question] = []
        self._now = Question()
        self._after_blank = False
        self._pending: list[Line] = []  # text behind the last option: its end, or the next stem

    def read(self, number: int, text: str) -> None:
        if is_rule(text) and (self._after_blank or self._now.key or self._now.empty):
            self._close()
            text = ""
        if text:
            line = Line(number, text, self._after_blank)
            if not (self._answer(line) or self._options(line) or self._explains(line)):
                self._text(line)
        self._after_blank = not text

    def finish(self) -> None:
        self._close()

    def _close(self) -> None:
        if any(line.after_blank for line in self._pending) and len(self._now.options) > 1:
            self._next_question()
        self._settle()
        if not self._now.empty:
            self.done.append(self._now)
        self._now = Question()

    def _answer(self, line: Line) -> bool:
        key = key_in(line.text)
        if key is None:
            return False
        if self._now.key:
            self._now.again.append(key)
            return True
        self._settle()
        self._now.key, self._now.key_line = key, line.number
        return True

    def _options(self, line: Line) -> bool:
        options = list(options_in(line.text))
        if not options or not self._begins(options[0]):
            return False
        if len(self._now.stem) > 1 and not self._now.options and is_options_name(self._now.stem[-1].text):
            self._now.stem.pop()
        if options[0].letter == "A" and self._now.options:
            self._another_a(options[0])
        else:
            self._settle()
        self._now.options += [Lettered(option, [line]) for option in options]
        return True

    def _begins(self, option: Option) -> bool:
        """Tell whether this is an option: the next letter, or a capital that leaves out or repeats one."""
        if not self._now.options or self._now.key:
            return option.letter == "A"
        step = ord(option.letter) - ord(self._now.options[-1].option.letter)
        return option.letter == "A" or step == 1 or (not option.typed_small and step in (0, 2))

    def _another_a(self, option: Option) -> None:
        """What looked like options was a part of the stem, or a question ends here without its answer."""
        now = self._now
        small_list = not option.typed_small and all(
            one.option.typed_small and not one.option.marked for one in now.options
        )
        if now.key is None and (small_list or len(now.options) == 1):
            self._settle()
            now.stem += [line for one in now.options for line in one.lines]
            now.options = []
        else:
            self._next_question()

    def _explains(self, line: Line) -> bool:
        """Take an explanation, which may stand on several lines below the options or below the answer."""
        if self._remarks(line):
            return True
        said = explanation_in(line.text) if self._asked else None
        goes_on = self._now.explanation and not line.after_blank
        if said is None and not goes_on:
            return False
        self._settle()
        self._now.explanation.append(line.text if said is None else said)
        return True

    @property
    def _asked(self) -> bool:
        return len(self._now.options) > 1 or self._now.key is not None

    def _remarks(self, line: Line) -> bool:
        """Take a line right below the options or the answer that gives the topic, or what an item has not."""
        told = remark_in(line.text) if self._asked and not line.after_blank else None
        if told is None:
            return False
        self._settle()
        self._now.topic = told or self._now.topic
        return True

    def _text(self, line: Line) -> None:
        now = self._now
        if now.key is not None or self._is_next_stem(line):
            self._next_question()
            self._now.stem.append(line)
        elif now.options:
            self._pending.append(line)
        else:
            now.stem.append(line)

    def _is_next_stem(self, line: Line) -> bool:
        here = number_in(line.text) if line.after_blank else None
        if here is None:
            return False
        if len(self._now.options) > 1 and not self._pending:
            return True
        stem = self._now.stem
        if not stem or self._now.options:
            return False
        before = number_in(stem[0].text)  # a list inside a numbered stem counts for itself
        return before is None or here[0] == before[0] + 1

    def _settle(self) -> None:
        """Text behind an option belongs to it after all."""
        if self._now.options:
            self._now.options[-1].lines += self._pending
            self._pending = []

    def _next_question(self) -> None:
        """Close the question; text after a blank line, or else all of it, is the stem of the next one."""
        waiting, self._pending = self._pending, []
        split = next((index for index, line in enumerate(waiting) if line.after_blank), 0)
        if self._now.options:
            self._now.options[-1].lines += waiting[:split]
        self.done.append(self._now)
        self._now = Question(stem=waiting[split:])


def questions(text: str) -> Iterator[Question]:
    """Yield the questions of a file in order; one that lacks its options or answer stands for itself."""
    cutter = _Cutter()
    for number, line in enumerate(text.split("\n"), start=1):
        cutter.read(number, line.strip())
        yield from cutter.done
        cutter.done = []
    cutter.finish()
    yield from cutter.done
