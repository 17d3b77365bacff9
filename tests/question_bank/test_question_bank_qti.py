import time
from dataclasses import replace

import pytest
from bank_samples import XSS, active_markup, codes, few, items, items_of, many
from hypothesis import given
from hypothesis import strategies as st
from qti_expected import EXPECTED
from qti_packages import FOLDER, PNG, choice_item, condition, old_file, old_item, stored, zipped

from question_bank.formats import FORMATS, Unreadable, detect, dump, load
from question_bank.formats.qti import tree
from question_bank.items import Item, plain
from question_bank.pictures import name_of
from tests.faults.sizes import size

VAR = "<varequal respident='r'>{}</varequal>"


def seen(item: Item) -> tuple[str, list[str], int]:
    return plain(item.stem), [plain(option) for option in item.options], item.key


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_of_another_program_gives_its_items_and_keys(name):
    format_name, wanted, skipped, errors = EXPECTED[name]
    loaded = load(name, stored(name), "qti")
    assert loaded.format == format_name
    assert [seen(item) for item in items_of(loaded)] == wanted
    assert (codes(loaded.skipped), codes(loaded.errors)) == (skipped, errors)


def test_every_file_of_the_corpus_is_expected_to_hold_something():
    assert {path.name for path in FOLDER.iterdir()} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_qti_file_is_recognised_by_its_content_alone(name):
    assert detect("tanpa-ujung", stored(name)) == "qti"


@pytest.mark.parametrize("name", EXPECTED)
def test_no_other_format_claims_a_qti_file(name):
    data = stored(name)
    assert [known for known, module in FORMATS.items() if module.detect("berkas.xml", data)] == ["qti"]


@pytest.mark.parametrize(
    "data",
    [b"", b"<", b"<html><assessmentItem /></html>", b"<quiz><question/><assessmentItem /></quiz>", b"PK",
     b"soal,a,b,kunci\n<assessmentItem >,x,y,a\n", zipped({"[Content_Types].xml": b"", "xl/a.xml": b""})],
)  # fmt: skip
def test_what_is_no_qti_is_not_claimed(data):
    assert FORMATS["qti"].detect("x.xml", data) is False


# the key of QTI 1.2


@pytest.mark.parametrize(
    ("conditions", "key"),
    [
        (condition(VAR.format("c"), "1"), 2),
        (condition(VAR.format("c"), "1,5"), 2),
        (condition(VAR.format("c"), "SCORE.max"), 2),
        (condition(VAR.format(" c "), "100"), 2),
        (condition(VAR.format("C"), "100"), 2),
        (condition(f"<not>{VAR.format('a')}</not><not>{VAR.format('b')}</not>", "100"), 2),
        (condition(f"<and>{VAR.format('c')}<not>{VAR.format('a')}</not></and>", "100"), 2),
        (condition(f"<or>{VAR.format('c')}{VAR.format('z')}</or>", "100"), 2),
        (
            condition(VAR.format("a"), "0") + condition("<other/>", "0") + condition(VAR.format("c"), "5"),
            None,
        ),
        (condition(VAR.format("a"), "0") + condition(VAR.format("c"), "5") + condition("<other/>", "0"), 2),
        (condition("<other/>", "10", go_on="Yes") + condition(f"<not>{VAR.format('c')}</not>", "0"), 2),
        (condition(VAR.format("c"), "100", "Add") + condition(VAR.format("a"), "1", "Subtract"), 2),
    ],
)
def test_the_conditions_of_an_old_item_are_carried_out_for_every_option(conditions, key):
    loaded = load("x.xml", old_file(old_item(conditions=conditions)))
    assert [item.key for item in items_of(loaded)] == ([] if key is None else [key])
    assert codes(loaded.errors) == (["no_right_answer"] if key is None else [])


def test_lower_points_for_other_options_are_dropped_with_a_warning():
    conditions = condition(VAR.format("a"), "50") + condition(VAR.format("b"), "100")
    loaded = load("x.xml", old_file(old_item(conditions=conditions)))
    assert ([item.key for item in items_of(loaded)], codes(loaded.warnings)) == ([1], ["weights_dropped"])


@pytest.mark.parametrize("cardinality", ["Single", "Multiple"])
def test_two_options_with_all_points_are_several_right_ones(cardinality):
    conditions = condition(VAR.format("a"), "100") + condition(VAR.format("b"), "100")
    loaded = load("x.xml", old_file(old_item(conditions=conditions, cardinality=cardinality)))
    assert codes(loaded.skipped) == ["skipped_several_right"]


def test_an_old_key_that_no_option_has_is_an_error():
    loaded = load("x.xml", old_file(old_item(conditions=condition(VAR.format("z"), "100"))))
    assert [(p.code, p.params) for p in loaded.errors] == [("qti_key_nowhere", {"value": "z"})]


# the key of QTI 2


def test_a_mapping_alone_names_the_key():
    head = '<mapping><mapEntry mapKey="B" mappedValue="1"/></mapping>'
    loaded = load("x.xml", choice_item(key="", head=head).encode())
    assert [item.key for item in items_of(loaded)] == [1]


