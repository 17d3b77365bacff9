from dataclasses import FrozenInstanceError, replace

import pytest

from question_bank.items import Item, plain

ITEM = Item("Berapa 2 + 2?", ("3", "4"), 1, "N1", "numerik", "easy", "a.png", "angka", "Karena 4.", False)


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
