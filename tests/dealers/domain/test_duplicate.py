"""Whether two records are one company or outlet. Source: rules.md, duplicate."""

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealers.domain.duplicate import (
    GENERIC_WORDS,
    Position,
    Record,
    compare,
    core,
    letters_and_digits,
    phone_digits,
    place_cores,
    similarity,
)
from simulations.operations.simulate import answer, answer_all

names = st.text("老王李記粮油店超市(（)）Aaé 1２-", min_size=1, max_size=12)
phones = st.text("0123456789 -+８", max_size=16)
positions = st.none() | st.builds(Position, st.decimals(-90, 90, places=5), st.decimals(-180, 180, places=5))
records = st.builds(Record, names, names | st.just(""), positions, phones, st.text("9A-a", max_size=4))
places = st.lists(names, max_size=3)


def name_core(text: str, *places: str) -> str:
    return core(text, place_cores(places), is_name=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("杭州老王粮油店", "杭州老王"),
        ("老王粮油（文三路店）", "老王"),
        ("老王（一店", "老王一"),  # an opening bracket alone cuts nothing
        ("老王)店(", "老王"),
        ("a((b)c)店", "ac"),
        ("(老王)", "老王"),  # nothing would be left
        ("王（大）", "王大"),
        ("王店", "王店"),
        ("王百货商店", "王百货"),  # 商店 may be cut, then 百货 may not
        ("老粮油店", "老粮油"),  # only 店 leaves two
        ("…！", ""),
        ("ＡＢＣ Co. ２", "abcco2"),
    ],
)
def test_the_core_of_a_name(text: str, found: str) -> None:
    assert name_core(text) == found


def test_places_are_cut_the_longest_first_and_never_down_to_one_letter() -> None:
    assert name_core("杭州市西湖老王", "杭州", "杭州市", "西湖", "杭州", "·") == "老王"
    assert name_core("杭州杭州老王", "杭州") == "老王"
    assert name_core("杭州王", "杭州") == "杭州王"
    assert core("杭州市文三路128号", place_cores(["杭州市"])) == "文三路128号"
    assert place_cores(["bb", "aa", "ＣＣＣ", "--"]) == ("ccc", "aa", "bb")


def test_an_address_keeps_brackets_and_generic_words() -> None:
    assert core("文三路(后门)商店") == "文三路后门商店"


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [("", "ab", 0), ("ab", "", 0), ("ab", "ab", 1), ("a", "b", 0), ("ab", "b", 0), ("abc", "abd", 0.5)],
)
def test_similarity(a: str, b: str, found: float) -> None:
    assert similarity(a, b) == found


def test_similarity_counts_pairs_as_often_as_they_are_there() -> None:
    assert similarity("aaa", "aaaa") == 2 * 2 / D(5)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("123456", ""), ("1234567", "1234567"), ("+86 571-88123456", "57188123456"), ("٠١٢٣٤٥٦٧", "")],
)
def test_phone_digits(typed: str, digits: str) -> None:
    assert phone_digits(typed) == digits


def test_the_same_phone_alone_is_not_enough() -> None:
    far = compare(Record("老王", phone="057188123456"), Record("小李", phone="0571-88123456"))
    assert (far.same_phone, far.score, far.band) == (True, D("0.1000"), "new")


def test_the_same_phone_near_by_or_with_half_a_name() -> None:
    here, near = Position(D("30"), D("120")), Position(D("30.0008"), D("120"))
    near_by = compare(
        Record("老王", position=here, phone="88123456"), Record("小李", position=near, phone="88123456")
    )
    assert (near_by.metres, near_by.score, near_by.band) == (D("89.0"), D("0.9000"), "duplicate")
    named = compare(Record("abc", phone="88123456"), Record("abd", phone="88123456"))
    assert (named.name, named.band) == (D("0.5000"), "duplicate")


