"""One Idempotency-Key, one order: asked for fifty times at once, cut off, broken, or with another body."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from audit.models import AuditEntry
from tenancy.context import tenant_active
from tests.crash.battlefield import Battlefield, difference, in_background
from tests.processes import until

_number = count(1).__next__


@pytest.fixture
def field(battlefield: Battlefield) -> Battlefield:
    battlefield.start("web")
    return battlefield


def _order(field: Battlefield, qty: int = 1) -> dict[str, Any]:
    dealer = field.world.dealers[0].party
    lines = [{"sku": f"{field.world.mark}-1", "qty": qty}]
    return {"seller": field.world.manufacturer.code, "buyer": dealer.code, "lines": lines}


def test_fifty_at_once_are_one_order(field: Battlefield) -> None:
    before, key = field.sums(), f"same-{_number()}"
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: field.post("orders", _order(field), key), range(50)))
    assert {status for status, _ in answers} == {201}
    assert all(answer == answers[0][1] for _, answer in answers)
    assert difference(before, field.sums())["orders"][0] == 1


def test_fifty_keys_are_fifty_orders(field: Battlefield) -> None:
    """Without a common key each is a wish of its own."""
    before = field.sums()
    with ThreadPoolExecutor(50) as crowd:
        list(crowd.map(lambda n: field.post("orders", _order(field), f"own-{n}-{_number()}"), range(50)))
    assert difference(before, field.sums())["orders"][0] == 50


def test_the_key_with_another_body_is_refused(field: Battlefield) -> None:
    key = f"same-{_number()}"
    assert field.post("orders", _order(field), key)[0] == 201
    before = field.sums()
    status, answer = field.post("orders", _order(field, qty=2), key)
    assert (status, answer["type"]) == (422, "urn:tripact:idempotency_key_reused")
    assert field.sums() == before


def test_a_write_without_a_key_is_refused(field: Battlefield) -> None:
    before = field.sums()
    assert field.post("orders", _order(field), "")[0] == 400
    assert field.sums() == before


def test_a_key_in_progress_waits_for_the_answer(field: Battlefield) -> None:
    before, key = field.sums(), f"same-{_number()}"
    with field.held("ordering_order") as reached:
        first = in_background(lambda: field.post("orders", _order(field), key))
        until(reached, "the first to be under way")
        second = in_background(lambda: field.post("orders", _order(field), key))
        assert not second
    until(lambda: first and second, "both")
    assert first == second
    assert first[0][0] == 201
    assert difference(before, field.sums())["orders"][0] == 1


def test_a_refusal_is_an_answer_and_is_kept(field: Battlefield) -> None:
    key = f"same-{_number()}"
    wrong = _order(field) | {"lines": [{"sku": "nothing", "qty": 1}]}
    first = field.post("orders", wrong, key)
    assert first[0] == 422
    assert field.post("orders", wrong, key) == first


def test_a_broken_server_does_not_use_up_the_key(field: Battlefield) -> None:
    before, key = field.sums(), f"same-{_number()}"
    with field.broken("ordering_orderline"):
        assert field.post("orders", _order(field), key)[0] == 500
    assert field.sums() == before
    assert field.post("orders", _order(field), key)[0] == 201
    assert difference(before, field.sums())["orders"][0] == 1


def test_a_look_before_the_action_orders_more_than_once(field: Battlefield) -> None:
    """What one would write without a key that the database guards."""
    together = threading.Barrier(8)
    tenant = field.world.tenant

    def naive(key: str) -> None:
        with tenant_active(tenant):
            if not AuditEntry.objects.filter(action="naive", target_id=key).exists():
                together.wait(10)
                AuditEntry.objects.create(at=timezone.now(), action="naive", target="order", target_id=key)
        connections.close_all()

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(naive, ["one key"] * 8))
    with tenant_active(tenant):
        assert AuditEntry.objects.filter(action="naive").count() == 8
