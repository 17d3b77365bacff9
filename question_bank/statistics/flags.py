"""What an item's numbers ask a person to look at: signs with their numbers, never a verdict or a word."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

from question_bank.statistics.items import ItemAnalysis
from question_bank.statistics.measures import ENOUGH
from question_bank.statistics.options import OptionUse

FlagKind = Literal[
    "few_answers",
    "key_probably_wrong",
    "distractor_attracts_the_good",
    "does_not_discriminate",
    "too_easy",
    "too_hard",
    "nobody_chose",
]

EASY = 0.95
WEAK = 0.15
"""Below this correlation an item hardly tells anybody apart (Ebel & Frisbie 1991 ask for 0.20)."""
CLEARLY = 2.576
"""Standard errors between two groups of choosers: several options of hundreds of items are compared."""
FEWEST_CHOOSERS = 5


@dataclass(frozen=True, slots=True)
class Flag:
    """One sign: the number that was seen, the limit that it passed, and the option it is about, if any."""

    kind: FlagKind
    value: float
    limit: float
    option: int | None = None


def flags(item: ItemAnalysis) -> tuple[Flag, ...]:
    """Return the signs of an item; below 30 answers only that they are few, for a void item none."""
    if item.void:
        return ()
    if not item.enough:
        return (Flag("few_answers", item.n, ENOUGH),)
    of_facility = _of_facility(item)
    # What nearly all get right, or nobody, cannot discriminate; saying both would say it twice.
    of_key = [flag for flag in _of_key(item) if not (of_facility and flag.kind == "does_not_discriminate")]
    return (*of_key, *of_facility, *_unused(item))


def _of_key(item: ItemAnalysis) -> tuple[Flag, ...]:
    """A wrong key needs three signs at once: one alone is common among good, hard items."""
    better = [use for use in item.options if _better_than_key(use, item)]
    key = _key(item)
    most = max(better, key=lambda use: use.count, default=None)
    interval = item.discrimination_interval
    below = item.discrimination is not None and interval is not None and interval.high < 0
    wrong = most if most and below and most.count > (key.count if key else 0) else None
    found = [
        Flag("distractor_attracts_the_good", use.rest or 0.0, key.rest or 0.0, use.option)
        for use in better
        if use is not wrong and key
    ]
    if wrong:
        found.insert(0, Flag("key_probably_wrong", item.discrimination or 0.0, 0.0, wrong.option))
    elif interval and item.discrimination is not None and interval.high < WEAK:
        found.append(Flag("does_not_discriminate", item.discrimination, WEAK))
    return tuple(found)


def _key(item: ItemAnalysis) -> OptionUse | None:
    """The accepted option that was chosen most, if any was."""
    chosen = [use for use in item.options if use.is_key and use.count]
    return max(chosen, key=lambda use: use.count, default=None)


def _better_than_key(use: OptionUse, item: ItemAnalysis) -> bool:
    """Whether a distractor's choosers did clearly better on the rest than the key's (Welch 1947)."""
    key = _key(item)
    if use.is_key or key is None or min(use.count, key.count) < FEWEST_CHOOSERS:
        return False
    if use.rest is None or key.rest is None or use.rest_sd is None or key.rest_sd is None:
        return False
    error = sqrt(use.rest_sd**2 / use.count + key.rest_sd**2 / key.count)
    return use.rest - key.rest > CLEARLY * error


def _of_facility(item: ItemAnalysis) -> tuple[Flag, ...]:
    """The whole interval must lie beyond: above 95 per cent, or below what blind guessing gives."""
    if item.facility_interval.low > EASY:
        return (Flag("too_easy", item.facility, EASY),)
    if item.facility_interval.high < item.chance:
        return (Flag("too_hard", item.facility, item.chance),)
    return ()


def _unused(item: ItemAnalysis) -> tuple[Flag, ...]:
    """An empty distractor is a sign when equal distractors would have left it empty less than once in 20."""
    distractors = [use for use in item.options if not use.is_key]
    wrong = sum(use.count for use in distractors)
    if not distractors or (1 - 1 / len(distractors)) ** wrong >= 0.05:
        return ()
    return tuple(Flag("nobody_chose", 0, wrong, use.option) for use in distractors if use.count == 0)
