"""Texts that are written in several ways have one spelling."""

import pytest

from kernel.barcodes import gtin_forms
from kernel.search import search_beginnings, search_key, search_tokens, search_words
from kernel.spelling import folded, name_key, traditional_forms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LZ-CE-25", "lz-ce-25"),
        ("LZ-CE-25", "ＬＺ－ＣＥ－２５"),
        ("LZ-CE-25", "LZ–CE—25"),
        ("LZ-CE-25", "LZ-\u200bCE-\ufeff25"),
        ("LZ-CE-25", " LZ-CE-25\u3000"),
        ("珠江厨鸡粉908g", "珠江厨 雞粉 908G"),
        ("岭珠·生抽4.9L", "嶺珠生抽4.9L"),
        ("生抽500ml×12", "生抽 500ml*12"),
        ("生抽500ml×12", "生抽500mlX12"),
    ],
)
def test_one_name_has_one_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("A 15", "A15"), ("A 1 5", "A 15"), ("QX-1", "QX-12"), ("QX-1", "QX1"), ("1.5L", "15L"), ("A/B", "AB")],
)
def test_two_names_have_two_keys(one, other):
    assert name_key(one) != name_key(other)


def test_a_text_of_no_chinese_needs_no_conversion():
    assert folded("Ä×B") == "äxb"
    assert folded("PLAIN") == "plain"


def test_a_script_gets_the_traditional_forms_of_the_characters_of_its_texts():
    forms = traditional_forms(["鸡粉", "ab"])
    assert forms["雞"] == "鸡"
    assert set(forms.values()) == {"鸡"}


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("6901234567892", ("6901234567892", "06901234567892")),
        ("06901234567892", ("6901234567892", "06901234567892")),
        ("012345678905", ("12345678905".zfill(12), "0012345678905", "00012345678905")),
        ("0012345678905", ("012345678905", "0012345678905", "00012345678905")),
        ("12345670", ("12345670", "000012345670", "0000012345670", "00000012345670")),
        ("690 1234 567892", ("6901234567892", "06901234567892")),
        ("６９０１２３４５６７８９２", ("6901234567892", "06901234567892")),
        ("16901234567899", ("16901234567899",)),
        ("1234", ()),
        ("690123456789A", ()),
        ("", ()),
    ],
)
def test_a_barcode_is_the_same_number_in_each_of_its_forms(typed, forms):
    assert gtin_forms(typed) == forms


NAMES = (
    "岭珠生抽4.9L",
    "岭珠·生抽",
    "蚝油6kg×2/箱",
    "Q·Q糖-A 5-10L",
    "广州-料酒(特级)",
    "减盐20%生抽",
    "肇庆恒丰粮油贸易有限公司",
    "20 公斤 装",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_by_itself(name):
    key, tokens = search_key(names=[name], length=600), search_tokens(names=[name])
    assert all(word in key for word in search_words(name))
    for words in search_beginnings(name):
        assert any(token.startswith(words[0]) for token in tokens), words


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("生抽4.9L", "岭珠生抽4.9L"),
        ("4.9L", "岭珠生抽4.9L"),
        ("4.9", "岭珠生抽4.9L"),
        ("岭珠生抽", "岭珠·生抽"),
        ("岭珠·生抽", "岭珠生抽4.9L"),
        ("蠔油", "蚝油6kg×2/箱"),
        ("6kg*2", "蚝油6kg×2/箱"),
        ("6kgx2", "蚝油6kg×2/箱"),
        ("廣州", "广州-料酒(特级)"),
        ("(特级)", "广州-料酒(特级)"),
        ("廣州-料酒", "广州-料酒(特级)"),
        ("恒丰粮油贸易有限公司", "肇庆恒丰粮油贸易有限公司"),
        ("生抽", "嶺珠生抽"),
        ("zhaoqinghengfeng", "肇庆恒丰粮油贸易有限公司"),
    ],
)
def test_a_name_is_found_by_a_part_of_it(typed, name):
    key, tokens = search_key(names=[name], length=600), search_tokens(names=[name])
    assert all(word in key for word in search_words(typed))
    for words in search_beginnings(typed):
        assert any(token.startswith(words[0]) or token in words for token in tokens), words


@pytest.mark.parametrize("typed", ["-", "·", "()", "生抽5L", "9L"])
def test_signs_alone_and_other_sizes_find_nothing(typed):
    tokens = search_tokens(names=["岭珠生抽4.9L"], codes=["LZ-SY-15"])
    found = search_beginnings(typed)
    assert found == [] or not all(any(token.startswith(words[0]) for token in tokens) for words in found)
