"""A market at full size, made by SQL in minutes: dealers, members, outlets and a year of orders.

The first dealer and its first member are large (a hundredth of all orders, 5,000 outlets), so that
a partner's pages are measured where they are heaviest. Lines, shipped lines and facts go to the
newest orders, four each, until `lines` are used up; all orders are there for the lists.
Every id follows from a number, so that nothing is looked up while the rows are made.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from benchmarks.emptied import analyse
from benchmarks.pages_rows import STATEMENTS
from kernel.search import search_tokens
from tenancy.context import tenant_active

INSERTED = re.compile(r"INSERT INTO (\w+)")
CITIES = "惠州 汕头 阳江 梅州 河源 清远 肇庆 茂名 湛江 韶关 云浮 揭阳 潮州 佛山 东莞 中山".split()  # noqa: SIM905 easier to read
SIGNS = "恒丰 盛启 珑达 万顺 永泰 同和 聚源 嘉利 福临 广裕 德兴 宏昌 瑞祥 金穗 新航 百川 众合 联盛".split()  # noqa: SIM905 easier to read
TRADES = "贸易 商贸 副食 调味品 食品 粮油 便利店 餐饮 批发部 百货 酒楼 农产品".split()  # noqa: SIM905 easier to read


@dataclass(frozen=True, slots=True)
class Size:
    dealers: int
    members: int
    outlets: int
    orders: int
    lines: int
    products: int = 2_000


def ref(kind: int, number: int) -> UUID:
    """Return the id of the number-th object of a kind."""
    return UUID(f"01a00000-{kind:04x}-7000-8000-{number:012x}")


def fill(tenant_id: UUID, size: Size, *, today: date, at: datetime) -> None:
    """Run each group of statements in a transaction, then analyse its tables for the next one."""
    values: dict[str, Any] = {
        "tenant": tenant_id,
        "dealers": size.dealers,
        "members": size.members,
        "outlets": size.outlets,
        "orders": size.orders,
        "with_lines": min(size.orders, size.lines // 4),
        "products": size.products,
        "words": _words(),
        "today": today,
        "now": at,
        "year_ago": at - timedelta(days=365),
        "month": today.replace(day=1),
    }
    for _name, statement in STATEMENTS:
        with tenant_active(tenant_id), connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '256MB'")
            cursor.execute(statement, values)
        analyse(*dict.fromkeys(INSERTED.findall(statement)))


def _words() -> str:
    """Return names of companies with their search tokens, as JSON for `WORDS` of pages_rows."""
    dice = random.Random(7)
    names = [
        f"{city}{first}{second}{trade}"
        for city in CITIES
        for first in SIGNS
        for second in ("", dice.choice(SIGNS))
        for trade in TRADES
    ]
    dice.shuffle(names)
    return json.dumps(
        [
            {"n": number, "name": name, "tokens": search_tokens(names=[name])}
            for number, name in enumerate(names)
        ]
    )
