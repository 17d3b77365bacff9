"""Which answers of a paper may be compared with each other to learn how much chance is in its score."""

from collections import Counter
from collections.abc import Iterable, Mapping

from question_bank.statistics.facts import ItemFacts, Sheet


def pooled_strata(sheets: Iterable[Sheet], facts: Mapping[int, ItemFacts]) -> dict[str, str]:
    """Return for each stratum the name of the group that it is measured in, mostly its own.

    One answer shows no spread: a stratum with one item on every paper joins the one whose name is most like
    its own. That adds the difference between the two to the error: the reliability is then told too low,
    never too high.
    """
    most: Counter[str] = Counter()
    for sheet in sheets:
        drawn = zip(sheet.items, sheet.counted, strict=True)
        most |= Counter(facts[item].stratum for item, counts in drawn if counts)
    group_of = {stratum: stratum for stratum in most}
    while len(most) > 1 and min(most.values()) < 2:
        single = min(stratum for stratum, n in most.items() if n < 2)
        nearest = min(most.keys() - {single}, key=lambda other: (-_alike(single, other), other))
        most[nearest] += most.pop(single)
        group_of = {one: nearest if group == single else group for one, group in group_of.items()}
    return group_of


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    differ = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differ, min(len(one), len(other)))
