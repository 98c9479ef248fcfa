import pytest

from kernel.trade_names import place_name, unit_name


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("广东省", "Guangdong"),
        ("广东省惠州市惠城区", "Guangdong, Huizhou, Huicheng District"),
        ("北京市", "Beijing"),
        ("内蒙古自治区", "Inner Mongolia"),
        ("广西壮族自治区南宁市", "Guangxi, Nanning"),
        ("湖北省荆州市沙市区", "Hubei, Jingzhou, Shashi District"),
        ("河北省石家庄市赵县", "Hebei, Shijiazhuang, Zhao County"),
        ("湖北省恩施土家族苗族自治州", "Hubei, Enshi Prefecture"),
        ("广州市", "Guangzhou"),
        ("香港特别行政区", "Hong Kong"),
        ("整托", "整托"),
        ("广东省内", "广东省内"),
        ("广东省\n惠州市", "广东省\n惠州市"),
        ("", ""),
    ],
)
def test_a_place_of_the_standard_has_an_english_name(name: str, english: str) -> None:
    assert place_name(name) == english


def test_usual_units_have_english_names_and_others_stay() -> None:
    assert [unit_name(name) for name in ("箱", "桶", "瓶", "整托")] == ["case", "pail", "bottle", "整托"]
    assert [unit_name(name, 2) for name in ("箱", "盒", "公斤", "整托")] == ["cases", "boxes", "kg", "整托"]
