"""Questions people ask about the recruitment, with the office's answers."""

from exam_server.errors import N_
from exam_server.recruitments.fields import Form, Group, both

QUESTION = (*both("question", N_("Pertanyaan")), *both("answer", N_("Jawaban"), "text", most=2000))
FORM = Form(groups=(Group("questions", N_("Tanya jawab"), N_("Pertanyaan {number}"), QUESTION),))
