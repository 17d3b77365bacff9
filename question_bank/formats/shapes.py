"""Tables that need no heading, since every row says what it is."""

from collections.abc import Callable, Sequence

from question_bank.formats.blocks import harvest_blocks, is_in_blocks
from question_bank.formats.coded_rows import harvest_coded, is_coded
from question_bank.formats.loaded import Harvest
from question_bank.formats.records import Record
from question_bank.formats.sheets import Sheet
from question_bank.formats.typed_rows import harvest_typed, is_typed

Reader = Callable[[Sheet, Sequence[Record], Harvest], None]

_SHAPES: tuple[tuple[Callable[[Sequence[Record]], bool], Reader], ...] = (
    (is_in_blocks, harvest_blocks),
    (is_typed, harvest_typed),
    (is_coded, harvest_coded),
)


def reader_of(rows: Sequence[Record]) -> Reader | None:
    """Return what reads such a table, None for one that needs its heading."""
    return next((reader for fits, reader in _SHAPES if fits(rows)), None)
