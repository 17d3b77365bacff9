"""Headings in other languages, said in the English words that the reader of headings knows."""

import re

# Longer phrases stand before the words that they hold. A word of letters counts whole, signs count anywhere.
_PHRASES = {
    "question": ("c\u00e2u h\u1ecfi", "pregunta", "pergunta", "enunciado", "quest[a\u00e3]o", "frage",
        "soru", "\u0432\u043e\u043f\u0440\u043e\u0441"),
    "correct answer": ("\u0111\u00e1p \u00e1n \u0111\u00fang", "respuesta correcta",
        "resposta correc?ta", "resposta certa", "gabarito", "bonne r[e\u00e9]ponse",
        "r[e\u00e9]ponse correcte", "richtige antwort", "l(?:\u00f6|oe)sung", "do[g\u011f]ru cevap",
        "\u043f\u0440\u0430\u0432\u0438\u043b\u044c\u043d\u044b\u0439 \u043e\u0442\u0432\u0435\u0442",
        "\u0432\u0435\u0440\u043d\u044b\u0439 \u043e\u0442\u0432\u0435\u0442"),
    "option": ("\u0111\u00e1p \u00e1n(?= ?(?:[a-j]|\\d)$)", "l\u1ef1a ch\u1ecdn",
        "ph\u01b0\u01a1ng \u00e1n", "opci[o\u00f3]n", "op[c\u00e7][a\u00e3]o", "alternativa", "choix",
        "se[c\u00e7]enek", "\u0432\u0430\u0440\u0438\u0430\u043d\u0442"),
    "options": ("opciones", "op[c\u00e7][o\u00f5]es", "alternativas",
        "\u0432\u0430\u0440\u0438\u0430\u043d\u0442\u044b"),
    "answer": ("\u0111\u00e1p \u00e1n", "respuesta", "resposta", "r[e\u00e9]ponse", "antwort", "cevap",
        "\u043e\u0442\u0432\u0435\u0442"),
    "explanation": ("gi\u1ea3i th\u00edch", "explicaci[o\u00f3]n", "explica[c\u00e7][a\u00e3]o",
        "retroalimentaci[o\u00f3]n", "explication", "erkl(?:\u00e4|ae)rung",
        "a[c\u00e7][\u0131i]klama", "\u043f\u043e\u044f\u0441\u043d\u0435\u043d\u0438\u0435",
        "\u043e\u0431\u044a\u044f\u0441\u043d\u0435\u043d\u0438\u0435"),
    "difficulty": ("\u0111\u1ed9 kh\u00f3", "dificultad", "dificuldade", "difficult[e\u00e9]",
        "schwierigkeit", "\u0441\u043b\u043e\u0436\u043d\u043e\u0441\u0442\u044c"),
    "topic": ("th[e\u00e8]me", "ch\u1ee7 \u0111\u1ec1"),
    "type": ("tipo", "lo\u1ea1i", "\u0442\u0438\u043f"),
}  # fmt: skip
_SIGNS = {
    "question text": ("\u554f\u984c\u6587", "\u95ee\u9898\u5185\u5bb9", "\u9898\u5e72", "\u984c\u5e79"),
    "title": ("(?:\u554f\u984c)?\u30bf\u30a4\u30c8\u30eb", "\u6807\u9898", "\u6a19\u984c"),
    "type": ("\u89e3\u7b54\u30bf\u30a4\u30d7", "\u9898\u578b", "\u984c\u578b", "\u7c7b\u578b",
        "\u985e\u578b", "\u7a2e\u985e"),
    "number": ("\u9898\u53f7", "\u984c\u865f", "\u5e8f\u53f7", "\u5e8f\u865f", "\u7f16\u53f7",
        "\u7de8\u865f", "\u756a\u53f7"),
    "question": ("\u9898\u76ee", "\u984c\u76ee", "\u95ee\u9898", "\u554f\u984c", "\u8bd5\u9898",
        "\u8a66\u984c", "\ubb38\uc81c", "\uc9c8\ubb38"),
    "option ": ("\u9009\u9879", "\u9078\u9805", "\u9078\u629e\u80a2", "\ubcf4\uae30",
        "\uc120\ud0dd\uc9c0"),
    "correct answer": ("\u6b63\u786e(?:\u7b54\u6848|\u9009\u9879)",
        "\u6b63\u78ba(?:\u7b54\u6848|\u9078\u9805)", "\u6b63\u89e3", "\u6807\u51c6\u7b54\u6848",
        "\uc815\ub2f5"),
    "answer": ("\u7b54\u6848",),
    "explanation": ("\u89e3\u8aac", "\u89e3\u6790", "\u89e3\u91ca", "\u89e3\u91cb", "\ud574\uc124"),
    "difficulty": ("\u96be\u5ea6", "\u96e3\u5ea6", "\u96e3\u6613\u5ea6", "\ub09c\uc774\ub3c4"),
    "points": ("\u5206\u503c", "\u5206\u6570", "\u914d\u70b9", "\u914d\u5206", "\u5f97\u5206"),
}  # fmt: skip
_LETTER = r"[^\W\d_]"


def _pattern(table: dict[str, tuple[str, ...]], edge: str, end: str) -> re.Pattern[str]:
    return re.compile("|".join(f"{edge}({'|'.join(words)}){end}" for words in table.values()))


_IN_LETTERS = _pattern(_PHRASES, rf"(?<!{_LETTER})", rf"(?!{_LETTER})")
_IN_SIGNS = _pattern(_SIGNS, "", "")


def in_english(heading: str) -> str:
    """Return a heading in small letters, known words of other languages in English."""
    said = _IN_LETTERS.sub(lambda found: [*_PHRASES][(found.lastindex or 1) - 1], heading.casefold())
    if said.isascii():
        return said
    return _IN_SIGNS.sub(lambda found: [*_SIGNS][(found.lastindex or 1) - 1], said)
