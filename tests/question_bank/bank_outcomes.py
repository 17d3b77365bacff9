"""What a document is expected to give, said in few words."""

from dataclasses import dataclass
from typing import Any

from question_bank.formats import Loaded, detect, load
from question_bank.items import plain
from question_bank.problems import sentence


@dataclass(frozen=True)
class Document:
    """A file in the shape of real ones: its items as "stem|option|*right option", and codes of the rest."""

    name: str
    text: str | bytes
    items: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def data(self) -> bytes:
        return self.text if isinstance(self.text, bytes) else self.text.encode()


def outcome(file_name: str, data: bytes) -> Document:
    loaded = load(file_name, data)
    told = [sentence(problem) for problem in (*loaded.skipped, *loaded.errors, *loaded.warnings)]
    assert all("%(" not in text for text in told)
    return Document(
        "", data, tuple(_item(located.item) for located in loaded.items), _codes(loaded.skipped),
        _codes(loaded.errors), _codes(loaded.warnings),
    )  # fmt: skip


def _codes(problems: Any) -> tuple[str, ...]:
    return tuple(problem.code for problem in problems)


def _item(item: Any) -> str:
    marked = [("*" if index == item.key else "") + plain(option) for index, option in enumerate(item.options)]
    return "|".join([plain(item.stem), *marked])


def check(document: Document, format_name: str, file_name: str) -> Loaded:
    assert detect(file_name, document.data) == format_name
    got = outcome(file_name, document.data)
    assert list(got.items) == list(document.items)
    assert (got.skipped, got.errors) == (document.skipped, document.errors)
    assert got.warnings == document.warnings
    return load(file_name, document.data)
