"""Small sales files for the tests."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


def row(
    invoice: str = "536365",
    code: str = "85123A",
    name: str = "LANTERN",
    qty: object = 6,
    at: str = "2010-12-01 08:26:00",
    price: str = "2.55",
    customer: str = "17850",
    country: str = "United Kingdom",
) -> str:
    return f"{invoice},{code},{name},{qty},{at},{price},{customer},{country}"


def sheet(
    folder: Path,
    rows: Sequence[str],
    *,
    name: str = "sales.csv",
    header: str = HEADER,
    encoding: str = "utf-8",
) -> Path:
    path = folder / name
    content = "\n".join([header, *rows, ""]).encode(encoding)
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path