def test_two_correct_values_are_several_right_ones():
    loaded = load("x.xml", choice_item(key="A</value><value>B").encode())
    assert codes(loaded.skipped) == ["skipped_several_right"]


def test_the_same_correct_value_twice_is_one_key():
    assert len(items_of(load("x.xml", choice_item(key="A</value><value>A").encode()))) == 1


def test_options_with_one_identifier_are_an_error():
    options = '<simpleChoice identifier="A">x</simpleChoice>' * 2
    assert codes(load("x.xml", choice_item(options=options).encode()).errors) == ["qti_options_doubled"]


def test_a_question_with_numbers_that_change_is_skipped():
    loaded = load("x.xml", choice_item('Hitung <printedVariable identifier="N"/>').encode())
    assert codes(loaded.skipped) == ["skipped_calculated"]


# pictures


def test_a_picture_of_the_package_goes_into_the_text():
    data = zipped({"a.xml": choice_item('<img src="g/p.png" alt="peta"/>'), "g/p.png": PNG})
    loaded = load("x.zip", data)
    name = name_of("p.png", PNG)
    assert items_of(loaded)[0].stem == f'<p><img src="{name}" alt="peta"></p>'
    assert loaded.pictures == {name: PNG}


@pytest.mark.parametrize(
    "address", ["data:image/png;base64,iVBORw0KGgo=", "g%2Fp.png", "./g/p.png?x=1", "P.PNG"]
)
def test_a_picture_is_found_however_its_address_is_written(address):
    data = zipped({"a.xml": choice_item(f'Lihat <img src="{address}" alt="p"/>'), "g/p.png": PNG})
    assert len(load("x.zip", data).pictures) == 1


@pytest.mark.parametrize(
    "address", ["https://x.example/p.png", "//x.example/p.png", "tidak/ada.png", "a.xml"]
)
def test_a_picture_that_is_not_there_leaves_a_warning_beside_the_text(address):
    data = zipped({"a.xml": choice_item(f'Lihat <img src="{address}" alt="p"/>')})
    loaded = load("x.zip", data)
    assert ([plain(i.stem) for i in items_of(loaded)], codes(loaded.warnings)) == (
        ["Lihat"],
        ["media_dropped"],
    )


def test_an_option_that_only_was_a_missing_picture_is_an_error():
    options = '<simpleChoice identifier="A"><img src="no.png" alt=""/></simpleChoice>'
    options += '<simpleChoice identifier="B">y</simpleChoice>'
    loaded = load("x.xml", choice_item(options=options).encode())
    assert (items_of(loaded), codes(loaded.errors)) == ([], ["picture_absent"])


def test_sound_beside_the_question_leaves_a_warning():
    loaded = load("x.xml", choice_item('Dengar <object data="a.mp3" type="audio/mpeg"/>').encode())
    assert codes(loaded.warnings) == ["media_dropped"]


# packages


def test_an_item_listed_twice_is_counted_once():
    resource = (
        '<resource identifier="{}" type="imsqti_item_xmlv2p1" href="a.xml"><file href="a.xml"/></resource>'
    )
    manifest = f"<manifest><resources>{resource.format('x')}{resource.format('y')}</resources></manifest>"
    loaded = load("x.zip", zipped({"a.xml": choice_item(), "imsmanifest.xml": manifest}))
    assert len(loaded.items) == 1


def test_a_package_in_a_folder_of_its_own_is_read():
    manifest = (
        '<manifest><resources><resource type="imsqti_item_xmlv2p1" href="a.xml"/></resources></manifest>'
    )
    loaded = load("x.zip", zipped({"bank/a.xml": choice_item(), "bank/imsmanifest.xml": manifest}))
    assert (len(loaded.items), loaded.errors) == (1, ())


def test_a_package_of_packages_says_which_to_open():
    with pytest.raises(Unreadable) as refused:
        load("x.zip", zipped({"dalam.zip": zipped({"a.xml": choice_item()})}))
    assert (refused.value.problem.code, refused.value.problem.params["name"]) == (
        "qti_zip_inside",
        "dalam.zip",
    )


def test_a_zip_without_items_says_so():
    with pytest.raises(Unreadable) as refused:
        load("x.zip", zipped({"catatan.txt": "x"}))
    assert refused.value.problem.code == "qti_no_package"


def test_a_damaged_member_is_an_error_with_its_name():
    data = zipped({"a.xml": choice_item(), "b.xml": choice_item("Dua?")}, 0).replace(b"Dua?", b"Tiga")
    loaded = load("x.zip", data)
    assert [(p.where, p.code) for p in loaded.errors] == [("b.xml", "zip_member_damaged")]
    assert len(loaded.items) == 1


