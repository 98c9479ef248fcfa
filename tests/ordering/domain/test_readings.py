"""Lines of goods as people write them in a chat, read in every way that they may mean."""

import pytest

from ordering.domain.quick_order.chat_text import (
    cleaned,
    is_remark,
    without_list_number,
    without_polite_words,
)
from ordering.domain.quick_order.readings import (
    DOUBTFUL,
    NAME,
    REDUCED,
    SPLIT,
    has_quantity,
    readings_of,
)


def read(text, rank=SPLIT):
    """Return the readings with a quantity: of each its name, its parts and why it is refused."""
    return [
        (one.reference, "".join(f"{part.qty}{part.unit}" for part in one.quantity), one.reason)
        for one in readings_of(cleaned(text))
        if one.rank == rank
    ]


@pytest.mark.parametrize(
    ("text", "reference", "quantity"),
    [
        ("LZ-CE-25 20", "LZ-CE-25", "20"),
        ("LZ-CE-25 20箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25 20 箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25：20箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25: 20", "LZ-CE-25", "20"),
        ("LZ-CE-25=20箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25-20箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25x20", "LZ-CE-25", "20"),
        ("LZ-CE-25X20", "LZ-CE-25", "20"),
        ("LZ-CE-25×20箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25 × 20", "LZ-CE-25", "20"),
        ("LZ-CE-25*20", "LZ-CE-25", "20"),
        ("LZ-CE-25 * 20 箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25 x 20箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25 二十箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25二十箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25 两百箱", "LZ-CE-25", "200箱"),
        ("LZ-CE-25 5箱3桶", "LZ-CE-25", "5箱3桶"),
        ("LZ-CE-25 5箱 3桶", "LZ-CE-25", "5箱3桶"),
        ("LZ-CE-25 5箱+3桶", "LZ-CE-25", "5箱3桶"),
        ("LZ-CE-25 五箱加三桶", "LZ-CE-25", "5箱3桶"),
        ("LZ-CE-25 ２０箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25 1,200 箱", "LZ-CE-25", "1200箱"),
        ("LZ-CE-25 20 cases", "LZ-CE-25", "20cases"),
        ("LZ-CE-25 1托 5箱 3桶 2瓶", "LZ-CE-25 1托", "5箱3桶2瓶"),
        ("1托5箱3桶 2瓶 LZ-CE-25", "2瓶 LZ-CE-25", "1托5箱3桶"),
        ("LZ-CE-25 20箱。", "LZ-CE-25", "20箱"),
        ("LZ-CE-25 20箱！", "LZ-CE-25", "20箱"),
        ("LZ-CE-25（20箱）", "LZ-CE-25", "20箱"),
        ("LZ-CE-25 要20箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25 数量：20", "LZ-CE-25", "20"),
        ("珠江厨鸡粉908g20箱", "珠江厨鸡粉908g", "20箱"),
        ("生抽20", "生抽", "20"),
        ("1. LZ-CE-25 20箱", "LZ-CE-25", "20箱"),
        ("1、LZ-CE-25 20箱", "LZ-CE-25", "20箱"),
        ("1) LZ-CE-25 20箱", "LZ-CE-25", "20箱"),
        ("（1）LZ-CE-25 20箱", "LZ-CE-25", "20箱"),
        ("①LZ-CE-25 20箱", "LZ-CE-25", "20箱"),
        ("⒈LZ-CE-25 20箱", "LZ-CE-25", "20箱"),
        ("1️⃣ LZ-CE-25 20箱", "LZ-CE-25", "20箱"),
        ("一、LZ-CE-25 20箱", "LZ-CE-25", "20箱"),
        ("- LZ-CE-25 20箱", "LZ-CE-25", "20箱"),
        ("• LZ-CE-25 20箱", "LZ-CE-25", "20箱"),
        ("LZ-CE-25 → 20箱 👍", "LZ-CE-25", "20箱"),
        ("20箱 LZ-CE-25", "LZ-CE-25", "20箱"),
        ("20箱LZ-CE-25", "LZ-CE-25", "20箱"),
        ("20 LZ-CE-25", "LZ-CE-25", "20"),
        ("20 x LZ-CE-25", "LZ-CE-25", "20"),
        ("20 cases LZ-CE-25", "LZ-CE-25", "20cases"),
        ("二十箱生抽", "生抽", "20箱"),
        ("5箱3桶 LZ-CE-25", "LZ-CE-25", "5箱3桶"),
    ],
)
def test_a_quantity_is_split_off_at_either_end(text, reference, quantity):
    assert (reference, quantity, "") in read(text)
    assert readings_of(cleaned(text))[0].rank == NAME


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("老板，来20箱生抽，谢谢", REDUCED),
        ("6月5日 生抽 20箱", REDUCED),
        ("生抽20箱（急）", REDUCED),
        ("1 生抽 20箱", REDUCED),
        ("1 生抽 20", DOUBTFUL),
        ("生抽 20箱（3个月内）", DOUBTFUL),
        ("生抽 20箱 要新日期", DOUBTFUL),
        ("生抽 20箱 60元/箱", DOUBTFUL),
        ("生抽 20箱 @60", DOUBTFUL),
        ("生抽 20箱，电话13800138000", REDUCED),
    ],
)
def test_what_stands_around_the_goods_is_left_out_in_a_later_reading(text, rank):
    assert ("生抽", "20箱" if "箱" in text else "20", "") in read(text, rank)


