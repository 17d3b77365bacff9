"""CSV: one item per row, the header says what each column means."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from question_bank.formats.cells import guarded
from question_bank.formats.columns import identify
from question_bank.formats.decode import decode, is_text
from question_bank.formats.loaded import Harvest, Loaded
from question_bank.formats.records import records
from question_bank.formats.rows import harvest_rows
from question_bank.items import Item
from question_bank.validate import LETTERS

DELIMITERS = ",;\t|"
MIN_KNOWN_COLUMNS = 3  # a file with another ending is a table when its header holds as many known names

_DIFFICULTY_WORDS = {None: "", "easy": "mudah", "medium": "sedang", "hard": "sulit"}
_USUAL_OPTIONS = 5


def detect(name: str, data: bytes) -> bool:
    """Tell whether the file is a table of items, by its ending or its header."""
    ending = PurePath(name).suffix.lower()
    if ending == ".gift" or not is_text(data):
        return False
    return ending in {".csv", ".tsv"} or _sniff(decode(data)[0])[1] >= MIN_KNOWN_COLUMNS


def load(data: bytes) -> Loaded:
    """Return the items and all problems of a CSV file; raises Unreadable."""
    text, warnings = decode(data)
    text, first_line, stated = _without_separator_line(text)
    harvest = Harvest(warnings)
    harvest_rows(records(text, stated or _sniff(text)[0], first_line), harvest)
    return harvest.loaded("csv")


def dump(items: Iterable[Item]) -> bytes:
    """Return the items as CSV in UTF-8, which `load` reads back unchanged."""
    kept = list(items)
    letters = LETTERS[: max([_USUAL_OPTIONS, *(len(item.options) for item in kept)])].lower()
    plain_order = all(item.shuffle for item in kept)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["kode", "topik", "kesulitan", "soal", *letters, "kunci", "gambar", "keterangan_gambar",
                     "pembahasan", *([] if plain_order else ["acak"])])  # fmt: skip
    for item in kept:
        row = _row(item, len(letters))
        writer.writerow(map(guarded, row[:-1] if plain_order else row))
    return out.getvalue().encode()


def _row(item: Item, option_columns: int) -> Sequence[str]:
    padding = [""] * (option_columns - len(item.options))
    return [item.code, item.topic, _DIFFICULTY_WORDS[item.difficulty], item.stem, *item.options, *padding,
            LETTERS[item.key], item.picture, item.picture_alt, item.explanation,
            "ya" if item.shuffle else "tidak"]  # fmt: skip


def _sniff(text: str) -> tuple[str, int]:
    """Return the delimiter under which the header holds the most known names, and their number."""
    known = {delimiter: _known_columns(text, delimiter) for delimiter in DELIMITERS}
    best = max(known, key=lambda delimiter: known[delimiter])
    return best, known[best]


def _known_columns(text: str, delimiter: str) -> int:
    header = next((row for row in records(text, delimiter) if any(cell.strip() for cell in row.cells)), None)
    return identify(header.cells).known if header else 0


def _without_separator_line(text: str) -> tuple[str, int, str | None]:
    """Take off the line "sep=;" that spreadsheets write; return text, number of its first line, delimiter."""
    first, _, rest = text.partition("\n")
    if first.startswith("sep=") and first[4:] in tuple(DELIMITERS):
        return rest, 2, first[4:]
    return text, 1, None
