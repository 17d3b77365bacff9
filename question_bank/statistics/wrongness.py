"""How likely a candidate was to choose a wrong option of an item, and two to choose the same one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, log

from question_bank.statistics.facts import Sheet

Wrong = dict[int, int]
"""The wrong option that a candidate chose, by item; blanks and strays are no choice."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Of everybody who had the item: the log odds to choose a wrong option, and the chance that two
    who did chose the same."""

    logit: Mapping[int, float]
    alike: Mapping[int, float]


def answers_of(sheet: Sheet) -> Iterator[tuple[int, int | None]]:
    """Yield the counted items with the wrong option that was chosen, or None."""
    drawn = zip(sheet.items, sheet.chosen, sheet.marks, sheet.counted, strict=True)
    for item, chosen, mark, counts in drawn:
        if counts:
            chose = mark is False and chosen is not None and chosen >= 0
            yield item, chosen if chose else None


def habits(sheets: Sequence[Sheet]) -> Habits:
    """Return the habits of all candidates together; half a wrong and half another answer are added to each
    item, so that one that nobody got wrong keeps finite odds."""
    answered: Counter[int] = Counter()
    wrong: dict[int, Counter[int]] = {}
    for sheet in sheets:
        for item, option in answers_of(sheet):
            answered[item] += 1
            if option is not None:
                wrong.setdefault(item, Counter())[option] += 1
    totals = {item: wrong[item].total() if item in wrong else 0 for item in answered}
    return Habits(
        {item: log((totals[item] + 0.5) / (n - totals[item] + 0.5)) for item, n in answered.items()},
        {item: fsum((n / counts.total()) ** 2 for n in counts.values()) for item, counts in wrong.items()},
    )


def chances_of(sheet: Sheet, habits: Habits) -> dict[int, float]:
    """Return for each item of the paper the chance that this candidate chooses a wrong option.

    All odds are shifted by one amount so that the chances add up to the wrong answers that were given.
    """
    answers = list(answers_of(sheet))
    logits = [habits.logit[item] for item, _ in answers]
    given = sum(option is not None for _, option in answers)
    shift = _shift(logits, min(max(given, 0.5), len(answers) - 0.5))
    return {item: _chance(logit + shift) for (item, _), logit in zip(answers, logits, strict=True)}


def _shift(logits: Sequence[float], wanted: float) -> float:
    """By Newton's method, with short steps, as the sum of chances is flat far out."""
    shift = 0.0
    for _ in range(50):
        chances = [_chance(logit + shift) for logit in logits]
        slope = fsum(chance * (1 - chance) for chance in chances)
        step = (wanted - fsum(chances)) / max(slope, 1e-9)
        shift += max(-1.0, min(1.0, step))
        if abs(step) < 1e-10:
            break
    return shift


def _chance(logit: float) -> float:
    return 1 / (1 + exp(-logit))
