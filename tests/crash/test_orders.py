"""kill -9 of web, database and cache while an order, a shipment, a delivery or a return is half done.

Afterwards the client tries again with the same Idempotency-Key, as clients do; then all is as
after an undisturbed action, to the cent, and everything kept equals its fold.
"""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from tests.crash.battlefield import Battlefield, Sums, difference, in_background
from tests.processes import until

_number = count(1).__next__
POINTS = [
    ("order", "ordering_order", "after the order's row", ""),
    ("order", "ordering_orderline", "after its lines", "web"),
    ("order", "ledger_journal", "after the posting", ""),
    ("order", "ordering_tradefact", "after the facts", ""),
    ("order", "ordering_stock", "after the stock", ""),
    ("order", "jobs_outboxdue", "after the message", "database"),
    ("ship", "ordering_shipment", "after the shipment's row", "database"),
    ("ship", "ordering_stockmovement", "after the stock left", "web"),
    ("deliver", "ledger_entry", "after the posting", "web"),
    ("deliver", "ordering_tradefact", "after the facts", "database"),
    ("return", "ordering_return", "after the return's row", "database"),
    ("return", "ledger_journal", "after the credit", "web"),
]
"""Action, table, point, and the victim that is shot there in each run; the others with --every-point.

So each run shoots each victim once in each action: what undoes the action is the same at every point.
"""


def shots() -> list[Any]:
    return [
        pytest.param(
            *(action, table, point, victim),
            id=f"{action}-{point.replace(' ', '-')}-{victim}",
            marks=[] if victim == always else [pytest.mark.every_point],
        )
        for action, table, point, always in POINTS
        for victim in ("web", "database")
    ]


class Actions:
    """Each action through HTTP, with what must come before it."""

    def __init__(self, field: Battlefield) -> None:
        self.field = field
        dealer = field.world.dealers[0].party
        self.order_body = {
            "seller": field.world.manufacturer.code,
            "buyer": dealer.code,
            "lines": [{"sku": f"{field.world.mark}-{number}", "qty": 3} for number in (1, 2)],
        }

    def _post(self, path: str, body: Any) -> Any:
        status, answer = self.field.post(path, body, f"before-{_number()}")
        assert status == 201, answer
        return answer

    def prepare(self, action: str) -> tuple[str, Any]:
        """The address and the body of a action whose turn has come."""
        if action == "order":
            return "orders", self.order_body
        order = self._post("orders", self.order_body)
        self._post(f"orders/{order['id']}/confirm", {})
        if action == "ship":
            return f"orders/{order['id']}/ship", {
                "lines": [{"position": 1, "qty": 2}, {"position": 2, "qty": 3}]
            }
        shipment = self._post(f"orders/{order['id']}/ship", {})
        if action == "deliver":
            return f"shipments/{shipment['id']}/deliver", {"signed_by": "hand"}
        self._post(f"shipments/{shipment['id']}/deliver", {"signed_by": "hand"})
        return "returns", {"order": order["id"], "reason": "broken", "lines": [{"position": 1, "qty": 2}]}


@pytest.fixture
def actions(battlefield: Battlefield) -> Actions:
    battlefield.start("web")
    return Actions(battlefield)


_undisturbed: dict[str, Sums] = {}


def undisturbed(actions: Actions, action: str) -> Sums:
    """What one action changes when nobody shoots."""
    if action not in _undisturbed:
        path, body = actions.prepare(action)
        before = actions.field.sums()
        status, answer = actions.field.post(path, body, f"calm-{_number()}")
        assert status == 201, answer
        _undisturbed[action] = difference(before, actions.field.sums())
    return _undisturbed[action]


@pytest.mark.parametrize(("action", "table", "point", "victim"), shots())
def test_a_action_cut_off_is_not_half_done(
    actions: Actions, action: str, table: str, point: str, victim: str
) -> None:
    field = actions.field
    calm = undisturbed(actions, action)
    path, body = actions.prepare(action)
    key, before = f"shot-{_number()}", field.sums()
    with field.held(table) as reached:
        answers = in_background(lambda: field.post(path, body, key))
        until(reached, point)
        field.kill(victim)
        if victim == "database":
            field.revive(victim)
    until(lambda: answers, "the client to be told")
    assert answers[0][0] in {0, 500}, answers
    assert field.sums() == before, "something was left of a action that never ended"
    if victim == "web":
        field.revive(victim)
    status, answer = until(lambda: _answered(field, path, body, key), "the retry")
    assert status == 201, answer
    assert difference(before, field.sums()) == calm
    assert field.post(path, body, key) == (201, answer), "the retry's retry"
    assert difference(before, field.sums()) == calm
    assert field.proofs() == []


def _answered(field: Battlefield, path: str, body: Any, key: str) -> Any:
    """A retry as clients make it: again as long as nobody answers or the server breaks."""
    status, answer = field.post(path, body, key)
    return (status, answer) if status not in {0, 500, 502, 503} else None


@pytest.mark.parametrize("victim", ["web", "database"])
@pytest.mark.parametrize(
    ("action", "table"),
    [
        ("order", "ordering_order"),
        pytest.param("return", "ordering_return", marks=pytest.mark.every_point),
    ],
)
def test_a_commit_cut_off_happened_or_did_not(actions: Actions, action: str, table: str, victim: str) -> None:
    """The commit is on its way: whichever it was, the retry makes it one."""
    field = actions.field
    calm = undisturbed(actions, action)
    path, body = actions.prepare(action)
    key, before = f"shot-{_number()}", field.sums()
    with field.held(table, at_commit=True) as reached:
        answers = in_background(lambda: field.post(path, body, key))
        until(reached, "the commit")
        field.kill(victim)
        if victim == "database":
            field.revive(victim)
    until(lambda: answers, "the client to be told")
    if victim == "web":
        field.revive(victim)
    status, answer = until(lambda: _answered(field, path, body, key), "the retry")
    assert status == 201, answer
    assert difference(before, field.sums()) == calm
    assert field.proofs() == []


def test_an_order_needs_no_cache(actions: Actions) -> None:
    field = actions.field
    calm = undisturbed(actions, "order")
    path, body = actions.prepare("order")
    before = field.sums()
    with field.held("jobs_outboxdue") as reached:
        answers = in_background(lambda: field.post(path, body, f"shot-{_number()}"))
        until(reached, "the message")
        field.kill("cache")
    until(lambda: answers, "the answer")
    field.revive("cache")
    assert answers[0][0] == 201, answers
    assert difference(before, field.sums()) == calm


def test_a_retry_without_its_key_orders_twice(actions: Actions) -> None:
    """What the key is for: the same shot, and a client that does not say that it asks again."""
    field = actions.field
    calm = undisturbed(actions, "order")
    path, body = actions.prepare("order")
    before = field.sums()
    with field.held("ordering_order", at_commit=True) as reached:
        answers = in_background(lambda: field.post(path, body, f"shot-{_number()}"))
        until(reached, "the commit")
        field.kill("web")
    until(lambda: answers, "the client to be told")
    field.revive("web")
    until(lambda: _answered(field, path, body, f"another-{_number()}"), "the retry")
    assert difference(before, field.sums())["orders"][0] == 2 * calm["orders"][0]
