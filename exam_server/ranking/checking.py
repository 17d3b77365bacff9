"""Criteria and quotas as somebody typed them, against the announcement and the office's own lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Desa, Requirement
from exam_server.ranking.contents import MARK, PREFERENCE, position_of
from exam_server.ranking.ground import Ground
from exam_server.ranking.preferences import BASES
from exam_server.ranking.refusals import (
    ComponentDoubled,
    LabelMissing,
    MostUnreadable,
    NoPlaces,
    QuotaDoubled,
    ReservesUnreadable,
    TieDoubled,
    UnknownBasis,
    UnknownComponent,
    UnknownDesa,
    UnknownKecamatan,
    UnknownRequirement,
    UnknownTie,
    WeightsDoNotSum,
    WeightUnreadable,
)
from exam_server.ranking.rules import ALL, APPLIED, TEST, Component, Criteria, Quota

LONGEST_LABEL = 60
HIGHEST_MOST = 1000
MOST_RESERVES = 10_000
MOST_PLACES = 1_000_000


def criteria(tx: Session, place: Ground, wanted: Criteria) -> Criteria:
    """The same with the activity's own lot.

    Raises ComponentDoubled, UnknownComponent, UnknownRequirement, UnknownBasis, LabelMissing, MostUnreadable,
    WeightUnreadable, WeightsDoNotSum, UnknownTie, TieDoubled.
    """
    kinds = requirements(tx, place.recruitment_id)
    for key, count in Counter(one.key for one in wanted.components).items():
        if count > 1:
            raise ComponentDoubled(
                label=next(one.label or key for one in wanted.components if one.key == key)
            )
    for one in wanted.components:
        _component(one, kinds)
    for position in wanted.gates:
        if kinds.get(position) != "must":
            raise UnknownRequirement(position=position)
    _ties(wanted)
    total = sum((one.weight for one in wanted.components), Fraction(0))
    if total != ALL:
        raise WeightsDoNotSum(sum=spoken(total))
    return replace(wanted, gates=tuple(sorted(set(wanted.gates))), lot=place.public_id)


def quotas(tx: Session, place: Ground, wanted: Sequence[Quota], reserves: int) -> None:
    """Raises NoPlaces, UnknownKecamatan, UnknownDesa, QuotaDoubled, ReservesUnreadable."""
    if not wanted or any(not 1 <= one.places <= MOST_PLACES for one in wanted):
        raise NoPlaces
    known = set(tx.execute(
        sa.select(Desa.kecamatan, Desa.name).where(Desa.office_id == place.office_id)
    ))  # fmt: skip
    seen: set[tuple[str, str]] = set()
    for one in wanted:
        if (one.kecamatan or one.desa) and one.kecamatan not in place.kecamatan:
            raise UnknownKecamatan(kecamatan=one.kecamatan or "–")
        if one.desa and (one.kecamatan, one.desa) not in known:
            raise UnknownDesa(desa=one.desa, kecamatan=one.kecamatan)
        if (one.kecamatan, one.desa) in seen:
            raise QuotaDoubled(where=", ".join(filter(None, (one.desa, one.kecamatan))) or place.regency)
        seen.add((one.kecamatan, one.desa))
    if not 0 <= reserves <= MOST_RESERVES:
        raise ReservesUnreadable(most=MOST_RESERVES)


def requirements(tx: Session, recruitment_id: int) -> dict[int, str]:
    """Position -> must or preference."""
    rows = tx.execute(
        sa.select(Requirement.position, Requirement.kind).where(Requirement.recruitment_id == recruitment_id)
    )
    return {one.position: one.kind for one in rows}


def spoken(number: Fraction) -> str:
    """With a decimal comma and at most six places, as a person would type it."""
    text = f"{float(number):.6f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")


def _component(one: Component, kinds: dict[int, str]) -> None:
    if not 0 <= one.weight <= ALL:
        raise WeightUnreadable(typed=spoken(one.weight))
    if one.key.startswith(MARK) and one.key != MARK:
        if not one.label.strip() or len(one.label) > LONGEST_LABEL:
            raise LabelMissing(most=LONGEST_LABEL)
        if not 1 <= one.most <= HIGHEST_MOST:
            raise MostUnreadable(label=one.label, most=HIGHEST_MOST)
    elif one.key.startswith(PREFERENCE):
        if kinds.get(position_of(one.key)) != "preference":
            raise UnknownRequirement(position=one.key.removeprefix(PREFERENCE))
        if one.basis not in BASES:
            raise UnknownBasis(position=position_of(one.key))
    elif one.key != TEST:
        raise UnknownComponent(key=one.key)


def _ties(wanted: Criteria) -> None:
    known = {APPLIED, *(one.key for one in wanted.components)}
    for key in wanted.ties:
        if key not in known:
            raise UnknownTie(key=key)
    if len(set(wanted.ties)) < len(wanted.ties):
        raise TieDoubled