@pytest.mark.parametrize(
    "text", ["LZ-CE-25", "鸡粉", "20箱", "-", "一", "十 生抽", "7喜", "生抽 1 2箱 3 4 5"]
)
def test_a_number_inside_a_word_and_a_quantity_alone_are_no_order(text):
    assert all(reference not in ("LZ-CE", "") for reference, _quantity, _why in read(text))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A 2.5", "not_whole"),
        ("A -1", "not_positive"),
        ("A 0", "not_positive"),
        ("A 1,5", "two_meanings"),
        ("A 1,2,3", "two_meanings"),
        ("A 99999999999", "too_large"),
        ("A 一百五箱", "two_meanings"),
        ("0箱 A", "not_positive"),
    ],
)
def test_a_quantity_that_cannot_be_read_says_why(text, reason):
    assert "A" in [reference for reference, _quantity, why in read(text) if why == reason]


@pytest.mark.parametrize(
    ("text", "has"),
    [("生抽20箱", True), ("生抽 2", True), ("生抽500ml", False), ("生抽", False), ("20箱", False)],
)
def test_a_part_of_a_line_is_goods_if_it_has_a_quantity(text, has):
    assert has_quantity(text) is has


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "老板好，麻烦明天上午送货，谢谢！",
        "谢谢老板🙏",
        "辛苦了",
        "Thanks!",
        "今天的货单如下：",
        "6月5日订单：",
        "2026-06-05",
        "6/5",
        "周五之前送到",
        "下午3点半前送到",
        "电话 13800138000",
        "张三 13800138000",
        "+86 138 0013 8000",
        "020-12345678",
        "联系人：张三",
        "地址：广州市天河区建设路88号",
        "备注：要新日期",
        "张三 2026/6/5 10:21:33",
        "-----",
    ],
)
def test_a_line_without_goods_is_a_remark(text):
    assert is_remark(cleaned(text))


@pytest.mark.parametrize(
    "text",
    [
        "生抽",
        "LZ-CE-25 20箱",
        "13800138000 20箱",
        "备注：生抽 20箱",
        "老板 生抽",
        "好的" * 90 + "生抽",
        "20箱",
    ],
)
def test_a_line_that_may_be_goods_is_none(text):
    assert not is_remark(cleaned(text))


def test_polite_words_alone_leave_nothing():
    assert without_polite_words("谢谢老板") == ""
    assert without_polite_words("生抽") == "生抽"


def test_a_number_of_a_list_before_a_tab_is_left_out():
    assert without_list_number("①\tA\t3") == "A\t3"
    assert without_list_number("A\t3") == "A\t3"
