"""Columns of a sheet of targets are found by their headings, not by their order."""

from alliance.domain.plan_sheet import columns_of, is_complete, metric_of


def test_headings_in_chinese_and_english_name_the_columns():
    found = columns_of(["备注", "全年目标", "区域", "考核指标", "1月", "12月", "M03"])
    assert found == {"annual": 1, "region": 2, "metric": 3, "1": 4, "12": 5, "3": 6}
    assert is_complete(found)
    assert columns_of(["Region", "Channel", "Category", "Portfolio", "Region"]) == {
        "region": 0,
        "channel": 1,
        "category": 2,
        "portfolio": 3,
    }
    assert not is_complete({"region": 0})


def test_a_metric_is_named_in_either_language():
    assert [metric_of(text) for text in ("销量", "Active outlets", "组合动销", "费用", "利润")] == [
        "volume",
        "outlets",
        "portfolio",
        "expense",
        "",
    ]
