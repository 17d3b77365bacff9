"""Candidates, criteria and quotas for Hypothesis: few values, so that ties are common."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from exam_server.ranking.rules import APPLIED, TEST, Component, Criteria, Quota, Runner

MARK, WISH = "mark:wawancara", "preference:8"
KEYS = (TEST, WISH, MARK)
PLACES = (("Bangsri", "Bangsri"), ("Bangsri", "Jerukwangi"), ("Keling", "Keling"), ("", ""))

shares = st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)])


@st.composite
def all_criteria(draw: st.DrawFn) -> Criteria:
    """Weights that sum to 100, some of them nothing; any order of ties."""
    first, second = sorted((draw(st.integers(0, 100)), draw(st.integers(0, 100))))
    weights = (first, second - first, 100 - second)
    ties = draw(st.permutations((APPLIED, *KEYS)).map(tuple))
    parts = tuple(Component(key, Fraction(weight)) for key, weight in zip(KEYS, weights, strict=True))
    return Criteria(parts, ties=ties[: draw(st.integers(0, 4))], lot="undian")


@st.composite
def fields(draw: st.DrawFn, most: int = 14) -> list[Runner]:
    """Up to `most` people, each with a number of their own."""
    return [
        Runner(
            attempt=index + 1, number=f"P{index:03d}", kecamatan=where[0], desa=where[1],
            shares={key: draw(shares) for key in KEYS}, applied_at=draw(st.integers(0, 3)),
            failed=draw(st.sampled_from([(), (), (), (1,)])),
        )
        for index in range(draw(st.integers(0, most)))
        for where in [draw(st.sampled_from(PLACES))]
    ]  # fmt: skip


@st.composite
def all_quotas(draw: st.DrawFn) -> list[Quota]:
    """Of any desa, kecamatan or everybody, each at most once."""
    wanted = [("Bangsri", "Bangsri"), ("Bangsri", ""), ("Keling", ""), ("", "")]
    chosen = draw(st.lists(st.sampled_from(wanted), unique=True, min_size=1))
    return [Quota(draw(st.integers(1, 4)), kecamatan, desa) for kecamatan, desa in chosen]
