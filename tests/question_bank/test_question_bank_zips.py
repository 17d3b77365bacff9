import io
import struct
import tracemalloc
import warnings
import zipfile

import pytest
from bank_samples import many
from hypothesis import given
from hypothesis import strategies as st
from qti_packages import choice_item, zipped

from question_bank.formats import FORMATS, Unreadable, load
from question_bank.formats.zips import (
    MAX_MEMBERS,
    MAX_RATIO,
    MEGABYTE,
    MemberUnreadable,
    is_zip,
    open_zip,
    peek,
)
from question_bank.problems import sentence

SLIPS = ["../x.xml", "a/../../x.xml", "/etc/passwd", "..\\x.xml", "C:\\x.xml", "c:/x.xml", "a/\nb.xml"]


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        open_zip(data)
    assert sentence(refused.value.problem)
    return refused.value.problem.code


def raw_zip(*members: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a name that stands twice is what some tests want
        for info, data in members:
            package.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_directory_field(data: bytes, offset: int, form: str, value: int) -> bytes:
    """The same zip file, a field of its first directory entry overwritten."""
    place = data.index(b"PK\x01\x02") + offset
    return data[:place] + struct.pack(form, value) + data[place + struct.calcsize(form) :]


def test_members_are_read_by_name():
    archive = open_zip(zipped({"a.xml": b"satu", "b/c.xml": b"dua"}))
    assert archive.names == ("a.xml", "b/c.xml")
    assert archive.read("b/c.xml") == b"dua"


def test_backslashes_between_folders_are_turned_round():
    assert open_zip(raw_zip(("b\\c.xml", b"dua"))).names == ("b/c.xml",)


def test_what_an_operating_system_leaves_in_a_zip_is_no_member():
    assert open_zip(zipped({"a.xml": b"", "__MACOSX/._a.xml": b"", ".DS_Store": b""})).names == ("a.xml",)


@pytest.mark.parametrize("name", SLIPS)
def test_a_name_that_leads_outside_is_refused(name):
    assert refusal(raw_zip((name, b"x"))) == "zip_name"


def test_a_link_is_refused():
    info = zipfile.ZipInfo("a.xml")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    assert refusal(raw_zip((info, b"/etc/passwd"))) == "zip_link"


def test_a_member_under_a_password_is_refused():
    assert refusal(with_directory_field(zipped({"a.xml": b"x"}), 8, "<H", 1)) == "zip_encrypted"


def test_an_unknown_way_of_packing_is_refused():
    assert refusal(zipped({"a.xml": b"x" * 99}, zipfile.ZIP_LZMA)) == "zip_method"


def test_a_name_that_stands_twice_is_refused():
    assert refusal(raw_zip(("a.xml", b"x"), ("a.xml", b"y"))) == "zip_doubled"


def test_too_many_members_are_refused_before_they_are_listed():
    entry = b"PK\x01\x02" + bytes(42)
    assert refusal(b"PK\x03\x04" + entry * (MAX_MEMBERS + 1)) == "zip_members"


def test_what_grows_too_much_is_refused():
    assert refusal(zipped({"a.xml": bytes(2 * MEGABYTE)})) == "zip_ratio"


def test_a_small_member_may_grow_as_it_likes():
    data = bytes(MEGABYTE // 2)
    assert len(data) / len(zipped({"a.xml": data})) > MAX_RATIO
    assert open_zip(zipped({"a.xml": data})).read("a.xml") == data


def test_a_member_that_declares_too_much_is_refused():
    assert (
        refusal(with_directory_field(zipped({"a.xml": b"x"}), 24, "<I", 60 * MEGABYTE)) == "zip_member_large"
    )


def test_members_that_are_too_much_together_are_refused():
    one = zipped({"a.xml": b"x" * 300_000}, zipfile.ZIP_STORED)
    entry = one[one.index(b"PK\x01\x02") : one.index(b"PK\x05\x06")]
    big = entry[:24] + struct.pack("<I", 40 * MEGABYTE) + entry[28:]
    directory = big * 6
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 6, 6, len(directory), len(one), 0)
    assert refusal(one + directory + end) == "zip_total"


def test_members_that_share_bytes_are_refused():
    one = zipped({"a.xml": b"x" * 300_000}, zipfile.ZIP_STORED)
    at = one.index(b"PK\x01\x02")
    entry = one[at : one.index(b"PK\x05\x06")]
    directory = entry + entry.replace(b"a.xml", b"b.xml")
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, len(directory), at, 0)
    assert refusal(one[:at] + directory + end) == "zip_overlap"


@pytest.mark.parametrize("declared", [10, 1_000_000])
def test_a_member_of_another_size_than_declared_cannot_be_read(declared):
    data = with_directory_field(zipped({"a.xml": bytes(900_000)}), 24, "<I", declared)
    with pytest.raises(MemberUnreadable) as refused:
        open_zip(data).read("a.xml")
    assert refused.value.problem.code == "zip_member_damaged"


def test_half_a_zip_is_refused():
    data = zipped({"a.xml": b"x" * 999})
    assert refusal(data[: len(data) // 2]) == "zip_damaged"


def test_a_bomb_costs_no_memory():
    bomb = zipped({f"{number}.xml": bytes(20 * MEGABYTE) for number in range(3)})
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable) as refused:
            load("x.zip", bomb, "qti")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.value.problem.code == "zip_ratio"
    assert peak < MEGABYTE


@pytest.mark.parametrize("name", SLIPS)
def test_a_package_with_a_slip_leaves_nothing_behind(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unreadable):
        load("x.zip", raw_zip((name, choice_item().encode())), "qti")
    assert list(tmp_path.parent.glob("**/x.xml")) == []


@pytest.mark.slow
@many
@given(st.binary(max_size=200), st.integers(0, 400), st.binary(min_size=1, max_size=6))
def test_any_bytes_are_refused_or_opened(tail, place, noise):
    data = zipped({"a.xml": b"satu" * 30, "b/c.xml": b"dua" * 30}) + tail
    spoilt = data[:place] + noise + data[place + len(noise) :]
    names = peek(spoilt)
    try:
        archive = open_zip(spoilt)
    except Unreadable as refused:
        names = (refused.problem.code,)
    else:
        assert set(archive.names) <= set(names) or not is_zip(spoilt)
    assert isinstance(names, tuple)


@pytest.mark.parametrize(
    ("name", "members", "claimed"),
    [
        ("x.zip", ["[Content_Types].xml", "xl/workbook.xml"], "xlsx"),
        ("x.zip", ["mimetype", "content.xml"], "xlsx"),
        ("x.xlsx", ["imsmanifest.xml", "soal/content.xml"], "qti"),
        ("x.zip", ["catatan.txt"], "qti"),
    ],
)
def test_exactly_one_format_claims_a_zip_file(name, members, claimed):
    data = zipped(dict.fromkeys(members, b"x"))
    assert [known for known, module in FORMATS.items() if module.detect(name, data)] == [claimed]


@pytest.mark.parametrize(("name", "claimed"), [("x.xlsx", "xlsx"), ("x.zip", "qti"), ("x", "qti")])
def test_exactly_one_format_claims_a_broken_zip_file(name, claimed):
    data = b"PK\x03\x04\x14\x00" + bytes(range(256))
    assert [known for known, module in FORMATS.items() if module.detect(name, data)] == [claimed]
