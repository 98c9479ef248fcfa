"""Reading and writing quotes as JSON cases, in the shape of rules.md, quote."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kernel.cases import (
    Case,
    InvalidCase,
    amount,
    ascending,
    count,
    day,
    fraction,
    integer,
    list_of,
    one_of,
    plain,
    positive,
    price,
    text,
    unique,
)
from kernel.money import cents
from kernel.periods import Period
from kernel.translation import gettext as _
from pricing.domain.audience import EVERYONE, Audience, Buyer
from pricing.domain.audience import KINDS as AUDIENCES
from pricing.domain.base_price import PriceEntry, PriceList
from pricing.domain.explain import Considered, considered, no_candidates
from pricing.domain.free_goods import MODES, FreeGoodsRule
from pricing.domain.limits import ACTIONS, Limit
from pricing.domain.quote import Line, Quote, QuotedLine, QuoteRequest, SchemeOutcome
from pricing.domain.schemes import (
    KINDS,
    Bundle,
    BundleItem,
    FreeGoods,
    OrderAmount,
    Scheme,
    SpecialPrice,
    Step,
    StepScheme,
)

Json = dict[str, Any]


def read(value: object, path: str = "") -> QuoteRequest:
    """Read a quote request. Raise InvalidCase with the path of the invalid value."""
    with Case(value, path) as case:
        request = QuoteRequest(
            on=case.need("on", day),
            buyer=case.need("buyer", _buyer),
            price_lists=case.each("price_lists", _price_list),
            schemes=case.some("schemes", _scheme),
            limits=case.some("limits", _limit),
            lines=case.each("lines", _line),
        )
    _check(request)
    return request


def _check(request: QuoteRequest) -> None:
    """Refuse collisions, which are looked for when the form of the whole case is known to be right."""
    unique((known.code for known in request.price_lists), "price_lists", "code")
    for i, known in enumerate(request.price_lists):
        unique(((e.sku, e.min_qty) for e in known.entries), f"price_lists[{i}].entries", "min_qty")
    unique((scheme.code for scheme in request.schemes), "schemes", "code")
    for i, scheme in enumerate(request.schemes):
        if isinstance(scheme, Bundle):
            unique((item.sku for item in scheme.items), f"schemes[{i}].items", "sku")
        if isinstance(scheme, StepScheme):
            ascending([step.from_ for step in scheme.steps], f"schemes[{i}].steps")
    for i, limit in enumerate(request.limits):
        if limit.floor is not None and limit.ceiling is not None and limit.floor > limit.ceiling:
            message = _("The ceiling is below the floor.")
            raise InvalidCase("out_of_order", message, field=f"limits[{i}].ceiling")


def _buyer(value: object, path: str) -> Buyer:
    with Case(value, path) as buyer:
        return Buyer(
            id=buyer.need("id", text),
            level=buyer.take("level", text, None),
            tier=buyer.take("tier", text, None),
            channel=buyer.take("channel", text, None),
            tags=frozenset(buyer.some("tags", text)),
            region=tuple(buyer.some("region", text)),
            contract=buyer.take("contract", text, None),
        )


def _audience(value: object, path: str) -> Audience:
    with Case(value, path) as audience:
        kind = audience.need("kind", one_of(*AUDIENCES))
        if kind == "everyone":
            audience.take("value", text, None)
            return EVERYONE
        return Audience(kind, audience.need("value", text))


def _period(case: Case) -> Period:
    return Period(case.take("from", day, None), case.take("until", day, None))


def _price_list(value: object, path: str) -> PriceList:
    with Case(value, path) as price_list:
        return PriceList(
            code=price_list.need("code", text),
            audience=price_list.need("audience", _audience),
            entries=price_list.each("entries", _entry),
            priority=price_list.take("priority", integer, 0),
            period=_period(price_list),
        )


def _entry(value: object, path: str) -> PriceEntry:
    with Case(value, path) as entry:
        return PriceEntry(
            sku=entry.need("sku", text),
            price=entry.need("price", price),
            per=entry.take("per", positive, 1),
            min_qty=entry.take("min_qty", count, 1),
        )


def _line(value: object, path: str) -> Line:
    with Case(value, path) as line:
        return Line(sku=line.need("sku", text), qty=line.need("qty", positive))


def _limit(value: object, path: str) -> Limit:
    with Case(value, path) as limit:
        return Limit(
            sku=limit.need("sku", text),
            action=limit.need("action", one_of(*ACTIONS)),
            clause=limit.need("clause", text),
            floor=limit.take("floor", price, None),
            ceiling=limit.take("ceiling", price, None),
        )


def _scheme(value: object, path: str) -> Scheme:
    with Case(value, path) as case:
        scheme = _of_kind(case)
        if not isinstance(scheme, Bundle):
            skus = case.take("skus", list_of(text), None)
            scheme = replace(scheme, skus=None if skus is None else frozenset(skus))
        return replace(
            scheme,
            audience=case.take("audience", _audience, EVERYONE),
            period=_period(case),
            priority=case.take("priority", integer, 0),
            group=case.take("group", text, None),
        )


def _of_kind(case: Case) -> Scheme:
    kind, code = case.need("kind", one_of(*KINDS)), case.need("code", text)
    if kind == SpecialPrice.kind:
        return SpecialPrice(code=code, price=case.need("price", price))
    if kind == Bundle.kind:
        items = tuple(case.each("items", _item, least=1))
        covered = frozenset(item.sku for item in items)
        return Bundle(code=code, items=items, price=case.need("price", amount), skus=covered)
    if kind == FreeGoods.kind:
        rule = FreeGoodsRule(
            buy=case.need("buy", positive),
            free=case.need("free", count),
            mode=case.take("mode", one_of(*MODES), "unit"),
            cap=case.take("cap", count, None),
        )
        # An order requests paid units; the free units are added to them.
        case.take("count", one_of("exclusive"), None)
        return FreeGoods(code=code, rule=rule, gift_sku=case.take("gift_sku", text, None))
    made = StepScheme if kind == StepScheme.kind else OrderAmount
    by_quantity = case.take("measure", one_of("amount", "quantity"), "amount") == "quantity"
    steps = case.each("steps", _quantity_step if by_quantity else _step, least=1)
    return made(code=code, steps=tuple(steps), by_quantity=by_quantity)


def _item(value: object, path: str) -> BundleItem:
    with Case(value, path) as item:
        return BundleItem(sku=item.need("sku", text), qty=item.need("qty", positive))


def _step(value: object, path: str) -> Step:
    with Case(value, path) as step:
        found = Step(
            from_=step.need("from", amount),
            percent_off=step.take("percent_off", fraction, None),
            amount_off=step.take("amount_off", amount, None),
        )
        if found.percent_off is None and found.amount_off is None:
            message = _("A step needs a percent_off or an amount_off.")
            raise InvalidCase("missing", message, field=step.at("percent_off"))
        if found.percent_off is not None and found.amount_off is not None:
            message = _("A step has a percent_off or an amount_off, not both.")
            raise InvalidCase("not_both", message, field=step.at("amount_off"))
        return found


def _quantity_step(value: object, path: str) -> Step:
    found = _step(value, path)
    if found.from_ != int(found.from_):
        message = _("This must be a whole number.")
        raise InvalidCase("not_whole", message, field=f"{path}.from")
    return found


def write(request: QuoteRequest, quote: Quote) -> Json:
    """Return the quote with its explanation as JSON."""
    return {
        "lines": [_write_line(line) for line in quote.lines],
        "gifts": [gift._asdict() for gift in quote.gifts],
        "subtotal": plain(quote.subtotal),
        "discount": plain(quote.discount),
        "total": plain(quote.total),
        "verdict": quote.verdict,
        "explanation": {
            "prices": _write_prices(request),
            "schemes": [_write_outcome(outcome) for outcome in quote.schemes],
        },
    }


def _write_line(line: QuotedLine) -> Json:
    if not line.is_priced:
        return {"sku": line.sku, "qty": line.qty, "verdict": line.verdict}
    return {
        "sku": line.sku,
        "qty": line.qty,
        "free_qty": line.free_qty,
        "price_list": line.price_list,
        "base_price": plain(line.base_price),
        "unit_price": plain(line.unit_price),
        "per": line.per,
        "discount": plain(line.discount),
        "amount": plain(line.amount),
        "net_unit_price": plain(line.net_unit_price),
        "schemes": list(line.schemes),
        "saved": [plain(saved) for saved in line.saved],
        "clauses": list(line.clauses),
        "verdict": line.verdict,
    }


def _write_prices(request: QuoteRequest) -> Sequence[Json]:
    left_out = no_candidates(request)
    return [
        {
            "sku": line.sku,
            "considered": [
                _write_considered(candidate)
                for candidate in considered(request, line.sku, line.qty, left_out)
            ],
        }
        for line in request.lines
    ]


def _write_considered(candidate: Considered) -> Json:
    result: Json = {
        "price_list": candidate.price_list.code,
        "audience": candidate.price_list.audience.kind,
        "price": plain(candidate.entry.price),
        "per": candidate.entry.per,
        "min_qty": candidate.entry.min_qty,
        "wins": candidate.wins,
        "reason": candidate.reason,
    }
    return result | {"missing": candidate.missing} if candidate.missing else result


def _write_outcome(outcome: SchemeOutcome) -> Json:
    result: Json = {
        "code": outcome.code,
        "kind": outcome.kind,
        "applied": outcome.applied,
        "reason": outcome.reason,
        "worth": plain(cents(outcome.worth)),
    }
    if outcome.winner is not None:
        result["winner"] = outcome.winner
    if outcome.progress is not None:
        result["measured"] = plain(outcome.progress.measured)
        if outcome.progress.reached is not None:
            result["reached"] = plain(outcome.progress.reached)
        if outcome.progress.next is not None:
            result["next"] = plain(outcome.progress.next)
            result["missing"] = plain(outcome.progress.next - outcome.progress.measured)
    return result
