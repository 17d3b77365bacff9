"""What is planted in an item is flagged, and an ordinary item of a known bank is not."""

from collections import Counter
from dataclasses import replace

from results_of_an_exam import Truth, bank, exam, facts_of, sheet

from question_bank.statistics.facts import ItemFacts
from question_bank.statistics.flags import flags
from question_bank.statistics.items import analyse_items

BANK = bank(8)


def rekeyed(item: Truth) -> Truth:
    """The item after a slip of the pen: another option than the right one in the key."""
    wrong = frozenset({(item.right + 1) % 4})
    return replace(item, facts=replace(item.facts, accepted=wrong))


def flagged(items, **how):
    found = analyse_items(exam(items, rooms=5, seats=200, **how), facts_of(items))
    return {one.revision: flags(one) for one in found}


def test_a_wrong_key_is_found_with_the_option_that_is_right():
    items = [rekeyed(item) if item.facts.revision in (108, 121) else item for item in BANK]
    found = flagged(items)
    for item in items:
        kinds = {flag.kind: flag for flag in found[item.facts.revision]}
        assert ("key_probably_wrong" in kinds) == (item.facts.revision in (108, 121))
        if "key_probably_wrong" in kinds:
            assert kinds["key_probably_wrong"].option == item.right
            assert kinds["key_probably_wrong"].value < 0
            assert "distractor_attracts_the_good" not in kinds


def test_an_ordinary_bank_has_no_flag_of_key_or_discrimination():
    ordinary = Counter(
        flag.kind for seed in (5, 6, 7) for one in flagged(BANK, seed=seed).values() for flag in one
    )
    assert set(ordinary) <= {"too_hard", "too_easy", "nobody_chose"}


def test_few_answers_are_the_only_flag_of_a_small_sample():
    for one in analyse_items(exam(BANK, rooms=1, seats=20), facts_of(BANK)):
        assert [(flag.kind, flag.value) for flag in flags(one)] == [("few_answers", one.n)]


FOUR = ItemFacts(1, "all", 4, frozenset({0}))
OTHERS = [ItemFacts(number, "all", 4, frozenset({0})) for number in range(2, 12)]
PAPER = [Truth(one, 0.0, 0) for one in (FOUR, *OTHERS)]


def kinds_of(first, ability):
    """Flags of an item that candidate n of 400 answers `first(n)`, having `ability(n)` of ten others."""
    rows = [(first(n), *(0 if k < ability(n) else 1 for k in range(10))) for n in range(400)]
    sheets = [sheet(n, 1, PAPER, row) for n, row in enumerate(rows)]
    return {flag.kind: flag for flag in flags(analyse_items(sheets, facts_of(PAPER))[0])}


def test_what_nearly_all_have_right_is_too_easy():
    found = kinds_of(lambda n: 0 if n else 1, lambda n: n % 11)
    assert found.keys() == {"too_easy"}


def test_what_fewer_than_blind_guessing_have_right_is_too_hard():
    found = kinds_of(lambda n: 0 if n % 20 == 10 else 1 + n % 3, lambda n: n % 20 // 2)
    assert (found["too_hard"].value, found["too_hard"].limit) == (0.05, 0.25)


def test_what_able_and_weak_have_right_alike_does_not_discriminate():
    found = kinds_of(lambda n: n % 4, lambda n: n // 4 % 11)
    assert found.keys() == {"does_not_discriminate"}


def test_a_distractor_that_draws_the_able_is_named():
    found = kinds_of(lambda n: 2 if n % 10 == 9 else 0 if n % 10 > 3 else (0, 1, 3)[n % 3], lambda n: n % 10)
    assert found["distractor_attracts_the_good"].option == 2
    assert "key_probably_wrong" not in found


def test_an_option_that_nobody_chose_is_named_when_enough_were_wrong():
    found = kinds_of(lambda n: 0 if n % 10 > 4 else 1 + n % 2, lambda n: n % 10)
    assert found["nobody_chose"].option == 3
    assert "nobody_chose" not in kinds_of(lambda n: 1 if n < 5 else 0, lambda n: n % 11)


def test_a_void_item_has_no_flags():
    sheets = [sheet(n, 1, PAPER, (n % 4,) + (n % 3,) * 10) for n in range(100)]
    void = [replace(one, marks=(True, *one.marks[1:])) for one in sheets]
    assert flags(analyse_items(void, facts_of(PAPER))[0]) == ()
