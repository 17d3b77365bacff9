"""The demo's own bank: large enough, free of errors, without near doubles, and its keys give nothing away."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest

from exam_server.bank import intake
from exam_server.bank.pictures import read_picture
from exam_server.demo.announce import BLUEPRINT
from exam_server.demo.seed import BANK
from question_bank.blueprint import Blueprint, Ref, draw, shortfall
from question_bank.items import Item, plain
from question_bank.validate import similarity

FILES = sorted(BANK.glob("*.csv"))
ALIKE = 0.6


@pytest.fixture(scope="module")
def reports() -> dict[str, intake.Report]:
    return {file.stem: intake.read(file, "id") for file in FILES}


@pytest.fixture(scope="module")
def items(reports: dict[str, intake.Report]) -> list[Item]:
    return [item for report in reports.values() for item in report.items]


@pytest.fixture(scope="module")
def refs(items: list[Item]) -> list[Ref]:
    return [Ref(number, item.topic, item.difficulty, len(item.options), item.shuffle)
            for number, item in enumerate(items, 1)]  # fmt: skip


def test_there_are_items_enough_for_papers_that_differ(items: list[Item]) -> None:
    assert len(items) >= 300


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_has_neither_errors_nor_warnings(reports: dict[str, intake.Report], file: Path) -> None:
    report = reports[file.stem]
    assert report.errors == ()
    assert report.warnings == ()
    assert report.skipped == ()


def test_every_file_holds_the_topic_of_its_name(reports: dict[str, intake.Report]) -> None:
    assert {stem: {item.topic for item in report.items} for stem, report in reports.items()} == {
        stem: {stem} for stem in reports
    }


def test_every_code_is_used_once(items: list[Item]) -> None:
    assert [
        code for code, count in Counter(item.code for item in items).items() if count > 1 or not code
    ] == []


def test_no_two_items_are_alike(items: list[Item]) -> None:
    alike = [(first.code, second.code, round(score, 2)) for first, second in itertools.combinations(items, 2)
             if (score := similarity(first, second)) >= ALIKE]  # fmt: skip
    assert alike == []


def test_the_measure_would_notice_a_double(items: list[Item]) -> None:
    assert similarity(items[0], items[0]) == 1.0


def test_keys_are_spread_over_the_letters_in_every_file(reports: dict[str, intake.Report]) -> None:
    for stem, report in reports.items():
        keys = Counter(item.key for item in report.items)
        share = len(report.items) / max(len(item.options) for item in report.items)
        assert max(keys.values()) <= 1.7 * share, stem
        assert {0, 1, 2, 3} <= set(keys), stem


def test_the_right_option_is_not_given_away_by_its_length(items: list[Item]) -> None:
    def longest(item: Item) -> bool:
        lengths = [len(plain(option)) for option in item.options]
        return lengths[item.key] == max(lengths) and lengths.count(max(lengths)) == 1

    chance = sum(1 / len(item.options) for item in items) / len(items)
    assert sum(map(longest, items)) / len(items) < 1.5 * chance


def test_every_item_explains_its_key(items: list[Item]) -> None:
    assert [item.code for item in items if len(plain(item.explanation)) < 20] == []


def test_every_item_has_four_or_five_options(items: list[Item]) -> None:
    assert {len(item.options) for item in items} <= {4, 5}


def test_every_picture_is_there_whole_and_described(reports: dict[str, intake.Report]) -> None:
    pictured = [(item, report) for report in reports.values() for item in report.items if item.picture]
    assert len(pictured) >= 10
    for item, report in pictured:
        _, media_type, _, width, height = read_picture(item.picture, report.pictures[item.picture])
        assert media_type == "image/png"
        assert width >= 200, item.code
        assert height >= 100, item.code
        assert len(item.picture_alt) >= 40, item.code


def test_no_picture_lies_there_unused(items: list[Item]) -> None:
    used = {item.picture for item in items if item.picture}
    assert {file.name for file in (BANK / "pictures").iterdir()} == used


def test_the_blueprint_of_the_demo_can_be_filled_many_times_over(refs: list[Ref]) -> None:
    blueprint = Blueprint.from_list(BLUEPRINT)
    assert blueprint.total == 30
    fivefold = Blueprint.from_list([{**line, "count": line["count"] * 5} for line in BLUEPRINT])  # type: ignore[operator]
    assert shortfall(refs, fivefold) == []
    papers = {draw(refs, blueprint, bytes([seed])) for seed in range(50)}
    assert len(papers) == 50


def test_every_topic_has_easy_and_hard_items(reports: dict[str, intake.Report]) -> None:
    for stem, report in reports.items():
        difficulties = Counter(item.difficulty for item in report.items)
        assert set(difficulties) == {"easy", "medium", "hard"}, stem
        assert min(difficulties.values()) >= 0.1 * len(report.items), stem
        assert max(difficulties.values()) <= 0.7 * len(report.items), stem
