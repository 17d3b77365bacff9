"""Whether an item became easier from early to late sittings for candidates of equal ability: a leak."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from question_bank.statistics.columns import Column, columns
from question_bank.statistics.facts import ItemFacts, Sheet, in_order
from question_bank.statistics.mantel import MantelHaenszel, Table, mantel_haenszel
from question_bank.statistics.measures import ENOUGH, quantile
from question_bank.statistics.probability import benjamini_hochberg

ABILITY_STRATA = 5
FALSE_FINDINGS = 0.05


@dataclass(frozen=True, slots=True)
class ItemDrift:
    """One item early and late; `compared` is late against early at equal rest score.

    `adjusted` is the p-value after Benjamini & Hochberg over the items; `easier_later` is the sign of a leak:
    adjusted below 0.05 and a facility that rose.
    """

    revision: int
    early: int
    late: int
    early_facility: float
    late_facility: float
    compared: MantelHaenszel
    adjusted: float
    easier_later: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """`late_sittings` are those after the cut; `unmeasured`: items with under 30 answers on a side."""

    late_sittings: frozenset[int]
    items: tuple[ItemDrift, ...]
    unmeasured: tuple[int, ...]


def drift(sheets: Iterable[Sheet], facts: Mapping[int, ItemFacts]) -> Drift:
    """Return the items by revision, compared across a cut of the sittings nearest to half of the sheets.

    Holland & Thayer (1988): Mantel-Haenszel in five strata of the rest score. A leak of much of the bank
    lifts the rest score too and hides itself; then `fairness` shows the late sittings as a whole above
    expectation. Raises KeyError for an item without facts.
    """
    ordered = in_order(sheets)
    late = late_sittings(ordered)
    is_late = {sheet.attempt: sheet.sitting in late for sheet in ordered}
    found = {item: _compare(column, is_late) for item, column in columns(ordered, facts).items()}
    measured = {item: halves for item, halves in found.items() if halves}
    adjusted = benjamini_hochberg([halves[1].p for halves in measured.values()])
    items = (
        _item(item, *halves, tail) for (item, halves), tail in zip(measured.items(), adjusted, strict=True)
    )
    return Drift(late, tuple(items), tuple(item for item, halves in found.items() if not halves))


def late_sittings(sheets: Iterable[Sheet]) -> frozenset[int]:
    """Return the later half of the sittings by their first start; no sitting when there is only one."""
    first: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for sheet in sheets:
        first[sheet.sitting] = min(sheet.started, first.get(sheet.sitting, sheet.started))
        sizes[sheet.sitting] = sizes.get(sheet.sitting, 0) + len(sheet.items)
    order = sorted(first, key=lambda sitting: (first[sitting], sitting))
    half, before, cuts = sum(sizes.values()) / 2, 0, []
    for place, sitting in enumerate(order[:-1], 1):
        before += sizes[sitting]
        cuts.append((abs(before - half), place))
    return frozenset(order[min(cuts)[1] :]) if cuts else frozenset()


def _compare(column: Column, is_late: Mapping[int, bool]) -> tuple[Table, MantelHaenszel] | None:
    tables = _tables(column, is_late)
    whole = Table(*map(sum, zip(*tables, strict=True)))
    if column.void or sum(whole[:2]) < ENOUGH or sum(whole[2:]) < ENOUGH:
        return None
    compared = mantel_haenszel(tables)
    return (whole, compared) if compared else None


def _tables(column: Column, is_late: Mapping[int, bool]) -> list[Table]:
    """Early and late by stratum; equal rest scores share one, as their order in time must not part them."""
    ordered = sorted(column.rest)
    cuts = [quantile(ordered, cut / ABILITY_STRATA) for cut in range(1, ABILITY_STRATA)]
    counts = [[0, 0, 0, 0] for _ in range(ABILITY_STRATA)]
    for attempt, right, rest in zip(column.attempts, column.right, column.rest, strict=True):
        counts[bisect_right(cuts, rest)][2 * is_late[attempt] + 1 - right] += 1
    return [Table(*four) for four in counts]


def _item(item: int, whole: Table, compared: MantelHaenszel, adjusted: float) -> ItemDrift:
    early, late = sum(whole[:2]), sum(whole[2:])
    return ItemDrift(
        item, early, late, whole.first_right / early, whole.second_right / late, compared, adjusted,
        adjusted < FALSE_FINDINGS and compared.difference > 0,
    )  # fmt: skip
