"""A quick-order sheet of 5,000 rows, pasted and uploaded, and the largest real order.

Requests of a signed-in dealer pass the complete WSGI stack: the rows are read, their products
found by SKU, barcode and name, or by words as guesses to confirm, the draft saved, every line
priced with schemes, limits and stock, and the fragment rendered. `s` is the slower of pasting and uploading
(median of `--rounds`), `sql` its statements, the session's and the middleware's included, `kb` the answer
gzipped; `changed_s` one quantity changed on the full sheet. `largest` is 1,114 lines pasted and
placed. A sheet of fifty rows takes as many statements, or the run fails.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import logging
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import django

django.setup()

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from benchmarks.emptied import analyse, emptied, fresh_tenant
from benchmarks.quick_market import LARGEST, LINES, QuickMarket, build, ordered_rows
from dealers.models import Membership
from ordering.models import Cart, Order
from pricing.queries import quote_for
from tenancy.context import tenant_active
from tenancy.models import Tenant, new_id

SLUG = "bench-quick"
PRICE, PLACE = reverse("order-new-price"), reverse("order-new-place")
HIDDEN = re.compile(r'<input type="hidden" name="(cart|version|buyer|displayed|once)" value="([^"]*)"')
FEW = 50
UNCOUNTED = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


Rows = Sequence[tuple[str, int, str]]


def main(argv: Sequence[str]) -> int:
    """Print one JSON line: s, sql, kb, lines, pasted_s, uploaded_s, changed_s, largest."""
    parser = argparse.ArgumentParser(prog="quick-order")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--reuse", action="store_true", help="measure the market that is there")
    parser.add_argument("--keep", action="store_true", help="leave the market for another run")
    options = parser.parse_args(argv)
    logging.disable(logging.INFO)
    tenant_id = Tenant.objects.using("owner").get(name=SLUG).id if options.reuse else _filled()
    desk = Desk(tenant_id, options.rounds)
    rows = ordered_rows(LINES)
    pasted, page = desk.median(partial(desk.paste, rows))
    file = _workbook(rows)
    uploaded, _page = desk.median(partial(desk.upload, file))
    desk.clear()
    desk.paste(rows)
    changed, _page = desk.timed(desk.change)
    sql = desk.statements(rows)
    if sql != (few := desk.statements(rows[:FEW])):
        raise SystemExit(f"{sql} statements for {LINES} rows and {few} for {FEW}: not constant")
    answer = {
        "s": max(pasted, uploaded),
        "sql": sql,
        "kb": round(len(gzip.compress(page, 6)) / 1024, 1),
        "lines": LINES,
        "pasted_s": pasted,
        "uploaded_s": uploaded,
        "changed_s": changed,
        "largest": _largest(desk),
    }
    if not options.keep:
        emptied()
    print(json.dumps(answer))
    return 0


def _filled() -> UUID:
    today = timezone.localdate()
    print("filling the tenant of the benchmark", file=sys.stderr)
    tenant_id = fresh_tenant(SLUG, since=today.replace(day=1), months=2)
    with tenant_active(tenant_id):
        market = build()
        user = User.objects.create(username=SLUG, language="zh-hans")
        Membership.objects.create(
            user=user, party=market.dealer, role="owner", party_kind="dealer", party_name=market.dealer.name
        )
    analyse(
        "pricing_priceentry",
        "pricing_pricelist",
        "pricing_limit",
        "catalogue_product",
        "catalogue_unit",
        "catalogue_barcode",
        "ordering_stock",
    )
    with tenant_active(tenant_id):
        _assert_market(market)
    return tenant_id


def _assert_market(market: QuickMarket) -> None:
    """Fail unless ten lists price for this dealer and eight schemes apply to the full sheet."""
    lines = [(reference, qty * 12) for reference, qty, _unit in ordered_rows(LINES, good=True)]
    priced = quote_for(
        seller_id=market.maker.id, buyer_id=market.dealer.id, lines=lines, on=timezone.localdate()
    )
    lists, applied = len(priced.request.price_lists), sum(one.applied for one in priced.quote.schemes)
    if (lists, applied) != (10, 8):
        raise SystemExit(f"{lists} lists and {applied} schemes apply, not 10 and 8")


class Desk:
    """The dealer at the quick order, its pages served through the complete stack."""

    def __init__(self, tenant_id: UUID, rounds: int) -> None:
        self.tenant_id, self.rounds = tenant_id, rounds
        self.client = Client(SERVER_NAME="localhost", HTTP_HX_REQUEST="true")
        user = User.objects.get(username=SLUG)
        self.client.force_login(user, backend="accounts.backends.AccountBackend")

    def median(self, send: Callable[[], bytes]) -> tuple[float, bytes]:
        """Return the seconds of one on an empty draft, after one that warms the templates, and its page."""
        spent = []
        for _round in range(self.rounds + 1):
            self.clear()
            took, page = self.timed(send)
            spent.append(took)
        return round(statistics.median(spent[1:]), 2), page

    def timed(self, send: Callable[[], bytes]) -> tuple[float, bytes]:
        start = time.perf_counter()
        page = send()
        return round(time.perf_counter() - start, 2), page

    def clear(self) -> None:
        with tenant_active(self.tenant_id):
            Cart.objects.all().delete()

    def paste(self, rows: Rows) -> bytes:
        text = "\n".join(f"{reference}\t{qty}\t{unit}" for reference, qty, unit in rows)
        return self.send({"action": "paste", "pasted": text})

    def upload(self, content: bytes) -> bytes:
        return self.send({"action": "paste", "file": SimpleUploadedFile("order.xlsx", content)})

    def change(self) -> bytes:
        """Order ten cases more of the first line, as the field sends it."""
        with tenant_active(self.tenant_id):
            cart = Cart.objects.get()
        first = cart.lines[0]
        row = {"sku": first["sku"], "qty": first["qty"] + 10, "unit": first["unit"]}
        return self.send({"cart": str(cart.id), "version": cart.version, "action": "price", **row})

    def send(self, form: dict[str, Any]) -> bytes:
        response = self.client.post(PRICE, form | {"once": new_id().hex})
        if response.status_code != 200:
            raise SystemExit(f"answered {response.status_code}")
        return bytes(response.content)

    def statements(self, rows: Rows) -> int:
        self.clear()
        with CaptureQueriesContext(connection) as caught:
            self.paste(rows)
        return sum(not one["sql"].startswith(UNCOUNTED) for one in caught)


def _workbook(rows: Rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([("商品", "数量", "单位"), *rows]):
            sheet.write_row(place, 0, row)
    return out.getvalue()


def _largest(desk: Desk) -> dict[str, float | int]:
    """Paste and place the largest real order; return the median seconds of each."""
    rows, pasted, placed = ordered_rows(LARGEST, good=True), [], []
    for _round in range(desk.rounds + 1):
        desk.clear()
        took, page = desk.timed(partial(desk.paste, rows))
        pasted.append(took)
        form = dict(HIDDEN.findall(page.decode()))
        start = time.perf_counter()
        response = desk.client.post(PLACE, form, headers={"HX-Request": "false"})
        placed.append(round(time.perf_counter() - start, 2))
        if response.status_code != 302:
            raise SystemExit(f"the largest order is answered {response.status_code}")
    with tenant_active(desk.tenant_id):
        lines = Order.objects.latest("placed_at").lines.filter(qty__gt=0).count()
        if lines != LARGEST:
            raise SystemExit(f"{lines} lines were placed, not {LARGEST}")
    return {
        "lines": LARGEST,
        "pasted_s": round(statistics.median(pasted[1:]), 2),
        "placed_s": round(statistics.median(placed[1:]), 2),
    }
