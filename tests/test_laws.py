"""The house rules hold, and each rule would notice when it did not."""

import pytest

from tests.law_checks import Source
from tests.laws import LAWS, Law, faults, sources

each_law = pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name.replace(" ", "-"))


@each_law
def test_the_law_holds_for_every_file(law: Law) -> None:
    broken = faults()[law.name]
    assert not broken, f"{law.name}, because {law.reason}:\n" + "\n".join(broken)


@each_law
def test_the_law_is_about_some_files(law: Law) -> None:
    assert sources(law.holds_for)


@each_law
def test_the_law_accepts_its_good_sample(law: Law) -> None:
    assert list(law.check(Source(law.sample, law.good))) == []


@each_law
def test_the_law_notices_its_bad_sample(law: Law) -> None:
    assert list(law.check(Source(law.sample, law.bad)))


def test_every_law_gives_its_reason() -> None:
    assert all(len(law.reason) > 30 for law in LAWS)
