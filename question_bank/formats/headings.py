"""What one heading of a table means, in Indonesian and English, however it is spelled and decorated."""

import re
from dataclasses import dataclass
from functools import lru_cache

from question_bank.formats.heading_tongues import in_english
from question_bank.items import plain

_SQUASHED = {
    "kodesoal": "code", "itemcode": "code", "pokoksoal": "stem", "tingkatkesulitan": "difficulty",
    "kuncijawaban": "key", "jawabanbenar": "key", "answerkey": "key", "correctanswer": "key",
    "keterangangambar": "picture_alt", "teksalt": "picture_alt", "alttext": "picture_alt",
    "picturealt": "picture_alt", "imagealt": "picture_alt", "butirsoal": "stem", "questiontext": "stem",
    "correctoption": "key", "answeridx": "key", "cop": "key", "questiontype": "kind", "jenissoal": "kind",
    "qtype": "kind", "questionname": "unread", "kuncijwb": "key",
    "opsijawaban": "all_options", "questext": "stem", "codesnippet": "program", "kodeprogram": "program",
    "potongankode": "program", "cuplikankode": "program", "snippet": "program",
}  # fmt: skip

_OPTION_WORD = (
    r"(?:pilihan|pil|opsi|ops|option|options|opt|jawaban|jawab|jwb|answer|ans|choice|alternatif|alternative|"
    r"teks|text|ganda|response|reponse)"
)
_NUMBER = r"(?:ke )?(?P<number>[a-j]|10|[0-9])"
_OPTION = re.compile(
    rf"(?:{_OPTION_WORD} )*{_NUMBER}|op ?(?P<short>[a-j])"
    rf"|(?:{_OPTION_WORD} )+(?P<before>[a-j]|10|[0-9]) (?:text|teks|isi|content|value)"
)
_LONE_DIGIT = re.compile(r"(?:10|[0-9])")
_MARK = re.compile(
    rf"(?:is )?(?:kunci|key|benar|betul|correct|right) (?:{_OPTION_WORD} )*{_NUMBER}"
    rf"|(?:{_OPTION_WORD} )+(?P<before>[a-j]|10|[1-9]) (?:is ?)?(?:benar|betul|correct|right|kunci|key)"
)
_OPTION_PICTURE = re.compile(
    rf"(?:gambar|picture|image|img|foto) (?:{_OPTION_WORD} )*{_NUMBER}"
    rf"|(?:{_OPTION_WORD} )+(?P<before>[a-j]|10|[1-9]) (?:gambar|picture|image|img|foto)"
)

_OPTION_FEEDBACK = re.compile(
    rf"(?:explanation|penjelasan|pembahasan|feedback|rationale|alasan) (?:{_OPTION_WORD} )*{_NUMBER}"
    rf"|(?:{_OPTION_WORD} )+(?P<before>[a-j]|10|[1-9]) (?:explanation|penjelasan|feedback|rationale|alasan)"
)
_POINTS_WORD = r"(?:bobot|skor|nilai|poin|points?|score|weight|arrange|fraction)"
_POINTS = re.compile(
    rf"{_POINTS_WORD} (?:{_OPTION_WORD} )*{_NUMBER}"
    rf"|(?:{_OPTION_WORD} )+(?P<before>[a-j]|10|[1-9]) {_POINTS_WORD}"
)

