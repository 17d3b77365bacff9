"""Criteria and quotas as their rows keep them, and as the rules reckon with them: exact either way."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from exam_server.ranking.rules import Component, Criteria, Quota

MARK = "mark:"
PREFERENCE = "preference:"
THOUSANDTHS = 1000
"""What a stored mark counts."""


def criteria_json(criteria: Criteria) -> dict[str, Any]:
    return {
        "components": [
            {"key": one.key, "weight": str(one.weight), "most": one.most, "label": one.label,
             "basis": one.basis}
            for one in criteria.components
        ],
        "gates": list(criteria.gates), "ties": list(criteria.ties), "lot": criteria.lot,
    }  # fmt: skip


def criteria_of(content: dict[str, Any]) -> Criteria:
    return Criteria(
        tuple(Component(one["key"], Fraction(one["weight"]), one["most"], one["label"], one.get("basis", ""))
              for one in content["components"]),
        tuple(content["gates"]), tuple(content["ties"]), content["lot"],
    )  # fmt: skip


def quotas_json(quotas: Sequence[Quota]) -> list[dict[str, Any]]:
    return [{"kecamatan": one.kecamatan, "desa": one.desa, "places": one.places} for one in quotas]


def quotas_of(content: Sequence[dict[str, Any]]) -> tuple[Quota, ...]:
    return tuple(Quota(one["places"], one["kecamatan"], one["desa"]) for one in content)


def position_of(key: str) -> int:
    """The number of the requirement that `preference:<position>` names; 0 for any other key."""
    said = key.removeprefix(PREFERENCE)
    return int(said) if key.startswith(PREFERENCE) and said.isdecimal() else 0
