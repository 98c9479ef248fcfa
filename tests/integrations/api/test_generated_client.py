"""A client generated from the schema places an order and reads a rebate statement."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from accounts.rights import the_system
from jobs.operations.jobs import run_job
from rebates.operations.settlement_requests import request_settlement
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests import factories as make
from tests.api_client import ApiClient
from tests.ordering.trade import a_stocked_trade
from tests.processes import environment, uncounted, web

pytestmark = pytest.mark.process

PACKAGE = "tripact_client"
MODULES = {
    "models": "models",
    "client": "client",
    "place_order": "api.orders.orders_create",
    "confirm_order": "api.orders.orders_confirm",
    "list_orders": "api.orders.orders_list",
    "list_statements": "api.statements.statements_list",
    "read_statement": "api.statements.statements_retrieve",
    "read_lines": "api.statements.statements_deliveries_retrieve",
}


@pytest.fixture(scope="module")
def address(django_db_setup, tmp_path_factory):
    redis_url = urlsplit(settings.REDIS_URL)._replace(path="/9").geturl()
    with web(environment(redis_url=redis_url), tmp_path_factory.mktemp("site")) as (_, address):
        yield address


@pytest.fixture(scope="module")
def generated(address, tmp_path_factory):
    """The modules of a client that was generated from the schema of the running site."""
    folder = tmp_path_factory.mktemp("client")
    config = folder / "config.json"
    files = {"application/pdf": "application/octet-stream"}  # the generator knows no other binary type
    options = {
        "http_timeout": 60,
        "post_hooks": [],
        "package_name_override": PACKAGE,
        "content_type_overrides": files,
    }
    config.write_text(json.dumps(options))
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"]
    command += ["--url", f"{address}/api/schema?format=json", "--config", str(config), "--meta", "none"]
    made = subprocess.run(
        [*command, "--output-path", str(folder / PACKAGE)],
        env=uncounted({**os.environ}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    try:
        yield SimpleNamespace(
            folder=folder / PACKAGE,
            **{name: importlib.import_module(f"{PACKAGE}.{path}") for name, path in MODULES.items()},
        )
    finally:
        sys.path.remove(str(folder))


def test_every_file_and_class_of_the_client_has_a_plain_name(generated):
    files = [file.name for file in generated.folder.rglob("*.py")]
    assert len(files) > 100
    assert [name for name in files if not name.isascii()] == []
    for name in ("OrderCreate", "OrderState", "Order", "OrderLine", "PriceList", "StatementDetail"):
        assert hasattr(generated.models, name)


def test_the_client_places_an_order_and_reads_a_statement(address, generated, committed):
    tenant = Tenant.objects.get(slug="acme")
    with tenant_active(tenant):
        trade = a_stocked_trade()
        make.a_fact(trade.seller, trade.buyer, trade.products[0], date(2026, 1, 5))
        program = make.a_program(trade.seller, [(0, "0.10")], trade.products[0])
        job = request_settlement(
            program=program, starts_on=date(2026, 1, 1), by=the_system(), at=datetime(2027, 1, 2, tzinfo=UTC)
        )
    assert run_job(tenant_id=tenant.id, job_id=job.id) == "done"

    models = generated.models
    buyer = _client(generated, address, ApiClient(tenant, trade.buyer, "owner"))
    seller = _client(generated, address, ApiClient(tenant, trade.seller, "director"))
    body = models.OrderCreate(
        source="PO-1",
        lines=[models.OrderLineCreate(sku="A", qty=10), models.OrderLineCreate(sku="B", qty=3)],
    )
    order = generated.place_order.sync(client=buyer, body=body, idempotency_key="one")
    assert isinstance(order, models.PlacedOrder)
    assert (order.state, order.total, order.lines[1].amount) == (models.OrderState.PLACED, "80.03", "30.03")
    repeated = generated.place_order.sync(client=buyer, body=body, idempotency_key="one")
    assert repeated.id == order.id
    confirmed = generated.confirm_order.sync(order.id, client=seller, idempotency_key="two")
    assert confirmed.state == models.OrderState.RESERVED
    found = generated.list_orders.sync(client=buyer, state=[models.OrderState.RESERVED])
    assert [one.id for one in found.results] == [order.id]
    refused = generated.place_order.sync(
        client=buyer, body=models.OrderCreate(lines=[]), idempotency_key="three"
    )
    assert isinstance(refused, models.Problem)
    assert refused.field == "lines"

    (summary,) = generated.list_statements.sync(client=buyer).results
    statement = generated.read_statement.sync(summary.id, client=buyer)
    assert (statement.program, statement.due) == (program.code, "10.00")
    lines = generated.read_lines.sync(statement.id, client=buyer)
    assert (lines.base, lines.count) == ("100.00", len(lines.lines))


def _client(generated, address, key):
    token = key.headers["Authorization"].removeprefix("Bearer ")
    return generated.client.AuthenticatedClient(
        base_url=address, token=token, raise_on_unexpected_status=True
    )
