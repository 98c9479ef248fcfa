"""Read and write rebates by tiers as JSON cases; the format is in rules.md, rebate."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kernel.cases import Case, amount, ascending, one_of, plain, signed_amount
from kernel.money import ZERO_MONEY, cents
from rebates.domain.tiers import (
    METHODS,
    Program,
    Settlement,
    Tier,
    next_tier,
    rate_at,
    settle,
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RebateRequest:
    program: Program
    bases: tuple[Decimal, ...]


def read(value: object, path: str = "") -> RebateRequest:
    with Case(value, path) as case:
        request = RebateRequest(
            program=case.need("program", _program),
            bases=tuple(case.each("periods", _base)),
        )
    _check(request.program, case.at("program"))
    return request


def read_program(value: object, path: str) -> Program:
    program = _program(value, path)
    _check(program, path)
    return program


def _check(program: Program, path: str) -> None:
    ascending([tier.from_ for tier in program.tiers], f"{path}.tiers" if path else "tiers")


def _program(value: object, path: str) -> Program:
    with Case(value, path) as program:
        return Program(
            tiers=tuple(program.each("tiers", _tier, least=1)),
            incremental=program.need("method", one_of(*METHODS)) == "incremental",
            cap=program.take("cap", amount, None),
        )


def _tier(value: object, path: str) -> Tier:
    with Case(value, path) as tier:
        return Tier(from_=tier.need("from", amount), rate=tier.need("rate", amount))


def _base(value: object, path: str) -> Decimal:
    with Case(value, path) as period:
        return period.need("base", signed_amount)


def answer(request: RebateRequest) -> tuple[Settlement, ...]:
    return settle(request.program, request.bases)


def write(request: RebateRequest, settlements: Sequence[Settlement]) -> Json:
    return {
        "settlements": [
            {
                "cumulative": plain(settlement.cumulative),
                "earned": plain(settlement.earned),
                "due": plain(settlement.due),
            }
            for settlement in settlements
        ],
        "earned": plain(settlements[-1].earned if settlements else ZERO_MONEY),
        "explanation": [_explain(request.program, settlement) for settlement in settlements],
    }


def _explain(program: Program, settlement: Settlement) -> Json:
    following = next_tier(program, settlement.cumulative)
    facts: Json = {"rate": plain(rate_at(program, settlement.cumulative))}
    if program.cap is not None:
        facts["capped"] = settlement.earned == cents(program.cap)
    if following is not None:
        facts["next_from"] = plain(following.from_)
        facts["next_rate"] = plain(following.rate)
        facts["missing"] = plain(following.from_ - settlement.cumulative)
    return facts
