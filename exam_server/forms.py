"""A form that was refused comes back with what was typed, and the sentence beside its field.

Programs, which show no form, get the first refusal itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from exam_server.errors import BadRequest, Refusal
from exam_server.language import sentence
from exam_server.pages import language

Problems = dict[str, Refusal]
"""By the field that each stands beside; "" is the form as a whole."""


def wants_json() -> bool:
    """True when a program asks, not a person."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def heard(problems: Problems, check: Callable[..., str], *typed: str) -> str:
    """What `check` makes of the typed text; when it refuses, the refusal is kept and the answer is empty."""
    try:
        return check(*typed)
    except Refusal as problem:
        problems.setdefault(field_of(problem), problem)
        return ""


def field_of(problem: Refusal) -> str:
    return str(getattr(problem, "field", ""))


def again(template: str, problems: Problems | Refusal, **shown: Any) -> ResponseReturnValue:
    """The page once more with the status of its first problem."""
    if isinstance(problems, Refusal):
        problems = {field_of(problems): problems}
    first = next(iter(problems.values()))
    if wants_json():
        raise first
    said = {field: sentence(problem, language()) for field, problem in problems.items()}
    response = make_response(render_template(template, problems=said, code=first.code, **shown), first.status)
    if wait := first.details.get("retry_after"):
        response.headers["Retry-After"] = str(wait)
    return response


def json_object() -> dict[str, Any]:
    """What a program sent; raises BadRequest when that is no JSON object."""
    try:
        payload = request.get_json(silent=True)
    except RecursionError as problem:  # brackets within brackets, thousands deep
        raise BadRequest from problem
    if not isinstance(payload, dict):
        raise BadRequest
    return payload
