"""Which kind of question a QTI 1.2 item is: what its metadata declare, else what its presentation holds."""

import re
from collections.abc import Iterator

from question_bank.formats.choice import Refused
from question_bank.formats.qti.tree import Node

_CHOICE = "choice"
_DECLARED = {
    "true_false": "skipped_true_false",
    "truefalse": "skipped_true_false",
    "tf": "skipped_true_false",
    "either_or": "skipped_true_false",
    "multiple_choice": _CHOICE,
    "multiplechoice": _CHOICE,
    "multiple_response": _CHOICE,
    "multiple_answer": _CHOICE,
    "multiple_answers": _CHOICE,
    "multiple_correct": _CHOICE,
    "multi_select": _CHOICE,
    "logical_identifier": _CHOICE,
    "single_choice": _CHOICE,
    "kprim_choice": "skipped_several_right",
    "short_answer": "skipped_short_answer",
    "fib": "skipped_short_answer",
    "fill_in_blank": "skipped_short_answer",
    "fill_in_the_blank": "skipped_short_answer",
    "fill_in_the_blanks": "skipped_short_answer",
    "fill_in": "skipped_short_answer",
    "pattern_match": "skipped_short_answer",
    "string": "skipped_short_answer",
    "fill_in_multiple_blanks": "skipped_cloze",
    "fill_in_the_blank_plus": "skipped_cloze",
    "multiple_dropdowns": "skipped_cloze",
    "rich_fill_in_blank": "skipped_cloze",
    "cloze": "skipped_cloze",
    "jumbled_sentence": "skipped_cloze",
    "matching": "skipped_matching",
    "essay": "skipped_essay",
    "long_answer": "skipped_essay",
    "paragraph": "skipped_essay",
    "short_response": "skipped_essay",
    "text_entry": "skipped_essay",
    "text": "skipped_essay",
    "numerical": "skipped_numerical",
    "numeric": "skipped_numerical",
    "calculated": "skipped_calculated",
    "arithmetic": "skipped_calculated",
    "formula": "skipped_calculated",
    "text_only": "skipped_description",
    "ordering": "skipped_ordering",
    "order": "skipped_ordering",
    "drag_and_drop": "skipped_drag",
    "categorization": "skipped_matching",
}
_OTHER_KINDS = {"file_upload", "hot_spot", "hotspot", "opinion_scale", "opinion_scale_likert", "likert",
                "survey", "audio_recording", "quiz_bowl", "image_hot_spot", "error"}  # fmt: skip
_LABELS = ("question_type", "cc_profile", "bbmd_questiontype", "qmd_questiontype", "qmd_itemtype",
           "questiontype", "itemtype", "respondusapi_qtype")  # fmt: skip
_NOT_A_WORD = re.compile(r"[^a-z]+")
_RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp", "response_date")


def metadata(item: Node) -> dict[str, str]:
    """Return what an item states about itself, by labels in small letters."""
    found = {}
    for node in item.all("qtimetadatafield", "qti_metadatafield"):
        label, entry = node.child("fieldlabel"), node.child("fieldentry")
        if label and entry:
            found[label.text.casefold()] = entry.text
    for node in item.walk():
        if node.name.startswith(("qmd_", "bbmd_")) and node.text:
            found.setdefault(node.name, node.text)
    return found


def only_choice(item: Node, stated: dict[str, str]) -> Node:
    """Return the one response of a choice item; raises Refused with the kind of any other."""
    declared = next((stated[label] for label in _LABELS if stated.get(label)), "")
    refuse_declared(declared)
    presentation = item.child("presentation")
    if presentation is None:
        raise Refused("qti_no_body")
    responses = [node for node in presentation.walk() if node.name in _RESPONSES]
    if len(responses) != 1:
        _refuse_number(responses, declared)
    response = responses[0]
    if response.name != "response_lid":
        raise Refused(_of_response(item, response))
    if _is_gap(response, presentation):
        raise Refused("skipped_cloze")
    render = next((node for node in response.walk() if node.name.startswith("render_")), None)
    if render and render.name not in {"render_choice", "render_extension"}:
        raise Refused("skipped_kind", kind=render.name[:40])
    if response.get("rcardinality").casefold() == "ordered":
        raise Refused("skipped_ordering")
    return response


def _word(declared: str) -> str:
    word = _NOT_A_WORD.sub("_", declared.casefold()).strip("_")
    return word.removeprefix("cc_").removesuffix("_v_p").removesuffix("_question").removesuffix("_questions")


def refuse_declared(declared: str) -> None:
    """Raise Refused when the kind that an item states for itself is none of choice."""
    word = _word(declared)
    code = _DECLARED.get(word, _CHOICE)
    if code != _CHOICE:
        raise Refused(code)
    if word in _OTHER_KINDS:
        raise Refused("skipped_kind", kind=declared[:40])


def _refuse_number(responses: list[Node], declared: str) -> None:
    names = {node.name for node in responses}
    if not responses and declared:
        if _DECLARED.get(_word(declared)) == _CHOICE:
            raise Refused("options_few", count=0)
        raise Refused("skipped_kind", kind=declared[:40])
    if not responses:
        raise Refused("skipped_description")
    if names == {"response_str"} or names <= {"response_str", "response_num"}:
        raise Refused("skipped_cloze")
    texts = [tuple(_label_texts(node)) for node in responses]
    if names == {"response_lid"} and len(set(texts)) == 1:
        raise Refused("skipped_matching")
    raise Refused("skipped_composite")


def _is_gap(response: Node, presentation: Node) -> bool:
    """Tell whether the one response is a gap in the text, which Canvas calls by a name in brackets."""
    name = response.child("material")
    return name is not None and bool(name.text) and f"[{name.text}]" in presentation.text


def _label_texts(response: Node) -> Iterator[str]:
    return (label.text for label in response.all("response_label"))


def _of_response(item: Node, response: Node) -> str:
    if response.name == "response_grp":
        return "skipped_matching"
    if response.name == "response_num":
        return "skipped_numerical"
    if response.name == "response_str":
        return "skipped_short_answer" if item.first("varequal") else "skipped_essay"
    return "skipped_graphic"
