"""One item of QTI 1.2, as Canvas, Respondus, Blackboard, Brightspace, Sakai and text2qti write it."""

from collections.abc import Mapping, Sequence

from question_bank.formats.blanks import without_blanks
from question_bank.formats.choice import Refused
from question_bank.formats.qti.explanation import chosen
from question_bank.formats.qti.item2 import Reading
from question_bank.formats.qti.kinds1 import metadata, only_choice
from question_bank.formats.qti.material import html_of
from question_bank.formats.qti.scoring1 import Conditions, Outcome, conditions_of
from question_bank.formats.qti.tree import Node
from question_bank.formats.texts import Texts
from question_bank.items import Difficulty, Item
from question_bank.problems import excerpt
from question_bank.text import line
from question_bank.validate import CODE_LIMIT, MAX_OPTIONS

_DIFFICULTIES: dict[str, Difficulty] = {
    "very easy": "easy", "easy": "easy", "mudah": "easy", "low": "easy",
    "medium": "medium", "moderate": "medium", "sedang": "medium", "average": "medium",
    "difficult": "hard", "hard": "hard", "very difficult": "hard", "sulit": "hard", "high": "hard",
}  # fmt: skip
_ANSWERS = ("response_label",)


def difficulty_of(word: str) -> Difficulty | None:
    """Return the difficulty that a word of the metadata means."""
    return _DIFFICULTIES.get(" ".join(word.split()).casefold())


def passage(item: Node) -> str:
    """Return the HTML of an item that is a text for others to refer to, as Canvas has them, else ""."""
    if metadata(item).get("question_type") != "text_only_question":
        return ""
    return html_of(item.children("presentation"))


def read(item: Node, texts: Texts, passages: Mapping[str, str]) -> Reading:
    """Return the item without its topic; the passage that it refers to opens its stem; raises Refused."""
    stated = metadata(item)
    passage_html = passages.get(stated.get("parent_stimulus_item_ident", ""), "")
    response = only_choice(item, stated)
    labels = list(response.all("response_label"))
    if len(labels) > MAX_OPTIONS:
        raise Refused("options_many", count=len(labels), limit=MAX_OPTIONS)
    options = [label.get("ident") for label in labels]
    conditions = conditions_of(item, response.get("ident"), options)
    many = response.get("rcardinality").casefold() == "multiple"
    key, weighted, by_what = _key(conditions, options, many)
    explanation, dropped = _explanation(item, conditions.outcome(key), key, texts)
    fixed = any(label.get("rshuffle").casefold() == "no" for label in labels)
    shuffle = all(node.get("shuffle").casefold() != "no" for node in response.all("render_choice"))
    asked = html_of(item.children("presentation"), _ANSWERS)
    stem = texts.html(f"<div>{passage_html}</div><div>{asked}</div>" if passage_html else asked)
    raw = [html_of([label]) or _bare(label) for label in labels]
    kept, index, blank = without_blanks([(text, texts.html(text)) for text in raw], options.index(key))
    made = Item(
        stem=stem,
        options=kept,
        key=index,
        code=_code(item),
        topic=line(stated.get("qmd_topic", "")),
        difficulty=difficulty_of(stated.get("qmd_levelofdifficulty", "")),
        explanation=explanation,
        shuffle=shuffle and not fixed,
    )
    told = {by_what: bool(by_what), "one_of_several": many, "weights_dropped": weighted,
            "qti_fixed_options": fixed and shuffle, "feedback_dropped": dropped,
            "options_blank": blank}  # fmt: skip
    return Reading(made, tuple(code for code, is_so in told.items() if is_so))


def _bare(label: Node) -> str:
    return "" if list(label) else label.text


def _code(item: Node) -> str:
    code = line(item.get("ident"))
    return code if len(code) <= CODE_LIMIT else ""


def _key(conditions: Conditions, options: Sequence[str], many: bool) -> tuple[str, bool, str]:
    """Return the right option, whether others gave or took points, and the code for what else tells it.

    Raises Refused.
    """
    if len(set(options)) != len(options):
        raise Refused("qti_options_doubled")
    outcomes = {option: conditions.outcome(option) for option in options}
    points = {option: outcome.score for option, outcome in outcomes.items()}
    right = [option for option, value in points.items() if value > 0]
    by_what = "" if right else "qti_key_by_feedback"
    if by_what:
        _refuse_without_points(conditions, options, many)
        right = [option for option, outcome in outcomes.items() if outcome.called_right]
        if not right:
            right, by_what = _named(conditions, options), "qti_key_without_points"
        points = {option: float(option in right) for option in options}
    if not right:
        raise Refused("no_right_answer")
    best = max(points.values())
    if [points[option] for option in right].count(best) > 1 or (many and len(right) > 1):
        raise Refused("skipped_several_right")
    key = next(option for option in right if points[option] == best)
    return key, any(value for option, value in points.items() if option != key), by_what


def _named(conditions: Conditions, options: Sequence[str]) -> list[str]:
    """Return the only option that the conditions name, [] when they name others too; raises Refused."""
    named = conditions.named()
    if len(named) == 1 and len([option for option in named[0] if option in options]) > 1:
        raise Refused("skipped_several_right")
    found = {option for asked in named for option in asked}
    return [option for option in options if found == {option}]


def _refuse_without_points(conditions: Conditions, options: Sequence[str], many: bool) -> None:
    wanted = conditions.wanted()
    known = [option for option in wanted if option in options]
    if len(known) > 1 or (many and len(wanted) > 1):  # OLAT's Kprim asks for "one:correct" and "two:wrong"
        raise Refused("skipped_several_right")
    if wanted and not known:
        raise Refused("qti_key_nowhere", value=excerpt(wanted[0]))


def _explanation(item: Node, outcome: Outcome, key: str, texts: Texts) -> tuple[str, bool]:
    offered = [(node.get("ident"), texts.html(html_of([node]))) for node in item.children("itemfeedback")]
    return chosen(offered, set(outcome.feedback), key)
