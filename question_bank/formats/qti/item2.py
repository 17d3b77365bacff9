"""One assessmentItem of QTI 2.0, 2.1, 2.2 or 3.0: which kind it is, and a choice as an item of the bank."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from question_bank.formats.blanks import without_blanks
from question_bank.formats.choice import Refused
from question_bank.formats.qti.explanation import chosen
from question_bank.formats.qti.key2 import Key, key_of
from question_bank.formats.qti.kinds1 import refuse_declared
from question_bank.formats.qti.markup import PICTURE_CLASS, markup
from question_bank.formats.qti.tree import Node
from question_bank.formats.texts import Texts
from question_bank.formulas import shielded
from question_bank.items import Item
from question_bank.text import line
from question_bank.validate import CODE_LIMIT, MAX_OPTIONS

_KINDS = {
    "textEntryInteraction": "skipped_short_answer",
    "extendedTextInteraction": "skipped_essay",
    "matchInteraction": "skipped_matching",
    "associateInteraction": "skipped_matching",
    "gapMatchInteraction": "skipped_drag",
    "graphicGapMatchInteraction": "skipped_drag",
    "inlineChoiceInteraction": "skipped_cloze",
    "orderInteraction": "skipped_ordering",
    "graphicOrderInteraction": "skipped_ordering",
}
_GAPS = {"textEntryInteraction", "inlineChoiceInteraction"}
_BESIDE = {"endAttemptInteraction", "mediaInteraction"}  # these ask nothing


@dataclass(frozen=True)
class Reading:
    """An item as it was read, and the codes of its warnings."""

    item: Item
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Frame:
    """What surrounds an item: its texts' way into the bank, and whether we wrote the file ourselves."""

    texts: Texts
    beside: Callable[[str], str]
    own: bool

    def html(self, raw: str) -> str:
        """Return HTML as a sanitised fragment; in a file of our own nothing looks like a formula any more."""
        return self.texts.html(shielded(raw) if self.own else raw)


def read(item: Node, frame: Frame, told: str = "", missing: bool = False) -> Reading:
    """Return the item; its stem opens with the HTML `told`, some of which may be missing; raises Refused."""
    body = item.child("itemBody")
    if body is None:
        raise Refused("qti_no_body")
    refuse_declared(_declared(item))
    interaction = _only_choice(body)
    if _varies(item, body):
        raise Refused("skipped_calculated")
    choices = interaction.children("simpleChoice")
    options = _options(choices)
    key = key_of(item, interaction, options)
    explanation, dropped = _explanation(item, key, frame)
    fixed = any(choice.get("fixed").casefold() == "true" for choice in choices)
    shuffle = interaction.get("shuffle").casefold() != "false"
    picture, alt = _picture(body, frame)
    stem = frame.html(told + markup(body.parts))
    raw = [markup(choice.parts) for choice in choices]
    kept, index, blank = without_blanks([(text, frame.html(text)) for text in raw], options.index(key.option))
    made = Item(
        stem=stem,
        options=kept,
        key=index,
        code=code_of(item),
        picture=picture,
        picture_alt=alt,
        explanation=explanation,
        shuffle=shuffle and not fixed,
    )
    warnings = list(_warnings(key, body, fixed and shuffle, dropped, missing))
    return Reading(made, (*warnings, "options_blank") if blank else tuple(warnings))


def _options(choices: Sequence[Node]) -> list[str]:
    if len(choices) > MAX_OPTIONS:
        raise Refused("options_many", count=len(choices), limit=MAX_OPTIONS)
    options = [choice.get("identifier") for choice in choices]
    if len(set(options)) != len(options):
        raise Refused("qti_options_doubled")
    return options


def code_of(item: Node) -> str:
    """Return the code that the item's label or identifier gives it, "" when neither can be one."""
    stated = [item.attributes["label"]] if "label" in item.attributes else [item.get("identifier")]
    code = line(stated[0])
    return code if len(code) <= CODE_LIMIT else ""


def _only_choice(body: Node) -> Node:
    found = [node for node in body.walk() if node.name.endswith("Interaction")]
    asking = [node for node in found if node.name not in _BESIDE]
    if not asking:
        raise Refused("skipped_kind", kind=_short(found[0])) if found else Refused("skipped_description")
    if body.first("printedVariable"):
        raise Refused("skipped_calculated")
    if len(asking) > 1:
        raise Refused("skipped_cloze" if {node.name for node in asking} <= _GAPS else "skipped_composite")
    only = asking[0]
    if only.name in _KINDS:
        raise Refused(_KINDS[only.name])
    if only.name != "choiceInteraction":
        raise Refused("skipped_kind", kind=_short(only))
    return only


def _declared(item: Node) -> str:
    """Return the kind that Canvas states in items it made of older ones, "" for others."""
    fields = item.all("instructureField") if item.child("instructureMetadata") else ()
    return next((field.get("value") for field in fields if field.get("name") == "question_type"), "")


def _varies(item: Node, body: Node) -> bool:
    """Tell whether each candidate would see another text or have another key."""
    template = item.child("templateProcessing")
    return template is not None and (
        template.first("setCorrectResponse") is not None
        or body.first("templateInline", "templateBlock") is not None
    )


def _short(interaction: Node) -> str:
    return interaction.name.removesuffix("Interaction")[:40]


def _picture(body: Node, frame: Frame) -> tuple[str, str]:
    """Return the picture beside the texts and its description; only our own packages mark one."""
    marked = next((node for node in body.all("img") if PICTURE_CLASS in node.get("class").split()), None)
    if marked is None:
        return "", ""
    name = frame.beside(marked.get("src"))
    return name, line(marked.get("alt"))


def _explanation(item: Node, key: Key, frame: Frame) -> tuple[str, bool]:
    # What stands there for every other answer comes last: it bears the identifier of the right one too.
    feedback = sorted(item.children("modalFeedback"), key=lambda node: node.get("showHide") == "hide")
    offered = [(node.get("identifier"), frame.html(markup(node.parts))) for node in feedback]
    shown = {value for values in key.outcomes.values() for value in values}
    text, dropped = chosen(offered, shown, key.option)
    beside = item.first("feedbackInline", "feedbackBlock") is not None
    return text, dropped or beside


def _warnings(key: Key, body: Node, fixed: bool, dropped: bool, missing: bool) -> Iterator[str]:
    if key.of_many:
        yield "one_of_several"
    if key.weighted:
        yield "weights_dropped"
    if fixed:
        yield "qti_fixed_options"
    if dropped:
        yield "feedback_dropped"
    if body.first("include"):
        yield "qti_include_dropped"
    if missing:
        yield "qti_stimulus_absent"