_PICTURE = frozenset(
    ["gambar", "picture", "pictures", "image", "images", "img", "foto", "ilustrasi", "figure", "rajah"]
)
_RIGHT = frozenset(["benar", "correct", "right", "betul", "tepat"])
_WRONG = frozenset(["salah", "incorrect", "wrong", "pengecoh", "distraktor", "distractor", "distractors"])
_ABOUT_LEVEL = frozenset(
    ["kognitif", "cognitive", "kelas", "bloom", "taksonomi", "pendidikan", "class", "grade"]
)
_KEY_NAMES = frozenset(
    ["jawapan", "jawaban", "answer", "answers", "ans", "jwb", "jawab", "label", "target", "gold"]
)
_WEAK_KEY_NAMES = frozenset(["label", "target", "gold"])  # of data sets, and of much else
_KEY_DETAILS = frozenset(
    [
        "index",
        "indeks",
        "idx",
        "letter",
        "huruf",
        "id",
        "text",
        "teks",
        "option",
        "opsi",
        "final",
        "soal",
        "keys",
    ]
)
_KEY_COMPANY = _KEY_NAMES | _KEY_DETAILS | _RIGHT | {"question", "no", "number", "value", "choice", "the"}
_NUMBERING = frozenset(["no", "bil", "nomor", "num", "number", "nr", "urut"])
_ITEM = frozenset(["soal", "soalan", "item", "butir", "question", "questions", "q", "ques", "pertanyaan"])
_CODE = frozenset(["kode", "code", "id", "uid", "qid"])
_CHOICES = frozenset(
    [
        "pilihan",
        "opsi",
        "option",
        "options",
        "choice",
        "choices",
        "jawaban",
        "answers",
        "answer",
        "alternatif",
        "ganda",
        "possible",
        "daftar",
    ]
)
_KEY_WORDS = frozenset(["kunci", "kj", "skema"])
# Any of these words decides, unless an earlier line did.
_BY_WORD: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "explanation",
        frozenset(
            [
                "pembahasan",
                "penjelasan",
                "explanation",
                "explanations",
                "feedback",
                "rationale",
                "alasan",
                "rasional",
                "exp",
                "support",
                "solusi",
                "solution",
            ]
        ),
    ),
    (
        "unread",
        frozenset(["bobot", "skor", "nilai", "poin", "point", "points", "score", "weight", "marks", "skors"]),
    ),
    ("picture", _PICTURE),
    ("kind", frozenset(["jenis", "tipe", "type", "bentuk", "kind"])),
    ("stimulus", frozenset(["stimulus", "wacana", "bacaan", "konteks", "context", "passage", "narasi"])),
    ("shuffle", frozenset(["acak", "shuffle", "randomize"])),
    ("key", _KEY_WORDS),
)
_TOPICS = (
    frozenset(["topik", "topic", "topics", "subtopik"]),
    frozenset(["materi", "bahasan"]),
    frozenset(["bab", "chapter", "unit", "tema", "theme", "modul", "module"]),
    frozenset(["kategori", "category"]),
    frozenset(["kompetensi", "kd", "competency"]),
    frozenset(["mapel", "pelajaran", "subject"]),
)
_STEM = frozenset(
    ["soal", "soalan", "pertanyaan", "question", "questions", "ques", "stem", "prompt", "butir", "item"]
)
_TEXT = frozenset(["text", "teks", "isi", "content", "konten", "body", "html", "latex", "kalimat"])
_OVER_TEXT = frozenset(["title", "judul", "description", "deskripsi"])  # of the question, beside its text
_MAYBE_STEM = _TEXT | _OVER_TEXT | {"problem", "statement", "pernyataan", "query", "mcq"}
_ABOUT_STEM = frozenset(
    ["name", "nama", "title", "judul", "group", "grup", "source", "sumber", "author", "penulis", "language",
     "bahasa", "time", "waktu", "durasi", "duration", "date", "tanggal", "status", "set", "paket", "length"]
)  # fmt: skip
_PLURAL_CHOICES = frozenset(["pilihan", "opsi", "options", "choices", "answers", "alternatif"])
_LIST_WORDS = _CHOICES | {"question", "questions", "soal", "list", "text", "teks", "json", "array", "data"}
_ENGLISH = frozenset(["en", "eng", "english"])  # beside the same columns in another language
_YES_OR_NO = frozenset(["is", "has", "includes"])

_ASIDE = re.compile(r"\((?!\s*(?:[a-jA-J]|\d{1,2})\s*\))[^()]*\)")
_HINT = re.compile(
    r"\s[-\u2013\u2014]\s*(?:max|min|maks|wajib|opsional|optional|choose|contoh|diisi|\d).*", re.IGNORECASE
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[a-z])(?=\d)")
_NO_WORD = re.compile(r"[\W_]+")
_DATA = re.compile(r"""\s*[\[{]\s*[\[{"']""")  # a list or an object of a program


@dataclass(frozen=True)
class Meaning:
    """What a column holds: a field, for options and marks with their 0-based number, `rank` 0 the surest.

    The number is -1 for what its heading calls "option 0".
    """

    field: str
    number: int = 0
    rank: int = 0


