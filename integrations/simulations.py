"""The rules as questions anyone may ask: a JSON case in, a JSON answer out.

`manage.py simulate`, `POST /api/v1/simulations/KIND` and the what-if forms all come here, and the
services call the same domain functions, so an answer here is what the product would do.
Source: rules.md, simulate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from alliance.domain import spread, spread_case
from dealers.domain import tiers_case as dealer_tiers_case
from kernel.cases import SenselessCase
from kernel.refusals import Refusal
from ledger.domain import credit, credit_case
from ordering.domain import stock, stock_case
from pricing.domain import free_goods, free_goods_case, quote, quote_case
from rebates.domain import growth_case, tiers_case

Json = dict[str, Any]
Asked = TypeVar("Asked")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Simulation(Generic[Asked, Found]):
    """How a kind of case is read, answered by the domain, and written."""

    read: Callable[[object], Asked]
    rule: Callable[[Asked], Found]
    write: Callable[[Asked, Found], Json]

    def answer(self, case: object) -> Json:
        asked = self.read(case)
        return self.write(asked, self.rule(asked))


SIMULATIONS: dict[str, Simulation[Any, Any]] = {
    "quote": Simulation(quote_case.read, quote.quote, quote_case.write),
    "free-goods": Simulation(free_goods_case.read, free_goods.follow, free_goods_case.write),
    "rebate": Simulation(tiers_case.read, tiers_case.answer, tiers_case.write),
    "growth": Simulation(growth_case.read, growth_case.answer, growth_case.write),
    "spread": Simulation(spread_case.read, spread.owed, spread_case.write),
    "credit": Simulation(credit_case.read, credit.decide, credit_case.write),
    "stock": Simulation(stock_case.read, stock.available, stock_case.write),
    "tier": Simulation(dealer_tiers_case.read, dealer_tiers_case.answer, dealer_tiers_case.write),
}
KINDS = tuple(sorted(SIMULATIONS))


def answer(kind: str, case: object) -> Json:
    """The answer to one case. Raises a Refusal when the kind or the case makes no sense."""
    simulation = SIMULATIONS.get(kind)
    if simulation is None:
        message = f"There is no “{kind}”; there are: {', '.join(KINDS)}."
        raise SenselessCase("unknown_kind", message, field="kind")
    return simulation.answer(case)


def answer_all(kind: str, payload: object) -> tuple[Json | list[Json], bool]:
    """The answer to one case or to each of a list, and whether all of them made sense.

    A case that makes none is answered by an error object, the others of a list all the same.
    """
    if isinstance(payload, list | tuple) and kind in SIMULATIONS:
        answers = [_answer_or_error(kind, case) for case in payload]
        return [told for told, _ in answers], all(ok for _, ok in answers)
    return _answer_or_error(kind, payload)


def error_object(refusal: Refusal) -> Json:
    return {"error": refusal.code, "field": refusal.field, "message": refusal.message}


def _answer_or_error(kind: str, case: object) -> tuple[Json, bool]:
    try:
        return answer(kind, case), True
    except Refusal as refusal:
        return error_object(refusal), False
