"""The tile map: one square for each province, in a rough position; no outline is drawn.

All 34 provincial regions have a tile. Where the regions of a province are not loaded its tile says so.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProvinceTile:
    """A province: its GB/T 2260 code, its place in the grid from 1, its short name and ISO letters."""

    code: str
    column: int
    row: int
    short: str
    letters: str


PROVINCES = tuple(
    ProvinceTile(*one)
    for one in (
        ("23", 11, 1, "黑龙江", "HL"),
        ("15", 8, 2, "内蒙古", "NM"),
        ("22", 11, 2, "吉林", "JL"),
        ("65", 2, 3, "新疆", "XJ"),
        ("11", 9, 3, "北京", "BJ"),
        ("12", 10, 3, "天津", "TJ"),
        ("21", 11, 3, "辽宁", "LN"),
        ("62", 4, 4, "甘肃", "GS"),
        ("64", 6, 4, "宁夏", "NX"),
        ("14", 8, 4, "山西", "SX"),
        ("13", 9, 4, "河北", "HE"),
        ("37", 10, 4, "山东", "SD"),
        ("63", 4, 5, "青海", "QH"),
        ("61", 7, 5, "陕西", "SN"),
        ("41", 8, 5, "河南", "HA"),
        ("34", 9, 5, "安徽", "AH"),
        ("32", 10, 5, "江苏", "JS"),
        ("31", 11, 5, "上海", "SH"),
        ("54", 2, 6, "西藏", "XZ"),
        ("51", 5, 6, "四川", "SC"),
        ("50", 6, 6, "重庆", "CQ"),
        ("42", 8, 6, "湖北", "HB"),
        ("36", 9, 6, "江西", "JX"),
        ("33", 10, 6, "浙江", "ZJ"),
        ("53", 5, 7, "云南", "YN"),
        ("52", 6, 7, "贵州", "GZ"),
        ("43", 8, 7, "湖南", "HN"),
        ("35", 10, 7, "福建", "FJ"),
        ("71", 12, 7, "台湾", "TW"),
        ("45", 7, 8, "广西", "GX"),
        ("44", 9, 8, "广东", "GD"),
        ("46", 8, 9, "海南", "HI"),
        ("82", 9, 9, "澳门", "MO"),
        ("81", 10, 9, "香港", "HK"),
    )
)
