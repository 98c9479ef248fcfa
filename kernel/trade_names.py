"""English words for usual units and places, whose Chinese names are stored; typed text may have them.

A name that is not known stays as it is: it is the tenant's own.
"""

import re
from functools import lru_cache

UNITS = {
    "瓶": "bottle",
    "桶": "pail",
    "箱": "case",
    "袋": "bag",
    "包": "pack",
    "盒": "box",
    "罐": "can",
    "听": "can",
    "件": "piece",
    "个": "piece",
    "只": "piece",
    "支": "piece",
    "条": "strip",
    "提": "multipack",
    "板": "layer",
    "托": "pallet",
    "托盘": "pallet",
    "公斤": "kg",
    "千克": "kg",
    "斤": "half-kilo",
    "升": "litre",
    "克": "g",
}
_MEASURES = ("kg", "g")
_PLACES = {
    "内蒙古": "Inner Mongolia",
    "西藏": "Tibet",
    "陕西": "Shaanxi",
    "香港": "Hong Kong",
    "澳门": "Macao",
    "台湾": "Taiwan",
    "新疆维吾尔": "Xinjiang",
    "重庆": "Chongqing",
    "厦门": "Xiamen",
}
_KINDS = {
    "特别行政区": "",
    "自治区": "",
    "省": "",
    "市": "",
    "自治州": " Prefecture",
    "地区": " Prefecture",
    "盟": " League",
    "自治县": " County",
    "县": " County",
    "自治旗": " Banner",
    "旗": " Banner",
    "林区": " District",
    "区": " District",
    "街道": " Subdistrict",
    "镇": " Town",
    "乡": " Township",
}
_PEOPLES = re.compile(r"(?<=..)(?:\w{1,3}族)+$")  # 恩施土家族苗族自治州 is Enshi
_KIND = "|".join(sorted(_KINDS, key=len, reverse=True))
# A stem of two characters or more first: 沙市区 is the district of Shashi.
_PART = re.compile(rf"(?P<stem>.{{2,}}?|.)(?P<kind>{_KIND})")


def unit_name(name: str, count: int = 1) -> str:
    """Return the English name of a usual unit, in the plural for another count than 1."""
    english = UNITS.get(name)
    if english is None:
        return name
    if count == 1 or english in _MEASURES:
        return english
    return f"{english}es" if english.endswith("x") else f"{english}s"


@lru_cache(maxsize=4096)
def place_name(name: str) -> str:
    """Return the English name of a place: 广东省惠州市惠城区 is "Guangdong, Huizhou, Huicheng District"."""
    if name in _PLACES:
        return _PLACES[name]
    parts, end = [], 0
    for found in _PART.finditer(name):
        if found.start() != end:
            return name
        stem = _PEOPLES.sub("", found["stem"])
        parts.append(f"{_PLACES.get(stem) or _romanised(stem)}{_KINDS[found['kind']]}")
        end = found.end()
    return ", ".join(parts) if parts and end == len(name) else name


def _romanised(stem: str) -> str:
    from pypinyin import lazy_pinyin  # the import takes half a second; only English readers need it

    return "".join(lazy_pinyin(stem)).capitalize()
