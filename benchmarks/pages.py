"""The ten main pages of staff, dealers and members in a market at full size, as they are served.

Full pages are requested through the complete WSGI stack with a signed-in session; their statements
include those of the session and the middleware. `ms_p95` is that of `--rounds` requests after one that
warms the templates; `kb` is the size of a first visit: the page, its style sheets and its scripts,
each gzipped, without the charts' script. The bars are 300 ms, 15 statements, 200 kB.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import django

django.setup()

from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.rights import the_system
from benchmarks.emptied import emptied, fresh_tenant
from benchmarks.pages_market import Size, fill, ref
from benchmarks.pages_rows import BOOK, CONTRACT, LIST, ORDER, PARTY
from dealers.models import Membership, Party, Territory, TerritoryArea
from dealers.operations.territories import grant_territory
from kernel.periods import months_after
from tenancy.context import tenant_active

ASSET = re.compile(r'(?:href|src)="(/static/[^"?]+\.(?:css|js))"')
CHARTS = ("echarts",)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page's name in the answer, the user who requests it, and its address."""

    name: str
    who: str
    path: str


def pages(size: Size) -> list[PageRequest]:
    newest = ref(ORDER, size.orders - size.orders % 500)
    return [
        PageRequest("home", "director", "/"),
        PageRequest("orders", "director", "/orders"),
        PageRequest("order", "director", f"/orders/{newest}"),
        PageRequest("parties", "director", "/parties"),
        PageRequest("party", "director", f"/parties/{ref(PARTY, 1)}"),
        PageRequest("contracts", "director", "/contracts"),
        PageRequest("contract", "director", f"/contracts/{ref(CONTRACT, 0)}"),
        PageRequest("shipments", "director", "/shipments"),
        PageRequest("statements", "director", "/statements"),
        PageRequest("price-list", "director", f"/price-lists/{ref(LIST, 0)}"),
        PageRequest("stock", "director", "/stock"),
        PageRequest("tiers", "director", "/tiers"),
        PageRequest("book", "director", f"/books/{ref(BOOK, 1)}"),
        PageRequest("search", "director", "/search?q=恒丰+贸易"),
        PageRequest("region home", "region_manager", "/"),
        PageRequest("region orders", "region_manager", "/orders"),
        PageRequest("dealer home", "dealer", "/"),
        PageRequest("dealer orders", "dealer", "/orders"),
        PageRequest("dealer order-new", "dealer", "/orders/new"),
        PageRequest("dealer parties", "dealer", "/parties"),
        PageRequest("dealer stock", "dealer", "/stock"),
        PageRequest("dealer search", "dealer", "/search?q=恒丰+贸易"),
        PageRequest("member home", "member", "/m/"),
        PageRequest("member order", "member", "/m/order"),
    ]


def main(argv: Sequence[str]) -> int:
    """Print one JSON line: {page: {ms_p95, sql, kb}}."""
    parser = argparse.ArgumentParser(prog="pages")
    parser.add_argument("--dealers", type=int, default=20_000)
    parser.add_argument("--members", type=int, default=30_000)
    parser.add_argument("--outlets", type=int, default=300_000)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=1_000_000, help="order lines, on the newest orders")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--reuse", action="store_true", help="measure the market that is there")
    parser.add_argument("--keep", action="store_true", help="leave the market for another run")
    options = parser.parse_args(argv)
    size = Size(options.dealers, options.members, options.outlets, options.orders, options.lines)
    if not options.reuse:
        _build(size)
    clients = {user.username: signed_in(user) for user in User.objects.filter(username__startswith="bench-")}
    requested = [page for page in pages(size) if options.only in page.name]
    answer = {
        page.name: measured(clients[f"bench-{page.who}"], page.path, options.rounds) for page in requested
    }
    if not options.keep:
        emptied()
    print(json.dumps(answer, ensure_ascii=False))
    return 0


def _build(size: Size) -> None:
    today, at = timezone.localdate(), timezone.now()
    start = time.perf_counter()
    tenant_id = fresh_tenant("bench-pages", since=months_after(today.replace(day=1), -13), months=14)
    fill(tenant_id, size, today=today, at=at)
    _people(tenant_id, size)
    print(f"the market was made in {time.perf_counter() - start:.0f} s", file=sys.stderr)


def _people(tenant_id: UUID, size: Size) -> None:
    """Make a director, a manager of one province, the owners of the large dealer and of its first member."""
    acting = (
        ("director", 0, "director"),
        ("region_manager", 0, "region_manager"),
        ("dealer", 1, "owner"),
        ("member", size.dealers + 1, "owner"),
    )
    with tenant_active(tenant_id):
        for name, number, role in acting:
            user = User.objects.create(username=f"bench-{name}", language="zh-hans")
            party = Party.objects.get(id=ref(PARTY, number))
            Membership.objects.create(
                user=user, party=party, role=role, party_kind=party.kind, party_name=party.name
            )
        territory = Territory.objects.create(code="44", name="广东")
        TerritoryArea.objects.create(territory=territory, region_id="44")
        manager = User.objects.get(username="bench-region_manager")
        grant_territory(territory=territory, to=manager, by=the_system(), at=timezone.now())


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False, HTTP_ACCEPT_ENCODING="gzip", SERVER_NAME="localhost")
    client.force_login(user, backend="accounts.backends.AccountBackend")
    return client


def measured(client: Client, path: str, rounds: int) -> dict[str, float | int | str]:
    """Return {ms_p95, sql, kb}, or {"status": …} for a page that does not answer 200."""
    response = client.get(path)
    if response.status_code != 200:
        return {"status": response.status_code}
    spent = sorted(_timed(client, path) for _ in range(rounds))
    with CaptureQueriesContext(connection) as caught:
        html = client.get(path).content
    sql = sum(not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for one in caught)
    return {
        "ms_p95": round(spent[max(0, round(rounds * 0.95) - 1)], 1),
        "sql": sql,
        "kb": round(_weight(html) / 1024, 1),
    }


def _timed(client: Client, path: str) -> float:
    start = time.perf_counter()
    client.get(path)
    return (time.perf_counter() - start) * 1000


def _weight(html: bytes) -> int:
    """Return the gzipped size of the page and the files that it names, without the charts' script."""
    names = dict.fromkeys(ASSET.findall(html.decode()))
    files = [_asset(name) for name in names if not any(chart in name for chart in CHARTS)]
    return sum(len(gzip.compress(one, 6)) for one in (html, *files))


def _asset(address: str) -> bytes:
    """Return a static file by its address, whose name may have a digest."""
    name = address.removeprefix("/static/")
    found = finders.find(name) or finders.find(re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", name))
    if not found:
        raise SystemExit(f"{address} is not a static file")
    return Path(str(found)).read_bytes()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
