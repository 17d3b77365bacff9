"""Chance from a seed: the same seed gives the same order on every Python version and machine.

`random` is not used because its algorithms may change between versions; the words come from HMAC-SHA256 in
counter mode and are rejected when they would favour small numbers.
"""

import hmac
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_WORD_RANGE = 1 << 64


def shuffled(values: Sequence[T], seed: bytes, purpose: str) -> list[T]:
    """Return the values in an order in which every permutation is equally likely for a random seed.

    Different purposes give independent orders from one seed.
    """
    words = _words(seed, purpose.encode())
    order = list(values)
    for last in range(len(order) - 1, 0, -1):
        chosen = _below(last + 1, words)
        order[last], order[chosen] = order[chosen], order[last]
    return order


def _words(seed: bytes, purpose: bytes) -> Iterator[int]:
    counter = 0
    while True:
        block = hmac.digest(seed, counter.to_bytes(8, "big") + purpose, "sha256")
        for start in range(0, 32, 8):
            yield int.from_bytes(block[start : start + 8], "big")
        counter += 1


def _below(bound: int, words: Iterator[int]) -> int:
    usable = _WORD_RANGE - _WORD_RANGE % bound
    return next(word for word in words if word < usable) % bound
