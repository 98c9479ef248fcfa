"""The search of the header: jumps to anything of a registered noun that one may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from accounts.rights import Actor
from accounts.web.permissions import entering
from catalogue.models import Barcode
from tenancy.rooms import SearchNoun, registered, resolve

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


def search(actor: Actor, typed: str, *, most: int) -> list[Group]:
    """What is found, grouped by noun; at most nine statements. Each noun gets `most` at most."""
    typed = "".join(one for one in typed if one.isprintable()).strip()[:LONGEST]
    return list(_groups(actor, typed, most)) if typed else []


def _groups(actor: Actor, typed: str, most: int) -> Iterator[Group]:
    for noun in registered("search_nouns"):
        if not actor.may(noun.right) or not _has_page(noun):
            continue
        found = [
            Found(one.title, one.subtitle, reverse(noun.page, args=[one.object_id]), one.codes)
            for one in resolve(noun.find)(actor, typed, most)
        ]
        if found:
            yield Group(noun.label, noun.icon, found)


def _has_page(noun: SearchNoun) -> bool:
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