@lru_cache(maxsize=4096)
def meaning(name: str) -> Meaning | None:
    """Return what a heading means, None when it means nothing that is known or is empty."""
    words = _words(name)
    said = " ".join(words)
    if not said:
        return Meaning("number") if name.strip() in {"#", "\u2116"} else None
    if "#" in name and set(words) <= _ITEM | _NUMBERING:  # "Question #"
        return Meaning("number")
    if said.replace(" ", "") in _SQUASHED:
        return Meaning(_SQUASHED[said.replace(" ", "")])
    if words[0] in _YES_OR_NO and not _RIGHT & set(words):  # "is_mcq", "includesDiagram"
        return None
    return _numbered(said) or _named(frozenset(words))


def is_letter(name: str) -> bool:
    """Tell whether a heading is nothing but the letter or number of an option."""
    words = _words(name)
    return len(words) == 1 and (_OPTION.fullmatch(words[0]) or _LONE_DIGIT.fullmatch(words[0])) is not None


def _words(name: str) -> list[str]:
    if len(name) > 200 or _DATA.match(name):  # a text, no heading
        return []
    visible = _HINT.sub("", _ASIDE.sub(" ", plain(name)))
    words = in_english(_NO_WORD.sub(" ", _CAMEL.sub(" ", visible)).strip()).split()
    return words[:-1] if len(words) > 1 and words[-1] in _ENGLISH else words


def _numbered(said: str) -> Meaning | None:
    if _LONE_DIGIT.fullmatch(said):
        return None
    for field, pattern in (("option", _OPTION), ("mark", _MARK), ("option_picture", _OPTION_PICTURE),
                           ("points", _POINTS), ("unread", _OPTION_FEEDBACK)):  # fmt: skip
        found = pattern.fullmatch(said)
        if found:
            groups = [value for value in found.groupdict().values() if value]
            return Meaning(field, _index(groups[0]))
    return None


def _index(word: str) -> int:
    return int(word) - 1 if word.isdigit() else ord(word) - ord("a")


def _named(words: frozenset[str]) -> Meaning | None:
    if words & _KEY_WORDS and "kata" in words:  # "kata kunci"
        return Meaning("unread")
    if "alt" in words or (words & _PICTURE and words & {"keterangan", "deskripsi", "description", "caption"}):
        return Meaning("picture_alt")
    for field, known in _BY_WORD:
        if words & known:
            return Meaning(field)
    if "key" in words and words <= _KEY_COMPANY | {"key"}:
        return Meaning("key")
    return _answer(words) or _label(words) or _stem(words)


def _stem(words: frozenset[str]) -> Meaning | None:
    """A plain word for the question is sure; "question name" or "content" count where nothing better is."""
    if words & _STEM:
        return Meaning("stem", rank=2 if words & _ABOUT_STEM else 0 if words & _TEXT or words <= _STEM else 1)
    return Meaning("stem", rank=4 if words <= _OVER_TEXT else 3) if words and words <= _MAYBE_STEM else None


def _answer(words: frozenset[str]) -> Meaning | None:
    right, wrong = words & _RIGHT, words & _WRONG
    if right or wrong:
        return None if right and wrong else Meaning("key" if right else "distractor")
    if words & _KEY_NAMES and words <= _KEY_NAMES | _KEY_DETAILS and not words & {"answers", "pilihan"}:
        return Meaning("key", rank=2 if words & _WEAK_KEY_NAMES else 1)
    lists = words <= _CHOICES or (words & _PLURAL_CHOICES and words <= _LIST_WORDS)
    return Meaning("all_options") if lists else None


def _label(words: frozenset[str]) -> Meaning | None:
    if words & _NUMBERING and words <= _NUMBERING | _ITEM:
        return Meaning("number")
    if words & _CODE and words <= _CODE | _ITEM:
        return Meaning("code", rank=0 if "kode" in words or "code" in words else 1)
    if words & {"kesulitan", "kesukaran", "difficulty"}:
        return Meaning("difficulty")
    if words & {"tingkat", "level", "taraf", "aras"} and not words & _ABOUT_LEVEL:
        return Meaning("difficulty", rank=1)
    rank = next((rank for rank, known in enumerate(_TOPICS) if words & known), None)
    return None if rank is None else Meaning("topic", rank=rank)
