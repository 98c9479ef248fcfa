from django.template import Context, Template
from django.utils.translation import override

from ui.web.local_names import place_name, unit_name


def test_names_are_in_the_language_of_the_reader() -> None:
    with override("en"):
        assert (unit_name("箱"), place_name("广东省")) == ("case", "Guangdong")
        assert (place_name("台湾"), place_name("香港特别行政区")) == ("Taiwan", "Hong Kong")
    with override("zh-hans"):
        assert (unit_name("箱"), place_name("广东省")) == ("箱", "广东省")
    assert (unit_name(None), place_name(None)) == ("", "")


def test_templates_have_both_filters() -> None:
    with override("en"):
        text = Template("{{ u|unit_name }} {{ u|unit_name:2 }} {{ p|place_name }}")
        assert text.render(Context({"u": "瓶", "p": "惠州市"})) == "bottle bottles Huizhou"
