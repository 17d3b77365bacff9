"""The kind of question that a table states in a column of its own."""

import re

_BLANK = re.compile(r"[\W_]+")
# The first line with a word of the cell decides.
_KINDS = (
    ("skipped_several_right", "kompleks|checkbox|check box|multiple answers?|multi answers?|"
     "multiple response|multiple select|multi ?select|multichoiceset|jawaban ganda|lebih dari satu|msq|mr|"
     "ma|mcma|pgk|banyak jawaban"),
    ("", "pilihan ganda|pil gan|pilgan|pg|multiple ?choice|multichoice|mc|mcq|single choice|single answer|"
     "single|multiple|pilihan|choice|pilgan biasa|objektif|aneka pilihan"),
    ("skipped_true_false", "benar salah|boolean|true false|true or false|truefalse|tf|bs|b s|t f"),
    ("skipped_matching", "menjodohkan|jodohkan|penjodohan|jodoh|mj|matching|match|pasangan|padanan"),
    ("skipped_ordering", "mengurutkan|urutan|ordering|order|sequence|reorder"),
    ("skipped_numerical", "numerik|numerical|numeric|isian angka"),
    ("skipped_cloze", "rumpang|cloze|drop ?down"),
    ("skipped_short_answer", "isian singkat|isian|jawaban singkat|short answer|fill in the blanks?|fill in|"
     "fill blank|shortanswer|fib|fitb|isian pendek|melengkapi|fill in the blank"),
    ("skipped_essay", "esai|essay|esei|uraian|open ended|open|paragraph|long answer|urai|descriptive|"
     "subjective|subjektif"),
    ("skipped_drag", "drag and drop|drag drop|seret"),
    ("skipped_kind", "poll|polling|jajak pendapat|survei|survey|word cloud|draw|file upload|unggah|"
     "audio response|video response|hotspot"),
    ("skipped_description", "keterangan|description|info|slide|petunjuk"),
)  # fmt: skip
_PATTERNS = [(code, re.compile(rf"\b(?:{words})\b")) for code, words in _KINDS]


def kind_code(cell: str) -> str | None:
    """Return the code under which this kind is skipped, "" for single choice, None for an unknown word."""
    said = _BLANK.sub(" ", cell.casefold())[:100]
    return next((code for code, words in _PATTERNS if words.search(said)), None)
