"""Ten thousand papers of one activity: the blueprint exact in each, no repeat, chance without a favourite.

The seeds are fixed, so the probabilities below are always the same numbers; a draw that favours somebody has
one far below any threshold, as the controls show.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from exam_server.bank import intake
from exam_server.demo.announce import BLUEPRINT
from exam_server.demo.seed import BANK
from question_bank.blueprint import Blueprint, Drawn, Ref, draw
from question_bank.items import Item
from tests.faults.sizes import size

pytestmark = pytest.mark.slow

PAPERS = size(2_500, 10_000)
PLAN = Blueprint.from_list(BLUEPRINT)
UNLIKELY = 1e-4
GOLDEN = "b2ae51dc9e26407b7f3777b4c582f739158dcd44d5749bcbd5ea73954ca6d38a"

Paper = Sequence[Drawn]


def seeds(count: int) -> list[bytes]:
    """Sixteen bytes each, as the server draws them, but always the same."""
    return [hashlib.sha256(f"paper {number}".encode()).digest()[:16] for number in range(count)]


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return [item for file in sorted(BANK.glob("*.csv")) for item in intake.read(file, "id").items]


@pytest.fixture(scope="module")
def refs(items: list[Item]) -> list[Ref]:
    return [Ref(number, item.topic, item.difficulty, len(item.options), item.shuffle)
            for number, item in enumerate(items, 1)]  # fmt: skip


@pytest.fixture(scope="module")
def papers(refs: list[Ref]) -> list[Paper]:
    return [draw(refs, PLAN, seed) for seed in seeds(PAPERS)]


def chance_of(square: float, freedom: int) -> float:
    """How often chance alone gives a chi-square of at least this: the upper incomplete gamma function Q."""
    a, x = freedom / 2, square / 2
    if x <= 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:  # the series of P = 1 - Q
        term = total = 1 / a
        n = a
        while term > total * 1e-15:
            n += 1
            term *= x / n
            total += term
        return 1 - front * total
    b, c = x + 1 - a, 1e300  # the continued fraction of Q, after Lentz
    d = fraction = 1 / b
    for n in range(1, 10_000):
        b += 2
        d = 1 / (b - n * (n - a) * d)
        c = b - n * (n - a) / c
        fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * fraction


@pytest.mark.parametrize(("square", "freedom", "known"), [
    (3.841458820694124, 1, 0.05), (18.307038053275146, 10, 0.05), (0.0, 5, 1.0), (2.0, 2, math.exp(-1)),
    (40.0, 2, math.exp(-20)), (149.44925277903886, 100, 0.001), (50.0, 100, 0.99999317),
])  # fmt: skip
def test_the_measure_knows_the_printed_tables(square: float, freedom: int, known: float) -> None:
    assert chance_of(square, freedom) == pytest.approx(known, rel=1e-6)


def even(counts: Iterable[int], spread: float | None = None) -> float:
    """How likely counts that should be the same are; `spread`: their variance where it is not their mean."""
    seen = list(counts)
    mean = sum(seen) / len(seen)
    return chance_of(sum((count - mean) ** 2 for count in seen) / (spread or mean), len(seen) - 1)


def exposures(refs: list[Ref], papers: Sequence[Paper]) -> list[float]:
    """Per line of the plan: how likely it is that its items were drawn as often as they were.

    A paper draws n of m without putting back, so counts lean on each other: their sum of squares is measured
    by N n/m (1 - n/m) m/(m - 1).
    """
    drawn = Counter(one.id for paper in papers for one in paper)
    found = []
    for line in PLAN.strata:
        pool = [ref.id for ref in refs if line.takes(ref)]
        share = line.count / len(pool)
        spread = len(papers) * share * (1 - share) * len(pool) / (len(pool) - 1)
        found.append(even((drawn[one] for one in pool), spread))
    return found


def key_places(items: list[Item], papers: Sequence[Paper]) -> dict[int, Counter[int]]:
    """Where the right option stood, per number of options, for items that are shuffled."""
    places: dict[int, Counter[int]] = defaultdict(Counter)
    for paper in papers:
        for one in paper:
            item = items[one.id - 1]
            if item.shuffle:
                places[len(one.order)][one.order.index(item.key)] += 1
    return places


def test_every_paper_is_exactly_the_blueprint(refs: list[Ref], papers: list[Paper]) -> None:
    topics = {ref.id: ref.topic for ref in refs}
    wanted = Counter({line.topic: line.count for line in PLAN.strata})
    assert len(papers) == PAPERS
    assert {tuple(sorted(Counter(topics[one.id] for one in paper).items())) for paper in papers} == {
        tuple(sorted(wanted.items()))
    }


def test_no_item_stands_twice_on_a_paper(papers: list[Paper]) -> None:
    assert {len({one.id for one in paper}) for paper in papers} == {PLAN.total} == {30}


def test_no_two_papers_are_the_same(papers: list[Paper]) -> None:
    assert len({tuple(paper) for paper in papers}) == PAPERS


def test_items_are_exposed_evenly_in_every_stratum(refs: list[Ref], papers: list[Paper]) -> None:
    for found in exposures(refs, papers):
        assert UNLIKELY < found < 1 - UNLIKELY


def test_the_key_stands_evenly_at_every_place(items: list[Item], papers: list[Paper]) -> None:
    places = key_places(items, papers)
    assert sum(places[4].values()) + sum(places[5].values()) == PAPERS * PLAN.total
    for options, counts in places.items():
        assert even(counts[place] for place in range(options)) > UNLIKELY


def test_every_order_of_the_options_is_equally_likely(papers: list[Paper]) -> None:
    for options in (4, 5):
        orders = Counter(one.order for paper in papers for one in paper if len(one.order) == options)
        assert len(orders) == math.factorial(options)
        assert even(orders.values()) > UNLIKELY


def test_every_topic_comes_evenly_at_every_place_of_the_paper(refs: list[Ref], papers: list[Paper]) -> None:
    topics = {ref.id: ref.topic for ref in refs}
    for line in PLAN.strata:
        places = Counter(place for paper in papers for place, one in enumerate(paper)
                         if topics[one.id] == line.topic)  # fmt: skip
        share = line.count / PLAN.total
        spread = PAPERS * share * (1 - share) * PLAN.total / (PLAN.total - 1)
        assert even((places[place] for place in range(PLAN.total)), spread) > UNLIKELY


def test_the_same_seed_gives_the_same_paper(refs: list[Ref], papers: list[Paper]) -> None:
    again = [draw(list(reversed(refs)), PLAN, seed) for seed in seeds(300)]
    assert again == papers[:300]


KNOWN_BANK = [Ref(number, f"topik-{number % 7}", (None, "easy", "medium", "hard")[number % 4], 4 + number % 2,
                  number % 11 > 0) for number in range(1, 421)]  # fmt: skip
KNOWN_PLAN = [{"count": 4, "topic": f"topik-{number}", "difficulty": None} for number in range(7)]


def known_papers() -> str:
    """The seal over two hundred papers of a bank that never changes."""
    plan = Blueprint.from_list([*KNOWN_PLAN, {"count": 2, "topic": None, "difficulty": "hard"}])
    drawn = [[[one.id, list(one.order)] for one in draw(KNOWN_BANK, plan, seed)] for seed in seeds(200)]
    return hashlib.sha256(json.dumps(drawn, separators=(",", ":")).encode()).hexdigest()


def test_known_seeds_give_known_papers_on_every_python() -> None:
    assert known_papers() == GOLDEN


@pytest.mark.parametrize("salt", ["0", "4242"])
def test_another_process_draws_the_same_papers(salt: str) -> None:
    root = Path(__file__).resolve().parents[2]
    program = "from tests.question_bank.test_ten_thousand_papers import known_papers; print(known_papers())"
    env = {"PYTHONHASHSEED": salt, "PYTHONPATH": str(root)}
    told = subprocess.run([sys.executable, "-c", program], env=env, cwd=root, capture_output=True, text=True,
                          check=True, timeout=60)  # fmt: skip
    assert told.stdout.strip() == GOLDEN


def from_the_first_half(refs: list[Ref], seed: bytes) -> list[Ref]:
    """Half of the bank is never asked."""
    chance = random.Random(seed)
    halves = [[ref for ref in refs if line.takes(ref)] for line in PLAN.strata]
    return [ref for line, pool in zip(PLAN.strata, halves, strict=True)
            for ref in chance.sample(pool[: len(pool) // 2], line.count)]  # fmt: skip


def without_the_seed(refs: list[Ref], seed: bytes) -> list[Ref]:
    """Sorted by a hash that everybody has in common."""
    mixed = sorted(refs, key=lambda ref: hashlib.sha256(str(ref.id).encode()).digest())
    return [ref for line in PLAN.strata for ref in [ref for ref in mixed if line.takes(ref)][: line.count]]


def with_a_favourite(refs: list[Ref], seed: bytes) -> list[Ref]:
    """Two items of each stratum are put back into the hat one time in ten."""
    chance = random.Random(seed)
    chosen = []
    for line in PLAN.strata:
        pool = [ref for ref in refs if line.takes(ref)]
        drawn = chance.sample(pool, line.count)
        if chance.random() < 0.1 and pool[0] not in drawn:
            drawn[0] = pool[0]
        chosen += drawn
    return chosen


@pytest.mark.parametrize("biased", [from_the_first_half, without_the_seed, with_a_favourite])
def test_control_a_biased_draw_is_found_out(
    refs: list[Ref], biased: Callable[[list[Ref], bytes], list[Ref]]
) -> None:
    made = [[Drawn(ref.id, ()) for ref in biased(refs, seed)] for seed in seeds(2_000)]
    assert {len(paper) for paper in made} == {PLAN.total}
    assert max(exposures(refs, made)) < UNLIKELY


def test_control_orders_that_favour_a_place_are_found_out(items: list[Item], papers: list[Paper]) -> None:
    """Options that were only turned round or not, and options that were not mixed at all."""
    plain = [[Drawn(one.id, tuple(sorted(one.order))) for one in paper] for paper in papers[:5_000]]
    turned = [[Drawn(one.id, tuple(sorted(one.order, reverse=one.order[0] % 2 == 1))) for one in paper]
              for paper in papers[:5_000]]  # fmt: skip
    for made in (plain, turned):
        orders = Counter(one.order for paper in made for one in paper if len(one.order) == 4)
        assert even([*orders.values(), *[0] * (24 - len(orders))]) < UNLIKELY
    assert even(key_places(items, plain)[5][place] for place in range(5)) < UNLIKELY


def test_control_a_draw_that_is_too_even_is_found_out(refs: list[Ref]) -> None:
    """Who deals the bank out in turn makes counts that chance would not."""
    hats = [[ref for ref in refs if line.takes(ref)] for line in PLAN.strata]
    lines = list(zip(PLAN.strata, hats, strict=True))
    made = [[Drawn(hat[(number * line.count + n) % len(hat)].id, ()) for line, hat in lines
             for n in range(line.count)] for number in range(2_000)]  # fmt: skip
    assert min(exposures(refs, made)) > 1 - UNLIKELY
