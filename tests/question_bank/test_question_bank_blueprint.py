import itertools
from collections import Counter

import pytest
from bank_samples import many
from hypothesis import given
from hypothesis import strategies as st

from question_bank.blueprint import BankTooSmall, Blueprint, Drawn, Ref, Stratum, draw, shortfall
from question_bank.chance import shuffled

SEEDS = [number.to_bytes(8, "big") for number in range(3000)]
GOLDEN = (
    Drawn(id=30, order=(1, 3, 0, 2)),
    Drawn(id=23, order=(3, 0, 2, 1)),
    Drawn(id=33, order=(0, 1, 2, 3)),
    Drawn(id=18, order=(0, 2, 1, 3)),
    Drawn(id=21, order=(0, 3, 2, 1)),
)
BANK = [
    Ref(number, "peta" if number % 2 else "numerik", ("easy", "hard")[number % 3 == 0], 4)
    for number in range(40)
]

topics = st.sampled_from(["a", "b", "c"])
levels = st.sampled_from(["easy", "medium", "hard"])
refs = st.builds(Ref, st.integers(1, 30), topics, levels | st.none(), st.integers(2, 6), st.booleans())
banks = st.lists(refs, max_size=14, unique_by=lambda ref: ref.id)
strata = st.builds(Stratum, st.integers(0, 4), topics | st.none(), levels | st.none())
blueprints = st.lists(strata, max_size=4).map(lambda lines: Blueprint(tuple(lines)))
seeds = st.binary(min_size=1, max_size=40)


def can_be_filled(bank, blueprint):
    """Hall's condition, tried for every set of strata: the slow but obvious way to know."""
    lines = blueprint.strata
    return all(
        sum(line.count for line in chosen) <= sum(any(line.takes(ref) for line in chosen) for ref in bank)
        for size in range(1, len(lines) + 1)
        for chosen in itertools.combinations(lines, size)
    )


def fits(papers_refs, blueprint):
    return can_be_filled(papers_refs, blueprint) and len(papers_refs) == blueprint.total


@many
@given(banks, blueprints, seeds)
def test_a_paper_is_found_exactly_when_one_exists(bank, blueprint, seed):
    if can_be_filled(bank, blueprint):
        paper = draw(bank, blueprint, seed)
        by_id = {ref.id: ref for ref in bank}
        assert len({drawn.id for drawn in paper}) == len(paper) == blueprint.total
        assert fits([by_id[drawn.id] for drawn in paper], blueprint)
        assert shortfall(bank, blueprint) == []
    else:
        with pytest.raises(BankTooSmall) as refused:
            draw(bank, blueprint, seed)
        assert refused.value.missing == shortfall(bank, blueprint) != []


@many
@given(banks, blueprints)
def test_the_shortfall_is_exactly_what_is_missing(bank, blueprint):
    extra = itertools.count(1000)
    filled = [
        Ref(next(extra), line.topic or "a", line.difficulty, 4)
        for line, missing in shortfall(bank, blueprint)
        for _ in range(missing)
    ]
    assert can_be_filled(bank + filled, blueprint)
    if filled:
        assert not can_be_filled(bank + filled[1:], blueprint)


@many
@given(banks, blueprints, seeds, st.randoms(use_true_random=False))
def test_the_paper_depends_on_bank_and_seed_alone(bank, blueprint, seed, chance):
    mixed = list(bank)
    chance.shuffle(mixed)
    if can_be_filled(bank, blueprint):
        assert (
            draw(bank, blueprint, seed) == draw(mixed, blueprint, seed) == draw(iter(mixed), blueprint, seed)
        )


@many
@given(banks, seeds)
def test_each_option_is_shown_once_and_fixed_orders_stay(bank, seed):
    for drawn in draw(bank, Blueprint((Stratum(len(bank)),)), seed):
        ref = next(ref for ref in bank if ref.id == drawn.id)
        assert sorted(drawn.order) == list(range(ref.options))
        if not ref.shuffle:
            assert drawn.order == tuple(range(ref.options))


