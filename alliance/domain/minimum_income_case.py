"""Reading and writing the minimum income as JSON cases, in the shape of rules.md, minimum-income."""

from typing import Any

from alliance.domain.minimum_income import MinimumIncome, MinimumIncomeRequest
from kernel.cases import Case, amount, flag, plain, signed_amount

Json = dict[str, Any]


def read(value: object, path: str = "") -> MinimumIncomeRequest:
    """Read a request. Raise InvalidCase with the path of the invalid value."""
    with Case(value, path) as case:
        return MinimumIncomeRequest(
            guaranteed=case.need("guaranteed", amount),
            cumulative=case.take("cumulative", flag, False),
            earned=tuple(case.each("earned", signed_amount)),
        )


def write(request: MinimumIncomeRequest, answer: MinimumIncome) -> Json:
    """Return the result as JSON."""
    return {
        "top_ups": [plain(one.top_up) for one in answer.periods],
        "carried": [plain(one.carried_out) for one in answer.periods],
    }
