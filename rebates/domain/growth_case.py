"""Read and write rebates for growth as JSON cases; the format is in rules.md, growth."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kernel.cases import Case, amount, ascending, flag, one_of, plain
from rebates.domain.growth import MODES, Band, Growth, GrowthProgram, growth

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GrowthRequest:
    program: GrowthProgram
    baseline: Decimal
    actual: Decimal


def read(value: object, path: str = "") -> GrowthRequest:
    with Case(value, path) as case:
        request = GrowthRequest(
            program=GrowthProgram(
                bands=tuple(case.each("bands", _band, least=1)),
                mode=case.need("mode", one_of(*MODES)),
                strict=case.take("strict", flag, False),
            ),
            baseline=case.need("baseline", amount),
            actual=case.need("actual", amount),
        )
    ascending([band.from_ for band in request.program.bands], case.at("bands"))
    return request


def _band(value: object, path: str) -> Band:
    with Case(value, path) as band:
        return Band(from_=band.need("from", amount), rate=band.need("rate", amount))


def answer(request: GrowthRequest) -> Growth:
    return growth(request.program, request.baseline, request.actual)


def write(request: GrowthRequest, found: Growth) -> Json:
    return {
        "eligible": found.eligible,
        "rate": plain(found.rate),
        "earned": plain(found.earned),
        "explanation": {
            "reason": _reason(found),
            "growth": plain(request.actual - request.baseline),
            "bands_from": [plain(band.from_ * request.baseline) for band in request.program.bands],
        },
    }


def _reason(found: Growth) -> str:
    if not found.eligible:
        return "no_baseline"
    return "below_first_band" if found.reached is None else "band_reached"
