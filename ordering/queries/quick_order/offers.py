"""What the add field offers for a typed text: for its list, for Enter, and for a page without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.rights import Actor
from catalogue.models import Product, Unit
from catalogue.queries import products_like
from ordering.domain.quick_order.cart_lines import CartLine, SheetProduct
from ordering.domain.quick_order.guesses import by_bare_number, by_closeness, searched_references
from ordering.domain.quick_order.matching import Choice, Match, Matched, choices, match_rows
from ordering.domain.quick_order.pasted_rows import OrderRow, parse_typed
from ordering.domain.quick_order.row_problems import Candidate, RowProblem
from ordering.queries.quick_order.products import named_exactly

MAX_OFFERS, MAX_REFERENCES = 8, 4
Found = Mapping[str, Sequence[SheetProduct]]


@dataclass(frozen=True, slots=True)
class Offers:
    """`lines` are what the text orders for certain; else a person takes one of the `candidates`.

    `more` products match besides. `only` is the one product that the whole text names, else the one that
    any reading finds. A text that is a number alone is never guessed: it is not `is_likely`.
    """

    lines: tuple[CartLine, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    more: int = 0
    is_likely: bool = False
    only: Candidate | None = None


def offers(actor: Actor, typed: str, *, always_search: bool = False) -> Offers:
    """Return what a typed text orders or may mean. With `always_search` also what its words find."""
    rows = parse_typed(typed)
    if isinstance(rows, RowProblem):
        return Offers(problems=(rows,))
    exact = match_rows(rows, matches := named_exactly(rows), one_without_quantity=True)
    if len(rows) != 1:
        unknown = [RowProblem(row.number, "product", "unknown", row.text) for row in exact.unknown]
        return Offers(tuple(exact.lines), (*exact.problems, *unknown))
    (row,) = rows
    certain = tuple([choice.candidate() for choice in _chosen(row, exact, matches)])
    if certain and not always_search and by_bare_number(row, matches) is None:
        return Offers(tuple(exact.lines), candidates=certain)
    if exact.problems:
        (problem,) = exact.problems
        return Offers(problems=(problem,), candidates=problem.candidates, more=problem.more)
    return _searched(actor, row, exact, certain)


def _chosen(row: OrderRow, exact: Matched, matches: dict[str, list[Match]]) -> list[Choice]:
    """Return the choice whose lines were taken for certain."""
    every = [choice for reading in row.readings for choice in choices(reading, matches)]
    return [choice for choice in every if list(choice.lines) == exact.lines][:1]


def _searched(actor: Actor, row: OrderRow, exact: Matched, certain: tuple[Candidate, ...]) -> Offers:
    """Return what a search finds for the texts that may be a name, beside what is certain."""
    references = searched_references(row)[:MAX_REFERENCES]
    found, count = _products_by_reference(actor, references or [row.text])
    ranked = by_closeness(row, found)
    names, others = ([choice.candidate() for choice in these] for these in ranked)
    is_ambiguous = bool(certain) and any(one.sku != certain[0].sku for one in names)
    ordered = [*names, *certain, *others] if is_ambiguous else [*certain, *names, *others]
    candidates = tuple(dict.fromkeys(ordered))
    one_of = names if names and not certain else candidates
    return Offers(
        lines=() if is_ambiguous else tuple(exact.lines),
        problems=() if candidates else (RowProblem(1, "product", "unknown", row.text),),
        candidates=candidates[:MAX_OFFERS],
        more=max(count - MAX_OFFERS, len(candidates) - MAX_OFFERS, 0),
        is_likely=bool(references),
        only=one_of[0] if references and len(one_of) == 1 and count <= MAX_OFFERS else None,
    )


def _products_by_reference(actor: Actor, references: Sequence[str]) -> tuple[Found, int]:
    """Return the first products for each reference, and the largest number that one finds."""
    sold = Product.objects.visible_to(actor).exclude(stage=Product.Stage.ENDED)
    max_count, rows = 0, {}
    for reference in references:
        like = products_like(sold, reference)
        rows[reference] = list(like.order_by("sku")[: MAX_OFFERS + 1])
        count = like.count() if len(rows[reference]) > MAX_OFFERS else len(rows[reference])
        max_count = max(max_count, count)
    units: dict[UUID, list[tuple[str, int]]] = {}
    products = {one.id for these in rows.values() for one in these}
    for unit in Unit.objects.filter(product__in=products).order_by("factor", "name"):
        units.setdefault(unit.product_id, []).append((unit.name, unit.factor))
    found = {
        reference: [
            SheetProduct(one.id, one.sku, one.name, one.base_unit, one.stage, tuple(units.get(one.id, ())))
            for one in these[:MAX_OFFERS]
        ]
        for reference, these in rows.items()
    }
    return found, max_count
