import json
from dataclasses import FrozenInstanceError, replace

import pytest
from bank_samples import items, many
from hypothesis import given

from question_bank.items import Item, from_json, plain, to_json

ITEM = Item("Berapa 2 + 2?", ("3", "4"), 1, "N1", "numerik", "easy", "a.png", "angka", "Karena 4.", False)


def test_the_json_of_an_item_is_canonical():
    assert to_json(Item("é", ("a", "b"), 0)) == (
        '{"code":"","difficulty":null,"explanation":"","key":0,"options":["a","b"],"picture":"",'
        '"picture_alt":"","shuffle":true,"stem":"é","topic":""}'
    )


@many
@given(items())
def test_an_item_survives_its_json(item):
    assert from_json(to_json(item)) == item


def test_the_json_of_an_older_item_without_later_fields_is_read():
    assert from_json('{"stem":"s","options":["a","b"],"key":1}') == Item("s", ("a", "b"), 1)


@pytest.mark.parametrize(
    "change",
    [
        {"key": True},
        {"key": "1"},
        {"key": None},
        {"options": "ab"},
        {"options": [1, 2]},
        {"stem": 5},
        {"difficulty": "mudah"},
        {"shuffle": 1},
        {"script": "x"},
    ],
)
def test_json_that_is_not_an_item_is_refused(change):
    raw = {**json.loads(to_json(ITEM)), **change}
    with pytest.raises(ValueError, match="does not describe an item"):
        from_json(json.dumps(raw))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "{", '{"stem":"s"}', "[" * 100_000])
def test_text_that_is_not_the_json_of_an_item_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        from_json(text)


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("x &lt; 5 &amp; y", "x < 5 & y"),
        ("satu<br>dua", "satu dua"),
        ("<p>satu</p><p>dua</p>", "satu dua"),
        ("<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>", "1 2"),
        ("m<sup>2</sup> <b>te</b>bal", "m2 tebal"),
        ("  a \n &nbsp; b ", "a b"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("<br>", ""),
    ],
)
def test_plain_text_is_what_a_reader_sees(fragment, text):
    assert plain(fragment) == text


def test_an_item_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        ITEM.key = 0
    assert replace(ITEM, key=0).key == 0