# hostile documents


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + old_file("&b;"), "xml_entities"),
        (b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + old_file("&a;"), "xml_entities"),
        (b"<assessmentItem >" + b"<p>" * 200_000, "xml_deep"),
        (b"<assessmentItem >" + b" " * 21_000_000, "file_too_large"),
    ],
)  # fmt: skip
def test_a_hostile_document_is_refused_with_a_sentence(data, code):
    with pytest.raises(Unreadable) as refused:
        load("x.xml", data, "qti")
    assert refused.value.problem.code == code


def test_a_document_of_too_many_elements_is_refused_with_a_sentence(monkeypatch):
    most = size(20_000, tree.MAX_ELEMENTS)
    monkeypatch.setattr(tree, "MAX_ELEMENTS", most)
    assert "xml_elements" not in codes(load("x.xml", old_file("<b/>" * (most // 2)), "qti").errors)
    with pytest.raises(Unreadable) as refused:
        load("x.xml", old_file("<b/>" * (most + 1)), "qti")
    assert refused.value.problem.code == "xml_elements"


@pytest.mark.parametrize("attack", XSS)
def test_nothing_active_comes_through(attack):
    hidden = attack.replace("&", "&amp;").replace("<", "&lt;").replace("\x00", "")
    old = old_file(old_item(stem=f"soal {hidden}"))
    new = choice_item(
        f"soal {hidden}", tail=f'<modalFeedback identifier="g">e {hidden}</modalFeedback>'
    ).encode()
    for data in (old, new):
        for item in items_of(load("x.xml", data, "qti")):
            assert [active_markup(text) for text in (item.stem, item.explanation)] == [[], []]


def test_the_items_before_a_fault_are_read_and_the_fault_has_its_line():
    data = old_file(old_item(1), old_item(2))[:-60]
    loaded = load("x.xml", data)
    assert [item.code for item in items_of(loaded)] == ["i1"]
    assert [(p.where, p.code, p.params["line"]) for p in loaded.errors] == [("berkas", "xml_broken", 1)]


def report_of(data: bytes) -> str:
    """What the file gives: the code of its refusal, or the counts of what was found in it."""
    try:
        loaded = load("x", data, "qti")
    except Unreadable as refused:
        return refused.problem.code
    return f"{loaded.format} {len(loaded.items) + len(loaded.skipped) + len(loaded.errors)}"


@many
@given(st.binary(max_size=300))
def test_any_bytes_give_a_report(data):
    for begun in (data, b"<questestinterop><item>" + data, b"<assessmentItem >" + data, b"PK\x03\x04" + data):
        assert report_of(begun)


@many
@given(st.sampled_from(sorted(EXPECTED)), st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_a_spoilt_file_gives_a_report_that_is_not_empty(name, place, noise):
    data = stored(name)
    place %= len(data)
    report = report_of(data[:place] + noise + data[place + len(noise) :])
    assert not report.endswith(" 0") or not EXPECTED[name][1]


def seconds_for(count: int) -> float:
    data = old_file(*(old_item(number, f"Soal nomor {number}?") for number in range(count)))
    start = time.process_time()
    assert len(load("x.xml", data).items) == count
    return time.process_time() - start


@pytest.mark.slow
def test_ten_times_the_file_takes_about_ten_times_as_long():
    seconds_for(50)  # imports and caches are paid for here
    assert seconds_for(3000) <= 14 * seconds_for(300)


# writing


def _as_held(item: Item) -> Item:
    return item if item.picture else replace(item, picture_alt="")


@pytest.mark.slow
@few
@given(st.lists(items(), min_size=1, max_size=4))
def test_a_package_gives_back_every_item_as_it_was(kept):
    assert items_of(load("x.zip", dump(kept, "qti30"))) == [_as_held(item) for item in kept]


def test_a_package_carries_the_pictures_of_its_items():
    name = name_of("p.png", PNG)
    stem, option = f'Lihat <img src="{name}" alt="a &quot;b&quot;">', f'<img src="{name}" alt="">'
    item = Item(stem, ("x", option), 0, picture=name, picture_alt="peta", explanation=f"<p>{option}</p>")
    loaded = load("x.zip", dump([item], "qti30", {name: PNG, "lain.png": PNG}))
    assert (items_of(loaded), loaded.pictures) == ([item], {name: PNG})


def test_what_looks_like_a_formula_in_our_own_package_stays_text():
    item = Item(r"Apa arti \(x^2\) dan $$y$$?", (r"\[a\]", "[tex]b[/tex]"), 1)
    assert items_of(load("x.zip", dump([item], "qti30"))) == [item]


def test_the_same_items_give_the_same_bytes():
    kept = [Item("Satu?", ("x", "y"), 0, topic="A & B", difficulty="hard", code="K 1")]
    assert dump(kept, "qti30") == dump(kept, "qti30")


def test_the_corpus_survives_being_written_and_read_again():
    for name in EXPECTED:
        loaded = load(name, stored(name), "qti")
        again = load("x.zip", dump(items_of(loaded), "qti30", loaded.pictures)) if loaded.items else loaded
        assert (name, items_of(again), again.pictures) == (name, items_of(loaded), loaded.pictures)
