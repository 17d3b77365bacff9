"""What the form of the dry run asks for, as a change of the choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from exam_server.imports import rules
from exam_server.imports.refusals import NobodyPicked, NothingTyped, TopicTooLong, UnknownAct
from exam_server.imports.rules import SCOPES, Choices
from question_bank.items import DIFFICULTIES
from question_bank.text import line
from question_bank.validate import TOPIC_LIMIT


class Form(Protocol):
    """What was sent."""

    def get(self, key: str, default: str, /) -> str: ...

    def getlist(self, key: str, /) -> list[str]: ...


def change(form: Form, doubled: Sequence[str]) -> Callable[[Choices], Choices]:
    """The change; `doubled` are the items that the bank has already.

    Raises UnknownAct, NobodyPicked, NothingTyped, TopicTooLong.
    """
    act, picked = form.get("act", ""), form.getlist("item")
    if act == "leave_out_doubles":
        return lambda choices: rules.leave_out(choices, doubled)
    if act == "label":
        return _label(form, picked)
    if act not in ("leave_out", "take_in"):
        raise UnknownAct
    if not picked:
        raise NobodyPicked
    apply = rules.leave_out if act == "leave_out" else rules.take_in
    return lambda choices: apply(choices, picked)


def _label(form: Form, picked: list[str]) -> Callable[[Choices], Choices]:
    topic, difficulty = line(form.get("topic", "")), form.get("difficulty", "")
    scope = form.get("scope", "")
    if difficulty not in ("", *DIFFICULTIES) or scope not in SCOPES:
        raise UnknownAct
    if not (topic or difficulty):
        raise NothingTyped
    if len(topic) > TOPIC_LIMIT:
        raise TopicTooLong(most=TOPIC_LIMIT)
    if scope == "picked" and not picked:
        raise NobodyPicked
    return lambda choices: rules.label(choices, picked, scope, topic, difficulty)