def test_the_same_licence_decides_and_an_empty_one_does_not() -> None:
    assert compare(Record("甲", licence="9133-０１a"), Record("乙", licence="913301A")).score == 1
    assert not compare(Record("甲", licence="--"), Record("乙", licence="—")).same_licence


def test_the_same_door_under_another_name() -> None:
    here = Position(D("30.27415"), D("120.15515"))
    found = compare(Record("老王粮油店", "文三路128号", here), Record("新鲜果园", "文三路128号", here))
    assert (found.metres, found.score, found.band) == (D("0.0"), D("0.4500"), "successor")


def test_the_bands_compare_the_score_as_it_is_written() -> None:
    here, there = Position(D("0"), D("0")), Position(D("0"), D("0.000359"))
    found = compare(Record("老王", "", here), Record("老王", "", there))
    assert (found.metres, found.score, found.band) == (D("39.9"), D("0.6501"), "ask")
    assert compare(Record("老王", "文三路", here), Record("老王", "文三路", there)).band == "duplicate"


def test_the_antipodes_are_half_the_earth_away() -> None:
    found = compare(Record("a", "", Position(D(0), D(0))), Record("b", "", Position(D(0), D(180))))
    assert found.metres == D("20015114.4")


@pytest.mark.parametrize(
    ("changed", "error", "field"),
    [
        ({"a": {}}, "missing", "a.name"),
        ({"a": {"name": ""}}, "empty", "a.name"),
        ({"a": {"name": "x", "lat": "1"}}, "missing", "a.lon"),
        ({"b": {"name": "x", "lon": "1"}}, "missing", "b.lat"),
        ({"b": {"name": "x", "lat": "90.1", "lon": "1"}}, "out_of_range", "b.lat"),
        ({"b": {"name": "x", "lat": "1", "lon": "-180.5"}}, "out_of_range", "b.lon"),
        ({"b": {"name": "x", "lat": 1.5, "lon": "1"}}, "json_float", "b.lat"),
        ({"b": {"name": "x", "size": 1}}, "unknown_key", "b.size"),
        ({"places": "杭州"}, "not_a_list", "places"),
        ({"places": ["杭州", None]}, "missing", "places[1]"),
        ({"places": [""]}, "empty", "places[0]"),
    ],
)
def test_what_is_refused(changed: dict[str, Any], error: str, field: str) -> None:
    told, ok = answer_all("duplicate", {"a": {"name": "x"}, "b": {"name": "y"}} | changed)
    assert isinstance(told, dict)
    assert not ok
    assert (told["error"], told["field"]) == (error, field)


def test_without_positions_the_metres_are_null() -> None:
    told = answer("duplicate", {"a": {"name": "x", "lat": None}, "b": {"name": "x"}, "places": None})
    assert (told["metres"], told["name"], told["score"], told["band"]) == (None, "1.0000", "0.4500", "new")
    assert told["explanation"] == {"names": ["x", "x"], "addresses": ["", ""]}


def test_a_long_name_is_read_in_linear_time() -> None:
    name = "（" * 200_000 + "店" * 200_000
    assert core(name, is_name=True) == "店店"


@given(records, records, places)
def test_a_comparison_has_no_direction(a: Record, b: Record, cut: list[str]) -> None:
    one, other = compare(a, b, cut), compare(b, a, cut)
    assert one == other
    assert 0 <= one.score <= 1


@given(records, places)
def test_a_record_with_a_core_is_its_own_duplicate(a: Record, cut: list[str]) -> None:
    found = compare(a, a, cut)
    assert found.name == (1 if core(a.name, place_cores(cut), is_name=True) else 0)
    assert found.metres in (None, 0)


@given(names, places)
def test_a_core_never_shrinks_below_two_letters(name: str, cut: list[str]) -> None:
    found = name_core(name, *cut)
    assert len(found) >= min(2, len(letters_and_digits(name)))
    assert not any(found.endswith(word) and len(found) - len(word) >= 2 for word in GENERIC_WORDS)
