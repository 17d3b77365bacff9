"""The words of an Aiken file, which knows "ANSWER" alone: people translate it, and add some of their own."""

ANSWER = (
    r"(?:the\s+)?(?:correct\s+)?(?:answers?|ans|jawaban(?:\s+(?:yang\s+)?(?:benar|tepat))?|jawab|jwb|"
    r"kunci(?:\s+jawaban)?|key|correct|gabarito|"
    r"(?:respuesta|resposta|risposta)(?:\s+(?:correcta|correta|corretta|certa|esatta))?|"
    r"r(?:\u00e9|e)ponse(?:\s+correcte)?|(?:richtige\s+)?antwort|\u0111\u00e1p\s+\u00e1n(?:\s+\u0111\u00fang)?|"
    r"(?:\u043f\u0440\u0430\u0432\u0438\u043b\u044c\u043d\u044b\u0439\s+)?\u043e\u0442\u0432\u0435\u0442)"
    r"(?:\s+(?:adalah|is|es|est))?"
)
EXPLANATION = (
    r"pembahasan|penjelasan|alasan|sumber|feedback|explanation|rationale|reason(?:ing)?|source|references?|"
    r"explicaci\u00f3n|explica\u00e7\u00e3o|justificaci\u00f3n|justificativa|retroalimentaci\u00f3n|"
    r"\u00bfpor\s+qu\u00e9\?|explication|erkl\u00e4rung|spiegazione|gi\u1ea3i\s+th\u00edch|"
    r"\u043f\u043e\u044f\u0441\u043d\u0435\u043d\u0438\u0435|\u043e\u0431\u044a\u044f\u0441\u043d\u0435\u043d\u0438\u0435"
)
QUESTION = (
    r"soal|pertanyaan|question|q\.?|pregunta|pergunta|quest\u00e3o|domanda|frage|c\u00e2u(?:\s+h\u1ecfi)?|"
    r"\u0432\u043e\u043f\u0440\u043e\u0441"
)
TOPIC = r"topik|topic|materi|tema|t\u00f3pico"
REMARK = (
    r"(?:tingkat\s+)?kesulitan|difficulty|dificuldade|dificultad|level|bobot|skor|poin|points?|marks?|tags?|"
    r"kompetensi|indikator|taksonomi|bloom"
)
