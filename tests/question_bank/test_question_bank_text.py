import time

import pytest
from bank_samples import XSS, active_markup, many
from hypothesis import given
from hypothesis import strategies as st

from question_bank.items import plain
from question_bank.text import clean, clean_and_place, drops_media, escaped, line, with_breaks


@pytest.mark.parametrize(
    "text",
    [
        "x < 5 & y",
        "a<b",
        "x<y and y>z",
        "3 <5> 2",
        "#include <stdio.h>",
        "a <- b",
        "jika p<q maka q>p",
        "<?php x?>",
        "AT&T",
        "x <!-- y",
        "<nama desa>",
        "5 > 3",
    ],
)
def test_plain_text_stays_visible(text):
    assert plain(clean(text)) == text
    assert active_markup(clean(text)) == []


@pytest.mark.parametrize(
    "fragment",
    [
        "<b>tebal</b> dan <i>miring</i>",
        "m<sup>2</sup>, H<sub>2</sub>O",
        "<p>a</p><p>b</p>",
        "a<br>b",
        '<table><thead><tr><th scope="col">x</th></tr></thead></table>',
        '<table><tbody><tr><td colspan="2">1</td></tr></tbody></table>',
        "<ul><li>satu</li></ul>",
        "<pre>a\n  b</pre>",
        "<code>x</code>",
        "<blockquote>k</blockquote>",
    ],
)
def test_allowed_markup_is_kept_as_it_is(fragment):
    assert clean(fragment) == fragment


@pytest.mark.parametrize("attack", XSS)
def test_no_attack_leaves_active_markup(attack):
    for text in (attack, attack * 3, f"<table><tr><td>{attack}", f"<pre>{attack}</pre>", f"a{attack}b"):
        assert active_markup(clean(text)) == []


def test_text_around_an_attack_stays():
    assert clean("sebelum<script>alert(1)</script> sesudah") == "sebelum sesudah"
    assert clean('<a href="http://x.example">tautan</a> <font color="red">merah</font>') == "tautan merah"


def test_attributes_stay_only_with_harmless_values():
    assert clean("<table><tr><td colspan=9999 rowspan='2' class=x>a") == (
        '<table><tbody><tr><td rowspan="2">a</td></tr></tbody></table>'
    )


def test_boxes_that_are_not_allowed_still_part_their_texts():
    assert clean("<div>satu</div><div>dua</div>") == "satu<br>dua"
    assert clean("<h2 class='x'>Judul</h2>isi") == "Judul<br>isi"


@many
@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from([*XSS, "<b>", "</p>", "<pre>\n\n", "x", " ", "<", "\n"])).map("".join),
    )
)
def test_cleaning_twice_changes_nothing(text):
    once = clean(text)
    assert clean(once) == once
    assert active_markup(once) == []


@many
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"])))
def test_escaped_text_shows_exactly_that_text(text):
    visible = text.translate(dict.fromkeys([0xFEFF, 0xFFFE, 0xFFFF]))
    assert plain(clean(escaped(text))) == " ".join(visible.split())


def test_characters_that_cannot_be_stored_are_replaced():
    assert clean("a\ud800b\x00c\x1bd") == "a\ufffdbcd"
    assert line(" a\ud800\n\tb\x07 ") == "a\ufffd b"
    assert clean("\ufeffa") == "a"


def test_line_ends_become_breaks_only_without_block_markup():
    assert clean(with_breaks("satu\r\n<b>dua</b>\n".replace("\r\n", "\n"))) == "satu<br><b>dua</b>"
    assert clean(with_breaks("<p>satu</p>\n<p>dua</p>")) == "<p>satu</p> <p>dua</p>"


def test_media_that_gets_lost_is_noticed():
    assert drops_media("a <IMG src=x>")
    assert drops_media("<svg/>")
    assert not drops_media("a < imgur, <b>x</b>")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["<b", "<b ", "<b a=", '<b a="', "<!--", "<table>", "<script", "&", "</p>", "<b x=1 "]
)
def test_hostile_length_costs_only_linear_time(piece):
    text = piece * (300_000 // len(piece))
    start = time.perf_counter()
    assert active_markup(clean(text)[:1000]) == []
    assert time.perf_counter() - start < 5


NAME = "0123456789abcdef.png"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (f"<img src={NAME} alt='peta'>", f'<img src="{NAME}" alt="peta">'),
        (f"<IMG ALT='a  b' WIDTH=3 SRC='{NAME}' onerror=alert(1) style=x>", f'<img src="{NAME}" alt="a b">'),
        (f"<img src='{NAME}'/>", f'<img src="{NAME}" alt="">'),
        (f"<figure><img src='{NAME}'><p>Peta</p></figure>", f'<img src="{NAME}" alt=""><p>Peta</p>'),
        ("a<img src='other.png'>b", "ab"),
        ("a<img alt='peta'>b", "ab"),
        (f"<img src='x/../{NAME}'>a", "a"),
        (f"<img src='{NAME}' alt='1 < 2 &<b>'>", f'<img src="{NAME}" alt="1 &lt; 2 &amp;&lt;b&gt;">'),
    ],
)
def test_a_known_picture_stays_with_its_description_only(raw, shown):
    assert clean(raw, frozenset({NAME})) == shown
    assert clean(shown, frozenset({NAME})) == shown
    assert "<img" not in clean(raw)
    assert "peta" not in plain(shown)


def test_an_address_is_turned_into_a_name_once():
    asked = []

    def place(address):
        asked.append(address)
        return NAME if address.startswith("data:") else None

    text = '<img src="data:image/png;base64,AAAA" alt="x"><img src="https://a.example/b.png">c'
    fragment = clean_and_place(text, place)
    assert fragment == f'<img src="{NAME}" alt="x">c'
    assert asked == ["data:image/png;base64,AAAA", "https://a.example/b.png"]
