"""Words that fix a third party's resale price are found; advice and own prices are not."""

import pytest

from alliance.domain.resale_wording import fixed_prices


@pytest.mark.parametrize(
    "text",
    [
        "联盟商不得低于厂家规定的零售价销售。",
        "乙方不得以低于 98 元的价格转售产品。",
        "丙方对外销售价格不低于 92 元/箱",
        "全区域执行统一零售价。",
        "终端最低售价为 12 元。",
        "严禁低于建议零售价出货",
        "建议零售价不得低于 12 元。",
        "联盟商必须按照甲方公布的零售价对外销售。",
        "实行终端限价管理",
        "固定转售价由甲方通知。",
        "The member shall not resell below the advised price.",
        "No dealer may sell the goods for less than 12 yuan.",
        "A minimum resale price of 12 applies.",
        "Retail prices may not be changed.",
        "The resale price must be at least 12.",
        "ＳＨＡＬＬ ＮＯＴ ｓｅｌｌ ｂｅｌｏｗ 12",
    ],
)
def test_words_that_fix_a_resale_price_are_found(text):
    found = fixed_prices(text)
    assert len(found) == 1
    assert found[0].phrase


@pytest.mark.parametrize(
    "text",
    [
        "建议零售价 12 元/瓶，仅供参考，联盟商自行定价。",
        "厂家不规定统一零售价。",
        "经销商供货价不得高于合同价格。",
        "统一结算价格为 10 元。",
        "丙方应当按时付款，不得低于合同约定的进货价采购。",
        "每月最低收入保障 3,000 元。",
        "货物在 48 小时内送达，陈列面积不得低于 2 平方米。",
        "The member is free to set its own resale prices; no minimum resale price applies.",
        "The advised resale price is 12.",
        "Deliveries shall not be late.",
        "",
    ],
)
def test_advice_own_prices_and_other_limits_are_fine(text):
    assert fixed_prices(text) == []


def test_each_sentence_is_found_once_with_its_words():
    found = fixed_prices("产品按时送达。执行统一零售价；终端最低售价 12 元。")
    assert [one.phrase for one in found] == ["统一零售价", "最低售价"]
    assert found[0].sentence == "执行统一零售价"
