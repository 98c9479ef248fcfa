"""Apply any rule to a JSON case and return a JSON answer. Source: rules.md, simulate.

`manage.py simulate`, `POST /api/v1/simulations/KIND` and the what-if forms use this module. Operations
call the same domain functions, so an answer is what the product would do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from alliance.domain import minimum_income, minimum_income_case, spread, spread_case
from dealers.domain import duplicate_case
from dealers.domain import tiers_case as dealer_tiers_case
from kernel.cases import InvalidCase
from kernel.refusals import Refusal
from ledger.domain import credit, credit_case
from ordering.domain import stock, stock_case
from pricing.domain import free_goods, free_goods_case, quote, quote_case
from rebates.domain import growth_case, price_drop_case, tiers_case

Json = dict[str, Any]
CaseT = TypeVar("CaseT")
AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class Simulation(Generic[CaseT, AnswerT]):
    """The functions that read a kind of case, apply its rule, and write the answer."""

    read: Callable[[object], CaseT]
    rule: Callable[[CaseT], AnswerT]
    write: Callable[[CaseT, AnswerT], Json]

    def answer(self, case: object) -> Json:
        request = self.read(case)
        return self.write(request, self.rule(request))


SIMULATIONS: dict[str, Simulation[Any, Any]] = {
    "quote": Simulation(quote_case.read, quote.quote, quote_case.write),
    "free-goods": Simulation(free_goods_case.read, free_goods.follow, free_goods_case.write),
    "rebate": Simulation(tiers_case.read, tiers_case.answer, tiers_case.write),
    "growth": Simulation(growth_case.read, growth_case.answer, growth_case.write),
    "price-drop": Simulation(price_drop_case.read, price_drop_case.answer, price_drop_case.write),
    "minimum-income": Simulation(minimum_income_case.read, minimum_income.top_ups, minimum_income_case.write),
    "spread": Simulation(spread_case.read, spread.owed, spread_case.write),
    "credit": Simulation(credit_case.read, credit.decide, credit_case.write),
    "stock": Simulation(stock_case.read, stock.available, stock_case.write),
    "duplicate": Simulation(duplicate_case.read, duplicate_case.answer, duplicate_case.write),
    "tier": Simulation(dealer_tiers_case.read, dealer_tiers_case.answer, dealer_tiers_case.write),
}
KINDS = tuple(sorted(SIMULATIONS))
# The work of a case and of an entry of a price list, in steps of a rule.
CASE_STEPS, ENTRY_STEPS = 20, 10
MAX_WORK_STEPS = 100_000


class TooMuchWork(Refusal):
    code = "too_much"


def work_of(payload: object) -> int:
    """Return the work of cases in steps. Raises TooMuchWork above MAX_WORK_STEPS, a fifth of a second.

    The work grows with the values of a case, each of which is read once, with the product of its two
    longest lists (lines × schemes, tiers × periods) and with the entries of its price lists: each entry
    is searched for the price of each gift, and each list's audience for the buyer's regions. The command
    has no limit.
    """
    cases = payload if isinstance(payload, list | tuple) else [payload]
    steps = _values_of(payload)
    if steps <= MAX_WORK_STEPS:
        steps += sum(_work_of(case) for case in cases)
    if steps > MAX_WORK_STEPS:
        raise TooMuchWork(
            _("This is too much for one request: ask in smaller cases, or by the command line.")
        )
    return steps


def _values_of(payload: object) -> int:
    """Return the number of values in a JSON document, at any depth."""
    count, waiting = 0, [payload]
    while waiting:
        count += 1
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
    return count


def _work_of(case: object) -> int:
    if not isinstance(case, Mapping):
        return CASE_STEPS
    parts = [case, *(part for part in case.values() if isinstance(part, Mapping))]
    lists = [
        len(one)
        for part in parts
        for key, one in part.items()
        if isinstance(one, list) and key != "price_lists"
    ]
    first, second = sorted([*lists, 1, 1])[-2:]
    price_lists = case.get("price_lists")
    if not isinstance(price_lists, list):
        return CASE_STEPS + first * second
    entries = sum(_entries_of(one) for one in price_lists)
    searched = entries * _gifts_of(case) // ENTRY_STEPS + len(price_lists) * _regions_of(case) // ENTRY_STEPS
    return CASE_STEPS + first * second + ENTRY_STEPS * entries + searched


def _gifts_of(case: Mapping[str, object]) -> int:
    schemes = case.get("schemes")
    found = schemes if isinstance(schemes, list) else []
    return sum(isinstance(one, Mapping) and bool(one.get("gift_sku")) for one in found)


def _regions_of(case: Mapping[str, object]) -> int:
    buyer = case.get("buyer")
    region = buyer.get("region") if isinstance(buyer, Mapping) else None
    return len(region) if isinstance(region, list) else 0


def _entries_of(price_list: object) -> int:
    entries = price_list.get("entries") if isinstance(price_list, Mapping) else None
    return 1 + len(entries) if isinstance(entries, list) else 1


def answer(kind: str, case: object) -> Json:
    """Return the answer to one case. Raises a Refusal if the kind or the case is invalid."""
    simulation = SIMULATIONS.get(kind)
    if simulation is None:
        message = _("There is no “%(kind)s”; there are: %(kinds)s.")
        message %= {"kind": kind, "kinds": ", ".join(KINDS)}
        raise InvalidCase("unknown_kind", message, field="kind")
    return simulation.answer(case)


def answer_all(kind: str, payload: object) -> tuple[Json | list[Json], bool]:
    """Return the answer to one case or to each of a list, and whether all cases were valid.

    The answer to an invalid case is an error object; the other cases of a list are still answered.
    """
    if isinstance(payload, list | tuple) and kind in SIMULATIONS:
        answers = [_answer_or_error(kind, case) for case in payload]
        return [one for one, _ in answers], all(ok for _, ok in answers)
    return _answer_or_error(kind, payload)


def error_object(refusal: Refusal) -> Json:
    return {"error": refusal.code, "field": refusal.field, "message": refusal.message}


def _answer_or_error(kind: str, case: object) -> tuple[Json, bool]:
    try:
        return answer(kind, case), True
    except Refusal as refusal:
        return error_object(refusal), False
