"""The published schemes that a draft meets, with the buyers that get both."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain
from operator import or_
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.rights import MANUFACTURER
from alliance.models import Contract
from catalogue.models import Product
from catalogue.queries import categories_inside
from dealers.models import Party, PartyTag
from pricing.domain.scheme_conflicts import Meeting, meetings
from pricing.domain.schemes import Scheme as DomainScheme
from pricing.models import AudienceKind, Scheme
from pricing.queries.published_terms import StoredScheme, scheme_of

MAX_BUYERS_NAMED = 10


@dataclass(frozen=True, slots=True)
class Conflict:
    """A published scheme that meets the draft: what happens, and the buyers that get both."""

    code: str
    name: str
    kind: str
    effect: str
    buyers: int
    names: tuple[str, ...]


def conflicts_of(draft: Scheme) -> list[Conflict]:
    """Return the published schemes that share products, days and buyers with the draft.

    At most five statements for any number of schemes. Other versions of the same code are no conflict: the
    draft replaces them.
    """
    published = Scheme.objects.filter(seller_id=draft.seller_id, state=Scheme.State.PUBLISHED)
    rows = list(published.exclude(code=draft.code).order_by("code", "version"))
    read = _with_categories([draft, *rows])
    met = meetings(read[0], read[1:])
    if not met:
        return []
    row_of = dict(zip(map(id, read[1:]), rows, strict=True))  # a code may have several versions in force
    wanted = [audience_q(draft) & audience_q(row_of[id(one.other)]) for one in met]
    buyers = buyers_of(draft.seller)
    counts = buyers.aggregate(**{f"n{i}": Coalesce(Count("id", filter=q), 0) for i, q in enumerate(wanted)})
    named = _names(buyers, wanted)
    found = []
    for i, one in enumerate(met):
        if counts[f"n{i}"]:
            found.append(_conflict(one, row_of[id(one.other)], counts[f"n{i}"], named[i]))
    return found


def _conflict(met: Meeting, row: Scheme, buyers: int, names: tuple[str, ...]) -> Conflict:
    return Conflict(row.code, row.name, row.kind, met.effect, buyers, names)


def _names(buyers: QuerySet[Party], wanted: Sequence[Q]) -> list[tuple[str, ...]]:
    """Return the names of the first buyers of each condition, in one statement."""
    parts = [
        buyers.filter(id__in=buyers.filter(q).order_by("code").values("id")[:MAX_BUYERS_NAMED])
        .order_by()
        .values_list(Value(i), "name")
        for i, q in enumerate(wanted)
    ]
    first, *others = parts
    names: list[list[str]] = [[] for _part in parts]
    for i, name in first.union(*others, all=True) if others else first:
        names[i].append(name)
    return [tuple(sorted(one)) for one in names]


def buyers_of(seller: Party) -> QuerySet[Party]:
    """Return the parties that buy from a seller."""
    mine = Q(parent=seller.id)
    if seller.kind == MANUFACTURER:
        mine |= Q(kind=Party.Kind.DEALER)
    found: QuerySet[Party] = Party.objects.filter(mine, is_active=True)
    return found


def audience_q(scheme: Scheme) -> Q:
    """Return the condition on parties for the audience of a scheme."""
    value = scheme.audience_value
    match AudienceKind(scheme.audience_kind):
        case AudienceKind.PARTY:
            return Q(code=value)
        case AudienceKind.TAG:
            return Q(id__in=PartyTag.objects.filter(tag__code=value).values("party"))
        case AudienceKind.CHANNEL:
            return Q(channel__code=value)
        case AudienceKind.TIER:
            return Q(tier__code=value)
        case AudienceKind.REGION:
            return Q(region__code__startswith=value)
        case AudienceKind.LEVEL:
            return Q(kind=value)
        case AudienceKind.CONTRACT:
            return Q(id__in=Contract.objects.filter(code=value).values("member"))
        case _:
            return Q(id__isnull=False)


def _with_categories(rows: Iterable[Scheme]) -> list[DomainScheme]:
    """Return the schemes of the domain with the products of their categories; two statements."""
    stored = list(rows)
    codes = {code for row in stored for code in row.terms.get("categories", ())}
    products: dict[str, set[str]] = {}
    if codes:
        inside = categories_inside(codes)
        categories = {one for ids in inside.values() for one in ids}
        known: dict[UUID, set[str]] = defaultdict(set)
        for category, sku in Product.objects.filter(category__in=categories).values_list(
            "category_id", "sku"
        ):
            known[category].add(sku)
        for code, ids in inside.items():
            products[code] = {sku for one in ids for sku in known[one]}
    return [_domain(row, products) for row in stored]


def _domain(row: Scheme, products: dict[str, set[str]]) -> DomainScheme:
    scheme = stored_scheme(row)
    if categories := row.terms.get("categories"):
        more = reduce(or_, (products.get(code, set()) for code in categories), set[str]())
        scheme = replace(scheme, skus=frozenset(chain(scheme.skus or (), more)))
    return scheme


def stored_scheme(row: Scheme) -> DomainScheme:
    """Return a row as a scheme of the domain, without the products of its categories."""
    return scheme_of(
        StoredScheme(
            code=row.code,
            kind=row.kind,
            terms=json.dumps(row.terms),
            audience_kind=row.audience_kind,
            audience_value=row.audience_value,
            priority=row.priority,
            group=row.exclusive_group,
            starts_on=row.starts_on,
            until=row.until,
        )
    )
