"""The search of the header: jumps to any order, party, contract or product that one may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.rights import MANUFACTURER, Actor
from accounts.web.permissions import entering
from alliance.models import Contract
from catalogue.models import Barcode, Product
from dealers.models import Party
from kernel.search import search_words
from ordering.models import Order
from ui.queries.search import AFTER_ALL, MAX_CANDIDATES, candidates, objects_like

IN_HEADER, ON_PAGE, LONGEST = 8, 20, 100


@dataclass(frozen=True, slots=True)
class Found:
    """One result: `codes` are what it is called exactly."""

    name: str
    under: str
    url: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    label: str | Promise
    icon: str
    found: list[Found]


@dataclass(frozen=True, slots=True)
class Noun:
    """How one noun is searched and shown. Its page's name takes the object's id."""

    label: str | Promise
    icon: str
    right: str
    page: str
    find: Callable[[Actor, str, int], list[Any]]
    show: Callable[[Any], tuple[str, str, tuple[str, ...]]]


def _orders(actor: Actor, typed: str, most: int) -> list[Any]:
    """By the beginning of the number, as typed or in capitals: a range of the unique index."""
    begins = Q()
    for number in {typed, typed.upper()}:
        begins |= Q(number__gte=number, number__lt=number + AFTER_ALL, number__startswith=number)
    return list(
        Order.objects.visible_to(actor).filter(begins).select_related("buyer").order_by("number")[:most]
    )


def _by_tokens(noun: str, rows: Callable[[Actor], QuerySet[Any]]) -> Callable[[Actor, str, int], list[Any]]:
    """The nearest few hundred candidates first; all of them where those are not enough."""

    def find(actor: Actor, typed: str, most: int) -> list[Any]:
        ids = candidates(noun, typed)
        if not ids:
            return []
        seen = rows(actor).in_bulk(ids)
        found = [seen[one] for one in ids if one in seen][:most]
        if len(found) < most and _cut(ids):
            found = list(rows(actor).filter(objects_like(noun, typed))[:most])
        return found

    return find


def _parties(actor: Actor, typed: str, most: int) -> list[Party]:
    """A partner sees a few thousand parties at most: the words are looked for in those alone, for
    most of the nearest candidates would be others'. Exact codes come first.
    """
    if actor.party_kind == MANUFACTURER:
        return _staffs_parties(actor, typed, most)
    words = search_words(typed)
    if not words:
        return []
    wanted = Q()
    for word in words:
        wanted &= Q(search__contains=word)
    called_so = Case(When(code__iexact=typed, then=0), default=1)
    return list(Party.objects.visible_to(actor).filter(wanted).order_by(called_so, "code")[:most])


def _cut(ids: list[UUID]) -> bool:
    """Whether there may be more than the candidates: an object has many tokens of one beginning."""
    return len(ids) >= MAX_CANDIDATES // 4


_staffs_parties = _by_tokens("party", Party.objects.visible_to)


def _contracts(actor: Actor) -> QuerySet[Contract]:
    return Contract.objects.visible_to(actor).select_related("member")


NOUNS = (
    Noun(
        _("Orders"), "shopping-cart", "order.view", "order", _orders,
        lambda order: (order.number, str(order.buyer), (order.number,)),
    ),
    Noun(
        _("Partners"), "building-store", "party.view", "party",
        _parties,
        lambda party: (party.name, f"{party.code} · {party.get_kind_display()}", (party.code, party.name)),
    ),
    Noun(
        _("Contracts"), "heart-handshake", "contract.view", "contract", _by_tokens("contract", _contracts),
        lambda contract: (str(contract), str(contract.member), (contract.code, str(contract))),
    ),
    Noun(
        _("Products"), "package", "catalogue.view", "product",
        _by_tokens("product", Product.objects.visible_to),
        lambda product: (product.name, product.sku, (product.sku, product.name)),
    ),
)  # fmt: skip


def search(actor: Actor, typed: str, *, most: int) -> list[Group]:
    """What is found, grouped by noun; at most nine statements. Each noun gets `most` at most."""
    typed = "".join(one for one in typed if one.isprintable()).strip()[:LONGEST]
    return list(_groups(actor, typed, most)) if typed else []


def _groups(actor: Actor, typed: str, most: int) -> Iterator[Group]:
    for noun in NOUNS:
        if not actor.may(noun.right) or not _has_page(noun):
            continue
        found = [
            Found(name, under, reverse(noun.page, args=[row.id]), codes)
            for row in noun.find(actor, typed, most)
            for name, under, codes in [noun.show(row)]
        ]
        if found:
            yield Group(noun.label, noun.icon, found)


def _has_page(noun: Noun) -> bool:
    try:
        reverse(noun.page, args=[UUID(int=0)])
    except NoReverseMatch:
        return False
    return True


def exact(groups: list[Group], typed: str) -> str:
    """The address of the one result that is called exactly so, or whose barcode that is; or ""."""
    wanted = typed.strip().casefold()
    found = [one for group in groups for one in group.found]
    named = [one.url for one in found if wanted in {code.casefold() for code in one.codes}]
    if len(named) == 1:
        return named[0]
    if wanted.isdigit() and len(found) == 1 and Barcode.objects.filter(code=wanted).exists():
        return found[0].url
    return ""


def trimmed(groups: list[Group], most: int) -> list[Group]:
    """`most` results in all: each group keeps at least what is its share."""
    share = max(2, most // max(1, len(groups)))
    left = most
    kept = []
    for number, group in enumerate(groups):
        room = left - 2 * (len(groups) - number - 1)
        taken = group.found[: max(share, min(room, len(group.found)))][: max(left, 0)]
        left -= len(taken)
        kept.append(Group(group.label, group.icon, taken))
    return [group for group in kept if group.found]


@entering()
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """The results; for the header's box the nearest eight; Enter on an exact name goes straight there."""
    typed = request.GET.get("q", "")
    htmx = bool(getattr(request, "htmx", None)) and not request.htmx.boosted  # type: ignore[attr-defined]
    groups = search(request.actor, typed, most=IN_HEADER if htmx else ON_PAGE)  # type: ignore[attr-defined]
    if htmx:
        response = render(
            request, "search/found.html", {"groups": trimmed(groups, IN_HEADER), "typed": typed}
        )
    elif there := exact(groups, typed):
        return redirect(there)
    else:
        response = render(request, "search/page.html", {"groups": groups, "typed": typed})
    patch_vary_headers(response, ["HX-Request"])
    return response
