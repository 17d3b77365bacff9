import pytest
from bank_samples import many
from hypothesis import given
from hypothesis import strategies as st

from question_bank.blueprint import Drawn
from question_bank.scoring import Key, Score, score

PAPER = (Drawn(7, (2, 0, 1)), Drawn(3, (0, 1)), Drawn(5, (1, 0)))
KEYS = {7: Key(frozenset({0})), 3: Key(frozenset({1})), 5: Key(frozenset({0}))}


def test_the_displayed_option_is_traced_back_to_the_original():
    assert score(PAPER, {0: 1, 1: 1, 2: 1}, KEYS) == Score(3, 0, 0, 3, (True, True, True))
    assert score(PAPER, {0: 0, 1: 0, 2: 0}, KEYS) == Score(0, 3, 0, 3, (False, False, False))


def test_blank_is_neither_right_nor_wrong():
    assert score(PAPER, {0: 1, 1: None}, KEYS) == Score(1, 0, 2, 3, (True, None, None))


def test_a_second_accepted_option_counts():
    keys = {**KEYS, 7: Key(frozenset({0, 2}))}
    assert score(PAPER, {0: 0}, keys).per_position[0] is True


def test_a_void_item_right_for_everyone_counts_also_when_blank():
    keys = {**KEYS, 7: Key(frozenset({0}), everyone=True)}
    assert score(PAPER, {}, keys) == Score(1, 0, 2, 3, (True, None, None))
    assert score(PAPER, {0: 0}, keys).correct == 1


@pytest.mark.parametrize("everyone", [False, True])
def test_a_dropped_item_counts_for_nobody(everyone):
    keys = {**KEYS, 7: Key(frozenset({0}), everyone=everyone, dropped=True)}
    assert score(PAPER, {0: 1, 1: 1}, keys) == Score(1, 0, 1, 2, (None, True, None))


@pytest.mark.parametrize("displayed", [-1, 3, 99])
def test_an_option_that_was_never_displayed_is_wrong(displayed):
    assert score(PAPER, {0: displayed}, KEYS).per_position[0] is False


def test_a_response_beyond_the_paper_changes_nothing():
    assert score(PAPER, {3: 0, -1: 0}, KEYS) == score(PAPER, {}, KEYS)


def test_an_item_without_a_key_is_refused():
    with pytest.raises(KeyError):
        score(PAPER, {}, {7: KEYS[7]})


@st.composite
def sat(draw):
    count = draw(st.integers(0, 6))
    paper = tuple(Drawn(number, tuple(draw(st.permutations(range(4))))) for number in range(count))
    responses = draw(st.dictionaries(st.integers(0, 6), st.none() | st.integers(0, 3)))
    sets = st.frozensets(st.integers(0, 3))
    return (
        paper,
        responses,
        {n: draw(st.builds(Key, sets, st.booleans(), st.booleans())) for n in range(count)},
    )


@many
@given(sat())
def test_right_wrong_and_blank_add_up(case):
    paper, responses, keys = case
    result = score(paper, responses, keys)
    assert result.correct + result.wrong + result.blank == result.out_of <= len(paper)
    assert len(result.per_position) == len(paper)


@many
@given(sat(), st.data())
def test_the_score_does_not_depend_on_the_order_of_the_options(case, data):
    paper, responses, keys = case
    other = tuple(Drawn(drawn.id, tuple(data.draw(st.permutations(range(4))))) for drawn in paper)
    same_choices = {
        position: None if shown is None else other[position].order.index(paper[position].order[shown])
        for position, shown in responses.items()
        if position < len(paper)
    }
    assert score(paper, responses, keys) == score(other, same_choices, keys)