def test_a_known_seed_gives_a_known_paper():
    paper = draw(BANK, Blueprint((Stratum(3, "peta"), Stratum(2, difficulty="hard"))), b"benih")
    assert paper == GOLDEN


def test_different_seeds_give_different_papers():
    plan = Blueprint((Stratum(10),))
    assert len({draw(BANK, plan, seed) for seed in SEEDS[:200]}) == 200


def test_two_strata_over_the_same_items_share_them_out():
    bank = [Ref(1, "a", "easy", 4), Ref(2, "b", "easy", 4)]
    plan = Blueprint((Stratum(1, difficulty="easy"), Stratum(1, "a")))
    assert all({drawn.id for drawn in draw(bank, plan, seed)} == {1, 2} for seed in SEEDS[:50])


def test_a_longer_chain_of_strata_is_rearranged():
    bank = [Ref(1, "a", None, 4), Ref(2, "b", None, 4), Ref(3, "c", None, 4)]
    bank += [Ref(4, "a", "easy", 4), Ref(5, "b", "easy", 4)]
    plan = Blueprint((Stratum(3), Stratum(1, difficulty="easy"), Stratum(1, "a", "easy")))
    assert all(len(draw(bank, plan, seed)) == 5 for seed in SEEDS[:50])


def test_a_bank_that_is_too_small_says_which_line_lacks_how_much():
    plan = Blueprint((Stratum(2, "a"), Stratum(3, "b", "hard")))
    bank = [Ref(1, "a", "easy", 4), Ref(2, "a", "easy", 4), Ref(3, "b", "hard", 4)]
    assert shortfall(bank, plan) == [(Stratum(3, "b", "hard"), 2)]
    with pytest.raises(BankTooSmall, match="lacks 2 items"):
        draw(bank, plan, b"x")


def chi_square(counts, categories, total):
    expected = total / categories
    return (
        sum((counts[key] - expected) ** 2 for key in counts) / expected
        + (categories - len(counts)) * expected
    )


def test_every_order_of_four_is_about_equally_likely():
    counts = Counter(tuple(shuffled(range(4), seed, "uji")) for seed in SEEDS)
    assert chi_square(counts, 24, len(SEEDS)) < 60  # 23 degrees of freedom: beyond 60 once in 30,000


def test_every_item_is_drawn_and_placed_about_equally_often():
    bank = [Ref(number, "t", None, 4) for number in range(20)]
    papers = [draw(bank, Blueprint((Stratum(5),)), seed) for seed in SEEDS]
    drawn = Counter(drawn.id for paper in papers for drawn in paper)
    first = Counter(paper[0].id for paper in papers)
    key_place = Counter(drawn.order.index(0) for paper in papers for drawn in paper)
    assert chi_square(drawn, 20, 5 * len(SEEDS)) < 55  # 19 degrees of freedom
    assert chi_square(first, 20, len(SEEDS)) < 55
    assert chi_square(key_place, 4, 5 * len(SEEDS)) < 25  # 3 degrees of freedom


def test_purposes_give_independent_orders():
    assert shuffled(range(30), b"x", "a") != shuffled(range(30), b"x", "b")
    assert shuffled([], b"x", "a") == []


def test_a_known_seed_gives_a_known_order():
    assert shuffled(range(10), b"benih", "items") == [5, 2, 6, 7, 8, 3, 9, 0, 1, 4]


@many
@given(blueprints)
def test_a_blueprint_survives_its_list(blueprint):
    assert Blueprint.from_list(blueprint.to_list()) == blueprint
    assert blueprint.total == sum(entry["count"] for entry in blueprint.to_list())


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"count": -1},
        {"count": True},
        {"count": "3"},
        {"count": 1.5},
        {"count": 1, "topic": 5},
        {"topic": "a"},
        {"count": 1, "difficulty": "mudah"},
        {"count": 1, "difficulty": []},
        {"count": 1, "key": 0},
        [],
        None,
        "x",
    ],
)
def test_a_list_that_is_no_blueprint_is_refused(entry):
    with pytest.raises(ValueError, match=r"stratum|drawn"):
        Blueprint.from_list([entry])
