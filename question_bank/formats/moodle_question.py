"""One <question> of Moodle XML as an item, or the reason why it is none."""

import re

from question_bank.formats.blanks import without_blanks
from question_bank.formats.choice import Answer, Choice, Refused, one_right
from question_bank.formats.labels import Labels, fitted, labels_of_tags
from question_bank.formats.moodle_texts import MoodleTexts
from question_bank.formats.moodle_tree import Node
from question_bank.formats.texts import Keep
from question_bank.items import Item, images
from question_bank.problems import Problem, excerpt
from question_bank.text import line

_CHOICES = frozenset({"multichoice", "multichoiceset", "oumultiresponse"})
_SEVERAL = frozenset({"multichoiceset", "oumultiresponse"})
_SKIPPED = {
    "truefalse": "skipped_true_false", "matching": "skipped_matching", "match": "skipped_matching",
    "shortanswer": "skipped_short_answer", "regexp": "skipped_short_answer", "essay": "skipped_essay",
    "essayautograde": "skipped_essay", "numerical": "skipped_numerical", "calculated": "skipped_calculated",
    "calculatedsimple": "skipped_calculated", "calculatedmulti": "skipped_calculated",
    "formulas": "skipped_calculated", "cloze": "skipped_cloze", "multianswer": "skipped_cloze",
    "gapselect": "skipped_cloze", "gapfill": "skipped_cloze", "ddwtos": "skipped_drag",
    "ddimageortext": "skipped_drag", "ddmarker": "skipped_drag", "ddmatch": "skipped_matching",
    "ordering": "skipped_ordering", "description": "skipped_description", "random": "skipped_random",
    "randomsamatch": "skipped_random",
}  # fmt: skip
_NO = frozenset({"false", "0", "no"})
_NUMBER = re.compile(r"[+-]?\d{1,6}(?:[.,]\d{1,20})?")


def kind_of(question: Node) -> str:
    """Return the type as Moodle calls it, "" when none is stated."""
    return question.get("type").lower()


def read_question(question: Node, topic: str, where: str, keep: Keep) -> tuple[Item, list[Problem]]:
    """Return the item and its warnings; raises Refused."""
    kind = kind_of(question)
    if question.value("hidden").lower() in {"1", "true"}:
        raise Refused("skipped_hidden")
    if kind not in _CHOICES:
        _refuse(kind)
    texts = MoodleTexts(question, where, keep)
    choice = _choice(question, kind, texts)
    return _item(question, topic, where, texts, choice)


def _refuse(kind: str) -> None:
    if not kind:
        raise Refused("moodle_type")
    if kind in _SKIPPED:
        raise Refused(_SKIPPED[kind])
    raise Refused("skipped_kind", kind=excerpt(kind))


def _choice(question: Node, kind: str, texts: MoodleTexts) -> Choice:
    nodes = question.children("answer")
    weights = [_weight(node.get("fraction")) for node in nodes]
    if 1 in weights and max(weights) == 1:  # written as shares by other programs
        weights = [weight * 100 for weight in weights]
    answers = [
        Answer(
            str(index),
            weight,
            (node.child("feedback") or node).value("text") if node.child("feedback") else "",
        )
        for index, (node, weight) in enumerate(zip(nodes, weights, strict=True))
    ]
    if not answers:
        raise Refused("options_few", count=0)
    return one_right(answers, kind in _SEVERAL or question.value("single").lower() in _NO)


def _weight(fraction: str) -> float:
    return float(fraction.replace(",", ".")) if _NUMBER.fullmatch(fraction) else 0.0


def _item(
    question: Node, topic: str, where: str, texts: MoodleTexts, choice: Choice
) -> tuple[Item, list[Problem]]:
    labels = _labels(question)
    code, topic, problems = fitted(where, labels, topic)
    nodes = question.children("answer")
    stem, picture, picture_alt = texts.stem()
    general = texts.of(question.child("generalfeedback"))
    right = nodes[choice.key].child("feedback")
    options, key, blank = without_blanks([(node.value("text"), texts.of(node)) for node in nodes], choice.key)
    item = Item(
        stem=stem,
        options=options,
        key=key,
        code=code,
        topic=topic,
        difficulty=labels.difficulty,
        picture=picture,
        picture_alt=picture_alt,
        explanation=general or texts.of(right),
        shuffle=question.value("shuffleanswers").lower() not in _NO,
    )
    problems += texts.problems
    problems += [Problem(where, warning) for warning in choice.warnings]
    if blank:
        problems.append(Problem(where, "options_blank"))
    if _drops_feedback(question, choice, taken=not general):
        problems.append(Problem(where, "feedback_dropped"))
    return item, problems


def _labels(question: Node) -> Labels:
    tags = question.child("tags")
    names = [line(tag.value("text")) for tag in tags.children("tag")] if tags else []
    found = labels_of_tags(names)
    return Labels(line(question.value("idnumber")), found.difficulty, found.tag)


def _drops_feedback(question: Node, choice: Choice, taken: bool) -> bool:
    """Tell whether an answer's feedback or a hint says something that the item will not hold."""
    lost = [
        answer.feedback for index, answer in enumerate(choice.answers) if not (taken and index == choice.key)
    ]
    hints = [hint.value("text") for hint in question.children("hint")]
    return any(_says_something(text) for text in (*lost, *hints))


def _says_something(html: str) -> bool:
    return bool(re.sub(r"<(?!img\b)[^<>]*>|&nbsp;|\s", "", html)) or bool(images(html))
