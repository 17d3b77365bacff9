"""A profile as its forms show it: what was kept, written the way a person would type it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exam_server.profile.entries import ELSEWHERE, Place, Typed
from exam_server.profile.rules import STEPS, Facts, Step, missing, step_of


@dataclass(frozen=True)
class Progress:
    """One step of the overview; `missing` names what is untold, of the fields that this person needs."""

    step: Step
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.missing


def progress(facts: Facts) -> list[Progress]:
    """Every step with what it still lacks."""
    lacking = missing(facts)
    return [Progress(step, tuple(name for name in lacking if name in step.fields)) for step in STEPS]


def first_incomplete(facts: Facts) -> Step | None:
    """Where it is best to go on; nothing when the profile is complete."""
    lacking = missing(facts)
    return step_of(lacking[0]) if lacking else None


def after(step: Step) -> Step | None:
    """The step that follows; nothing after the last."""
    place = STEPS.index(step) + 1
    return STEPS[place] if place < len(STEPS) else None


def as_typed(facts: Facts, step: Step, places: Sequence[Place]) -> Typed:
    """The fields of a step as the form would send them."""
    return {name: _typed(facts, name, places) for name in step.fields}


def _typed(facts: Facts, name: str, places: Sequence[Place]) -> list[str]:
    value = getattr(facts, name)
    if name == "office_id":
        return _office(facts, places)
    if name == "birth_date" and value:
        return [f"{value:%d-%m-%Y}"]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [str(one) for one in value]
    return [] if value is None else [str(value)]


def _office(facts: Facts, places: Sequence[Place]) -> list[str]:
    """Who told a regency in words lives in none of the offices'."""
    known = [place.slug for place in places if place.office_id == facts.office_id]
    return known or ([ELSEWHERE] if facts.regency else [])
