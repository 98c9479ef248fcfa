"""The columns of a spreadsheet of targets, found by their headings in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alliance.domain.channel_plan import EXPENSE, OUTLETS, PORTFOLIO, VOLUME

WORDS = {
    "region": ("区域", "地区", "区域名称", "行政区划", "region"),
    "metric": ("指标", "考核指标", "指标类型", "metric", "measuredby"),
    "channel": ("渠道", "渠道类型", "channel"),
    "category": ("品类", "类别", "产品类别", "category"),
    "portfolio": ("组合", "产品组合", "portfolio"),
    "annual": ("全年", "全年目标", "年度目标", "目标", "year", "annual", "targetoftheyear"),
}
METRICS = {
    VOLUME: ("销量", "销售量", "volume"),
    OUTLETS: ("终端", "终端数", "活跃终端", "活跃终端数", "outlets", "activeoutlets"),
    PORTFOLIO: ("组合", "铺货", "组合动销", "组合动销数", "portfolio", "productsoftheportfoliosold"),
    EXPENSE: ("费用", "费用投入", "expense"),
}
REQUIRED = ("region", "metric", "annual")
_MONTH = re.compile(r"(?:month|m)?(1[0-2]|0?[1-9])月?(?:份)?", re.ASCII)
_BLANKS = re.compile(r"[\s._*:：()（）-]+")


def _plain(text: str) -> str:
    return _BLANKS.sub("", text).casefold()


def columns_of(cells: Sequence[str]) -> dict[str, int]:
    """Return the place of each known column by its name; months are "1" to "12". The first one counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        plain = _plain(cell)
        name = next((name for name, words in WORDS.items() if plain in words), "")
        if not name and (month := _MONTH.fullmatch(plain)):
            name = month[1].lstrip("0")
        if name:
            found.setdefault(name, place)
    return found


def is_complete(columns: dict[str, int]) -> bool:
    """Return whether the columns that a target needs are there."""
    return all(name in columns for name in REQUIRED)


def metric_of(text: str) -> str:
    """Return what a cell is measured by; "" if it is not known."""
    plain = _plain(text)
    return next((metric for metric, words in METRICS.items() if plain in words), "")
