"""Two tenants take turns on few connections, with errors thrown in: nobody sees the other's rows.

Through the middlewares that decide the tenant, without HTTP's own cost.
"""

from __future__ import annotations

import contextlib
import json
import random
import threading
from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.db import DataError, connection, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory

from catalogue.models import Product
from config.middleware import ActorMiddleware
from tenancy import middleware
from tenancy.context import _active, tenant_entered
from tenancy.middleware import RequestTransactionMiddleware
from tests.isolation.world import World

CONNECTIONS, REQUESTS = 5, 10_000
MOODS = ["fine"] * 6 + ["refused", "raises", "breaks the transaction", "writes and raises"]


def _skus() -> list[str]:
    """Every product that the connection shows: plain SQL, no manager in between."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sku FROM catalogue_product")
        return [sku for (sku,) in cursor.fetchall()]


def view(request: HttpRequest) -> HttpResponse:
    mood, seen = request.headers["Mood"], _skus()
    if mood == "refused":
        return JsonResponse({"seen": seen}, status=409)
    if mood == "raises":
        raise RuntimeError("a view breaks")
    if mood == "breaks the transaction":
        with contextlib.suppress(DataError):
            connection.cursor().execute("SELECT 1 / 0")
        return JsonResponse({"seen": seen}, status=500)
    if mood == "writes and raises" and request.tenant:
        Product.objects.create(sku=f"half-{id(request)}", name="half done")
        raise RuntimeError("after a write")
    return JsonResponse({"seen": seen})


def _serve(worlds: list[World], count: int, seed: int, wrong: list[str], right: list[int]) -> None:
    """One worker with its one connection: a stream of requests of both tenants and of nobody."""
    inner = convert_exception_to_response(ActorMiddleware(convert_exception_to_response(view)))
    serve = RequestTransactionMiddleware(inner)
    chance, factory = random.Random(seed), RequestFactory()
    keys = [(world.mark, {"HTTP_AUTHORIZATION": f"Bearer {world.key}"}) for world in worlds] + [("", {})]
    for _ in range(count):
        mark, headers = chance.choice(keys)
        mood = chance.choice(MOODS)
        try:
            answer = serve(factory.get("/api/v1/products", HTTP_MOOD=mood, **headers))
        except Exception as error:
            wrong.append(f"{mood}: {error!r}")
            continue
        seen = _seen(answer)
        empty = bool(mark) and answer.status_code < 500 and not seen
        if empty or any(not sku.startswith(mark or "nobody") for sku in seen):
            wrong.append(f"{mark or 'nobody'} saw {seen}")
        right.append(answer.status_code)
        if left := _skus():
            wrong.append(f"{mark} left {left} behind")
    connections.close_all()


def _seen(answer: HttpResponse) -> list[str]:
    return list(json.loads(answer.content)["seen"]) if answer.content.startswith(b'{"seen"') else []


def _run(worlds: list[World], count: int) -> tuple[list[str], list[int]]:
    wrong: list[str] = []
    right: list[int] = []
    share = count // CONNECTIONS
    threads = [
        threading.Thread(target=_serve, args=(worlds, share, seed, wrong, right))
        for seed in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong, right


def test_ten_thousand_requests_over_five_connections(site: int, acme: World, bolt: World) -> None:
    wrong, answers = _run([acme, bolt], REQUESTS)
    assert wrong == []
    assert len(answers) == REQUESTS
    assert {200, 409, 500} <= set(answers)


def test_a_setting_that_outlives_its_transaction_is_found(
    site: int, acme: World, bolt: World, monkeypatch: Any
) -> None:
    """SET instead of SET LOCAL, as one writes it first."""

    def naive_enter(tenant_id: Any) -> None:
        connection.cursor().execute("SET app.tenant = %s", [str(tenant_id)])
        _active.set(tenant_id)

    monkeypatch.setattr("integrations.authentication.tenant_entered", naive_enter)
    monkeypatch.setattr(middleware, "leave_tenant", lambda: _active.set(None))
    wrong, _ = _run([acme, bolt], 200)
    assert any("nobody saw" in one or "left" in one for one in wrong)
    assert tenant_entered is not naive_enter
